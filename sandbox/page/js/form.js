/** The form that a picked slash command turns the composer into. */

import { h, icon, iconButton } from "./dom.js";
import { runCommand } from "./interactions.js";
import { OptionChip } from "./option.js";
import { hidePanel, showPanel } from "./panel.js";
import { emit } from "./state.js";
import { toast } from "./toast.js";

const ATTACHMENT = 11;

let current = null;

/** The form that is open, or null. */
export const openedForm = () => current;

/** Opens the form of a command with values in place; `send` sends it when nothing is missing. */
export function openForm(command, values = {}, { send = false } = {}) {
  current = new CommandForm(command, values);
  emit("compose", current);
  if (send) current.send();
  else current.focus();
}

class CommandForm {
  constructor(command, values) {
    this.command = command;
    this.name = command.name;
    this.chips = [];
    this.place = h("div", { class: "opts" });
    this.more = h("div", { class: "more-opts", role: "group", "aria-label": "Optional" });
    this.trouble = h("p", { class: "composer-problem", role: "alert", "data-testid": "composer-problem" });
    this.sendButton = iconButton("Send command", "send", () => this.send(), {
      class: "send",
      "data-testid": "send",
    });
    this.node = h(
      "div",
      {
        class: "command-form",
        role: "group",
        "aria-label": `/${command.name}`,
        "data-testid": "command-form",
      },
      h(
        "div",
        { class: "command-line" },
        h(
          "button",
          {
            class: "command-name",
            type: "button",
            title: `${command.description} (press to cancel)`,
            "aria-label": `/${command.name}: press to cancel the command`,
            on: { click: () => this.leave() },
          },
          `/${command.name}`,
          icon("close", "small"),
        ),
        this.place,
        this.sendButton,
      ),
      this.more,
      this.trouble,
    );
    this.node.addEventListener("keydown", (event) => {
      if (event.target !== this.sendButton && !event.target.closest(".opt")) this.#keydown(event);
    });
    this.node.addEventListener(
      "focusout",
      (event) => this.node.contains(event.relatedTarget) || hidePanel(this),
    );
    for (const option of command.options) {
      if (option.required || option.name in values) this.#add(option, values[option.name]);
    }
    this.#drawMore();
  }

  #add(option, value) {
    const chip = new OptionChip(option, this);
    this.chips.push(chip);
    this.chips.sort(
      (a, b) => this.command.options.indexOf(a.option) - this.command.options.indexOf(b.option),
    );
    this.place.insertBefore(chip.node, this.chips[this.chips.indexOf(chip) + 1]?.node ?? null);
    if (value !== undefined && !chip.file) chip.set(value);
    return chip;
  }

  #drawMore() {
    const used = new Set(this.chips.map((chip) => chip.option.name));
    this.more.replaceChildren(
      ...this.command.options
        .filter((option) => !used.has(option.name))
        .map((option) =>
          h(
            "button",
            {
              class: "more-opt",
              type: "button",
              title: option.description,
              "data-testid": `add-option-${option.name}`,
              on: { click: () => this.#added(option) },
            },
            icon("plus", "small"),
            option.name,
          ),
        ),
    );
  }

  #added(option) {
    const chip = this.#add(option);
    this.#drawMore();
    chip.input.focus();
  }

  #keydown(event) {
    if (event.key === "Escape") this.leave();
    else if (event.key === "Enter" && !event.target.closest("button")) this.send();
  }

  /** The first field that wants something, else the last one, else the send button. */
  focus() {
    const chip = this.chips.find((one) => one.empty) ?? this.chips.at(-1);
    (chip?.input ?? this.sendButton).focus();
    if (!chip)
      showPanel(
        this,
        "option-panel",
        h(
          "div",
          { class: "panel-title" },
          h("strong", null, `/${this.name}`),
          h("span", null, this.command.description),
          h("em", null, "press Enter to send"),
        ),
      );
    for (const one of this.chips) one.resize();
  }

  /** Called by a chip that got the focus: its description and suggestions go into the panel. */
  focused(chip) {
    this.active = chip;
    if (chip.suggestions) chip.suggestions.open();
    else this.refresh(chip);
  }

  refresh(chip) {
    if (this.active !== chip || !chip.node.isConnected) return;
    showPanel(this, "option-panel", ...[chip.help(), chip.suggestions?.element].filter(Boolean));
  }

  next(chip) {
    const after = this.chips[this.chips.indexOf(chip) + 1];
    (after?.input ?? this.more.querySelector("button") ?? this.sendButton).focus();
  }

  /** Takes an optional chip away; with nothing left to take away the command is left. */
  remove(chip) {
    const at = this.chips.indexOf(chip);
    if (!chip.option.required) {
      this.chips.splice(at, 1);
      chip.node.remove();
      this.#drawMore();
      this.problem(null);
      (this.chips[Math.max(0, at - 1)]?.input ?? this.sendButton).focus();
    } else if (at === 0) this.leave();
    else this.chips[at - 1].input.focus();
  }

  /** Puts a dropped or pasted file into the first free attachment option; gives whether there was one. */
  takeFile(file) {
    let chip = this.chips.find((one) => one.file && one.empty);
    const unused = this.command.options.find(
      (option) => option.type === ATTACHMENT && !this.chips.some((one) => one.option === option),
    );
    if (!chip && unused) {
      chip = this.#add(unused);
      this.#drawMore();
    }
    chip?.file.take(file);
    return Boolean(chip);
  }

  /** The options filled in so far, in the format of autocomplete. */
  draft() {
    return Object.fromEntries(
      this.chips.map((chip) => [chip.option.name, chip.draft()]).filter(([, value]) => value !== undefined),
    );
  }

  problem(sentence) {
    this.trouble.textContent = sentence ?? "";
  }

  /** Checks and sends; a refusal brings the form back as it was. */
  async send() {
    const wrong = this.chips.find((chip) => chip.problem());
    if (wrong) {
      wrong.input.focus();
      wrong.tell(wrong.problem());
      return;
    }
    this.sendButton.disabled = true;
    try {
      const values = await Promise.all(
        this.chips.map(async (chip) => [chip.option.name, await chip.value()]),
      );
      this.#close();
      await runCommand(this.name, Object.fromEntries(values.filter(([, value]) => value !== undefined)));
    } catch (error) {
      this.#again(error.message);
    } finally {
      this.sendButton.disabled = false;
    }
  }

  #close() {
    hidePanel(this);
    if (current === this) {
      current = null;
      emit("compose", null);
    }
  }

  #again(sentence) {
    if (current && current !== this) {
      toast(sentence, "bad"); // another command is being filled in by now
      return;
    }
    if (!current) {
      current = this;
      emit("compose", this);
      this.focus();
    }
    this.problem(sentence);
  }

  leave() {
    this.#close();
  }
}
