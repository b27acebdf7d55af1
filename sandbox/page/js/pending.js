/** What the reader did with the components of messages and has not been answered yet. */

import { emit, find } from "./state.js";

const busy = new Map(); // message id -> custom id that waits for its answer
const failures = new Map(); // message id -> sentence below the message
const picks = new Map(); // "message custom id" -> values picked in a select
const marks = new Map(); // message id -> how often one of these changed

export const isBusy = (message, customId) => busy.get(message) === customId;
export const isWaiting = (message) => busy.has(message);
export const failureOf = (message) => failures.get(message) ?? null;

/** {values, stale} of the choice in a select; stale when the message was edited afterwards. */
export function chosen(message, customId) {
  const pick = picks.get(`${message.id} ${customId}`);
  return pick ? { values: pick.values, stale: pick.edits !== (message.edits ?? 0) } : null;
}

/** A number that changes when the message must be drawn again because of a choice. */
export const markOf = (message) => marks.get(message) ?? 0;

export function setBusy(message, customId) {
  if (customId === null) busy.delete(message);
  else {
    busy.set(message, customId);
    failures.delete(message);
  }
  redraw(message);
}

export function setFailure(message, sentence) {
  if (sentence) failures.set(message, sentence);
  else failures.delete(message);
  redraw(message);
}

export function setChosen(message, customId, values) {
  picks.set(`${message} ${customId}`, { values, edits: find(message)?.edits ?? 0 });
  redraw(message);
}

function redraw(message) {
  marks.set(message, markOf(message) + 1);
  const known = find(message);
  if (known) emit("messages", known.channel_id);
}
