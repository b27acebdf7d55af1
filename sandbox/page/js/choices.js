/** What can be picked: options of selects, people, roles and channels, as entries of a listing. */

import { h, icon } from "./dom.js";
import { avatar, here, isBot, nameOf, people, rolesHere } from "./names.js";
import { letsIn, sign } from "./places.js";
import { state } from "./state.js";

/** The entries of a select of any kind: {value, label, detail, lead, byDefault}. */
export function selectEntries(data) {
  const defaults = new Set((data.default_values ?? []).map((one) => one.id));
  const entries = entriesOf(data);
  return entries.map((entry) => ({ ...entry, byDefault: entry.byDefault || defaults.has(entry.value) }));
}

function entriesOf(data) {
  if (data.type === 5) return userEntries();
  if (data.type === 6) return roleEntries();
  if (data.type === 7) return [...userEntries(), ...roleEntries()];
  if (data.type === 8) return channelEntries(data.channel_types);
  return (data.options ?? []).map((option) => ({
    value: option.value,
    label: option.label,
    detail: option.description,
    lead: option.emoji ? h("span", { class: "emoji" }, option.emoji.id ? "•" : option.emoji.name) : null,
    byDefault: Boolean(option.default),
  }));
}

export const userEntries = () =>
  people().map((user) => ({
    value: user.id,
    label: nameOf(user),
    detail: isBot(user) ? "Application" : user.username,
    lead: avatar(user, "tiny"),
  }));

export const roleEntries = () =>
  rolesHere().map((role) => ({ value: role.id, label: `@${role.name.replace(/^@/, "")}`, lead: icon("at") }));

export function channelEntries(types) {
  const guild = here()?.guild;
  return [...(guild?.channels ?? []), ...(guild?.threads ?? []).filter(letsIn)]
    .filter((one) => !types?.length || types.includes(one.type ?? 0))
    .map((one) => ({
      value: one.id,
      label: one.name,
      lead: sign(one),
    }));
}

/** What a select shows while it is closed. */
export function selectText(data, pick) {
  const entries = selectEntries(data);
  const defaults = entries.filter((entry) => entry.byDefault).map((entry) => entry.value);
  const values = pick && !(pick.stale && defaults.length) ? pick.values : defaults;
  const labels = entries.filter((entry) => values.includes(entry.value)).map((entry) => entry.label);
  return { text: labels.join(", ") || data.placeholder || "Make a selection", empty: !labels.length, values };
}

/** Entries whose label or detail holds the words, those that begin with them first. */
export function matching(entries, words) {
  const wanted = words.trim().toLowerCase();
  if (!wanted) return entries;
  const rank = (entry) => {
    const label = entry.label.toLowerCase();
    if (label.startsWith(wanted)) return 0;
    return label.includes(wanted) ? 1 : (entry.detail ?? "").toLowerCase().includes(wanted) ? 2 : 3;
  };
  return entries
    .map((entry) => [rank(entry), entry])
    .filter(([at]) => at < 3)
    .sort(([a], [b]) => a - b)
    .map(([, entry]) => entry);
}

/** "@name" of known people becomes "<@id>", as Discord's own client sends it. */
export function withMentions(text) {
  return text.replace(/(^|[\s(])@([\w.]{2,32})/g, (whole, before, name) => {
    const user = people().find((one) => one.username.toLowerCase() === name.toLowerCase());
    return user ? `${before}<@${user.id}>` : whole;
  });
}

/** Whether the message speaks to the person in front of the page. */
export function mentionsViewer(message) {
  return (
    (message.mentions ?? []).some((user) => user.id === state.viewer) || (message.mention_everyone ?? false)
  );
}
