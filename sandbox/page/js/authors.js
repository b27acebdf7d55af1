/** Who a message is by: a user, or a webhook, which has a name and an avatar in each message. */

import { h } from "./dom.js";
import { avatar, person } from "./names.js";

/** Whether a webhook of a channel posted it; the responses to interactions also have a webhook's id. */
export const isWebhook = (message) => Boolean(message.webhook_id) && !message.interaction_metadata;

export const authorOf = (message) =>
  isWebhook(message) ? message.author : (person(message.author.id) ?? message.author);

/** The avatar of a message: a picture where the page may show one, else the first letter. */
export function authorAvatar(message, extra = "") {
  if (message.avatar_url)
    return h("img", { class: `avatar picture ${extra}`.trim(), src: message.avatar_url, alt: "" });
  // A letter in a colour of its own: one webhook speaks for many characters.
  return avatar(isWebhook(message) ? { username: message.author.username } : message.author, extra);
}
