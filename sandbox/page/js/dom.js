/**
 * Building and patching elements.
 *
 * Text always becomes text nodes, so nothing that a bot or a person wrote can turn into markup.
 * Styles go through the CSSOM, because the page's Content-Security-Policy refuses style attributes.
 */

const SVG = "http://www.w3.org/2000/svg";

/** One element with properties ("class", "style" as an object, "on" as listeners, else attributes). */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(node, name, value);
  append(node, children);
  return node;
}

function set(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "class") node.className = value;
  else if (name === "value") node.value = value;
  else if (name === "style") {
    for (const [key, style] of Object.entries(value)) node.style.setProperty(key, style);
  } else if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else node.setAttribute(name, value === true ? "" : String(value));
}

/** Appends nodes, strings and (nested) lists of them; empty values are left out. */
export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false && child !== "") node.append(child);
  }
  return node;
}

/** One symbol of the sprite in index.html. */
export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A button that is only a symbol; `more` are further properties. */
export function iconButton(label, sign, act, more = {}) {
  const { class: extra = "", ...others } = more;
  const listeners = { on: { click: act } };
  const base = { class: `icon-button ${extra}`.trim(), type: "button", "aria-label": label };
  return h("button", { ...base, ...listeners, ...others }, icon(sign));
}

export const byId = (id) => document.getElementById(id);

/** Replaces everything inside a node. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/**
 * Makes `from` look like `to`, keeping the elements that stay.
 *
 * An edited message keeps its pictures, its focus and what the reader opened (attributes "data-ui-…"),
 * so a card that is edited every second neither flickers nor jumps. Elements with "data-key" are
 * matched by that key, others by their place. Gives the node that is in the document afterwards.
 */
export function morph(from, to) {
  if (!alike(from, to)) {
    from.replaceWith(to);
    return to;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return from;
  }
  morphAttributes(from, to);
  morphChildren(from, to);
  return from;
}

function alike(a, b) {
  if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) return false;
  return a.nodeType !== Node.ELEMENT_NODE || a.dataset?.key === b.dataset?.key;
}

function morphAttributes(from, to) {
  if (from.style && from.style.cssText !== to.style.cssText) from.style.cssText = to.style.cssText;
  for (const { name, value } of to.attributes) {
    if (name !== "style" && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (name !== "style" && !name.startsWith("data-ui-") && !to.hasAttribute(name)) {
      from.removeAttribute(name);
    }
  }
}

function morphChildren(from, to) {
  const keyed = new Map();
  for (const child of from.children) if (child.dataset?.key) keyed.set(child.dataset.key, child);
  let place = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const key = wanted.dataset?.key;
    const old = key ? keyed.get(key) : place;
    if (!old || !alike(old, wanted)) {
      from.insertBefore(wanted, place);
      continue;
    }
    if (old === place) place = place.nextSibling;
    else from.insertBefore(old, place);
    morph(old, wanted);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}
