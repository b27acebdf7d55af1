/** The line above a message: what it answers, or which command made it. */

import { authorAvatar, authorOf, isWebhook } from "./authors.js";
import { h, icon } from "./dom.js";
import { preview } from "./markdown.js";
import { avatar, here, nameOf, person } from "./names.js";
import { find, state } from "./state.js";
import { placeHash } from "./urls.js";

/** The line of a message; null where there is none. */
export function contextLine(message) {
  const used = message.interaction_metadata ?? message.interaction;
  if (message.message_reference?.message_id) return replyLine(message);
  const name = commandName(message);
  if (!used?.user || (used.type !== undefined && used.type !== 2)) return null;
  return h(
    "div",
    { class: "context" },
    avatar(used.user, "mini"),
    h(
      "button",
      { class: "context-name", type: "button", "data-act": "user", "data-user": used.user.id },
      nameOf(person(used.user.id) ?? used.user),
    ),
    " used ",
    h("span", { class: "context-command" }, name ?? "a command"),
  );
}

/** "/imagine", or the plain name of a context menu command; null when the message does not say. */
function commandName(message) {
  const name = message.interaction_metadata?.name ?? message.interaction?.name;
  if (!name || name.startsWith("/") || message.local) return name ?? null;
  const root = state.commands.find((one) => one.name === name);
  return (root?.type ?? 1) === 1 ? `/${name}` : name;
}

function replyLine(message) {
  const id = message.message_reference.message_id;
  const first = find(id) ?? message.referenced_message;
  if (!first)
    return h(
      "div",
      { class: "context" },
      icon("reply", "small"),
      h("em", null, "Original message was deleted"),
    );
  const place = { guild: here()?.guild?.id, channel: message.channel_id, message: id };
  return h(
    "div",
    { class: "context" },
    authorAvatar(first, "mini"),
    h(
      "button",
      { class: "context-name", type: "button", "data-act": "user", "data-user": first.author.id },
      `${isPinged(message, first) ? "@" : ""}${nameOf(authorOf(first))}`,
    ),
    " ",
    h("a", { class: "context-text", href: placeHash(place) }, summary(first)),
  );
}

/** Whether the reply mentions the author of its message. */
const isPinged = (message, first) =>
  !isWebhook(first) && (message.mentions ?? []).some((user) => user.id === first.author.id);

/** A message in one line. */
export function summary(message) {
  if (message.content) return preview(message.content);
  const text =
    firstText(message.components) ?? message.embeds?.[0]?.title ?? message.embeds?.[0]?.description;
  if (text) return preview(text);
  return message.attachments?.length ? "Press to see the attachment" : "Press to see the message";
}

function firstText(list) {
  for (const data of list ?? []) {
    const text = data.type === 10 ? data.content : firstText(data.components);
    if (text) return text;
  }
  return null;
}
