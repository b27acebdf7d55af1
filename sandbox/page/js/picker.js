/** The lists that typing opens: "/" the commands, "@" the people. */

import { userEntries, matching } from "./choices.js";
import { matchCommands } from "./commands.js";
import { h } from "./dom.js";
import { openForm } from "./form.js";
import { Listing } from "./listing.js";
import { avatar, nameOf } from "./names.js";
import { hasPanel, hidePanel, showPanel } from "./panel.js";
import { state } from "./state.js";

const MENTION = /(?:^|\s)@([\w.]*)$/;

/** Watches a text field; `keydown(event)` gives whether the open list took the key. */
export class Picker {
  constructor(input) {
    this.input = input;
    this.listing = new Listing({
      label: "Suggestions",
      onPick: (item) => item.run(),
      onActive: (id) => this.#mark(id),
    });
    this.title = h("div", { class: "panel-title" });
  }

  get open() {
    return hasPanel(this);
  }

  /** Opens, changes or closes the list for the typed text. */
  update() {
    const text = this.input.value;
    const mention = MENTION.exec(text.slice(0, this.input.selectionStart));
    if (/^\/[^\n]*$/.test(text)) this.#commands(text.slice(1));
    else if (mention) this.#people(mention[1]);
    else this.close();
  }

  /** Draws an open list again, when commands, people or the language have changed; the choice stays. */
  refresh() {
    if (!this.open) return;
    const chosen = this.listing.items[this.listing.active]?.key;
    this.update();
    const at = this.listing.items.findIndex((item) => item.key === chosen);
    if (this.open && at > 0) this.listing.setActive(at);
  }

  close() {
    hidePanel(this);
    this.input.setAttribute("aria-expanded", "false");
    this.#mark(null);
  }

  keydown(event) {
    if (!this.open) return false;
    if (event.key === "Escape") {
      this.close();
      event.preventDefault();
      return true;
    }
    return this.listing.keydown(event);
  }

  #commands(typed) {
    const found = matchCommands(typed);
    this.title.textContent = typed ? `Commands matching /${typed}` : `Commands of ${nameOf(state.world.bot)}`;
    const empty = state.commands.length
      ? "No command matches."
      : "No bot has registered commands here yet.";
    this.#show(
      "picker",
      empty,
      found.map((command) => ({
        key: command.name,
        label: [`/${command.name}`, needs(command)],
        detail: command.description,
        testid: `picker-item-${command.name}`,
        lead: avatar(state.world.bot, "small"),
        side: nameOf(state.world.bot),
        run: () => openForm(command),
      })),
    );
  }

  #people(typed) {
    this.title.textContent = "Members";
    const found = matching(
      userEntries().map((one) => ({ ...one, name: person(one) })),
      typed,
    ).slice(0, 8);
    if (!found.length) this.close();
    else
      this.#show(
        "mentions",
        "",
        found.map((one) => ({ ...one, testid: `mention-${one.name}`, run: () => this.#mention(one.name) })),
      );
  }

  #show(testid, empty, items) {
    this.listing.set(items, 0, empty);
    showPanel(this, testid, this.title, this.listing.element);
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-controls", this.listing.id);
  }

  #mention(name) {
    const end = this.input.selectionStart;
    const start = end - MENTION.exec(this.input.value.slice(0, end))[1].length;
    this.input.setRangeText(`${name} `, start, end, "end");
    this.close();
    this.input.focus();
  }

  #mark(id) {
    if (id) this.input.setAttribute("aria-activedescendant", id);
    else this.input.removeAttribute("aria-activedescendant");
  }
}

const person = (entry) =>
  [...state.world.users, state.world.bot].find((user) => user.id === entry.value).username;

/** The names of the options that a command cannot do without. */
function needs(command) {
  return command.options
    .filter((option) => option.required)
    .map((option) => h("span", { class: "need" }, option.name));
}
