/** The fields of a modal: text, selects, files, radio buttons and check boxes. */

import * as api from "./api.js";
import { selectText } from "./choices.js";
import { append, fill, h, icon } from "./dom.js";
import { sizeText } from "./media.js";
import { openSelect } from "./selects.js";

let made = 0;

/**
 * One field: {node, customId, value() (may upload), problem() -> sentence or null, tell(sentence), focus()}.
 * The label and its description come from the Label around it, or from the old kind of text input.
 */
export function field(data, label, description) {
  made += 1;
  const ids = { id: `field-${made}`, note: `field-${made}-note`, problem: `field-${made}-problem` };
  const build =
    { 4: textInput, 19: fileUpload, 21: radioGroup, 22: checkGroup, 23: checkBox }[data.type] ?? selectField;
  const part = build(data, ids);
  const required = data.type !== 23 && data.required !== false;
  const problem = h("p", { class: "field-problem", id: ids.problem });
  const node = h(
    "div",
    { class: "field" },
    h(
      "label",
      { class: "field-label", for: ids.id, id: `${ids.id}-label` },
      label ?? "",
      required ? h("span", { class: "star", "aria-hidden": "true" }, " *") : null,
    ),
    description ? h("p", { class: "field-note", id: ids.note }, description) : null,
    part.node,
    problem,
  );
  part.input.setAttribute("aria-describedby", `${ids.note} ${ids.problem}`);
  const tell = (sentence) => {
    problem.textContent = sentence ?? "";
    part.input.toggleAttribute("aria-invalid", Boolean(sentence));
  };
  return {
    ...part,
    node,
    tell,
    customId: data.custom_id,
    problem: () => part.problem(required),
    focus: () => part.input.focus(),
  };
}

function textInput(data, { id }) {
  const long = data.style === 2;
  const least = data.min_length ?? 0;
  const most = data.max_length ?? 4000;
  const input = h(long ? "textarea" : "input", {
    id,
    class: "text-input",
    type: long ? undefined : "text",
    rows: long ? 5 : undefined,
    placeholder: data.placeholder,
    maxlength: most,
    value: data.value ?? "",
    autocomplete: "off",
    "data-testid": `field-${data.custom_id}`,
  });
  const count = h("span", { class: "counter", "aria-hidden": "true" });
  const tally = () => {
    count.textContent = data.max_length || long ? `${input.value.length} / ${most}` : "";
  };
  input.addEventListener("input", tally);
  tally();
  const problem = (required) => {
    if (!input.value) return required ? "This field is required." : null;
    return input.value.length < least ? `Write at least ${least} characters.` : null;
  };
  return { node: h("div", { class: "text-field" }, input, count), input, problem, value: () => input.value };
}

function selectField(data, { id }) {
  let values = selectText(data, null).values;
  const input = h("button", {
    id,
    class: "select",
    type: "button",
    "aria-haspopup": "listbox",
    "data-testid": `field-${data.custom_id}`,
  });
  const draw = () => {
    const { text, empty } = selectText(data, { values, stale: false });
    fill(input, h("span", { class: "select-text" }, text), icon("down"));
    input.classList.toggle("empty", empty);
  };
  input.addEventListener("click", () =>
    openSelect(data, input, values, (picked) => {
      values = picked;
      draw();
    }),
  );
  draw();
  return {
    node: input,
    input,
    value: () => values,
    problem: (required) => (required && !values.length ? "Choose an option." : null),
  };
}

function fileUpload(data, { id }) {
  const most = data.max_values ?? 1;
  const least = data.min_values ?? 1;
  const input = h("input", {
    id,
    type: "file",
    class: "file-input",
    multiple: most > 1,
    "data-testid": `field-${data.custom_id}`,
  });
  const names = h("span", { class: "file-names" });
  const draw = () => {
    const files = [...input.files];
    fill(
      names,
      files.length
        ? files.map((file) =>
            h("span", { class: "file-name" }, icon("file"), `${file.name} (${sizeText(file.size)})`),
          )
        : "Drop a file here, or press to choose one",
    );
  };
  input.addEventListener("change", draw);
  draw();
  const problem = (required) => {
    if (input.files.length > most) return `At most ${most} files.`;
    return required && input.files.length < least
      ? `Choose ${least === 1 ? "a file" : `${least} files`}.`
      : null;
  };
  const value = async () => {
    const uploaded = [];
    for (const file of input.files) uploaded.push((await api.upload(file)).id);
    return uploaded;
  };
  return { node: h("div", { class: "file-field" }, input, names), input, problem, value };
}

function radioGroup(data, ids) {
  const { node, inputs } = optionList(data, ids, "radio");
  const picked = () => inputs.find((one) => one.checked)?.value ?? null;
  return {
    node,
    input: inputs[0] ?? node,
    value: picked,
    problem: (required) => (required && picked() === null ? "Choose one." : null),
  };
}

function checkGroup(data, ids) {
  const { node, inputs } = optionList(data, ids, "checkbox");
  const picked = () => inputs.filter((one) => one.checked).map((one) => one.value);
  const most = data.max_values ?? inputs.length;
  const problem = (required) => {
    const count = picked().length;
    if (count > most) return `Choose at most ${most}.`;
    return (required || count) && count < (data.min_values ?? 1)
      ? `Choose at least ${data.min_values ?? 1}.`
      : null;
  };
  return { node, input: inputs[0] ?? node, value: picked, problem };
}

function optionList(data, { id }, type) {
  const node = h("div", {
    class: "options",
    role: type === "radio" ? "radiogroup" : "group",
    "aria-labelledby": `${id}-label`,
  });
  const inputs = (data.options ?? []).map((option, at) => {
    const input = h("input", {
      type,
      name: id,
      id: at ? `${id}-${at}` : id,
      value: option.value,
      checked: Boolean(option.default),
      "data-testid": `field-${data.custom_id}-${option.value}`,
    });
    const detail = option.description ? h("span", { class: "option-detail" }, option.description) : null;
    append(node, [
      h(
        "label",
        { class: "option" },
        input,
        h("span", { class: "option-text" }, h("span", null, option.label), detail),
      ),
    ]);
    return input;
  });
  return { node, inputs };
}

function checkBox(data, { id }) {
  const input = h("input", {
    type: "checkbox",
    id,
    checked: Boolean(data.default),
    "data-testid": `field-${data.custom_id}`,
  });
  return {
    node: h("div", { class: "options" }, input),
    input,
    value: () => input.checked,
    problem: () => null,
  };
}
