/** Everything that is pressed inside the log and the lists: elements say what they do in "data-act". */

import { findCommand } from "./commands.js";
import { findComponent } from "./components.js";
import { selectText } from "./choices.js";
import { openForm } from "./form.js";
import { press } from "./interactions.js";
import { openLightbox } from "./lightbox.js";
import { messageMenu, userMenu } from "./menu.js";
import { chosen, isWaiting } from "./pending.js";
import { reactionMenu, toggle } from "./reactions.js";
import { openSelect } from "./selects.js";
import { dismiss, emit, find } from "./state.js";
import { startPost, startThread } from "./threads.js";

const LONG_PRESS_MS = 500;
const HIDDEN = ".spoiler:not([data-ui-revealed]), .tile[data-spoiler]:not([data-ui-revealed])";

const ACTS = {
  spoiler: reveal,
  lightbox: openLightbox,
  uncover: (node) => node.parentElement.setAttribute("data-ui-revealed", ""),
  press: (node) => isWaiting(node.dataset.message) || press(node.dataset.message, node.dataset.customId),
  select: pickFrom,
  dismiss: (node) => dismiss(node.dataset.message),
  react: (node) => toggle(node.dataset.message, node.dataset.emoji),
  "add-reaction": (node) => reactionMenu(node.dataset.message, { anchor: node }),
  reply: (node) => emit("reply", find(node.dataset.message)),
  more: (node) => messageMenu(node.dataset.message, { anchor: node }),
  "new-thread": () => startThread(),
  "new-post": (node) => startPost(node.dataset.channel),
  user: (node) => userMenu(node.dataset.user, { anchor: node }),
  command: (node) => {
    const command = findCommand(node.dataset.command);
    if (command) openForm(command);
  },
};

export function startActions() {
  document.addEventListener("click", (event) => {
    const hidden = event.target.closest(HIDDEN);
    const here = event.target.closest('a[href^="#/"]');
    if (here && here.getAttribute("href") === location.hash) emit("follow"); // no change, no event
    const node = hidden ?? event.target.closest("[data-act]");
    if (!node) return;
    if (hidden) {
      event.preventDefault(); // the first press shows, it does not follow a link inside
      reveal(hidden);
    } else ACTS[node.dataset.act]?.(node);
  });
  document.addEventListener("keydown", (event) => {
    if ((event.key !== "Enter" && event.key !== " ") || !event.target.matches?.('.spoiler[role="button"]'))
      return;
    event.preventDefault();
    reveal(event.target);
  });
  document.addEventListener("contextmenu", contextMenu);
  longPress();
}

function reveal(node) {
  node.setAttribute("data-ui-revealed", "");
}

function pickFrom(node) {
  const message = find(node.dataset.message);
  const data = findComponent(message?.components, node.dataset.customId);
  if (!data || isWaiting(message.id)) return;
  const { values } = selectText(data, chosen(message, data.custom_id));
  openSelect(data, node, values, (picked) => press(message.id, data.custom_id, picked));
}

function contextMenu(event) {
  if (event.target.closest("a, input, textarea, dialog")) return; // the browser's own menu is wanted there
  if (getSelection()?.toString()) return;
  if (menuAt(event.target, { x: event.clientX, y: event.clientY })) event.preventDefault();
}

function menuAt(node, at) {
  const user = node.closest('[data-act="user"]');
  const row = node.closest(".message");
  if (user) userMenu(user.dataset.user, { at });
  else if (row && row.dataset.id) messageMenu(row.dataset.id, { at });
  return Boolean(user ?? row);
}

/** Phones whose browser makes no "contextmenu" of a long press get the menu all the same. */
function longPress() {
  let timer = null;
  const stop = () => clearTimeout(timer);
  document.addEventListener(
    "touchstart",
    (event) => {
      stop();
      const { clientX: x, clientY: y } = event.touches[0];
      const { target } = event;
      if (target.closest("button:not([data-act='user']), input, textarea, dialog, a")) return;
      timer = setTimeout(() => menuAt(target, { x, y }), LONG_PRESS_MS);
    },
    { passive: true },
  );
  for (const name of ["touchmove", "touchend", "touchcancel", "contextmenu"])
    document.addEventListener(name, stop, { passive: true });
}
