/** The side bar (channels, people to be), the bar on top and the list of members. */

import { byId, fill, h, icon, iconButton } from "./dom.js";
import { appTag, avatar, groupName, here, isBot, nameOf, ownDm, ownGroups, people, viewer } from "./names.js";
import { emit, on, state } from "./state.js";
import { placeHash } from "./urls.js";

const WIDE = "(min-width: 1180px)";

export function startSidebar() {
  on("world", draw);
  on("place", draw);
  on("unread", draw);
  byId("scrim").addEventListener("click", closeDrawer);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeDrawer());
  document.body.dataset.members = matchMedia(WIDE).matches ? "shown" : "hidden";
}

function closeDrawer() {
  delete document.body.dataset.drawer;
}

function draw() {
  // The focus may sit on something that is drawn anew: the test id finds it again.
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
        live ? "Live: the real AI Horde" : "Local: stays on this machine",
      ),
    ),
  );
}

function guildSection(guild) {
  return h(
    "section",
    { "aria-label": guild.name },
    h("h2", { class: "guild-name", "data-testid": "guild-name" }, guild.name),
    h(
      "ul",
      null,
      guild.channels
        .filter((channel) => (channel.type ?? 0) === 0)
        .map((channel) =>
          place({
            id: channel.id,
            href: placeHash({ guild: guild.id, channel: channel.id }),
            testid: `channel-${channel.name}`,
            mark: icon(channel.nsfw ? "hash-lock" : "hash"),
            name: channel.name,
            nsfw: channel.nsfw,
          }),
        ),
    ),
  );
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
          mark: icon("people"),
        }),
      ),
    ),
  );
}

const status = () =>
  h("i", { class: `status ${state.online ? "online" : ""}`, title: state.online ? "Online" : "Offline" });

function place({ id, href, testid, mark, name, nsfw }) {
  const unread = state.unread.get(id) ?? 0;
  const current = id === state.channel;
  return h(
    "li",
    null,
    h(
      "a",
      {
        class: `place ${current ? "current" : ""} ${unread ? "unread" : ""}`,
        href,
        "data-testid": testid,
        "aria-current": current ? "page" : undefined,
        on: { click: closeDrawer },
      },
      mark,
      h("span", { class: "place-name" }, name),
      nsfw ? h("span", { class: "age" }, "18+") : null,
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
  );
}

function topbar() {
  const channel = here();
  return [
    drawerButton(),
    channel?.dm
      ? h("span", { class: "with-status" }, avatar(state.world.bot, "tiny"), status())
      : icon(channel?.nsfw ? "hash-lock" : "hash", "faint"),
    h("h2", { class: "place-title", "data-testid": "place-title" }, channel?.name ?? ""),
    channel?.nsfw ? h("span", { class: "age" }, "Age-restricted") : null,
    h("span", { class: "grow" }),
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
  const button = iconButton("Channels and people", "menu", openDrawer, {
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
