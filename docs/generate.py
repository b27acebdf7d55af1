"""Writes docs/commands.md from the commands and docs/parameters.md from the table of flags.

Run `python -m docs.generate`. Tests keep both pages true.
"""

import asyncio
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from discord import AppCommandOptionType, AppCommandType, app_commands
from pydantic import SecretStr

import cogs
from bot.client.bot import HordecordBot
from bot.parameters.flags.flag import Flag
from bot.parameters.flags.table import FLAGS, GROUPS
from bot.settings import DiscordSettings, Settings
from docs.parameter_coverage import NEVER, REACHES, Coverage

PAGE = Path(__file__).with_name("commands.md")
HEAD = """\
# List of commands

`python -m docs.generate` creates this page from the commands; a test fails when it is out of date.
Options marked with a star are required. On Discord, `/help` shows examples.

What works depends on the backend of the server. An option, an alchemy form or a command that it
does not have is refused in one message, which names a backend that has it. `/horde`, `/kudos`,
`/party`, `/rate`, `/style`, `/collection`, `/team` and `/worker` use the first AI Horde, and do not
work in a bot without one. [Backends](backends.md) says what each type can do.
"""
PARAMETERS = Path(__file__).with_name("parameters.md")
PARAMETERS_HEAD = """\
# List of parameters

`python -m docs.generate` creates this page from the table of flags; a test fails when it is out of
date.

A backend may lack some of these parameters:
[what each type can do](backends.md#what-each-type-can-do).
A flag that it lacks is refused.

The option `extra` of the commands that create images, and the modal of **Edit**, accept flags:

    --steps 30 --lora 12345:0.8 --post GFPGAN --negative "blurry, ugly"

- Write the value after its flag, with a space or `=` between them. Put a value with spaces into
  quotes; without quotes it ends at the next flag. In quotes, `\\"` is a quote and `\\n` a new line.
- The dashes and quotes that phones insert for `--` and `"` work, and so does `_` for `-` in names.
- `--no-NAME` resets the value of a preset or a default. If a flag is given twice, the last value
  counts. A flag that takes a list (marked with +) keeps all of its values.
- Case and punctuation of names do not matter: `dpm++ 2m` is a sampler too.
- A name with `:`, `@` or `=` needs quotes: `--lora "a: b":0.8`.
- **Details** under a result shows a command with all flags that can be pasted.
"""
CHOICES_SHOWN = 8  # in the table; a longer list is below it
FLAG_GROUPS = ("The image", "Sampling", "Details", "From an image or a text", "Workers")
KINDS = {
    AppCommandOptionType.string: "text",
    AppCommandOptionType.integer: "whole number",
    AppCommandOptionType.number: "number",
    AppCommandOptionType.boolean: "yes or no",
    AppCommandOptionType.attachment: "file",
    AppCommandOptionType.user: "user",
    AppCommandOptionType.channel: "channel",
    AppCommandOptionType.role: "role",
}
MENUS = {AppCommandType.message: "a message", AppCommandType.user: "a user"}

Command = app_commands.Command[Any, ..., Any]


async def loaded_bot() -> HordecordBot:
    """The bot with all its commands. Needs no network."""
    bot = HordecordBot(Settings(discord=DiscordSettings(token=SecretStr("not-needed-here"))))
    for name in cogs.names():
        await bot.load_extension(name)
    return bot


async def tree() -> list[Command | app_commands.ContextMenu]:
    """Every command and context menu, sorted by name."""
    bot = await loaded_bot()
    found = [c for c in bot.tree.walk_commands() if isinstance(c, app_commands.Command)]
    menus = [
        menu
        for kind in MENUS
        for menu in bot.tree.get_commands(type=kind)
        if isinstance(menu, app_commands.ContextMenu)
    ]
    return [*sorted(found, key=lambda c: c.qualified_name), *sorted(menus, key=lambda m: m.name)]


def page(commands: list[Command | app_commands.ContextMenu]) -> str:
    """The whole page as markdown."""
    lines = (line for one in commands for line in section(one))
    return "\n".join([HEAD, *contents(commands), *lines])


def contents(commands: list[Command | app_commands.ContextMenu]) -> Iterator[str]:
    """The table of contents: one line for each group of commands, one for the context menus."""
    names = [one.qualified_name for one in commands if isinstance(one, app_commands.Command)]
    for _root, group in groupby(names, key=lambda name: name.split()[0]):
        yield f"- {', '.join(link(f'/{name}') for name in group)}"
    menus = [one.name for one in commands if isinstance(one, app_commands.ContextMenu)]
    yield f"- Context menus: {', '.join(link(name) for name in menus)}\n"


