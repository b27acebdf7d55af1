/** Users, channels and roles by their ids, and avatars made of letters. */

import { h } from "./dom.js";
import { state } from "./state.js";

const seen = new Map(); // users met in messages that the world does not list

/** Remembers the people that a message brings along. */
export function meet(message) {
  // The name of a webhook is that of one message only.
  const people = [message.webhook_id ? null : message.author, ...(message.mentions ?? []), message.interaction_metadata?.user];
  for (const user of people) if (user?.id) seen.set(user.id, user);
}

export function person(id) {
  if (id === state.world.bot.id) return { bot: true, ...state.world.bot };
  return state.world.users.find((user) => user.id === id) ?? seen.get(id) ?? null;
}

export const viewer = () => person(state.viewer) ?? { id: state.viewer, username: "you" };

/** The name that people see. */
export const nameOf = (user) => user?.global_name || user?.username || "unknown";

export const isBot = (user) => Boolean(user?.bot) || user?.id === state.world.bot.id;

/** All users who may be mentioned or chosen here. */
export const people = () => [...state.world.users, { bot: true, ...state.world.bot }];

/** A channel with its guild ({...channel, guild}, a thread also with its parent); a DM has none. */
export function channelOf(id) {
  for (const guild of state.world.guilds) {
    const channel = guild.channels.find((one) => one.id === id);
    if (channel) return { ...channel, guild };
    const thread = guild.threads?.find((one) => one.id === id);
    if (thread) return { ...thread, guild, parent: guild.channels.find((one) => one.id === thread.parent_id) };
  }
  if (state.world.dms.some((one) => one.id === id)) {
    return { id, name: nameOf(state.world.bot), type: 1, nsfw: false, dm: true, guild: null };
  }
  const group = state.world.groups?.find((one) => one.id === id);
  return group ? { ...group, name: groupName(group), type: 3, nsfw: false, group: true, guild: null } : null;
}

/** A group's name, or the names of the others in it. */
export const groupName = (group) =>
  group.name ??
  group.user_ids
    .filter((id) => id !== state.viewer)
    .map((id) => nameOf(person(id)))
    .join(", ");

/** The groups that the person in front of the page is in. */
export const ownGroups = () =>
  (state.world.groups ?? []).filter((one) => one.user_ids.includes(state.viewer));

/** How the bot is installed in a place: with the guild, or (where it is not) with the person. */
export const installOf = (channel) => (channel?.group || channel?.guild?.bot === false ? "user" : "guild");

export const here = () => channelOf(state.channel);

/** The DM with the bot of the person in front of the page. */
export const ownDm = () => state.world.dms.find((one) => one.user_id === state.viewer) ?? null;

export function roleOf(id) {
  const guild = state.world.guilds.find((one) => one.id === id);
  if (guild) return { id, name: "everyone" };
  const roles = state.world.guilds.flatMap((one) => one.roles ?? []);
  return roles.find((role) => role.id === id) ?? null;
}

export const rolesHere = () => {
  const guild = here()?.guild;
  return guild ? (guild.roles ?? [{ id: guild.id, name: "everyone" }]) : [];
};

/** A hue for each person; the golden angle keeps neighbours apart. */
function hue(user) {
  const at = state.world.users.findIndex((one) => one.id === user?.id);
  if (at >= 0) return (160 + at * 137.5) % 360;
  return [...String(user?.username)].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
}

/** An avatar: the first letter and the colour of a user. */
export function avatar(user, extra = "") {
  const bot = isBot(user);
  const turn = hue(user);
  const style = bot
    ? {}
    : { background: `linear-gradient(140deg, hsl(${turn} 58% 46%), hsl(${(turn + 40) % 360} 55% 36%))` };
  const letter = [...nameOf(user).replace(/^[^\p{L}\p{N}]+/u, "")][0] ?? "?";
  return h(
    "span",
    { class: `avatar ${bot ? "is-bot" : ""} ${extra}`.trim(), style, "aria-hidden": "true" },
    letter.toUpperCase(),
  );
}

/** The mark of an application behind its name. */
export const appTag = () => h("span", { class: "app-tag" }, "APP");
