/** What the page knows, and who wants to hear about changes. */

const listeners = new Map();

/** Calls `listener(detail)` whenever `topic` happens. */
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(listener);
}

export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export const state = {
  world: { application_id: "", bot: { id: "", username: "Bot" }, users: [], guilds: [], dms: [] },
  commands: [],
  viewer: "", // the user id that this page acts as
  guild: null, // null in a DM
  channel: "",
  messages: new Map(), // channel id -> Map(message id -> message)
  unread: new Map(), // channel id -> number of messages since it was last looked at
  online: false, // whether a bot has an open gateway session
  replyTo: null,
  ping: true, // whether the reply mentions the author of its message
};

const deleted = new Set();
const arrivals = new Map(); // message id -> number of the arrival that brought it
let arrived = 0;
const dismissed = new Set(JSON.parse(sessionStorage.getItem("dismissed") ?? "[]"));

/** The messages of a channel, oldest first. */
export function listing(channel) {
  const all = [...(state.messages.get(channel)?.values() ?? [])].filter((one) => !dismissed.has(one.id));
  return all.sort((a, b) => waits(a) - waits(b) || sentAt(a) - sentAt(b) || compareIds(a.id, b.id));
}

// The line of a command that has no answer yet stays below everything that arrives meanwhile.
const waits = (message) => Number(message.local === "pending");

/** When a message was sent, in unix seconds. */
export const sentAt = (message) => message.created_at ?? Date.parse(message.timestamp) / 1000;

// Ids are decimal numbers beyond what a double holds: longer is greater.
const compareIds = (a, b) => a.length - b.length || (a < b ? -1 : Number(a > b));

export function find(id) {
  for (const channel of state.messages.values()) if (channel.has(id)) return channel.get(id);
  return null;
}

/** Stores a new or edited message; returns false when it is older than the stored one. */
export function upsert(message) {
  if (deleted.has(message.id) || message.deleted) return false;
  if (message.ephemeral_for && message.ephemeral_for !== state.viewer) return false;
  if (!state.messages.has(message.channel_id)) state.messages.set(message.channel_id, new Map());
  const channel = state.messages.get(message.channel_id);
  const known = channel.get(message.id);
  if (known && (known.edits ?? 0) > (message.edits ?? 0)) return false;
  channel.set(message.id, message);
  arrived += 1;
  arrivals.set(message.id, arrived);
  emit("messages", message.channel_id);
  return true;
}

export function forget(id) {
  deleted.add(id);
  for (const [channel, messages] of state.messages) if (messages.delete(id)) emit("messages", channel);
}

/** Hides a message that only this person sees, until the tab is closed. */
export function dismiss(id) {
  dismissed.add(id);
  sessionStorage.setItem("dismissed", JSON.stringify([...dismissed]));
  const message = find(id);
  if (message) emit("messages", message.channel_id);
}

/** A mark for "now", to be taken before the server is asked for a channel. */
export const now = () => arrived;

/**
 * Replaces the stored messages of a channel by those of the server.
 * What arrived after `asked` stays, since the answer may be older; so do the page's own lines.
 */
export function replaceChannel(channel, messages, asked) {
  const known = state.messages.get(channel);
  const later = [...(known?.values() ?? [])].filter((one) => one.local || arrivals.get(one.id) > asked);
  const fresh = [...later, ...messages].filter((one) => !deleted.has(one.id));
  state.messages.set(channel, new Map(fresh.map((one) => [one.id, newer(known?.get(one.id), one)])));
  emit("messages", channel);
}

// An edit may overtake the answer to a question that was asked before it.
const newer = (known, fresh) => (known && (known.edits ?? 0) > (fresh.edits ?? 0) ? known : fresh);
