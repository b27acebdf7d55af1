/** The stream of what happens, and what to do when it breaks off. */

import { eventsUrl } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { channelOf } from "./names.js";
import { emit, forget, state, upsert } from "./state.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;
const TYPING_MS = 8000; // Discord's clients show it for about this long

let source = null;
let retry = null;
let wait = FIRST_WAIT_MS;
let lost = false;

/** Listens as the person in front of the page; `onOpen` runs whenever the stream begins (again). */
export function listen(onOpen) {
  source?.close();
  clearTimeout(retry);
  source = new EventSource(eventsUrl(state.viewer));
  const mine = source;
  mine.addEventListener("open", () => {
    wait = FIRST_WAIT_MS;
    lost = false;
    banner();
    onOpen(); // whatever happened before the stream began is not in it
  });
  mine.addEventListener("error", () => {
    if (mine !== source) return;
    lost = true;
    banner();
    // The browser's own retry gives up after some answers, and waits longer than needed after others.
    mine.close();
    clearTimeout(retry);
    retry = setTimeout(() => listen(onOpen), wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  });
  mine.addEventListener("message", (event) => message(JSON.parse(event.data)));
  mine.addEventListener("typing", (event) => typing(JSON.parse(event.data)));
  mine.addEventListener("commands", () => emit("commands-changed"));
  mine.addEventListener("world", () => emit("world-changed"));
}

function banner() {
  fill(
    byId("banner"),
    lost
      ? h(
          "p",
          { class: "banner", "data-testid": "lost" },
          "The connection to the sandbox is lost. Trying again…",
        )
      : null,
  );
}

function message({ op, message: one }) {
  if (op === "delete") {
    forget(one.id);
    return;
  }
  if (!channelOf(one.channel_id)) emit("world-changed"); // a channel that is new
  if (!upsert(one) || op !== "create") return;
  quiet(one);
  const elsewhere = one.channel_id !== state.channel || document.hidden;
  if (elsewhere && one.author.id !== state.viewer) {
    state.unread.set(one.channel_id, (state.unread.get(one.channel_id) ?? 0) + 1);
    emit("unread");
  }
}

const typers = new Map(); // "channel user" -> timer

function typing({ channel_id: channel, user_id: user }) {
  const key = `${channel} ${user ?? state.world.bot.id}`;
  if (user === state.viewer) return;
  clearTimeout(typers.get(key));
  typers.set(
    key,
    setTimeout(() => {
      typers.delete(key);
      emit("typing", typing.keys());
    }, TYPING_MS),
  );
  emit("typing", typing.keys());
}

/** Who is typing, as "channel user" keys. */
typing.keys = () => [...typers.keys()];

// The author of a message is not typing any more.
function quiet({ channel_id: channel, author }) {
  const key = `${channel} ${author.id}`;
  if (!typers.has(key)) return;
  clearTimeout(typers.get(key));
  typers.delete(key);
  emit("typing", typing.keys());
}
