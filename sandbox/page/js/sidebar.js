/** The side bar (channels, people to be), the bar on top and the list of members. */

import { byId, fill, h, icon, iconButton } from "./dom.js";
import { guildLanguage, ownLanguage } from "./language.js";
import { appTag, avatar, groupName, here, isBot, nameOf, ownDm, ownGroups, people, viewer } from "./names.js";
import { forumRow, sign, speaks, stateOf, takesThreads, tree } from "./places.js";
import { emit, on, state } from "./state.js";
import { placeHash } from "./urls.js";

const WIDE = "(min-width: 1180px)";

export function startSidebar() {
  on("world", draw);
  on("place", draw);
  on("unread", draw);
  byId("scrim").addEventListener("click", closeDrawer);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeDrawer());
  const wide = matchMedia(WIDE);
  // A list that stays open would cover half of a window that was narrowed.
  wide.addEventListener("change", (event) => {
    fitMembers(event);
    draw();
  });
  fitMembers(wide);
}

function fitMembers(wide) {
  document.body.dataset.members = wide.matches ? "shown" : "hidden";
}

function closeDrawer() {
  delete document.body.dataset.drawer;
}

function draw() {
  // The focused element may be drawn again: the test id finds it.
  const focused = document.activeElement?.dataset?.testid;
  fill(
    byId("sidebar"),
    brand(),
    h("div", { class: "channels" }, state.world.guilds.map(guildSection), directSection()),
    switcher(),
  );
  fill(byId("topbar"), topbar());
  fill(
    byId("members"),
    h("h2", { class: "section-title" }, `Members · ${people().length}`),
    h("ul", null, people().map(member)),
  );
  if (focused && document.activeElement === document.body)
    document.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
}

function brand() {
  const { live } = state.world;
  return h(
    "div",
    { class: "brand" },
    h("img", { src: "icon.svg", alt: "", width: 30, height: 30 }),
    h(
      "div",
      null,
      h("h1", null, "Hordecord trial"),
      h(
        "p",
        { class: `where ${live ? "live" : ""}`, "data-testid": "where" },
        h("i", { class: "dot" }),
        live ? "Live: the real AI Horde" : "Local: no data leaves this machine",
      ),
    ),
  );
}

function guildSection(guild) {
  return h(
    "section",
    { "aria-label": guild.name },
    h("h2", { class: "guild-name", "data-testid": "guild-name" }, guild.name),
    guildLanguage(guild),
    h("ul", null, tree(guild).map(branch)),
  );

  /** One channel and what stands under it. */
  function branch({ channel, isCategory, threads }) {
    if (isCategory) return h("li", { class: "category" }, channel.name);
    return [row(channel), threads.map((thread) => row(thread, "thread"))];
  }

  function row(channel, extra = "") {
    const named = { testid: `channel-${channel.name}`, mark: sign(channel), name: channel.name, extra };
    if (!speaks(channel)) return forumRow(channel, named.testid);
    const href = placeHash({ guild: guild.id, channel: channel.id });
    // A thread is as age-restricted as its channel, which already shows it.
    return place({ ...named, id: channel.id, href, nsfw: channel.nsfw && !extra, note: stateOf(channel) });
  }
}

function directSection() {
  const dm = ownDm();
  if (!dm) return null;
  return h(
    "section",
    { "aria-label": "Direct messages" },
    h("h2", { class: "section-title" }, "Direct messages"),
    h(
      "ul",
      null,
      place({
        id: dm.id,
        href: placeHash({ channel: dm.id }),
        testid: "channel-dm",
        name: nameOf(state.world.bot),
        mark: h("span", { class: "with-status" }, avatar(state.world.bot, "tiny"), status()),
      }),
      ownGroups().map((group) =>
        place({
          id: group.id,
          href: placeHash({ channel: group.id }),
          testid: `channel-${groupName(group)}`,
          name: groupName(group),
          mark: icon(group.type === 1 ? "at" : "people"),
        }),
      ),
    ),
  );
}

