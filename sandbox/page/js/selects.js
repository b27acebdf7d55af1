/** The list that a select opens, in a message or in a modal. */

import { matching, selectEntries } from "./choices.js";
import { h } from "./dom.js";
import { Listing } from "./listing.js";
import { closePopup, openPopup } from "./popup.js";

const SEARCH_FROM = 9; // entries: fewer are seen at one glance

/**
 * Opens the entries of a select below `anchor`, with `values` picked.
 * One value is handed to `onDone([value])` at once; several when the list closes, if they changed
 * and are as many as the select asks for.
 */
export function openSelect(data, anchor, values, onDone) {
  const entries = selectEntries(data);
  const least = data.min_values ?? 1;
  const most = data.max_values ?? 1;
  const many = most > 1;
  const picked = new Set(values);
  const search = searchField(data, entries);
  const note = h("div", { class: "popup-note", role: "status" });
  const listing = new Listing({
    label: data.placeholder ?? "Options",
    multiple: many,
    onPick: pick,
    onActive: (id) => mark(field, id),
  });
  const field = search ?? listing.element;

  function pick(item) {
    if (!many) {
      const again = picked.has(item.value) && least === 0; // pressing the value again takes it back
      closePopup();
      onDone(again ? [] : [item.value]);
      return;
    }
    if (picked.has(item.value)) picked.delete(item.value);
    else if (picked.size < most) picked.add(item.value);
    show(listing.active);
  }

  function show(active = 0) {
    const found = matching(entries, search?.value ?? "");
    listing.set(
      found.map((entry) => ({
        ...entry,
        key: entry.value,
        selected: picked.has(entry.value),
        testid: `select-option-${entry.value}`,
        side: h("span", { class: many ? "tick box" : "tick" }),
      })),
      active,
    );
    note.textContent = many
      ? `${picked.size} chosen of ${least === most ? most : `${least} to ${most}`}`
      : "";
  }

  const done = many
    ? h(
        "button",
        { class: "button primary small", type: "button", on: { click: () => closePopup() } },
        "Done",
      )
    : null;
  const box = h(
    "div",
    { class: "select-popup" },
    search,
    listing.element,
    many ? h("div", { class: "popup-foot" }, note, done) : null,
  );
  field.addEventListener("keydown", (event) => listing.keydown(event));
  search?.addEventListener("input", () => show());
  show(
    Math.max(
      0,
      entries.findIndex((entry) => picked.has(entry.value)),
    ),
  );
  openPopup({ node: box, anchor, width: true, onClose: () => finish() });
  field.focus({ preventScroll: true });

  function finish() {
    const now = entries.map((entry) => entry.value).filter((value) => picked.has(value));
    const changed = now.length !== values.length || now.some((value) => !values.includes(value));
    if (many && changed && now.length >= least) onDone(now);
  }
}

function searchField(data, entries) {
  if (data.type === 3 && entries.length < SEARCH_FROM) return null;
  return h("input", {
    class: "popup-search",
    type: "text",
    placeholder: "Search",
    "aria-label": "Search",
    role: "combobox",
    "aria-expanded": "true",
    autocomplete: "off",
  });
}

function mark(field, id) {
  if (!field.hasAttribute("tabindex")) field.setAttribute("tabindex", "0");
  if (id) field.setAttribute("aria-activedescendant", id);
  else field.removeAttribute("aria-activedescendant");
}
