/** Where people write: text with files and replies, or the form of a command in its place. */

import * as api from "./api.js";
import { withMentions } from "./choices.js";
import { parseLine, parseRest } from "./commands.js";
import { byId, fill, h, icon } from "./dom.js";
import { openForm } from "./form.js";
import { isFresh } from "./hint.js";
import { sizeText } from "./media.js";
import { here, nameOf } from "./names.js";
import { Picker } from "./picker.js";
import { emit, on, state } from "./state.js";

const files = []; // {file, upload: promise of the upload or of the error}
let form = null;
let place = "";
let input;
let picker;
const problem = h("p", { class: "composer-problem", role: "alert", "data-testid": "composer-problem" });

export function startComposer() {
  input = h("textarea", {
    id: "composer", class: "composer-input", rows: 1, maxlength: 4000, autocomplete: "off", enterkeyhint: "send", role: "combobox",
    "aria-label": "Message", "aria-autocomplete": "list", "aria-expanded": "false", "data-testid": "composer",
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
    draw();
    input.focus();
  });
  on("mention", (user) => form || insert(`@${user.username} `));
  on("place", moved);
  on("hint", invite);
  byId("skip").addEventListener("click", () => (form ? form.focus() : input.focus()));
  draw();
}

/** Elsewhere, or somebody else: what was being written here is over. */
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
  const where = channel?.dm ? `@${channel.name}` : `#${channel?.name ?? ""}`;
  input.placeholder = isFresh() ? "Type /imagine and press Enter" : `Message ${where} or type /`;
}

function draw() {
  const active = document.activeElement;
  const choose = h("input", { type: "file", class: "hidden-file", multiple: true, "aria-label": "Attach files", "data-testid": "attach", tabindex: "-1", on: { change: chosen } });
  const row = [
    h("button", { class: "icon-button", type: "button", "aria-label": "Attach files", on: { click: () => choose.click() } }, icon("plus")), choose, input,
    h("button", { class: "icon-button", type: "button", "aria-label": "Commands", "data-testid": "commands", on: { click: slash } }, icon("slash")),
    h("button", { class: "icon-button send", type: "button", "aria-label": "Send", "data-testid": "send", on: { click: send } }, icon("send")),
  ];
  fill(byId("composer-box"), h("div", { class: "composer" }, replyBar(), tray(), form ? form.node : h("div", { class: "composer-row" }, row), form ? null : problem));
  // Moving an element takes the focus from it.
  if (active !== document.activeElement && byId("composer-box").contains(active)) active.focus({ preventScroll: true });
  resize();
}

function replyBar() {
  if (!state.replyTo) return null;
  const stop = () => {
    state.replyTo = null;
    draw();
    input.focus();
  };
  return h("div", { class: "reply-bar", "data-testid": "reply-bar" }, h("span", null, "Replying to ", h("strong", null, nameOf(state.replyTo.author))),
    h("button", { class: "icon-button", type: "button", "aria-label": "Do not reply", on: { click: stop } }, icon("close", "small")));
}

function tray() {
  if (!files.length || form) return null;
  return h("ul", { class: "tray" }, files.map((one) => h("li", { class: "tray-item" },
    one.preview ? h("img", { src: one.preview, alt: "" }) : icon("file"),
    h("span", null, one.file.name, h("small", null, sizeText(one.file.size))),
    h("button", { class: "icon-button", type: "button", "aria-label": `Remove ${one.file.name}`, on: { click: () => drop(one) } }, icon("close", "small")))));
}

/** Adds files to what is being written; they are uploaded at once. */
export function attach(list) {
  for (const file of list) {
    const upload = api.upload(file).catch((error) => error);
    files.push({ file, upload, preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : null });
  }
  draw();
  input.focus();
}

function chosen(event) {
  attach(event.target.files);
}

function drop(one) {
  if (one.preview) URL.revokeObjectURL(one.preview);
  files.splice(files.indexOf(one), 1);
  draw();
}

function insert(text) {
  input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
  input.focus();
  resize();
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
  if (!text && !files.length) return;
  const kept = { text: input.value, files: [...files], reply: state.replyTo };
  input.value = "";
  files.length = 0;
  state.replyTo = null;
  picker.close();
  draw();
  try {
    await post(text, kept);
    emit("sent");
  } catch (error) {
    if (!input.value) input.value = kept.text;
    files.unshift(...kept.files);
    state.replyTo ??= kept.reply;
    draw();
    problem.textContent = error.message;
  }
}

async function post(text, kept) {
  const uploads = await Promise.all(kept.files.map((one) => one.upload));
  const refused = uploads.find((one) => one instanceof Error);
  if (refused) throw refused;
  await api.say({
    user_id: state.viewer, channel_id: state.channel, content: withMentions(text),
    attachments: uploads.length ? uploads.map((one) => one.id) : undefined, reply_to: kept.reply?.id,
  });
}
