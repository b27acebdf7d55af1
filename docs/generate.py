#!/usr/bin/env python
"""Writes docs/commands.md from the commands: `python docs/generate.py`. A test keeps it true."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from discord import AppCommandOptionType, AppCommandType, app_commands
from pydantic import SecretStr

import cogs
from bot.client import HordecordBot
from bot.settings import DiscordSettings, Settings

PAGE = Path(__file__).with_name("commands.md")
HEAD = """\
# Commands

Made by `python docs/generate.py` from the commands themselves; a test fails when this page is out
of date. Options marked with a star are required. In Discord, `/help` shows examples.
"""
CHOICES_SHOWN = 8  # in the table; a longer list stands below it
KINDS = {
    AppCommandOptionType.string: "text",
    AppCommandOptionType.integer: "whole number",
    AppCommandOptionType.number: "number",
    AppCommandOptionType.boolean: "yes or no",
    AppCommandOptionType.attachment: "file",
    AppCommandOptionType.user: "person",
    AppCommandOptionType.channel: "channel",
    AppCommandOptionType.role: "role",
}
MENUS = {AppCommandType.message: "a message", AppCommandType.user: "a person"}

Command = app_commands.Command[Any, ..., Any]


async def tree() -> list[Command | app_commands.ContextMenu]:
    """Every command and context menu, sorted by name. Needs no network."""
    settings = Settings(discord=DiscordSettings(token=SecretStr("not-needed-here")))
    bot = HordecordBot(settings)
    for name in cogs.names():
        await bot.load_extension(name)
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
    return "\n".join([HEAD, *(line for one in commands for line in section(one))])


def section(command: Command | app_commands.ContextMenu) -> Iterator[str]:
    """One command: its description and a table of its options."""
    if isinstance(command, app_commands.ContextMenu):
        yield f"## {command.name}\n\nIn the Apps menu of {MENUS[command.type]}.\n"
        return
    yield f"## /{command.qualified_name}\n\n{command.description}\n"
    if command.parameters:
        yield "| option | what to give | meaning |\n| --- | --- | --- |"
        for option in command.parameters:
            star = "\\*" if option.required else ""
            yield f"| `{option.display_name}`{star} | {allowed(option)} | {option.description} |"
        yield ""
    lists = {tuple(names(option)): None for option in command.parameters}
    for choices in (found for found in lists if len(found) > CHOICES_SHOWN):
        yield "The choices:\n\n" + "\n".join(f"- {name}" for name in choices) + "\n"


def allowed(option: app_commands.Parameter) -> str:
    """What an option takes: its kind, its limits or its choices, its default."""
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
    """What an option's choices are called."""
    return [choice.name for choice in option.choices]


def default(option: app_commands.Parameter) -> str:
    """What is taken when the option is left away, where that is a value of its own."""
    value: object = option.default
    if option.required or value is None or value == "":
        return ""
    if isinstance(value, bool):
        return f" (default: {'yes' if value else 'no'})"
    chosen = {choice.value: choice.name for choice in option.choices}
    return f" (default: {chosen.get(str(value), value)})"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(asyncio.run(tree())), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
