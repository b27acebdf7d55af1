/** An image over the whole page, with the other images of the same message. */

import { h, iconButton } from "./dom.js";

/** Opens the image of a tile; the arrow keys go through the images of the message. */
export function openLightbox(tile) {
  const scope = tile.closest(".message") ?? document;
  const tiles = [...scope.querySelectorAll('[data-act="lightbox"]')].filter(
    (one) => one.querySelector("img") && !isHidden(one),
  );
  let at = Math.max(0, tiles.indexOf(tile));
  const picture = h("img", { class: "lightbox-image", "data-testid": "lightbox-image" });
  const caption = h("p", { class: "lightbox-caption" });
  const original = h(
    "a",
    { class: "lightbox-link", target: "_blank", rel: "noopener noreferrer" },
    "Open in a tab",
  );
  const save = h("a", { class: "lightbox-link" }, "Download");
  const count = h("span", { class: "lightbox-count" });

  const show = (to) => {
    at = (to + tiles.length) % tiles.length;
    const source = tiles[at].querySelector("img");
    picture.src = source.src;
    picture.alt = source.alt;
    caption.textContent = source.dataset.description ?? "";
    original.href = source.src;
    save.href = source.src;
    save.setAttribute("download", source.dataset.filename ?? "");
    count.textContent = tiles.length > 1 ? `${at + 1} of ${tiles.length}` : "";
  };
  const many = tiles.length > 1;
  const dialog = h(
    "dialog",
    { class: "lightbox", "data-testid": "lightbox", "aria-label": "Image" },
    h(
      "div",
      { class: "lightbox-top" },
      count,
      original,
      save,
      iconButton("Close", "close", () => dialog.close()),
    ),
    many ? iconButton("Previous image", "left", () => show(at - 1), { class: "lightbox-left" }) : null,
    h("figure", { class: "lightbox-figure" }, picture, caption),
    many ? iconButton("Next image", "right", () => show(at + 1), { class: "lightbox-right" }) : null,
  );
  dialog.addEventListener("keydown", (event) => {
    if (many && event.key === "ArrowLeft") show(at - 1);
    if (many && event.key === "ArrowRight") show(at + 1);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.tagName === "FIGURE") dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  swipes(dialog, (step) => many && show(at + step));
  show(at);
  document.body.append(dialog);
  dialog.showModal();
}

const isHidden = (tile) => tile.dataset.spoiler === "yes" && !tile.hasAttribute("data-ui-revealed");

function swipes(dialog, onSwipe) {
  let from = null;
  dialog.addEventListener(
    "touchstart",
    (event) => {
      from = event.touches[0].clientX;
    },
    { passive: true },
  );
  dialog.addEventListener("touchend", (event) => {
    const moved = event.changedTouches[0].clientX - (from ?? 0);
    if (from !== null && Math.abs(moved) > 50) onSwipe(moved < 0 ? 1 : -1);
    from = null;
  });
}
