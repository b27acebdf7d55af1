/** One message as an element; drawing it twice gives the same, so an edit only patches what changed. */

import { authorAvatar, authorOf } from "./authors.js";
import { components, dots, shownFiles } from "./components.js";
import { mentionsViewer } from "./choices.js";
import { contextLine } from "./context.js";
import { h, icon } from "./dom.js";
import { embed } from "./embeds.js";
import { markdown } from "./markdown.js";
import { attachments } from "./media.js";
import { appTag, isBot, nameOf } from "./names.js";
import { failureOf, isWaiting } from "./pending.js";
import { reactions } from "./reactions.js";
import { sentAt } from "./state.js";
import { isSystem, systemRow } from "./system.js";
import { threadChip } from "./threads.js";
import { clockTime, fullTime, headTime } from "./time.js";

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;
const SECOND_VERSION = 1 << 15; // Components V2: content and embeds are not shown

export const isEphemeral = (message) => Boolean(message.ephemeral_for) || Boolean(message.flags & EPHEMERAL);

/** The element of a message; `compact` leaves the head out, because the one before has the same author. */
export function renderMessage(message, compact) {
  if (isSystem(message)) return systemRow(message);
  const classes = [
    "message",
    compact ? "compact" : "",
    isEphemeral(message) ? "ephemeral" : "",
    mentionsViewer(message) ? "mentioned" : "",
  ];
  const context = contextLine(message);
  return h(
    "li",
    {
      class: classes.filter(Boolean).join(" "),
      "data-key": message.id,
      "data-id": message.id,
      "data-testid": `message-${message.id}`,
    },
    h(
      "article",
      { "data-testid": "message", "aria-label": `${nameOf(message.author)}, ${headTime(sentAt(message))}` },
      context,
      h(
        "div",
        { class: "message-side" },
        compact
          ? h("span", { class: "side-time", "aria-hidden": "true" }, clockTime(sentAt(message)))
          : face(message),
      ),
      h(
        "div",
        { class: "message-main" },
        compact ? null : head(message),
        h(
          "div",
          { class: "message-body", "aria-busy": isWaiting(message.id) ? "true" : undefined },
          body(message),
        ),
        reactions(message),
        threadChip(message),
        after(message),
      ),
    ),
    message.local ? null : tools(message),
  );
}

function face(message) {
  const name = nameOf(message.author);
  return h(
    "button",
    {
      class: "face",
      type: "button",
      "data-act": "user",
      "data-user": message.author.id,
      "aria-label": `About ${name}`,
    },
    authorAvatar(message),
  );
}

function head(message) {
  const author = authorOf(message);
  return h(
    "div",
    { class: "head" },
    h(
      "button",
      { class: "name", type: "button", "data-act": "user", "data-user": author.id },
      nameOf(author),
    ),
    isBot(message.author) ? appTag() : null,
    h(
      "time",
      {
        class: "head-time",
        datetime: new Date(sentAt(message) * 1000).toISOString(),
        title: fullTime(sentAt(message)),
      },
      headTime(sentAt(message)),
    ),
    message.flags & SECOND_VERSION ? editedMark(message) : null,
  );
}

function body(message) {
  if (message.local === "pending") return h("div", { class: "thinking" }, dots(), "Sending command…");
  if (message.local === "failed") return h("div", { class: "failure" }, icon("warn"), message.content);
  if (message.flags & LOADING)
    return h("div", { class: "thinking", role: "status" }, dots(), `${nameOf(message.author)} is thinking…`);
  const parts = [];
  if (!(message.flags & SECOND_VERSION)) {
    if (message.content)
      parts.push(h("div", { class: "md content" }, markdown(message.content), editedMark(message)));
    parts.push(...(message.embeds ?? []).map((data) => embed(data, message)));
  }
  const shown = components(message.components, message);
  const cards = h("div", { class: message.flags & SECOND_VERSION ? "cards" : "rows" }, shown);
  const files = attachments(message, shownFiles(message));
  // The older rows stand below the files, as people know it.
  return [...parts, ...files, shown.length ? cards : null];
}

function editedMark(message) {
  const at =
    message.edited_at ?? (message.edited_timestamp ? Date.parse(message.edited_timestamp) / 1000 : null);
  return at ? h("span", { class: "edited", title: fullTime(at) }, "(edited)") : null;
}

function after(message) {
  const failure = failureOf(message.id);
  return [
    failure ? h("div", { class: "failure", role: "alert" }, icon("warn"), failure) : null,
    isEphemeral(message) && message.local !== "pending"
      ? h(
          "div",
          { class: "only-you" },
          icon("eye", "small"),
          "Only you can see this · ",
          h(
            "button",
            {
              class: "text-link",
              type: "button",
              "data-act": "dismiss",
              "data-message": message.id,
              "data-testid": "dismiss",
            },
            "Dismiss",
          ),
        )
      : null,
  ];
}

function tools(message) {
  const button = (label, sign, act) =>
    h(
      "button",
      {
        class: "tool",
        type: "button",
        "aria-label": label,
        title: label,
        "data-act": act,
        "data-message": message.id,
      },
      icon(sign),
    );
  return h(
    "div",
    { class: "tools" },
    isEphemeral(message) ? null : button("Add reaction", "smile", "add-reaction"),
    isEphemeral(message) ? null : button("Reply", "reply", "reply"),
    button("More", "more", "more"),
  );
}
