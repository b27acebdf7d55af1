/** The registered commands as a person sees them: flattened, and only those that can be used here. */

import { localized } from "./language.js";
import { here, installOf, person } from "./names.js";
import { state } from "./state.js";

const GUILD = 0;
const BOT_DM = 1;
const PRIVATE = 2;
const INSTALLS = { guild: 0, user: 1 };
const KINDS = { chat: 1, user: 2, message: 3 };

/** Slash commands that can be used here: {name: "account login", description, options, root}. */
function slashCommands() {
  return usable(KINDS.chat)
    .flatMap((root) => flatten(root, root, root.name))
    .sort(order);
}

// Plain commands first: they are what a newcomer looks for, and groups are long.
function order(a, b) {
  return a.name.split(" ").length - b.name.split(" ").length || a.name.localeCompare(b.name);
}

/** Entries of the context menu: "user" or "message". */
export const contextCommands = (kind) => usable(KINDS[kind]);

/** The slash command of this full name, or undefined. */
export const findCommand = (name) => slashCommands().find((command) => command.name === name);

function usable(type) {
  return state.commands
    .filter((command) => (command.type ?? 1) === type && allowed(command))
    .map(localized);
}

function flatten(root, node, name) {
  const inner = (node.options ?? []).filter((option) => option.type === 1 || option.type === 2);
  if (!inner.length)
    return [{ name, description: node.description ?? "", options: node.options ?? [], root }];
  return inner.flatMap((option) => flatten(root, option, `${name} ${option.name}`));
}

function allowed(command) {
  const channel = here();
  if (!channel) return false;
  if (command.guild_id && command.guild_id !== channel.guild?.id) return false;
  if (command.nsfw && channel.guild && !channel.nsfw) return false;
  const context = channel.guild ? GUILD : channel.group ? PRIVATE : BOT_DM;
  if (Array.isArray(command.contexts) && !command.contexts.includes(context)) return false;
  if (!(command.integration_types ?? [INSTALLS.guild]).includes(INSTALLS[installOf(channel)])) return false;
  if (!channel.guild) return command.dm_permission !== false;
  return command.default_member_permissions == null || Boolean(person(state.viewer)?.admin);
}

/** Commands that match the text after the slash, best match first. */
export function matchCommands(typed) {
  const words = typed.trim().toLowerCase();
  const rank = ({ name, description }) => {
    if (name.startsWith(words)) return 0;
    if (name.split(" ").some((part) => part.startsWith(words))) return 1;
    if (name.includes(words)) return 2;
    return words.length > 2 && description.toLowerCase().includes(words) ? 3 : 4;
  };
  return slashCommands()
    .map((command) => [rank(command), command])
    .filter(([at]) => at < 4)
    .sort(([a], [b]) => a - b)
    .map(([, command]) => command);
}

/**
 * The command that a whole typed line begins with, and the rest of the line, or null.
 * "/account" alone is none while there is an "account login".
 */
export function parseLine(line) {
  const typed = line.slice(1);
  const fits = slashCommands().filter(
    ({ name }) => typed === name || typed.startsWith(`${name} `) || typed.startsWith(`${name}\n`),
  );
  const command = fits.sort((a, b) => b.name.length - a.name.length)[0];
  return command ? { command, rest: typed.slice(command.name.length).trim() } : null;
}

/** Values out of the rest of a line: "a fox count: 2" gives the first text option and count. */
export function parseRest(command, rest) {
  const names = command.options.map((option) => option.name);
  const values = {};
  const marks = [...rest.matchAll(/(?:^|\s)([\p{L}\w-]{1,32}):\s*/gu)].filter((mark) =>
    names.includes(mark[1]),
  );
  const free = rest.slice(0, marks[0]?.index ?? rest.length).trim();
  const first = command.options.find((option) => option.type === 3);
  if (free && first) values[first.name] = free;
  for (const [at, mark] of marks.entries()) {
    values[mark[1]] = rest.slice(mark.index + mark[0].length, marks[at + 1]?.index ?? rest.length).trim();
  }
  return values;
}
