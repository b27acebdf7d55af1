/** The list of messages: drawn in place, at the bottom only for those who are at the bottom. */

import { byId, h, icon, fill, morph } from "./dom.js";
import { intro } from "./intro.js";
import { isEphemeral, renderMessage } from "./message.js";
import { here, meet, nameOf } from "./names.js";
import { markOf } from "./pending.js";
import { listing, on, sentAt, state } from "./state.js";
import { isSystem } from "./system.js";
import { dayTitle } from "./time.js";

const ROW_SECONDS = 7 * 60; // messages of one author within this time stand in one row
const NEAR = 60; // px from the bottom that still count as being there

const drawn = new Map(); // message id -> {row, message, mark}
let edition = 0; // of everything that messages show of the world: names, channels, commands
let stuck = true;
let scheduled = false;
let target = null; // a message that a link asked for and that may have to load first

export function startLog() {
  const log = byId("log");
  fill(byId("jump"), icon("arrow-down", "small"), "New messages");
  byId("jump").addEventListener("click", toBottom);
  log.addEventListener(
    "scroll",
    () => {
      stuck = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
      if (stuck) byId("jump").hidden = true;
    },
    { passive: true },
  );
  const keep = new ResizeObserver(() => stuck && toBottom());
  keep.observe(byId("messages"));
  keep.observe(log);
  on("messages", (channel) => channel === state.channel && schedule());
  on("redraw", redraw);
  on("world", redrawThreads);
  on("sent", toBottom);
}

/** Shows the newest message, and stays there. */
function toBottom() {
  stuck = true;
  byId("log").scrollTop = byId("log").scrollHeight;
  byId("jump").hidden = true;
}

/** Empties the list, for another channel or another person. */
export function clearLog() {
  drawn.clear();
  byId("messages").replaceChildren();
  stuck = true;
  schedule();
}

function redraw() {
  edition += 1;
  schedule();
}

let threadsShown = "";

/** Messages name their threads, which the world may list later than the message. */
function redrawThreads() {
  const threads = (here()?.guild?.threads ?? []).map((one) => `${one.id} ${one.name}`).join("\n");
  if (threads === threadsShown) return;
  threadsShown = threads;
  redraw();
}

function schedule() {
  if (scheduled) return;
  scheduled = true;
  // A hidden tab gets no animation frames, but its log is read by tests and screen readers.
  (document.hidden ? (draw) => setTimeout(draw, 50) : requestAnimationFrame)(() => {
    scheduled = false;
    draw();
  });
}

function draw() {
  const list = byId("messages");
  const messages = listing(state.channel);
  messages.forEach(meet);
  const last = messages.at(-1);
  const isNew = Boolean(last) && drawn.size > 0 && !drawn.has(last.id);
  drawIntro(messages.length > 0);
  const rows = messages.flatMap((message, at) => rowsOf(message, messages[at - 1]));
  place(list, rows);
  const ids = new Set(messages.map((message) => message.id));
  for (const id of drawn.keys()) if (!ids.has(id)) drawn.delete(id);
  if (stuck) toBottom();
  else if (isNew) byId("jump").hidden = false;
  if (target && ids.has(target)) flash(target);
}

let introduced = "";

function drawIntro(begun) {
  const channel = here();
  const facts = JSON.stringify([
    channel?.id,
    channel?.name,
    channel?.nsfw,
    begun,
    state.world.live,
    state.world.optional_servers,
    state.world.bot.username,
  ]);
  if (facts === introduced) return;
  introduced = facts;
  fill(byId("intro"), intro(channel, begun));
}

/** The element of a message, with a line before it when a new day begins. */
function rowsOf(message, before) {
  const day = dayTitle(sentAt(message));
  const newDay = !before || dayTitle(sentAt(before)).key !== day.key;
  const compact = !newDay && continues(message, before);
  const mark = `${compact} ${edition} ${markOf(message.id)}`;
  const known = drawn.get(message.id);
  let row = known?.row;
  if (!row || known.message !== message || known.mark !== mark) {
    const fresh = renderMessage(message, compact);
    row = row ? morph(row, fresh) : fresh;
    drawn.set(message.id, { row, message, mark });
  }
  const line = () =>
    dayLine(day.key) ??
    h("li", { class: "day", "data-day": day.key, role: "separator" }, h("span", null, day.title));
  return newDay ? [line(), row] : [row];
}

const dayLine = (key) => byId("messages").querySelector(`:scope > [data-day="${key}"]`);

function continues(message, before) {
  if (message.message_reference?.message_id || message.interaction_metadata || message.interaction)
    return false;
  return (
    before.author.id === message.author.id &&
    nameOf(before.author) === nameOf(message.author) &&
    !isSystem(message) &&
    !isSystem(before) &&
    isEphemeral(before) === isEphemeral(message) &&
    sentAt(message) - sentAt(before) < ROW_SECONDS
  );
}

/** Puts the rows in order without touching those that are where they belong. */
function place(parent, rows) {
  const wanted = new Set(rows);
  for (const row of [...parent.children]) if (!wanted.has(row)) row.remove();
  rows.forEach((row, at) => {
    if (parent.children[at] !== row) parent.insertBefore(row, parent.children[at] ?? null);
  });
}

/** Scrolls to a message and marks it for a moment; when it is not there yet, as soon as it is. */
export function showMessage(id) {
  target = id;
  if (drawn.has(id)) flash(id);
}

function flash(id) {
  target = null;
  stuck = false;
  const { row } = drawn.get(id);
  row.scrollIntoView({ block: "center" });
  row.setAttribute("data-ui-flash", "");
  setTimeout(() => row.removeAttribute("data-ui-flash"), 2400);
}