const status = () =>
  h("i", { class: `status ${state.online ? "online" : ""}`, title: state.online ? "Online" : "Offline" });

function place({ id, href, testid, mark, name, nsfw, note, extra = "" }) {
  const unread = state.unread.get(id) ?? 0;
  const current = id === state.channel;
  return h(
    "li",
    null,
    h(
      "a",
      {
        class: `place ${extra} ${current ? "current" : ""} ${unread ? "unread" : ""}`,
        href,
        "data-testid": testid,
        "aria-current": current ? "page" : undefined,
        on: { click: closeDrawer },
      },
      mark,
      h("span", { class: "place-name" }, name),
      nsfw ? h("span", { class: "age" }, "18+") : null,
      note ? h("span", { class: "note" }, note) : null,
      unread ? h("span", { class: "count", "aria-label": `${unread} new` }, unread) : null,
    ),
  );
}

function switcher() {
  return h(
    "div",
    { class: "switcher" },
    h("h2", { class: "section-title", id: "you-are" }, "You are"),
    h(
      "div",
      { class: "people", role: "radiogroup", "aria-labelledby": "you-are" },
      state.world.users.map((user) =>
        h(
          "button",
          {
            class: "person",
            type: "button",
            role: "radio",
            "aria-checked": user.id === state.viewer ? "true" : "false",
            "data-testid": `user-${user.username}`,
            title: user.admin ? `${nameOf(user)} manages this server` : nameOf(user),
            on: { click: () => user.id !== state.viewer && emit("switch", user.id) },
          },
          avatar(user),
          h("span", null, nameOf(user)),
          user.admin ? h("span", { class: "rank" }, "admin") : null,
        ),
      ),
    ),
    ownLanguage(),
  );
}

function topbar() {
  const channel = here();
  return [
    drawerButton(),
    channel?.dm
      ? h("span", { class: "with-status" }, avatar(state.world.bot, "tiny"), status())
      : sign(channel, "faint"),
    channel?.parent ? h("span", { class: "place-parent" }, `${channel.parent.name} ›`) : null,
    h("h2", { class: "place-title", "data-testid": "place-title" }, channel?.name ?? ""),
    channel?.nsfw ? h("span", { class: "age" }, "Age-restricted") : null,
    stateOf(channel) ? h("span", { class: "note", "data-testid": "place-state" }, stateOf(channel)) : null,
    h("span", { class: "grow" }),
    takesThreads(channel)
      ? iconButton("New thread", "thread", () => {}, { "data-act": "new-thread", "data-testid": "new-thread" })
      : null,
    h(
      "button",
      {
        class: "you",
        type: "button",
        "aria-label": `You are ${nameOf(viewer())}`,
        "data-testid": "viewer",
        on: { click: openDrawer },
      },
      avatar(viewer(), "tiny"),
      h("span", null, nameOf(viewer())),
    ),
    iconButton("Members", "people", toggleMembers, {
      "aria-pressed": document.body.dataset.members === "shown" ? "true" : "false",
    }),
  ];
}

function drawerButton() {
  const button = iconButton("Channels and members", "menu", openDrawer, {
    class: "only-narrow",
    "data-testid": "menu",
  });
  if ([...state.unread.values()].some(Boolean)) button.append(h("i", { class: "pip" }));
  return button;
}

function openDrawer() {
  document.body.dataset.drawer = "open";
  byId("sidebar").querySelector("a, button")?.focus({ preventScroll: true });
}

function toggleMembers() {
  document.body.dataset.members = document.body.dataset.members === "shown" ? "hidden" : "shown";
  draw();
}

function member(user) {
  return h(
    "li",
    null,
    h(
      "button",
      { class: "member", type: "button", "data-act": "user", "data-user": user.id },
      h(
        "span",
        { class: "with-status" },
        avatar(user, "small"),
        isBot(user) ? status() : h("i", { class: "status online" }),
      ),
      h("span", { class: "member-name" }, nameOf(user)),
      isBot(user) ? appTag() : null,
    ),
  );
}
