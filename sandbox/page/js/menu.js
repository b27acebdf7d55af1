/** The menu of a message or a person: right click, long press or the "…" button. */

import * as api from "./api.js";
import { contextCommands } from "./commands.js";
import { h, icon } from "./dom.js";
import { runContext } from "./interactions.js";
import { isEphemeral } from "./message.js";
import { confirmBox } from "./modal.js";
import { channelOf, isBot, nameOf, person } from "./names.js";
import { closePopup, openPopup } from "./popup.js";
import { reactionMenu } from "./reactions.js";
import { dismiss, emit, find, forget, state } from "./state.js";
import { isSystem } from "./system.js";
import { canHaveThread, editMessage, startThread } from "./threads.js";
import { copy, toast } from "./toast.js";
import { placeHash } from "./urls.js";

/** Opens the menu of a message at an element or a point. */
export function messageMenu(id, where) {
  const message = find(id);
  if (!message || message.local) return;
  const own = isEphemeral(message);
  const guild = channelOf(message.channel_id)?.guild?.id;
  const link =
    location.origin + location.pathname + placeHash({ guild, channel: message.channel_id, message: id });
  show(
    "Message",
    [
      own ? null : entry("Add reaction", "smile", () => reactionMenu(id, where)),
      own || isSystem(message) ? null : entry("Reply", "reply", () => emit("reply", message)),
      message.author.id === state.viewer && !isSystem(message)
        ? entry("Edit message", "edit", () => editMessage(message))
        : null,
      !own && canHaveThread(message) ? entry("Create thread", "thread", () => startThread(message)) : null,
      message.content ? entry("Copy text", "copy", () => copy(message.content, "Text")) : null,
      own ? null : entry("Copy message link", "link", () => copy(link, "Link")),
      entry("Copy message ID", "copy", () => copy(id, "ID")),
      ...apps("message", id),
      own
        ? entry("Dismiss message", "close", () => dismiss(id))
        : entry("Delete message", "trash", () => remove(message), "bad"),
    ],
    where,
  );
}

/** Opens the menu of a person. */
export function userMenu(id, where) {
  const user = person(id);
  if (!user) return;
  show(
    nameOf(user),
    [
      h("div", { class: "menu-title" }, nameOf(user), h("span", null, user.username)),
      entry("Mention", "at", () => emit("mention", user)),
      entry("Copy user ID", "copy", () => copy(id, "ID")),
      ...(isBot(user) ? [] : apps("user", id)),
    ],
    where,
  );
}

function apps(kind, target) {
  const commands = contextCommands(kind);
  if (!commands.length) return [];
  return [
    h("div", { class: "menu-heading" }, "Apps"),
    ...commands.map(({ name }) =>
      entry(name, "spark", () => runContext(kind, name, target), "", `menu-${name}`),
    ),
  ];
}

function entry(label, sign, act, kind = "", testid = `menu-${label}`) {
  const run = () => {
    closePopup();
    act();
  };
  return h(
    "button",
    {
      class: `menu-item ${kind}`.trim(),
      type: "button",
      role: "menuitem",
      "data-testid": testid,
      on: { click: run },
    },
    h("span", null, label),
    icon(sign),
  );
}

function show(label, entries, where) {
  const node = h(
    "div",
    { class: "menu", role: "menu", "aria-label": label, "data-testid": "menu-popup" },
    entries,
  );
  node.addEventListener("keydown", walk);
  openPopup({ node, ...where });
  node.querySelector('[role="menuitem"]')?.focus({ preventScroll: true });
}

function walk(event) {
  const items = [...event.currentTarget.querySelectorAll('[role="menuitem"]')];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1, Tab: event.shiftKey ? at - 1 : at + 1 }[
    event.key
  ];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length).focus();
}

async function remove(message) {
  const sure = await confirmBox({
    title: "Delete message",
    text: "You act as a moderator. The message is deleted for all members, and the bot receives the event.",
    action: "Delete",
  });
  if (!sure) return;
  try {
    await api.remove(message.id);
    forget(message.id);
  } catch (error) {
    toast(error.message, "bad");
  }
}
