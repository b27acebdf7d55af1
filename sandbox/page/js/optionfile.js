/** A file for an attachment option: chosen, dropped or pasted, uploaded at once. */

import * as api from "./api.js";
import { fill, h, icon } from "./dom.js";
import { sizeText } from "./media.js";

export class FilePart {
  constructor(option, changed) {
    this.changed = changed;
    this.chosen = null;
    this.id = undefined; // of the upload, once it is there
    this.waiting = null;
    this.input = h("input", {
      type: "file",
      class: "hidden-file",
      id: `opt-${option.name}`,
      "data-testid": `option-${option.name}`,
      "aria-describedby": "option-help",
    });
    this.input.addEventListener("change", () => this.input.files[0] && this.take(this.input.files[0]));
    this.face = h("span", { class: "file-face" });
    this.node = h("label", { class: "opt-file" }, this.input, this.face);
    this.#draw();
  }

  /** Takes a File and begins to upload it. */
  take(file) {
    this.chosen = file;
    this.id = undefined;
    this.failed = null;
    this.changed();
    this.waiting = api
      .upload(file)
      .then(
        (upload) => {
          if (this.chosen === file) this.id = upload.id;
        },
        (error) => {
          this.failed = error;
        },
      )
      .then(() => this.#draw());
    this.#draw();
  }

  /** The id of the upload; raises the ControlError that refused it. */
  async uploaded() {
    await this.waiting;
    if (this.failed) throw this.failed;
    return this.id;
  }

  #draw() {
    if (this.shown) URL.revokeObjectURL(this.shown);
    this.shown = null;
    if (!this.chosen) {
      fill(this.face, icon("image", "small"), "Choose, drop or paste a file");
      return;
    }
    const picture = this.chosen.type.startsWith("image/");
    if (picture) this.shown = URL.createObjectURL(this.chosen);
    const state = this.failed ? this.failed.message : this.id ? sizeText(this.chosen.size) : "uploading…";
    fill(
      this.face,
      picture ? h("img", { src: this.shown, alt: "" }) : icon("file", "small"),
      h("span", { class: "file-face-name" }, this.chosen.name || "pasted file"),
      h("small", { "data-testid": "upload-state" }, state),
    );
  }
}
