/** The reactions below a message, and the menu that adds one. */

import * as api from "./api.js";
import { h, icon } from "./dom.js";
import { closePopup, openPopup } from "./popup.js";
import { find, state } from "./state.js";
import { toast } from "./toast.js";

const OFFERED = ["👍", "❤️", "😂", "🎉", "🔥", "⭐", "🦊", "🍪", "👀", "😮", "👏", "💎"];
const LONGEST = 100; // characters of an emoji, as the control API takes them

/** The reactions of a message as buttons with their counts; null without any. */
export function reactions(message) {
  const found = message.reacted ?? [];
  if (!found.length) return null;
  return h("div", { class: "reactions", "data-testid": "reactions" }, found.map((one) => button(message, one)));
}

function button(message, { emoji, user_ids: users }) {
  const mine = users.includes(state.viewer);
  const name = emoji.split(":")[0];
  const times = users.length === 1 ? "1 reaction" : `${users.length} reactions`;
  return h(
    "button",
    {
      class: "reaction",
      type: "button",
      "aria-label": `${name}, ${times}`,
      "aria-pressed": String(mine),
      title: mine ? "Remove your reaction" : "Add this reaction",
      "data-act": "react",
      "data-message": message.id,
      "data-emoji": emoji,
    },
    h("span", { "aria-hidden": "true" }, name),
    h("span", { class: "reaction-count", "aria-hidden": "true" }, String(users.length)),
  );
}

/** Adds the viewer's reaction with that emoji, or removes it. */
export async function toggle(messageId, emoji) {
  const users = (find(messageId)?.reacted ?? []).find((one) => one.emoji === emoji)?.user_ids ?? [];
  try {
    await api.react(state.viewer, messageId, emoji, !users.includes(state.viewer));
  } catch (error) {
    toast(error.message, "bad");
  }
}

/** Opens the choice of an emoji; any other one can be typed. */
export function reactionMenu(messageId, where) {
  const add = (emoji) => {
    closePopup();
    toggle(messageId, emoji);
  };
  const other = h("input", {
    class: "reaction-input",
    name: "emoji",
    maxlength: LONGEST,
    autocomplete: "off",
    "aria-label": "Another emoji",
    placeholder: "Another emoji",
  });
  const submit = (event) => {
    event.preventDefault();
    if (other.value.trim()) add(other.value.trim());
  };
  const choices = OFFERED.map((emoji) =>
    h(
      "button",
      { class: "reaction-choice", type: "button", "aria-label": `React with ${emoji}`, on: { click: () => add(emoji) } },
      emoji,
    ),
  );
  const node = h(
    "div",
    { class: "menu reaction-menu", role: "dialog", "aria-label": "Add reaction", "data-testid": "reaction-popup" },
    h("div", { class: "reaction-choices" }, choices),
    h(
      "form",
      { class: "reaction-form", on: { submit } },
      other,
      h("button", { class: "tool", type: "submit", "aria-label": "Add this emoji" }, icon("plus")),
    ),
  );
  openPopup({ node, ...where });
  node.querySelector("button")?.focus({ preventScroll: true });
}
