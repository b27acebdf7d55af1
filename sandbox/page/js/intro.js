/** The text above the first message: the channel and the purpose of this page. */

import { h, icon } from "./dom.js";
import { avatar, nameOf } from "./names.js";
import { isPost, sign } from "./places.js";
import { state } from "./state.js";

/** The beginning of a channel; an empty channel also explains the page. */
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

/** A title and a sentence about the channel. */
function words(channel) {
  const bot = nameOf(state.world.bot);
  if (channel.dm) return [bot, `This is your private conversation with ${bot}.`];
  if (channel.group) return [channel.name, `${bot} is not a member here. You use it as a user-installed app.`];
  const restricted = channel.nsfw ? ", age-restricted: adult images and texts are allowed here" : "";
  if (channel.parent) {
    const kind = isPost(channel) ? "post" : "thread";
    return [channel.name, `This is the beginning of a ${kind} in #${channel.parent.name}${restricted}.`];
  }
  return [`Welcome to #${channel.name}`, `This is the beginning of #${channel.name}${restricted}.`];
}

const ABILITIES = {
  a1111: "images of an own GPU",
  aipg: "texts and images with prices in dollars",
  openai: "texts that grow while they are written",
};

/** A server by its name, and what it makes. */
const named = (server) => (ABILITIES[server] ? `${server} (${ABILITIES[server]})` : server);

function explanation() {
  const { live, optional_servers: servers } = state.world;
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
      "A chat to try the bot",
      "It looks and behaves like Discord, and the bot is the real bot. No account or token is needed.",
    ),
    live
      ? point(
          "out",
          "Images come from the real AI Horde",
          "Volunteers create them, so a request can take a minute. Only your requests are sent to the Horde. The chat stays on this machine.",
        )
      : point(
          "check",
          "No data leaves this machine",
          "The chat and the Horde run locally. The images are placeholders: a drawn landscape with your prompt.",
        ),
    servers.length
      ? point(
          "hash",
          "Other backends",
          `Choose another local server with /server backend: ${servers.map(named).join(", ")}. /server backend usual:True changes it back.`,
        )
      : null,
    point(
      "people",
      "Switch between members",
      "Choose another member at the bottom of the side bar, for instance to check that a private answer is private.",
    ),
  );
}
