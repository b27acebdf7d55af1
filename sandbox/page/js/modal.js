/** Modals: a bot's form, and the page's own questions. <dialog> keeps the focus inside and Escape closes it. */

import { NO_ANSWER } from "./api.js";
import { h, iconButton } from "./dom.js";
import { field } from "./fields.js";
import { markdown } from "./markdown.js";
import { avatar, nameOf } from "./names.js";
import { state } from "./state.js";

/**
 * Shows a bot's modal ({custom_id, title, components}).
 * `onSubmit(fields)` gives null when it was taken, else a sentence that is shown in the modal.
 * `own`: the form is one of the page; the bot does not get it.
 */
export function openModal(modal, onSubmit, own = false) {
  const parts = (modal.components ?? []).flatMap(partsOf);
  const problem = h("p", { class: "modal-problem", role: "alert" });
  const send = h(
    "button",
    { class: "button primary", type: "submit", "data-testid": "modal-submit" },
    "Submit",
  );
  const cancel = h(
    "button",
    { class: "button plain", type: "button", "data-testid": "modal-cancel" },
    "Cancel",
  );
  const form = h(
    "form",
    { class: "modal-form", novalidate: true },
    h(
      "header",
      { class: "modal-head" },
      own ? null : avatar(state.world.bot),
      h("h2", { id: "modal-title" }, modal.title),
      iconButton("Close", "close", () => dialog.close()),
    ),
    h(
      "div",
      { class: "modal-body" },
      parts.map((part) => part.node),
      problem,
    ),
    h(
      "footer",
      { class: "modal-foot" },
      h("p", { class: "modal-note" }, own ? "" : `This form is sent to ${nameOf(state.world.bot)}.`),
      cancel,
      send,
    ),
  );
  const dialog = show(form, "modal");
  cancel.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    const fields = await collect(parts);
    if (!fields) return;
    send.disabled = true;
    const refused = await onSubmit(fields);
    send.disabled = false;
    if (!refused) dialog.close();
    else problem.textContent = refused === NO_ANSWER ? "Something went wrong. Try again." : refused;
  });
  parts.find((part) => part.focus)?.focus();
}

function partsOf(component) {
  if (component.type === 10)
    return [{ node: h("div", { class: "md modal-text" }, markdown(component.content)) }];
  if (component.type === 1)
    return (component.components ?? []).map((inner) => field(inner, inner.label, null));
  if (component.type === 18) return [field(component.component, component.label, component.description)];
  return [field(component, component.label, component.description)];
}

/** {custom_id: value} of all fields, or null after the first wrong one has been shown and focused. */
async function collect(parts) {
  const values = {};
  let wrong = null;
  for (const part of parts.filter((one) => one.customId)) {
    const problem = part.problem();
    part.tell(problem);
    if (problem) wrong ??= part;
  }
  if (wrong) {
    wrong.focus();
    return null;
  }
  for (const part of parts.filter((one) => one.customId)) {
    try {
      const value = await part.value();
      if (value !== null) values[part.customId] = value; // null: nothing was picked
    } catch (error) {
      part.tell(error.message);
      return null;
    }
  }
  return values;
}

function show(content, testid) {
  const dialog = h(
    "dialog",
    { class: "modal", "data-testid": testid, "aria-labelledby": "modal-title" },
    content,
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something that cannot be taken back; resolves to whether the person agreed. */
export function confirmBox({ title, text, action }) {
  return new Promise((resolve) => {
    const yes = h("button", { class: "button danger", type: "button", "data-testid": "confirm" }, action);
    const no = h("button", { class: "button plain", type: "button" }, "Cancel");
    const dialog = show(
      h(
        "div",
        { class: "modal-form" },
        h("header", { class: "modal-head" }, h("h2", { id: "modal-title" }, title)),
        h("div", { class: "modal-body" }, h("p", null, text)),
        h("footer", { class: "modal-foot" }, no, yes),
      ),
      "confirm-box",
    );
    yes.addEventListener("click", () => dialog.close("yes"));
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"));
    yes.focus();
  });
}
