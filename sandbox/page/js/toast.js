/** Short notes at the edge of the page. */

import { byId, h } from "./dom.js";

const SHOWN_MS = 4500;

/** Shows a sentence for some seconds; `kind` is "" or "bad". */
export function toast(text, kind = "") {
  const note = h("div", { class: `toast ${kind}`.trim(), "data-testid": "toast" }, text);
  byId("toasts").append(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}

/** Copies a text and confirms it. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} copied.`);
  } catch {
    toast(`${what}: ${text}`); // no clipboard without permission: then it can at least be read
  }
}
