/** What stands above the first message: where one is, and what this page is. */

import { h, icon } from "./dom.js";
import { avatar, nameOf } from "./names.js";
import { isPost, sign } from "./places.js";
import { state } from "./state.js";

/** The beginning of a channel; the empty one explains the whole page. */
export function intro(channel, begun) {
  if (!channel) return null;
  const [title, about] = words(channel);
  return h(
    "div",
    { class: "intro" },
    channel.dm
      ? avatar(state.world.bot, "large")
      : h("span", { class: "intro-mark" }, sign(channel)),
    h("h2", null, title),
    h("p", null, about),
    begun ? null : explanation(),
  );
}

/** A title and a sentence about the place. */
function words(channel) {
  const bot = nameOf(state.world.bot);
  if (channel.dm) return [bot, `This is your private conversation with ${bot}.`];
  if (channel.group) return [channel.name, `${bot} is not here: you have installed it for yourself.`];
  const restricted = channel.nsfw ? ", age-restricted: adult pictures and text are allowed here" : "";
  if (channel.parent) {
    const kind = isPost(channel) ? "post" : "thread";
    return [channel.name, `This is the beginning of a ${kind} in #${channel.parent.name}${restricted}.`];
  }
  return [`Welcome to #${channel.name}`, `This is the beginning of #${channel.name}${restricted}.`];
}

function explanation() {
  const { live } = state.world;
  const point = (sign, title, text) =>
    h(
      "li",
      null,
      h("span", { class: "point-sign" }, icon(sign)),
      h("div", null, h("strong", null, title), h("p", null, text)),
    );
  return h(
    "ul",
    { class: "points", "data-testid": "about" },
    point(
      "spark",
      "A chat to try the bot in",
      "It looks and behaves like the real thing, and the bot behind it is the real bot. No account, no token.",
    ),
    live
      ? point(
          "out",
          "Pictures come from the real AI Horde",
          "Volunteers make them, so a request can take a minute. Only what you ask for is sent there; the chat itself stays on this machine.",
        )
      : point(
          "check",
          "Nothing leaves this machine",
          "The chat and the Horde run here. The pictures are placeholders: a drawn landscape with your prompt on it.",
        ),
    point(
      "people",
      "Be several people",
      "Switch between people at the bottom of the side bar, for instance to see that a private answer is private.",
    ),
  );
}
