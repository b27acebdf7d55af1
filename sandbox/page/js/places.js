/** Kinds of channels: how each is drawn, and what stands under it. */

import { h, icon, iconButton } from "./dom.js";
import { person } from "./names.js";
import { state } from "./state.js";

const CATEGORY = 4;
const NEWS = 5;
const FORUM = 15;
const PRIVATE_THREAD = 12;
const THREADS = new Set([10, 11, PRIVATE_THREAD]);
const SIGNS = { 2: "sound", 5: "news", 13: "sound", 15: "forum" };

export const isThread = (channel) => THREADS.has(channel?.type);

/** Whether a channel takes messages itself; a forum has them in its posts. */
export const speaks = (channel) => channel.type !== CATEGORY && channel.type !== FORUM;

/** Whether members start threads in a channel. */
export const takesThreads = (channel) => channel?.guild && (channel.type === 0 || channel.type === NEWS);

/** The sign in front of a channel's name. */
export function sign(channel, extra = "") {
  if (isThread(channel)) return icon(channel.locked ? "lock" : "thread", extra);
  return icon(SIGNS[channel?.type] ?? (channel?.nsfw ? "hash-lock" : "hash"), extra);
}

/** A forum in the side bar: nothing is said in it but in its posts, which the button starts. */
export function forumRow(channel, testid) {
  const label = `New post in ${channel.name}`;
  const start = iconButton(label, "plus", () => {}, {
    class: "new-post",
    title: label,
    "data-act": "new-post",
    "data-channel": channel.id,
    "data-testid": `new-post-${channel.name}`,
  });
  const words = h("span", { class: "place-name" }, channel.name);
  const more = channel.type === FORUM ? start : null;
  return h("li", null, h("div", { class: "place forum", "data-testid": testid }, sign(channel), words, more));
}

/** Whether the person in front of the page is let into a thread. */
export const letsIn = (thread) =>
  thread.type !== PRIVATE_THREAD ||
  thread.user_ids.includes(state.viewer) ||
  Boolean(person(state.viewer)?.admin);

/** Whether a thread belongs to a forum, where it is called a post. */
export const isPost = (channel) => channel.parent?.type === FORUM;

/** What may be said of a thread's state in one word; "" while it is open. */
export const stateOf = (channel) => (channel?.locked ? "Locked" : channel?.archived ? "Archived" : "");

/** The channels of a guild in order, each with the threads that are listed under it. */
export function tree(guild) {
  const inside = (parent) => guild.channels.filter((one) => (one.parent_id ?? null) === parent);
  const rows = inside(null).flatMap((one) => (one.type === CATEGORY ? [one, ...inside(one.id)] : [one]));
  return rows.map((channel) => ({
    channel,
    isCategory: channel.type === CATEGORY,
    threads: (guild.threads ?? []).filter(
      (one) => one.parent_id === channel.id && letsIn(one) && (!one.archived || one.id === state.channel),
    ),
  }));
}
