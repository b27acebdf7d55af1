/** What members do with threads: open them, start them, write posts; and edits of one's own message. */

import * as api from "./api.js";
import { h, icon } from "./dom.js";
import { openModal } from "./modal.js";
import { channelOf, here } from "./names.js";
import { takesThreads } from "./places.js";
import { state } from "./state.js";
import { placeHash } from "./urls.js";

const NAME_MAX = 100;
const TEXT_MAX = 2000;
const SHORT = 1;
const PARAGRAPH = 2;

/** The thread below the message of which it is one; null without. */
export function threadChip(message) {
  const thread = message.thread && channelOf(message.thread.id);
  if (!thread) return null;
  return h(
    "a",
    {
      class: "thread-chip",
      href: placeHash({ guild: thread.guild.id, channel: thread.id }),
      "data-testid": "thread-chip",
    },
    icon("thread", "small"),
    h("strong", null, thread.name),
    h("span", null, "Open thread ›"),
  );
}

export const canHaveThread = (message) =>
  !message.local && !message.thread && Boolean(takesThreads(channelOf(message.channel_id)));

/** Asks for a name and starts a thread here, of a message or without one. */
export function startThread(message) {
  const form = { custom_id: "thread", title: "New thread", components: [text("name", "Name", NAME_MAX, SHORT)] };
  openModal(form, ({ name }) => start({ name, channel_id: state.channel, message_id: message?.id }), true);
}

/** Asks for a title and a first message, and starts a post in a forum. */
export function startPost(forum) {
  const fields = [text("name", "Title", NAME_MAX, SHORT), text("content", "First message", TEXT_MAX, PARAGRAPH)];
  const form = { custom_id: "post", title: "New post", components: fields };
  openModal(form, (values) => start({ ...values, channel_id: forum }), true);
}

async function start(body) {
  const guild = channelOf(body.channel_id)?.guild ?? here()?.guild;
  try {
    const thread = await api.startThread({ ...body, user_id: state.viewer });
    state.world = await api.world(); // the place must be known before the address leads there
    location.hash = placeHash({ guild: guild.id, channel: thread.id });
    return null;
  } catch (error) {
    return error.message;
  }
}

/** Asks for the new text of one's own message. */
export function editMessage(message) {
  const field = text("content", "Message", TEXT_MAX, PARAGRAPH, message.content);
  const form = { custom_id: "edit", title: "Edit message", components: [field] };
  const save = async ({ content }) => {
    try {
      await api.edit(message.id, state.viewer, content);
      return null;
    } catch (error) {
      return error.message;
    }
  };
  openModal(form, save, true);
}

/** A text field as a modal has it. */
const text = (id, label, longest, style, value = "") => ({
  type: 18,
  label,
  component: { type: 4, custom_id: id, style, min_length: 1, max_length: longest, value, required: true },
});
