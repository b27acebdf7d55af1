/** The part of Discord's markdown that lives inside a line, as nodes. */

import { h } from "./dom.js";
import { channelOf, nameOf, person, roleOf } from "./names.js";
import { timestamp } from "./time.js";
import { placeHash, placeOf, safeHref } from "./urls.js";

const DEEPEST = 12; // nested marks; more are not real text, and the recursion must end
const URL_AT = /https?:\/\/[^\s<>]+/y;
const TARGET_AT = /\(\s*<?((?:[^\s<>()]|\([^\s<>()]*\))+)>?(?:\s+"[^"\n]*")?\s*\)/y;
const ANGLES = [
  [/<t:(-?\d{1,13})(?::([tTdDfFsSR]))?>/y, (found) => timestamp(Number(found[1]), found[2])],
  [/<@!?(\d+)>/y, (found) => userMention(found[1])],
  [/<@&(\d+)>/y, (found) => chip(`@${roleOf(found[1])?.name ?? "unknown-role"}`)],
  [/<#(\d+)>/y, (found) => channelMention(found[1])],
  [/<\/([\w\p{L} -]{1,98}):(\d+)>/uy, (found) => commandMention(found[1])],
  [/<a?:(\w{2,32}):\d+>/y, (found) => document.createTextNode(`:${found[1]}:`)],
  [/<(https?:\/\/[^\s<>]+)>/y, (found) => webLink(found[1], [found[1]])],
];

const RULES = {
  "\\": escaped,
  "`": code,
  "<": angle,
  "[": masked,
  h: bareUrl,
  "@": everyone,
  "*": (text, at, depth) => paired(text, at, depth, "**", "strong") ?? paired(text, at, depth, "*", "em"),
  _: (text, at, depth) => paired(text, at, depth, "__", "u") ?? paired(text, at, depth, "_", "em"),
  "~": (text, at, depth) => paired(text, at, depth, "~~", "s"),
  "|": (text, at, depth) => paired(text, at, depth, "||", spoiler),
};

/** The nodes of a line or a paragraph; unknown marks stay as they were typed. */
export function inline(text, depth = 0) {
  const nodes = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const hit = depth < DEEPEST ? RULES[text[at]]?.(text, at, depth) : null;
    if (hit) {
      if (plain) nodes.push(document.createTextNode(plain));
      plain = "";
      nodes.push(hit.node);
    } else plain += text[at];
    at += hit ? hit.length : 1;
  }
  if (plain) nodes.push(document.createTextNode(plain));
  return nodes;
}

const matchAt = (pattern, text, at) => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};
const isWord = (letter) => letter !== undefined && /[\p{L}\p{N}_]/u.test(letter);

function escaped(text, at) {
  const next = text[at + 1];
  return next && /[^\p{L}\p{N}\s]/u.test(next) ? { node: document.createTextNode(next), length: 2 } : null;
}

function code(text, at) {
  const end = codeEnd(text, at);
  if (end < 0) return null;
  const ticks = /`+/y;
  const width = matchAt(ticks, text, at)[0].length;
  const inner = text.slice(at + width, end - width).replace(/^ (?=`)|(?<=`) $/g, "");
  return { node: h("code", { class: "code" }, inner), length: end - at };
}

/** Where the code span that starts here ends, or -1. */
function codeEnd(text, at) {
  const width = matchAt(/`+/y, text, at)[0].length;
  const runs = /`+/g;
  runs.lastIndex = at + width;
  for (let run = runs.exec(text); run; run = runs.exec(text)) {
    if (run[0].length === width) return run.index + width;
  }
  return -1;
}

function paired(text, at, depth, mark, what) {
  if (!text.startsWith(mark, at)) return null;
  const start = at + mark.length;
  if (mark === "_" && isWord(text[at - 1])) return null;
  if (mark.length === 1 && /\s/.test(text[start] ?? " ")) return null;
  const end = closing(text, start, mark);
  if (end <= start) return null;
  const inside = inline(text.slice(start, end), depth + 1);
  const node = typeof what === "string" ? h(what, null, inside) : what(inside);
  return { node, length: end + mark.length - at };
}

function closing(text, from, mark) {
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === "\\") at += 1;
    else if (letter === "`") at = Math.max(at, codeEnd(text, at) - 1);
    else if (mark.length === 1 && text.startsWith(mark + mark, at)) at += 1;
    else if (text.startsWith(mark, at) && closes(text, at, mark)) return at;
  }
  return -1;
}

