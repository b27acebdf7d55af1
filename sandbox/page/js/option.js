/** One option of a slash command as a chip with a field, checked as Discord's own client does. */

import { h, icon } from "./dom.js";
import { FilePart } from "./optionfile.js";
import { Suggestions, hasSuggestions } from "./suggestions.js";

const STRING = 3;
const INTEGER = 4;
const NUMBER = 10;
const ATTACHMENT = 11;
const MOST_TEXT = 6000;
const SIZES_ITSELF = CSS.supports("field-sizing", "content");
const KINDS = {
  3: "text",
  4: "whole number",
  5: "true or false",
  6: "user",
  7: "channel",
  8: "role",
  9: "user or role",
  10: "number",
  11: "file",
};

/**
 * The chip of an option. `form` gives {draft(), send(), remove(chip), leave(), next(chip)}.
 */
export class OptionChip {
  constructor(option, form) {
    this.option = option;
    this.form = form;
    this.pick = null; // {name, value} taken from the suggestions
    this.file = option.type === ATTACHMENT ? new FilePart(option, () => this.tell(null)) : null;
    this.input = this.file ? this.file.input : this.#field();
    this.suggestions = hasSuggestions(option) ? new Suggestions(this) : null;
    this.node = this.#node();
    this.input.addEventListener("focus", () => this.form.focused(this));
    this.input.addEventListener("keydown", (event) => this.#keydown(event));
  }

  #field() {
    const long = this.option.type === STRING && !hasSuggestions(this.option);
    const input = h(long ? "textarea" : "input", {
      class: "opt-input",
      rows: long ? 1 : undefined,
      type: long ? undefined : "text",
      id: `opt-${this.option.name}`,
      maxlength: this.option.max_length ?? MOST_TEXT,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: long ? "true" : "false",
      inputmode: { [INTEGER]: "numeric", [NUMBER]: "decimal" }[this.option.type],
      enterkeyhint: "send",
      "data-testid": `option-${this.option.name}`,
      "aria-describedby": "option-help",
    });
    input.addEventListener("input", () => {
      this.pick = null;
      this.tell(null);
      this.resize();
    });
    return input;
  }

  #node() {
    const { name, required } = this.option;
    const wide = this.option.type === STRING && !hasSuggestions(this.option);
    const remove = required
      ? null
      : h(
          "button",
          {
            class: "opt-remove",
            type: "button",
            "aria-label": `Remove ${name}`,
            tabindex: "-1",
            on: { click: () => this.form.remove(this) },
          },
          icon("close", "small"),
        );
    return h(
      "div",
      { class: `opt ${wide ? "wide" : ""} ${this.file ? "of-file" : ""}` },
      h("label", { class: "opt-name", for: this.input.id }, name),
      this.file ? this.file.node : this.input,
      remove,
    );
  }

  /** Fits the field to its text. */
  resize() {
    if (SIZES_ITSELF || this.file) return;
    if (this.input.tagName === "TEXTAREA") {
      this.input.style.setProperty("height", "auto");
      this.input.style.setProperty("height", `${this.input.scrollHeight}px`);
    } else
      this.input.style.setProperty("width", `${Math.min(32, Math.max(8, this.input.value.length + 2))}ch`);
  }

  /** Puts a value in, by the name of a choice where there is one. */
  set(value) {
    const choice = (this.option.choices ?? []).find((one) => one.value === value || one.name === value);
    this.pick = choice ?? null;
    this.input.value = choice ? choice.name : String(value);
    this.resize();
  }

  choose(choice) {
    this.pick = choice;
    this.input.value = choice.name;
    this.tell(null);
    this.resize();
  }

  get empty() {
    return this.file ? !this.file.chosen : this.input.value.trim() === "";
  }

  /** What the option would be sent as now; undefined when nothing (or no number yet) is there. */
  draft() {
    if (this.file) return this.file.id;
    if (this.pick) return this.pick.value;
    const text = this.input.value.trim();
    if (!text) return undefined;
    if (this.option.type !== INTEGER && this.option.type !== NUMBER) return text;
    return Number.isNaN(Number(text)) ? undefined : Number(text);
  }

  /** The value to send; a file is waited for. Raises a ControlError when the upload was refused. */
  async value() {
    return this.file ? this.file.uploaded() : this.draft();
  }

  /** Why the option cannot be sent like this, or null. */
  problem() {
    const { name, required, type } = this.option;
    if (this.empty) return required ? `${name} is required.` : null;
    if (this.file || this.pick) return null;
    if (hasSuggestions(this.option) && !this.option.autocomplete)
      return this.suggestions.settle() ? null : `Choose one of the values for ${name}.`;
    return type === INTEGER || type === NUMBER ? this.#numberProblem() : this.#lengthProblem();
  }

  #numberProblem() {
    const { name, type, min_value: least, max_value: most } = this.option;
    const text = this.input.value.trim();
    if (type === INTEGER ? !/^-?\d+$/.test(text) : Number.isNaN(Number(text)))
      return `${name} must be a ${KINDS[type]}.`;
    if (least !== undefined && Number(text) < least) return `${name} must be at least ${least}.`;
    return most !== undefined && Number(text) > most ? `${name} must be at most ${most}.` : null;
  }

  #lengthProblem() {
    const { name, min_length: least } = this.option;
    return least && this.input.value.trim().length < least
      ? `${name} needs at least ${least} characters.`
      : null;
  }

  tell(problem) {
    this.node.classList.toggle("wrong", Boolean(problem));
    this.input.toggleAttribute("aria-invalid", Boolean(problem));
    this.form.problem(problem);
  }

  /** The description, the kind and the limits, for the panel. */
  help() {
    const { name, description, type, required, min_value: least, max_value: most } = this.option;
    const range = least !== undefined || most !== undefined ? `${least ?? "…"} to ${most ?? "…"}` : null;
    const facts = [KINDS[type], range, required ? "required" : "optional"].filter(Boolean).join(" · ");
    return h(
      "div",
      { class: "panel-title", id: "option-help" },
      h("strong", null, name),
      h("span", null, description),
      h("em", null, facts),
    );
  }

  #keydown(event) {
    if (event.isComposing || this.suggestions?.keydown(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.form.send();
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.form.leave();
    } else if (event.key === "Backspace" && this.empty) {
      event.preventDefault();
      this.form.remove(this);
    }
  }
}
