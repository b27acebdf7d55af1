/** One message as an element; drawing it twice gives the same, so an edit only patches what changed. */

import { components, dots, shownFiles } from "./components.js";
import { mentionsViewer } from "./choices.js";
import { h, icon } from "./dom.js";
import { embed } from "./embeds.js";
import { markdown, preview } from "./markdown.js";
import { attachments } from "./media.js";
import { appTag, avatar, here, isBot, nameOf, person } from "./names.js";
import { failureOf, isWaiting } from "./pending.js";
import { reactions } from "./reactions.js";
import { find, sentAt, state } from "./state.js";
import { clockTime, fullTime, headTime } from "./time.js";
import { placeHash } from "./urls.js";

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;
const SECOND_VERSION = 1 << 15; // Components V2: content and embeds are not shown

export const isEphemeral = (message) => Boolean(message.ephemeral_for) || Boolean(message.flags & EPHEMERAL);

/** The element of a message; `compact` leaves the head out, because the one before has the same author. */
export function renderMessage(message, compact) {
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
    avatar(message.author),
  );
}

function head(message) {
  const author = person(message.author.id) ?? message.author;
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

/** The line above: what the message answers, or which command made it. */
function contextLine(message) {
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
    avatar(first.author, "mini"),
    h(
      "button",
      { class: "context-name", type: "button", "data-act": "user", "data-user": first.author.id },
      nameOf(first.author),
    ),
    " ",
    h("a", { class: "context-text", href: placeHash(place) }, summary(first)),
  );
}

/** A message in one line. */
function summary(message) {
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
