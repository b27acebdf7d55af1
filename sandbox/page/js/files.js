/** Files that are dropped on the page or pasted: into the open command, else into the message. */

import { byId } from "./dom.js";
import { openedForm } from "./form.js";
import { toast } from "./toast.js";
import { attach } from "./tray.js";

export function startFiles() {
  let depth = 0; // dragenter and dragleave come for every element on the way
  const main = byId("main");
  const over = (on) => main.toggleAttribute("data-dropping", on);
  addEventListener("dragenter", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    depth += 1;
    over(true);
  });
  addEventListener("dragleave", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    depth = Math.max(0, depth - 1);
    over(depth > 0);
  });
  addEventListener("dragover", (event) => hasFiles(event.dataTransfer) && event.preventDefault());
  addEventListener("drop", (event) => {
    depth = 0;
    over(false);
    if (!hasFiles(event.dataTransfer) || event.target.closest?.("dialog")) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length || event.target.closest?.("dialog")) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });
}

const hasFiles = (transfer) => Boolean(transfer?.types.includes("Files"));

function take(list) {
  const form = openedForm();
  if (!form) {
    attach(list);
    return;
  }
  const left = [...list].filter((file) => !form.takeFile(file));
  if (left.length)
    toast(
      left.length === list.length
        ? `/${form.name} has no option for a file.`
        : `/${form.name} has no option for another file.`,
      "bad",
    );
}
