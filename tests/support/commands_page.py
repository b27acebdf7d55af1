"""Examples of commands, read the way Discord's message box reads them."""

import re

from discord import AppCommandOptionType, app_commands

from docs import generate


def command_of(example: str, tree: dict[str, generate.Command]) -> generate.Command | None:
    said = example.removeprefix("/").split()
    names = (" ".join(said[:count]) for count in (3, 2, 1))
    return next((tree[name] for name in names if name in tree), None)


def options_of(rest: str, command: generate.Command) -> dict[str, str]:
    """What stands behind each option's name, the way Discord's message box reads it."""
    names = "|".join(option.name for option in command.parameters)
    pieces = re.split(rf"(?:^| )({names}):", rest)
    assert pieces[0] == "", f"{rest}: begins with no option"
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def fits(value: str, option: app_commands.Parameter) -> bool:
    if option.choices:
        return value in {choice.name for choice in option.choices} | {
            str(choice.value) for choice in option.choices
        }
    if option.type is AppCommandOptionType.boolean:
        return value in {"True", "False"}
    if option.type in {AppCommandOptionType.integer, AppCommandOptionType.number}:
        low, high = option.min_value, option.max_value
        return (low is None or float(value) >= low) and (high is None or float(value) <= high)
    return bool(value)
