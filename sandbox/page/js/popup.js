/** A floating box beside an element or a point; on a phone it is a sheet at the bottom. */

import { h } from "./dom.js";

let open = null;

/** Closes the open popup, if there is one. */
export function closePopup({ refocus = true } = {}) {
  const popup = open;
  if (!popup) return;
  open = null;
  popup.node.remove();
  popup.shade.remove();
  document.removeEventListener("keydown", popup.onKey, true);
  if (refocus && popup.back?.isConnected) popup.back.focus({ preventScroll: true });
  popup.onClose?.();
}

/** Opens `node` at an element (`anchor`) or a point (`at`); anything outside closes it again. */
export function openPopup({ node, anchor, at, onClose, width }) {
  closePopup({ refocus: false });
  const host = anchor?.closest("dialog") ?? document.body; // a dialog's layer lies above everything else
  const back = document.activeElement;
  const shade = h("div", { class: "popup-shade", on: { pointerdown: dismissed, contextmenu: dismissed } });
  const onKey = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    closePopup();
  };
  node.classList.add("popup");
  host.append(shade, node);
  place(node, anchor?.getBoundingClientRect() ?? new DOMRect(at.x, at.y, 0, 0), width);
  document.addEventListener("keydown", onKey, true);
  open = { node, shade, back, onKey, onClose };
}

function dismissed(event) {
  event.preventDefault();
  closePopup();
}

function place(node, rect, width) {
  if (width) node.style.setProperty("width", `${Math.max(rect.width, 220)}px`);
  const box = node.getBoundingClientRect();
  const below = innerHeight - rect.bottom - 12;
  const above = rect.top - 12;
  const up = box.height > below && above > below;
  const height = Math.min(box.height, up ? above : below);
  const left = Math.min(Math.max(8, rect.left), innerWidth - box.width - 8);
  node.style.setProperty("left", `${Math.max(8, left)}px`);
  node.style.setProperty("top", `${Math.max(8, up ? rect.top - height - 4 : rect.bottom + 4)}px`);
  node.style.setProperty("max-height", `${Math.max(140, height)}px`);
}

addEventListener("resize", () => {
  // A phone's keyboard resizes the page while the user types in the popup's own search field.
  if (open && !open.node.contains(document.activeElement)) closePopup({ refocus: false });
});