function closes(text, at, mark) {
  const next = text[at + mark.length];
  if (mark === "_") return !isWord(next);
  return mark === "||" || next !== mark[0]; // the end of a run belongs to the outer mark
}

/** Hidden until it is pressed (see actions.js). */
export function spoiler(inside, tag = "span") {
  const content = h(tag, { class: "spoiler-content" }, inside);
  const label = "Spoiler: press to reveal";
  return h(
    tag,
    { class: "spoiler", role: "button", tabindex: "0", "aria-label": label, "data-act": "spoiler" },
    content,
  );
}

function angle(text, at) {
  for (const [pattern, build] of ANGLES) {
    const found = matchAt(pattern, text, at);
    const node = found && build(found);
    if (node) return { node, length: found[0].length };
  }
  return null;
}

function everyone(text, at) {
  const found = matchAt(/@(everyone|here)\b/y, text, at);
  return found && { node: chip(found[0]), length: found[0].length };
}

const chip = (text) => h("span", { class: "mention" }, text);

function userMention(id) {
  const user = person(id);
  const label = `@${user ? nameOf(user) : "unknown-user"}`;
  return h("button", { class: "mention", type: "button", "data-act": "user", "data-user": id }, label);
}

function channelMention(id) {
  const channel = channelOf(id);
  if (!channel) return chip("#unknown");
  const href = placeHash({ guild: channel.guild?.id, channel: id });
  return h("a", { class: "mention", href }, channel.dm ? "@" : "#", channel.name);
}

function commandMention(name) {
  return h(
    "button",
    { class: "mention", type: "button", "data-act": "command", "data-command": name },
    `/${name}`,
  );
}

function masked(text, at, depth) {
  let open = 0;
  for (let end = at; end < text.length; end += 1) {
    if (text[end] === "\\") end += 1;
    else if (text[end] === "[") open += 1;
    else if (text[end] === "]" && (open -= 1) === 0) {
      const found = matchAt(TARGET_AT, text, end + 1);
      if (!found || end === at + 1 || !/^https?:\/\//i.test(found[1])) return null;
      const node = webLink(found[1], inline(text.slice(at + 1, end), depth + 1));
      return node && { node, length: end + 1 + found[0].length - at };
    }
  }
  return null;
}

function bareUrl(text, at) {
  if (isWord(text[at - 1])) return null;
  const found = matchAt(URL_AT, text, at);
  if (!found) return null;
  let url = found[0].replace(/[.,:;!?"'*_~|\]]+$/, "");
  if (url.endsWith(")") && !url.includes("(")) url = url.slice(0, -1);
  const place = placeOf(url);
  const node = place ? placeLink(place) : webLink(url, [url]);
  return node && { node, length: url.length };
}

function placeLink(place) {
  const channel = channelOf(place.channel);
  const name = channel ? channel.name : "unknown";
  const end = place.message ? " › message" : "";
  return h("a", { class: "mention", href: placeHash(place) }, channel?.dm ? "@" : "#", name, end);
}

/** A link that leaves the page (or moves inside of it), or null when the address is not for the web. */
export function webLink(url, inside) {
  const place = placeOf(url);
  if (place) return h("a", { href: placeHash(place) }, inside);
  const href = safeHref(url);
  if (!href) return null;
  return h("a", { href, title: href, target: "_blank", rel: "noopener noreferrer nofollow" }, inside);
}
