/** What may be picked for an option: its choices, true or false, people and places, or what the bot suggests. */

import { channelEntries, matching, roleEntries, userEntries } from "./choices.js";
import { h } from "./dom.js";
import { autocomplete } from "./interactions.js";
import { Listing } from "./listing.js";

const PAUSE_MS = 180; // of typing, before the bot is asked
const MOST = 25;

const FIXED = {
  5: () => [
    { label: "True", value: true },
    { label: "False", value: false },
  ],
  6: userEntries,
  7: (option) => channelEntries(option.channel_types),
  8: roleEntries,
  9: () => [...userEntries(), ...roleEntries()],
};

export const hasSuggestions = (option) =>
  Boolean(option.autocomplete || option.choices?.length || FIXED[option.type]);

export class Suggestions {
  constructor(chip) {
    this.chip = chip;
    this.entries = [];
    this.note = null;
    this.shut = false; // after a pick or Escape, until something is typed
    this.asked = 0;
    this.listing = new Listing({
      label: `Values for ${chip.option.name}`,
      onPick: (item, how) => this.#picked(item, how),
      onActive: (id) => this.#mark(id),
    });
    const { input } = chip;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.listing.id);
    input.addEventListener("input", () => this.open());
    input.addEventListener("click", () => this.open());
  }

  /** Shows the list and fills it for the typed text. */
  open() {
    this.shut = false;
    this.refresh();
  }

  refresh() {
    const { option, pick, input } = this.chip;
    const typed = pick ? "" : input.value;
    if (option.autocomplete) this.#ask(typed);
    else this.#show(matching(this.#fixed(), typed), typed);
  }

  #fixed() {
    const { option } = this.chip;
    if (option.choices?.length)
      return option.choices.map((choice) => ({ label: choice.name, value: choice.value }));
    return FIXED[option.type](option);
  }

  #ask(typed) {
    this.asked += 1;
    const mine = this.asked;
    if (!this.entries.length) this.#show([], typed, "Loading options…");
    clearTimeout(this.timer);
    this.timer = setTimeout(
      async () => {
        const answer = await this.#answer(typed);
        if (mine === this.asked) this.#show(answer.entries, typed, answer.note);
      },
      this.entries.length ? PAUSE_MS : 0,
    );
  }

  async #answer(typed) {
    const { option, form } = this.chip;
    try {
      const choices = await autocomplete(form.name, { ...form.draft(), [option.name]: typed }, option.name);
      if (!choices) return { entries: [], note: "Loading options failed: the application did not respond." };
      return {
        entries: choices.slice(0, MOST).map((one) => ({ label: one.name, value: one.value })),
        note: "No options match your search.",
      };
    } catch (error) {
      return { entries: [], note: error.message };
    }
  }

  #show(entries, typed, note) {
    this.entries = entries;
    const { option, pick } = this.chip;
    // Without a letter typed Enter sends the command; with one it takes the first entry.
    this.listing.set(
      entries.map((entry) => ({
        ...entry,
        key: String(entry.value),
        selected: pick?.value === entry.value,
        testid: `choice-${entry.label}`,
      })),
      typed ? 0 : -1,
      note ?? (option.autocomplete ? "No options match your search." : "No value matches."),
    );
    this.chip.form.refresh(this.chip);
  }

  /** The list for the panel, or null while it is shut. */
  get element() {
    this.chip.input.setAttribute("aria-expanded", String(!this.shut));
    return this.shut ? null : h("div", { class: "panel-list" }, this.listing.element);
  }

  keydown(event) {
    if (event.key === "Escape" && !this.shut) {
      this.#close();
      event.preventDefault();
      return true;
    }
    if (this.shut && event.key === "ArrowDown") {
      this.open();
      event.preventDefault();
      return true;
    }
    if (event.key === "Tab" && this.listing.active < 0) return false;
    return !this.shut && this.listing.keydown(event);
  }

  /** Takes the entry that was written out in full; gives whether there was one. */
  settle() {
    const typed = this.chip.input.value.trim().toLowerCase();
    const entry = this.#fixed().find(
      (one) => one.label.toLowerCase() === typed || String(one.value).toLowerCase() === typed,
    );
    if (entry) this.chip.choose({ name: entry.label, value: entry.value });
    return Boolean(entry);
  }

  #picked(item, how) {
    this.chip.choose({ name: item.label, value: item.value });
    this.#close();
    if (how === "Tab") this.chip.form.next(this.chip);
    else this.chip.input.focus();
  }

  #close() {
    clearTimeout(this.timer);
    this.asked += 1; // an answer on its way comes too late
    this.shut = true;
    this.#mark(null);
    this.chip.form.refresh(this.chip);
  }

  #mark(id) {
    if (id) this.chip.input.setAttribute("aria-activedescendant", id);
    else this.chip.input.removeAttribute("aria-activedescendant");
  }
}
