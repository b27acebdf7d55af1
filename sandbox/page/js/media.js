/** Images, videos and files of a message: galleries as a mosaic, thumbnails, file cards. */

import { h, icon } from "./dom.js";
import { mediaSrc } from "./urls.js";

const PICTURE = /\.(png|jpe?g|gif|webp|avif|bmp)$/i;
const VIDEO = /\.(mp4|webm)$/i;
const SPOILER = 1 << 3; // attachment flag
const ROWS = {
  1: [1],
  2: [2],
  3: [3],
  4: [2, 2],
  5: [2, 3],
  6: [3, 3],
  7: [1, 3, 3],
  8: [2, 3, 3],
  9: [3, 3, 3],
  10: [1, 3, 3, 3],
};

/**
 * The media of "attachment://name" or of an address, with the facts of the attachment when the
 * message has one: {url, width, height, filename, size, type}.
 */
export function resolveMedia(media, message) {
  const address = media?.url ?? "";
  const name = address.startsWith("attachment://") ? address.slice("attachment://".length) : null;
  const file = (message.attachments ?? []).find((one) =>
    name === null ? one.url === address : one.filename === name,
  );
  return {
    url: mediaSrc(file?.url ?? address),
    width: media?.width || file?.width || null,
    height: media?.height || file?.height || null,
    filename: file?.filename ?? fileName(address),
    size: file?.size ?? null,
    type: media?.content_type ?? file?.content_type ?? "",
  };
}

