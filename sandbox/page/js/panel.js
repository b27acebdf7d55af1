/** The box above the composer: commands, suggestions or the description of an option. */

import { byId, fill } from "./dom.js";

let owner = null;

/** Shows `nodes` for this owner (any object), instead of the previous ones. */
export function showPanel(who, testid, ...nodes) {
  owner = who;
  const panel = byId("panel");
  panel.dataset.testid = testid;
  if (panel.childNodes.length !== nodes.length || nodes.some((node, at) => panel.childNodes[at] !== node))
    fill(panel, nodes);
  panel.hidden = false;
}

/** Hides the box if this owner has it. */
export function hidePanel(who) {
  if (owner !== who) return;
  owner = null;
  fill(byId("panel"));
  byId("panel").hidden = true;
  delete byId("panel").dataset.testid;
}

export const hasPanel = (who) => owner === who;
