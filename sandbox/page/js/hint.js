/** The hint with the first step for a new user. */

import { findCommand } from "./commands.js";
import { byId, fill, h, icon, iconButton } from "./dom.js";
import { openForm, openedForm } from "./form.js";
import { emit, on, state } from "./state.js";

const KEY = "hordecord-trial-used"; // in localStorage: a command was sent from this browser
const COMMAND = "imagine";
const PROMPTS = [
  "a lighthouse on a cliff in a thunderstorm, oil painting",
  "a fox reading under a street lamp, soft watercolour",
  "a tiny greenhouse on the moon, isometric, warm light",
];

let hidden = false;

/** Whether no command was sent from this browser yet, and the command of the hint exists. */
export const isFresh = () => !hidden && !localStorage.getItem(KEY) && Boolean(findCommand(COMMAND));

export function startHint() {
  on("commands", draw);
  on("world", draw);
  on("place", draw);
  on("compose", draw);
  on("answered", ({ kind, failed }) => {
    if (kind !== "command" || failed) return;
    localStorage.setItem(KEY, "yes");
    draw();
  });
}

let shown = "";

function draw() {
  const wanted = openedForm()
    ? "nothing"
    : isFresh()
      ? "first"
      : state.commands.length
        ? "nothing"
        : "waiting";
  if (wanted !== shown) fill(byId("hint"), { first, waiting, nothing: () => null }[wanted]());
  shown = wanted;
  emit("hint");
}

function first() {
  const close = () => {
    hidden = true;
    draw();
  };
  return h(
    "div",
    { class: "hint", "data-testid": "hint" },
    h(
      "span",
      { class: "hint-text" },
      icon("spark"),
      h("span", null, h("strong", null, "First step:"), " press the button, and the bot creates an image."),
    ),
    h(
      "button",
      { class: "button primary small", type: "button", "data-testid": "try", on: { click: tryIt } },
      "Try /imagine",
    ),
    iconButton("Hide this hint", "close", close),
  );
}

function waiting() {
  return h(
    "div",
    { class: "hint waiting", "data-testid": "waiting" },
    h(
      "span",
      { class: "hint-text" },
      icon("warn"),
      h("span", null, "Waiting for a bot: no bot has registered commands yet."),
    ),
  );
}

function tryIt() {
  const command = findCommand(COMMAND);
  const text = command.options.find((option) => option.required && option.type === 3);
  const prompt = PROMPTS[Math.floor(Math.random() * PROMPTS.length)];
  openForm(command, text ? { [text.name]: prompt } : {}, { send: true });
}
