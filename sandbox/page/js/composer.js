/** Where people write: text with files and replies, or the form of a command in its place. */

import * as api from "./api.js";
import { authorOf, isWebhook } from "./authors.js";
import { withMentions } from "./choices.js";
import { parseLine, parseRest } from "./commands.js";
import { byId, fill, h, iconButton } from "./dom.js";
import { openForm } from "./form.js";
import { isFresh } from "./hint.js";
import { here, nameOf } from "./names.js";
import { Picker } from "./picker.js";
import { emit, on, state } from "./state.js";
import { attach, hasFiles, putBack, takeFiles, tray, uploadIds } from "./tray.js";

let form = null;
let place = "";
let input;
let picker;
const choose = h("input", {
  type: "file",
  class: "hidden-file",
  multiple: true,
  "aria-label": "Files to attach",
  "data-testid": "attach",
  tabindex: "-1",
});
const problem = h("p", { class: "composer-problem", role: "alert", "data-testid": "composer-problem" });

export function startComposer() {
  input = h("textarea", {
    id: "composer",
    class: "composer-input",
    rows: 1,
    maxlength: 4000,
    autocomplete: "off",
    enterkeyhint: "send",
    role: "combobox",
    "aria-label": "Message",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "data-testid": "composer",
    on: { input: typed, keydown: keydown, blur: () => picker.close(), click: () => picker.update() },
  });
  picker = new Picker(input);
  on("compose", (open) => {
    form = open;
    if (open) input.value = "";
    draw();
    if (!open && document.activeElement === document.body) input.focus({ preventScroll: true });
  });
  on("reply", (message) => {
    form?.leave(); // a command cannot be a reply
    state.replyTo = message;
    state.ping = true;
    draw();
    input.focus();
  });
  on("tray", () => {
    draw();
    input.focus();
  });
  choose.addEventListener("change", () => {
    attach(choose.files);
    choose.value = ""; // the same file may be chosen again
  });
  on("mention", (user) => form || insert(`@${user.username} `));
  on("place", moved);
  on("hint", invite);
  on("world", () => picker.refresh());
  byId("skip").addEventListener("click", () => (form ? form.focus() : input.focus()));
  draw();
}

/** In another channel or as another member, the draft ends. */
function moved() {
  const now = `${state.viewer} ${state.channel}`;
  if (now === place) return;
  place = now;
  state.replyTo = null;
  form?.leave();
  invite();
  draw();
}

function invite() {
  const channel = here();
  const mark = channel?.dm ? "@" : channel?.parent || channel?.group ? "" : "#"; // a thread has none
  const where = `${mark}${channel?.name ?? ""}`;
  input.placeholder = isFresh() ? "Type /imagine and press Enter" : `Message ${where} or type /`;
}

function draw() {
  const active = document.activeElement;
  const row = [
    iconButton("Attach files", "plus", () => choose.click()),
    choose,
    input,
    iconButton("Mention the bot", "at", mentionBot, { title: "Mention the bot", "data-testid": "mention-bot" }),
    iconButton("Commands", "slash", slash, { "data-testid": "commands" }),
    iconButton("Send", "send", send, { class: "send", "data-testid": "send" }),
  ];
  const writing = form ? [form.node] : [tray(), h("div", { class: "composer-row" }, row), problem];
  fill(byId("composer-box"), h("div", { class: "composer" }, replyBar(), writing));
  // Moving an element takes the focus from it.
  if (active !== document.activeElement && byId("composer-box").contains(active)) {
    active.focus({ preventScroll: true });
  }
  resize();
}

function replyBar() {
  if (!state.replyTo) return null;
  const stop = () => {
    state.replyTo = null;
    draw();
    input.focus();
  };
  return h(
    "div",
    { class: "reply-bar", "data-testid": "reply-bar" },
    h("span", null, "Replying to ", h("strong", null, nameOf(authorOf(state.replyTo)))),
    h("span", { class: "grow" }),
    canPing(state.replyTo) ? pingSwitch() : null,
    iconButton("Do not reply", "close", stop),
  );
}

/** Turns the mention of the replied message's author on and off, as Discord's client does. */
function pingSwitch() {
  const flip = () => {
    state.ping = !state.ping;
    draw();
    input.focus();
  };
  return h(
    "button",
    {
      class: `ping ${state.ping ? "on" : ""}`,
      type: "button",
      "aria-pressed": String(state.ping),
      title: "Whether the reply mentions its author. A mention lets the bot read the reply.",
      "data-testid": "ping",
      on: { click: flip },
    },
    state.ping ? "@ On" : "@ Off",
  );
}

/** Whether a reply can mention the author: not of a webhook, not of the response to a command. */
function canPing(message) {
  const origin = message.interaction_metadata;
  if (origin) return Boolean(origin.original_response_message_id);
  return !isWebhook(message) && message.author.id !== state.viewer;
}

function insert(text) {
  input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
  input.focus();
  resize();
}

function mentionBot() {
  const before = input.value.slice(0, input.selectionStart);
  insert(`${before && !/\s$/.test(before) ? " " : ""}@${state.world.bot.username} `);
}

function slash() {
  input.value = "/";
  input.focus();
  typed();
}

function resize() {
  input.style.setProperty("height", "auto");
  input.style.setProperty("height", `${Math.min(input.scrollHeight, 220)}px`);
}

function typed() {
  problem.textContent = "";
  resize();
  const line = input.value.startsWith("/") ? parseLine(input.value) : null;
  if (line && input.value.length > line.command.name.length + 1) {
    openForm(line.command, parseRest(line.command, line.rest));
    picker.close();
  } else picker.update();
}

function keydown(event) {
  if (event.isComposing || picker.keydown(event)) return;
  if (event.key === "Escape" && state.replyTo) {
    state.replyTo = null;
    draw();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  }
}

async function send() {
  const text = input.value.trim();
  if (!text && !hasFiles()) return;
  const kept = { text: input.value, files: takeFiles(), reply: state.replyTo };
  input.value = "";
  state.replyTo = null;
  picker.close();
  draw();
  try {
    await post(text, kept);
    emit("sent");
  } catch (error) {
    if (!input.value) input.value = kept.text;
    putBack(kept.files);
    state.replyTo ??= kept.reply;
    draw();
    problem.textContent = error.message;
  }
}

async function post(text, kept) {
  await api.say({
    user_id: state.viewer,
    channel_id: state.channel,
    content: withMentions(text),
    attachments: await uploadIds(kept.files),
    reply_to: kept.reply?.id,
    ping: state.ping,
  });
}
