/** Puts the page together: loads the world, follows the address, listens. */

import { startActions } from "./actions.js";
import * as api from "./api.js";
import { startComposer } from "./composer.js";
import { byId, fill } from "./dom.js";
import { dots } from "./components.js";
import { listen } from "./events.js";
import { startFiles } from "./files.js";
import { startHint } from "./hint.js";
import { clearLog, showMessage, startLog } from "./log.js";
import { watchPictures } from "./media.js";
import { channelOf, nameOf, ownDm, person } from "./names.js";
import { isThread, letsIn, speaks } from "./places.js";
import { startSidebar } from "./sidebar.js";
import { emit, now, on, replaceChannel, state } from "./state.js";
import { startClock } from "./time.js";
import { toast } from "./toast.js";
import { placeHash, placeOf } from "./urls.js";

const USER_KEY = "user"; // in sessionStorage: two tabs may be two people
const RETRY_MS = 1000;

async function start() {
  for (const begin of [
    startSidebar,
    startLog,
    startComposer,
    startActions,
    startFiles,
    startHint,
    startClock,
  ])
    begin();
  watchPictures(document.body);
  addEventListener("hashchange", () => follow());
  on("switch", switchTo);
  on("commands-changed", () => quietly(loadCommands));
  on("world-changed", () => quietly(loadWorld));
  on("typing", showTyping);
  on("follow", follow);
  await firstWorld();
  state.viewer = startingUser();
  listen(() => quietly(reload));
  await quietly(loadCommands);
  emit("world");
  await follow();
}

/** The server may still be starting when the browser opens. */
async function firstWorld() {
  for (;;) {
    try {
      await loadWorld();
      return;
    } catch (error) {
      fill(byId("intro"), error.message);
      await new Promise((wake) => {
        setTimeout(wake, RETRY_MS);
      });
    }
  }
}

function startingUser() {
  const kept = sessionStorage.getItem(USER_KEY);
  return (person(kept) ?? state.world.users[0]).id;
}

/** Runs a load whose failure is not the end: the stream's banner says that the server is away. */
async function quietly(load) {
  try {
    await load();
  } catch (error) {
    toast(error.message, "bad");
  }
}

let worldsAsked = 0;
let worldShown = 0;

async function loadWorld() {
  worldsAsked += 1;
  const asked = worldsAsked;
  const world = await api.world();
  if (asked < worldShown) return; // the answer to a later question came first
  worldShown = asked;
  state.world = world;
  if (!state.viewer) return;
  emit("world");
  if (state.channel && !channelOf(state.channel)) await follow(); // the channel is gone
}

async function loadCommands() {
  const [commands, gateway] = await Promise.all([api.commands(), api.gateway()]);
  state.commands = Array.isArray(commands) ? commands : commands.commands;
  state.online = (gateway.sessions ?? []).some((session) => session.connected);
  await loadWorld();
  emit("commands");
  emit("redraw");
}

async function loadChannel() {
  const { channel, viewer } = state;
  const asked = now();
  const messages = await api.messages(channel, viewer);
  if (viewer === state.viewer) replaceChannel(channel, messages, asked);
}

async function reload() {
  await loadWorld();
  await Promise.all([loadCommands(), loadChannel()]);
}

/** Shows the place in the address; without one, the first channel. */
async function follow() {
  const place = placeOf(location.hash);
  const channel = place && channelOf(place.channel);
  if (!channel || !isOpen(channel)) {
    const guild = state.world.guilds[0];
    const first = guild?.channels.find(speaks);
    if (first) location.replace(placeHash({ guild: guild.id, channel: first.id }));
    return;
  }
  const moved = state.channel !== channel.id;
  state.channel = channel.id;
  state.guild = channel.guild;
  state.unread.delete(channel.id);
  document.title = `${channel.dm ? "@" : "#"}${channel.name} · Hordecord trial`;
  if (moved) clearLog();
  emit("place");
  if (moved) await quietly(loadChannel);
  if (place.message) showMessage(place.message);
}

/** Whether the person in front of the page is in this place. */
function isOpen(channel) {
  if (channel.dm) return channel.id === ownDm()?.id;
  if (isThread(channel)) return letsIn(channel);
  if (!speaks(channel)) return false;
  return !channel.group || channel.user_ids.includes(state.viewer);
}

async function switchTo(id) {
  sessionStorage.setItem(USER_KEY, id);
  const wasDm = channelOf(state.channel)?.dm;
  state.viewer = id;
  state.messages.clear();
  state.unread.clear();
  clearLog();
  listen(() => quietly(reload));
  emit("world");
  toast(`You are ${nameOf(person(id))} now.`);
  if (wasDm) location.hash = placeHash({ channel: ownDm().id });
  else if (!isOpen(channelOf(state.channel))) await follow();
  else {
    emit("place");
    await quietly(loadChannel);
  }
}

function showTyping(keys) {
  const names = keys
    .filter((key) => key.startsWith(`${state.channel} `))
    .map((key) => nameOf(person(key.split(" ")[1])));
  fill(
    byId("typing"),
    names.length ? [dots(), `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} typing…`] : null,
  );
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  emit("world-changed"); // no event announces new members
  if (state.unread.delete(state.channel)) emit("unread");
});

await start();
