/** A list that the arrow keys walk and Enter picks from; the focus stays in the field that owns it. */

import { fill, h } from "./dom.js";

let made = 0;

/**
 * Items are {key, label, detail, side, lead, testid, selected, heading}.
 * `onPick(item, how)` is told the key or "pointer"; `onActive(id)` the element for aria-activedescendant.
 */
export class Listing {
  constructor({ label, onPick, onActive = () => {}, multiple = false }) {
    made += 1;
    this.id = `listing-${made}`;
    this.items = [];
    this.active = -1;
    this.onPick = onPick;
    this.onActive = onActive;
    this.element = h("div", {
      class: "listing",
      id: this.id,
      role: "listbox",
      "aria-label": label,
      "aria-multiselectable": multiple ? "true" : undefined,
    });
    this.element.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.element.addEventListener("click", (event) => this.#clicked(event));
    this.element.addEventListener("pointermove", (event) => this.#hovered(event));
  }

  /** Shows these items; `active` is the one that Enter would take (-1 for none). */
  set(items, active = 0, empty = "No entry matches.") {
    this.items = items;
    const rows = items.flatMap((item, at) => [
      item.heading ? h("div", { class: "listing-heading" }, item.heading) : null,
      this.#row(item, at),
    ]);
    fill(this.element, items.length ? rows : h("div", { class: "listing-empty" }, empty));
    this.setActive(items.length ? Math.min(active, items.length - 1) : -1, false);
  }

  #row(item, at) {
    return h(
      "div",
      {
        class: "item",
        role: "option",
        id: `${this.id}-${at}`,
        "data-at": at,
        "data-testid": item.testid,
        "aria-selected": item.selected ? "true" : "false",
      },
      item.lead ? h("span", { class: "item-lead" }, item.lead) : null,
      h(
        "span",
        { class: "item-text" },
        h("span", { class: "item-label" }, item.label),
        item.detail ? h("span", { class: "item-detail" }, item.detail) : null,
      ),
      item.side ? h("span", { class: "item-side" }, item.side) : null,
    );
  }

  setActive(at, scroll = true) {
    this.element.querySelector(".item.active")?.classList.remove("active");
    this.active = at;
    const row = at >= 0 ? this.element.querySelector(`[data-at="${at}"]`) : null;
    row?.classList.add("active");
    if (scroll) row?.scrollIntoView({ block: "nearest" });
    this.onActive(row?.id ?? null);
  }

  /** Handles the key when it is one of the list's; gives whether it was. */
  keydown(event) {
    if (event.isComposing || !this.items.length) return false;
    const last = this.items.length - 1;
    const steps = {
      ArrowDown: this.active >= last ? 0 : this.active + 1,
      ArrowUp: this.active <= 0 ? last : this.active - 1,
    };
    if (event.key in steps) this.setActive(steps[event.key]);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && this.active >= 0) {
      this.onPick(this.items[this.active], event.key);
    } else return false;
    event.preventDefault();
    return true;
  }

  #at(event) {
    const row = event.target.closest("[data-at]");
    return row ? Number(row.dataset.at) : -1;
  }

  #clicked(event) {
    const at = this.#at(event);
    if (at >= 0) this.onPick(this.items[at], "pointer");
  }

  #hovered(event) {
    const at = this.#at(event);
    if (at >= 0 && at !== this.active && event.pointerType === "mouse") this.setActive(at, false);
  }
}