def link(heading: str) -> str:
    """A link to a heading of the same page, with the anchor that GitHub gives it."""
    return f"[{heading}](#{re.sub(r'[^a-z0-9_ -]', '', heading.lower()).replace(' ', '-')})"


def section(command: Command | app_commands.ContextMenu) -> Iterator[str]:
    """One command: its description and a table of its options."""
    if isinstance(command, app_commands.ContextMenu):
        yield f"## {command.name}\n\nIn the Apps menu of {MENUS[command.type]}.\n"
        return
    yield f"## /{command.qualified_name}\n\n{command.description}\n"
    if command.parameters:
        yield "| option | value | meaning |\n| --- | --- | --- |"
        for option in command.parameters:
            star = "\\*" if option.required else ""
            yield f"| `{option.display_name}`{star} | {allowed(option)} | {option.description} |"
        yield ""
    lists = {tuple(names(option)): None for option in command.parameters}
    for choices in (found for found in lists if len(found) > CHOICES_SHOWN):
        yield "Choices:\n\n" + "\n".join(f"- {name}" for name in choices) + "\n"


def allowed(option: app_commands.Parameter) -> str:
    """The value of an option: its kind, its limits or its choices, its default."""
    kind = KINDS[option.type]
    low, high = option.min_value, option.max_value
    if choices := names(option):
        kind = "; ".join(choices) if len(choices) <= CHOICES_SHOWN else "a choice from the list"
    elif option.type is AppCommandOptionType.string and high is not None:
        kind = f"text, up to {high:,} characters"
    elif low is not None and high is not None:
        kind = f"{kind} from {low:g} to {high:g}"
    if option.autocomplete:
        kind += ", with suggestions"
    return kind + default(option)


def names(option: app_commands.Parameter) -> list[str]:
    """Names of the choices of an option."""
    return [choice.name for choice in option.choices]


def default(option: app_commands.Parameter) -> str:
    """The value when the option is omitted, if it is fixed."""
    value: object = option.default
    if option.required or value is None or value == "":
        return ""
    if isinstance(value, bool):
        return f" (default: {'yes' if value else 'no'})"
    chosen = {choice.value: choice.name for choice in option.choices}
    return f" (default: {chosen.get(str(value), value)})"


def parameters() -> str:
    """The page about flags and about every field of the Horde, as markdown."""
    fields, never = "Fields of the Horde", "Fields that are never set"
    lines = [PARAMETERS_HEAD, *(f"- {link(title)}" for title in (*FLAG_GROUPS, fields, never)), ""]
    for title, flags in zip(FLAG_GROUPS, GROUPS, strict=True):
        lines += [f"## {title}\n", "| flag | value | meaning |", "| --- | --- | --- |"]
        lines += [*(flag_row(flag) for flag in flags), ""]
    for flag in FLAGS:
        if flag.kind and len(flag.kind.values) > CHOICES_SHOWN:
            lines += [f"### Values of --{flag.name}\n"]
            lines += [f"- `{value}`" for value in flag.kind.values] + [""]
    lines += [f"## {fields}\n", "| field | set by |", "| --- | --- |"]
    lines += [*(f"| `{reach.field}` | {way(reach)} |" for reach in REACHES), ""]
    lines += [f"## {never}\n", "| field | reason |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| `{name}` | {why} |" for name, why in NEVER.items()), ""])


def flag_row(flag: Flag) -> str:
    """One flag in its table: its names, its values, its effect."""
    aliases = f" (also {', '.join(f'`--{name}`' for name in flag.aliases)})" if flag.aliases else ""
    off = f", `--no-{flag.name}`" if flag.away and not flag.kind else ""
    given = "nothing"
    if flag.kind:
        few = flag.kind.values if len(flag.kind.values) <= CHOICES_SHOWN else ()
        given = " ".join(filter(None, [flag.kind.phrase(), f"({', '.join(few)})" if few else ""]))
        given += ", or nothing" if flag.alone else ""
    shown = "; ".join(f"`--{flag.name} {example}`" for example in flag.examples)
    many = "+" if flag.many else ""
    meaning = f"{flag.help}{aliases}" + (f". {shown}" if shown else "")
    return f"| `--{flag.name}`{many}{off} | {given} | {meaning} |"


def way(reach: Coverage) -> str:
    """How a field of the Horde is set."""
    return f"`{reach.extra}`" if reach.extra else reach.how


def main() -> None:
    """Write the pages."""
    PAGE.write_text(page(asyncio.run(tree())), encoding="utf-8", newline="\n")
    PARAMETERS.write_text(parameters(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
