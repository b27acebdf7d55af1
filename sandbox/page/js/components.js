/** Message components, old rows and the second version alike, as nodes. */

import { h, icon } from "./dom.js";
import { edgeColor } from "./embeds.js";
import { markdown } from "./markdown.js";
import { fileCard, gallery, resolveMedia, thumbnail } from "./media.js";
import { chosen, isBusy } from "./pending.js";
import { selectText } from "./choices.js";
import { placeHash, placeOf, safeHref } from "./urls.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "primary" };

const BUILDERS = {
  1: actionRow,
  2: button,
  3: select,
  5: select,
  6: select,
  7: select,
  8: select,
  9: section,
  10: (data) => h("div", { class: "text-display md" }, markdown(data.content)),
  11: (data, message) => thumbnail({ ...data, media: resolveMedia(data.media, message) }, message),
  12: mediaGallery,
  13: (data, message) =>
    fileCard(
      { ...resolveMedia(data.file, message), ...known(data) },
      { spoiler: data.spoiler, name: data.name },
    ),
  14: (data) =>
    h("hr", {
      class: `separator ${data.divider === false ? "bare" : ""} ${data.spacing === 2 ? "wide" : ""}`,
    }),
  17: container,
};

const known = (data) => (data.size ? { size: data.size } : {});

/** The components of a message, in order. A type that the page does not know is named, not hidden. */
export function components(list, message) {
  return (list ?? []).map((data) => {
    const build = BUILDERS[data.type];
    return build
      ? build(data, message)
      : h("div", { class: "unknown" }, `Component of type ${data.type} cannot be shown here.`);
  });
}

function actionRow(data, message) {
  return h("div", { class: "row" }, components(data.components, message));
}

function button(data, message) {
  const label = data.label ?? data.emoji?.name ?? "";
  const inside = [
    data.emoji ? h("span", { class: "emoji" }, emojiText(data.emoji)) : null,
    data.label ? h("span", null, data.label) : null,
  ];
  const common = {
    class: `button ${STYLES[data.style] ?? "secondary"}`,
    "data-testid": `button-${label}`,
    "aria-label": data.label ? undefined : label,
  };
  if (data.style === 5) return linkButton(data, common, inside);
  const busy = isBusy(message.id, data.custom_id);
  return h(
    "button",
    {
      ...common,
      type: "button",
      disabled: Boolean(data.disabled),
      "data-act": "press",
      "data-message": message.id,
      "data-custom-id": data.custom_id,
      "aria-busy": busy ? "true" : undefined,
      "data-key": `b-${data.custom_id}`,
    },
    inside,
    busy ? dots() : null,
  );
}

function linkButton(data, common, inside) {
  const place = placeOf(data.url ?? "");
  const href = place ? placeHash(place) : safeHref(data.url);
  if (!href || data.disabled)
    return h("button", { ...common, type: "button", disabled: true }, inside, icon("out", "small"));
  const outside = place ? {} : { target: "_blank", rel: "noopener noreferrer nofollow" };
  return h("a", { ...common, ...outside, href }, inside, icon(place ? "right" : "out", "small"));
}

/** The text of an emoji: the character, or the name of a custom emoji. */
const emojiText = (emoji) => (emoji.id ? `:${emoji.name}:` : (emoji.name ?? ""));

/** Three dots that say "at work". */
export const dots = () => h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));

function select(data, message) {
  const { text, empty } = selectText(data, chosen(message, data.custom_id));
  const busy = isBusy(message.id, data.custom_id);
  return h(
    "button",
    {
      class: `select ${empty ? "empty" : ""}`,
      type: "button",
      disabled: Boolean(data.disabled),
      "aria-haspopup": "listbox",
      "data-act": "select",
      "data-message": message.id,
      "data-custom-id": data.custom_id,
      "data-key": `s-${data.custom_id}`,
      "data-testid": `select-${data.custom_id}`,
      "aria-label": data.placeholder ?? "Make a selection",
      "aria-busy": busy ? "true" : undefined,
    },
    h("span", { class: "select-text" }, text),
    busy ? dots() : icon("down"),
  );
}

function section(data, message) {
  return h(
    "div",
    { class: "section" },
    h("div", { class: "section-text" }, components(data.components, message)),
    h("div", { class: "section-side" }, components([data.accessory].filter(Boolean), message)),
  );
}

function mediaGallery(data, message) {
  const items = (data.items ?? []).map((item) => ({ ...item, media: resolveMedia(item.media, message) }));
  return gallery(items, message);
}

function container(data, message) {
  const edge = edgeColor(data.accent_color);
  const node = h("div", {
    class: `container ${edge ? "edged" : ""}`,
    "data-spoiler": data.spoiler ? "yes" : undefined,
  });
  if (edge) node.style.setProperty("--edge", edge);
  if (!data.spoiler) return appendAll(node, components(data.components, message));
  const cover = h("button", { class: "cover", type: "button", "data-act": "uncover" }, "SPOILER");
  return appendAll(node, [cover, h("div", { class: "covered" }, components(data.components, message))]);
}

function appendAll(node, children) {
  node.append(...children);
  return node;
}

/** The component with this custom id in a message, or null. */
export function findComponent(list, customId) {
  for (const data of list ?? []) {
    if (data.custom_id === customId) return data;
    const inner = findComponent(
      [...(data.components ?? []), ...(data.accessory ? [data.accessory] : [])],
      customId,
    );
    if (inner) return inner;
  }
  return null;
}

/** The addresses that components show already, so that these files are not shown twice. */
export function shownFiles(message) {
  const text = JSON.stringify([message.components ?? [], message.embeds ?? []]);
  const shown = (message.attachments ?? []).filter(
    (one) =>
      text.includes(JSON.stringify(one.url)) || text.includes(JSON.stringify(`attachment://${one.filename}`)),
  );
  return new Set(shown.map((one) => one.id));
}
