/** Embeds: the older kind of card, with a coloured edge. */

import { h } from "./dom.js";
import { webLink } from "./inline.js";
import { markdown } from "./markdown.js";
import { gallery, image, resolveMedia, thumbnail } from "./media.js";
import { headTime } from "./time.js";

/** One embed of a message. */
export function embed(data, message) {
  const node = h(
    "div",
    { class: "embed" },
    h(
      "div",
      { class: "embed-main" },
      author(data.author, message),
      data.title ? h("div", { class: "embed-title" }, titled(data)) : null,
      data.description ? h("div", { class: "embed-text md" }, markdown(data.description)) : null,
      fields(data.fields ?? []),
      data.image
        ? gallery(
            [{ media: resolveMedia(data.image, message), description: data.image.description }],
            message,
          )
        : null,
      footer(data, message),
    ),
    data.thumbnail ? thumbnail({ media: resolveMedia(data.thumbnail, message) }, message) : null,
  );
  node.style.setProperty("--edge", edgeColor(data.color) ?? "var(--line-strong)");
  return node;
}

/** A colour number as CSS, or null when none is set. */
export function edgeColor(number) {
  return Number.isInteger(number) ? `#${number.toString(16).padStart(6, "0")}` : null;
}

function titled({ title, url }) {
  const text = [...markdown(title).childNodes].flatMap((one) => [...one.childNodes]);
  return url ? (webLink(url, text) ?? text) : text;
}

function author(data, message) {
  if (!data?.name) return null;
  const picture = data.icon_url ? image(resolveMedia({ url: data.icon_url }, message), "") : null;
  const name = data.url ? (webLink(data.url, [data.name]) ?? data.name) : data.name;
  return h("div", { class: "embed-author" }, picture, h("span", null, name));
}

function fields(all) {
  if (!all.length) return null;
  return h(
    "div",
    { class: "embed-fields" },
    all.map(({ name, value, inline }) =>
      h(
        "div",
        { class: inline ? "embed-field inline" : "embed-field" },
        h("div", { class: "embed-field-name md" }, markdown(name)),
        h("div", { class: "embed-field-value md" }, markdown(value)),
      ),
    ),
  );
}

function footer({ footer: data, timestamp }, message) {
  if (!data?.text && !timestamp) return null;
  const at = timestamp ? headTime(Date.parse(timestamp) / 1000) : null;
  const picture = data?.icon_url ? image(resolveMedia({ url: data.icon_url }, message), "") : null;
  return h(
    "div",
    { class: "embed-footer" },
    picture,
    h("span", null, [data?.text, at].filter(Boolean).join(" • ")),
  );
}
