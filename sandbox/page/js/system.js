/** Messages that Discord makes itself: a thread was started, and the beginning of a thread. */

import { authorAvatar, authorOf } from "./authors.js";
import { summary } from "./context.js";
import { h, icon } from "./dom.js";
import { markdown } from "./markdown.js";
import { here, nameOf } from "./names.js";
import { sentAt } from "./state.js";
import { headTime } from "./time.js";
import { placeHash } from "./urls.js";

const THREAD_CREATED = 18;
const THREAD_STARTER = 21;

export const isSystem = (message) => message.type === THREAD_CREATED || message.type === THREAD_STARTER;

/** The element of such a message. */
export function systemRow(message) {
  return h(
    "li",
    {
      class: "message system",
      "data-key": message.id,
      "data-id": message.id,
      "data-testid": `message-${message.id}`,
    },
    h("article", { "data-testid": "message" }, message.type === THREAD_CREATED ? notice(message) : starter(message)),
  );
}

function notice(message) {
  const thread = message.message_reference?.channel_id;
  const place = { guild: here()?.guild?.id, channel: thread };
  return [
    h("div", { class: "message-side" }, icon("thread")),
    h(
      "div",
      { class: "message-main" },
      h("strong", null, nameOf(authorOf(message))),
      " started a thread: ",
      h("a", { href: placeHash(place) }, message.content),
      " ",
      h("time", { class: "head-time" }, headTime(sentAt(message))),
    ),
  ];
}

/** The message of which it is the thread; a link leads to it, with its buttons. */
function starter(message) {
  const first = message.referenced_message;
  const reference = message.message_reference;
  const place = { guild: here()?.guild?.id, channel: reference?.channel_id, message: reference?.message_id };
  const words = first?.content ? h("div", { class: "md content" }, markdown(first.content)) : null;
  return [
    h("div", { class: "message-side" }, first ? authorAvatar(first) : icon("thread")),
    h(
      "div",
      { class: "message-main" },
      h("div", { class: "head" }, h("span", { class: "name" }, first ? nameOf(authorOf(first)) : "Deleted message")),
      words ?? (first ? h("p", null, summary(first)) : null),
      h("a", { class: "starter-link", href: placeHash(place) }, icon("reply", "small"), "Go to the message"),
    ),
  ];
}