const fileName = (address) => decodeURIComponent(address.split(/[?#]/)[0].split("/").at(-1) || "file");

const isPicture = (file) =>
  /^image\/(?!svg)/.test(file.content_type ?? file.type ?? "") || PICTURE.test(file.filename ?? "");

const isVideo = (file) =>
  /^video\//.test(file.content_type ?? file.type ?? "") || VIDEO.test(file.filename ?? "");

/** "1.2 MB": sizes as people read them. */
export function sizeText(bytes) {
  if (bytes === null || bytes === undefined) return "";
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(2)} MB`;
}

/** Up to ten images; `items` are {media, description, spoiler} with the media resolved. */
export function gallery(items, message) {
  const rows = ROWS[items.length] ?? [1];
  const node = h("div", {
    class: `gallery of-${items.length}`,
    "data-count": items.length,
    role: "group",
    "aria-label": `Gallery of ${items.length}`,
  });
  let next = 0;
  for (const width of rows) {
    const row = h("div", { class: `gallery-row by-${width}` });
    for (const item of items.slice(next, next + width)) row.append(tile(item, message, items.length === 1));
    next += width;
    node.append(row);
  }
  return node;
}

function tile(item, message, alone) {
  const { media, description, spoiler } = item;
  if (isVideo(media)) return videoTile(item);
  const button = h(
    "button",
    {
      class: "tile",
      type: "button",
      "data-key": `tile-${media.url}`,
      "data-act": "lightbox",
      "data-spoiler": spoiler ? "yes" : undefined,
      "data-message": message.id,
      "aria-label": spoiler
        ? "Spoiler: press to reveal"
        : `Open image${description ? `: ${description}` : ""}`,
    },
    image(media, description, "gallery-image"),
    spoiler ? h("span", { class: "spoiler-tag" }, "SPOILER") : null,
  );
  if (alone) shape(button, media);
  return button;
}

/** A video with its controls. Behind a spoiler it is covered until it is pressed. */
function videoTile({ media, description, spoiler }) {
  return h(
    "div",
    {
      class: "tile video-tile",
      "data-key": `tile-${media.url}`,
      "data-spoiler": spoiler ? "yes" : undefined,
      role: "group",
      "aria-label": `Video${description ? `: ${description}` : ""}`,
    },
    h("video", {
      src: media.url,
      controls: true,
      preload: "metadata",
      playsinline: true,
      "data-key": media.url,
      "data-testid": "gallery-video",
      "data-filename": media.filename,
    }),
    spoiler ? h("span", { class: "spoiler-tag" }, "SPOILER") : null,
  );
}

/** Reserves the space of a single image before it has loaded, inside 550 x 420. */
function shape(button, { width, height }) {
  if (!width || !height) return;
  const scale = Math.min(1, 550 / width, 420 / height);
  button.style.setProperty("aspect-ratio", `${width} / ${height}`);
  button.style.setProperty("width", `${Math.round(width * scale)}px`);
}

/** An <img> that shows a text if it cannot be loaded. */
export function image(media, description, testid) {
  if (!media.url) return h("span", { class: "no-picture" }, icon("image"), "This image has no address");
  return h("img", {
    src: media.url,
    alt: description ?? "",
    title: description || undefined,
    width: media.width,
    height: media.height,
    loading: "lazy",
    decoding: "async",
    draggable: "false",
    "data-key": media.url,
    "data-testid": testid,
    "data-description": description || undefined,
    "data-filename": media.filename,
  });
}

/** A small image beside a section or in an embed. */
export function thumbnail({ media, description, spoiler }, message) {
  return h(
    "button",
    {
      class: "tile thumb",
      type: "button",
      "data-act": "lightbox",
      "data-key": `thumb-${media.url}`,
      "data-spoiler": spoiler ? "yes" : undefined,
      "data-message": message.id,
      "aria-label": spoiler
        ? "Spoiler: press to reveal"
        : `Open image${description ? `: ${description}` : ""}`,
    },
    image(media, description),
    spoiler ? h("span", { class: "spoiler-tag" }, "SPOILER") : null,
  );
}

/** A file that is not an image: its name, its size and a download link. */
export function fileCard(media, { spoiler = false, name } = {}) {
  const title = name ?? media.filename;
  const card = h(
    "div",
    { class: "file-card", "data-key": `file-${media.url}`, "data-spoiler": spoiler ? "yes" : undefined },
    h("span", { class: "file-icon" }, icon("file")),
    h(
      "span",
      { class: "file-text" },
      media.url
        ? h("a", { href: media.url, target: "_blank", rel: "noopener noreferrer" }, title)
        : h("span", null, title),
      h("span", { class: "file-size" }, sizeText(media.size)),
    ),
    media.url
      ? h(
          "a",
          { class: "icon-button", href: media.url, download: title, "aria-label": `Download ${title}` },
          icon("download"),
        )
      : null,
  );
  return card;
}

/** The attachments below a message's text: images first, then the other files. */
export function attachments(message, used) {
  const all = (message.attachments ?? []).filter((one) => !used.has(one.id));
  const isShown = (file) => isPicture(file) || isVideo(file);
  const pictures = all.filter(isShown);
  const nodes = [];
  for (let at = 0; at < pictures.length; at += 10) {
    const items = pictures.slice(at, at + 10).map((one) => ({
      media: resolveMedia({ url: one.url }, message),
      description: one.description,
      spoiler: isSpoiler(one),
    }));
    nodes.push(gallery(items, message));
  }
  for (const one of all.filter((file) => !isShown(file))) {
    nodes.push(
      fileCard(resolveMedia({ url: one.url }, message), {
        name: one.title ?? one.filename,
        spoiler: isSpoiler(one),
      }),
    );
  }
  return nodes;
}

const isSpoiler = (file) => file.filename.startsWith("SPOILER_") || Boolean(file.flags & SPOILER);

/** Watches for images that fail: the event does not bubble, so it is caught on its way down. */
export function watchPictures(root) {
  root.addEventListener(
    "error",
    (event) => {
      if (event.target instanceof HTMLImageElement) event.target.setAttribute("data-ui-broken", "");
    },
    true,
  );
  root.addEventListener(
    "load",
    (event) => {
      if (event.target instanceof HTMLImageElement) event.target.removeAttribute("data-ui-broken");
    },
    true,
  );
}
