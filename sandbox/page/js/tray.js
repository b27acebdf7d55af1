/** The files that will go with the next message; each is uploaded as soon as it is chosen. */

import * as api from "./api.js";
import { h, icon, iconButton } from "./dom.js";
import { sizeText } from "./media.js";
import { emit } from "./state.js";

const files = []; // {file, upload: promise of the upload or of the error, preview: address or null}

/** Adds files to the draft. */
export function attach(list) {
  for (const file of list) {
    const upload = api.upload(file).catch((error) => error);
    files.push({ file, upload, preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : null });
  }
  emit("tray");
}

/** Takes all files out, to send them. */
export const takeFiles = () => files.splice(0);

/** Puts files back that could not be sent. */
export const putBack = (taken) => files.unshift(...taken);

export const hasFiles = () => files.length > 0;

/** The ids of the uploads of these files. Raises the ControlError of the first that was refused. */
export async function uploadIds(taken) {
  const uploads = await Promise.all(taken.map((one) => one.upload));
  const refused = uploads.find((one) => one instanceof Error);
  if (refused) throw refused;
  return uploads.map((one) => one.id);
}

/** The list of the files, or null when there are none. */
export function tray() {
  return files.length ? h("ul", { class: "tray" }, files.map(item)) : null;
}

function item(one) {
  const remove = () => {
    if (one.preview) URL.revokeObjectURL(one.preview);
    files.splice(files.indexOf(one), 1);
    emit("tray");
  };
  return h(
    "li",
    { class: "tray-item" },
    one.preview ? h("img", { src: one.preview, alt: "" }) : icon("file"),
    h("span", null, one.file.name, h("small", null, sizeText(one.file.size))),
    iconButton(`Remove ${one.file.name}`, "close", remove),
  );
}
