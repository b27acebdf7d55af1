/** Discord's markdown as nodes: blocks here, text inside a line in inline.js. */

import { h } from "./dom.js";
import { inline, spoiler } from "./inline.js";

const FENCE = /```(?:([\w+#.-]*)\n)?([\s\S]*?)```/;
const ITEM = /^( *)([-*]|\d{1,9}\.) +(.*)$/;
const BLOCKS = [
  [/^(#{1,3})[ \t]+([^\n]+)(?:\n|$)/, heading],
  [/^-#[ \t]+([^\n]+)(?:\n|$)/, subtext],
  [/^\|\|((?:(?!\|\|)[\s\S])*\n(?:(?!\|\|)[\s\S])*)\|\|[ \t]*(?:\n|$)/, blockSpoiler],
  [/^(?: *(?:[-*]|\d{1,9}\.) +[^\n]*(?:\n|$)(?: {2,}(?! |[-*] |\d+\. )[^\n]+(?:\n|$))*)+/, list],
];
// Not inside each other: Discord does not nest quotes, and recursion has to end.
const QUOTES = [
  [/^>>> ?([\s\S]+)$/, (found) => h("blockquote", null, blocks(found[1], true))],
  [
    /^(?:> [^\n]*(?:\n|$)|>(?:\n|$))+/,
    (found) => h("blockquote", null, blocks(found[0].replace(/^> ?/gm, ""), true)),
  ],
];

/** The whole text as a fragment. */
export function markdown(text) {
  const fragment = document.createDocumentFragment();
  fragment.append(
    ...blocks(
      String(text ?? "")
        .replace(/\r\n?/g, "\n")
        .trim(),
    ),
  );
  return fragment;
}

/** The text without marks and line breaks, for one-line previews; spoilers stay hidden. */
export function preview(text, length = 120) {
  const holder = h("div", null, markdown(text));
  for (const hidden of holder.querySelectorAll(".spoiler")) hidden.replaceWith("▇▇▇");
  for (const block of holder.querySelectorAll("div, li, pre, blockquote")) block.append(" ");
  const line = holder.textContent.replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

function blocks(text, quoted = false) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const fence = FENCE.exec(rest);
    const before = fence ? rest.slice(0, fence.index) : rest;
    nodes.push(...lines(before.replace(/\n$/, ""), quoted));
    if (!fence) break;
    nodes.push(
      h("pre", { class: "code-block", tabindex: "0" }, h("code", null, fence[2].replace(/^\n|\n$/g, ""))),
    );
    rest = rest.slice(fence.index + fence[0].length).replace(/^\n/, "");
  }
  return nodes;
}

/** Everything but fences: a block that starts at this line, else the line joins a paragraph. */
function lines(text, quoted) {
  const nodes = [];
  let paragraph = "";
  let rest = text;
  const flush = () => {
    if (paragraph.trim()) nodes.push(h("div", { class: "p" }, inline(paragraph.replace(/\n$/, ""))));
    paragraph = "";
  };
  while (rest) {
    const hit = firstBlock(rest, quoted);
    if (hit) {
      flush();
      nodes.push(hit.node);
      rest = rest.slice(hit.length);
    } else {
      const end = rest.indexOf("\n") + 1 || rest.length;
      paragraph += rest.slice(0, end);
      rest = rest.slice(end);
    }
  }
  flush();
  return nodes;
}

function firstBlock(text, quoted) {
  for (const [pattern, build] of quoted ? BLOCKS : [...QUOTES, ...BLOCKS]) {
    const found = pattern.exec(text);
    if (found) return { node: build(found), length: found[0].length };
  }
  return null;
}

function heading(found) {
  const level = found[1].length;
  // The page's own headings come first, so a bot's "#" is a third level for screen readers.
  return h("div", { class: `h h${level}`, role: "heading", "aria-level": level + 2 }, inline(found[2]));
}

function subtext(found) {
  return h("div", { class: "subtext" }, inline(found[1]));
}

function blockSpoiler(found) {
  return spoiler(blocks(found[1].trim(), true), "div");
}

function list(found) {
  const items = [];
  for (const line of found[0].replace(/\n$/, "").split("\n")) {
    const item = ITEM.exec(line);
    if (item)
      items.push({
        indent: item[1].length,
        ordered: /\d/.test(item[2]),
        number: parseInt(item[2], 10),
        text: item[3],
      });
    else items.at(-1).text += `\n${line.trim()}`;
  }
  return nest(items);
}

/** Items as lists in lists: a deeper indent opens a list inside the item before it. */
function nest(items) {
  const first = items[0];
  const root = h(first.ordered ? "ol" : "ul", { start: first.ordered ? first.number : undefined });
  for (let at = 0; at < items.length;) {
    let end = at + 1;
    while (end < items.length && items[end].indent > first.indent) end += 1;
    const inner = items.slice(at + 1, end);
    root.append(h("li", null, inline(items[at].text), inner.length ? nest(inner) : null));
    at = end;
  }
  return root;
}
