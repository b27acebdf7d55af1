"""Application commands, as a bulk overwrite registers them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.discord.refusals import of_commands

Command = dict[str, Any]


def command(*options: Any, **fields: Any) -> Command:
    return {"name": "c", "description": "d", "options": list(options), **fields}


def option(kind: int = 3, name: str = "o", **fields: Any) -> Command:
    return {"type": kind, "name": name, "description": "d", **fields}


def choices(n: int, **fields: Any) -> list[dict[str, Any]]:
    return [{"name": f"{i}", "value": f"{i}", **fields} for i in range(n)]


def command_options(n: int) -> list[Command]:
    return [option(name=f"o{i}") for i in range(n)]


COMMAND_OPTIONS = [
    option(3, "text", required=True, min_length=0, max_length=6000, choices=choices(25)),
    option(4, "whole", min_value=-(2**53) + 1, max_value=2**53 - 1, autocomplete=True),
    option(5, "yes"),
    option(6, "user"),
    option(7, "channel", channel_types=[0, 5]),
    option(8, "role"),
    option(9, "mention"),
    option(10, "number", min_value=0.5, choices=[{"name": "n", "value": 0.75}]),
    option(11, "file"),
]


def test_everything_there_is_is_taken():
    group = option(2, "group", options=[option(1, "sub", options=COMMAND_OPTIONS)])
    everywhere: Command = {
        "default_member_permissions": "32",
        "dm_permission": True,
        "nsfw": False,
        "contexts": [0, 1, 2],
        "integration_types": [0, 1],
    }
    translated: Command = {
        "name_localizations": {"nl": "vos", "th": "สวัสดี"},
        "description_localizations": {"de": "Fuchs"},
    }
    assert (
        of_commands(
            command(*COMMAND_OPTIONS, **everywhere, **translated),
            command(group, option(1, "plain"), name="nested", default_member_permissions=8),
            {"name": "Remix Avatar", "type": 2, **everywhere},
            {"name": "Remix Avatar", "type": 3, "description": "", "options": []},
            {"name": "launch", "type": 4, "handler": 2},
        )
        == {}
    )


CommandCase = tuple[str, Callable[[int], Command], int, int]
COMMAND_LIMITS: list[CommandCase] = [
    ("0.name", lambda n: command(name="x" * n), 1, 32),
    ("0.description", lambda n: command(description="x" * n), 1, 100),
    ("0.options", lambda n: command(*command_options(n)), 0, 25),
    ("0.options.0.name", lambda n: command(option(name="x" * n)), 1, 32),
    ("0.options.0.description", lambda n: command(option(description="x" * n)), 1, 100),
    ("0.options.0.choices", lambda n: command(option(choices=choices(n))), 0, 25),
    (
        "0.options.0.choices.0.name",
        lambda n: command(option(choices=choices(1, name="x" * n))),
        1,
        100,
    ),
    (
        "0.options.0.choices.0.value",
        lambda n: command(option(choices=choices(1, value="x" * n))),
        0,
        100,
    ),
    ("0.options.0.min_length", lambda n: command(option(min_length=n)), 0, 6000),
    ("0.options.0.max_length", lambda n: command(option(max_length=n)), 1, 6000),
    ("0.options.0.max_value", lambda n: command(option(4, max_value=n)), -(2**53) + 1, 2**53 - 1),
    ("0.options.0.options", lambda n: command(option(1, options=command_options(n))), 0, 25),
    ("0.name", lambda n: {"name": "X" * n, "type": 2}, 1, 32),
    ("0.name_localizations.nl", lambda n: command(name_localizations={"nl": "x" * n}), 1, 32),
    ("0.type", lambda n: {"name": "x", "type": n}, 2, 4),
]


@pytest.mark.parametrize(
    ("place", "body", "low", "high"), COMMAND_LIMITS, ids=range(len(COMMAND_LIMITS))
)
def test_a_command_at_its_limits(place: str, body: Callable[[int], Command], low: int, high: int):
    assert of_commands(body(low)) == of_commands(body(high)) == {}
    assert list(of_commands(body(high + 1))) == [place]
    if low and place != "0.type":
        assert list(of_commands(body(low - 1))) == [place]


@pytest.mark.parametrize("name", ["a b", "a.b", "/a", "a!", "🦊", "Fox", "ÀB", "a\n"])
def test_a_name_that_discord_refuses(name: str):
    assert "APPLICATION_COMMAND_INVALID_NAME" in of_commands(command(name=name))["0.name"]
    refused = of_commands(command(option(name=name)))
    assert "APPLICATION_COMMAND_INVALID_NAME" in refused["0.options.0.name"]


@pytest.mark.parametrize("name", ["fox-run_2", "l'ours", "été", "狐", "नमस्ते", "สวัสดี", "²"])
def test_a_name_that_discord_takes(name: str):
    assert of_commands(command(option(name=name), name=name)) == {}


def sub(*nested: Any, name: str = "sub") -> Command:
    return option(1, name, options=list(nested))


REFUSED_COMMANDS: list[tuple[Any, str]] = [
    (5, "0"),
    (command(5), "0.options.0"),
    (command(option(12)), "0.options.0"),
    (command(sub(), option(name="o")), "0.options"),
    (command(sub(sub())), "0.options.0.options.0"),
    (command(option(2, options=[option()])), "0.options.0.options.0"),
    (command(option(2, options=[option(2)])), "0.options.0.options.0"),
    (command(option(), option(name="p", required=True)), "0.options.1"),
    (command(sub(option(), option(name="p", required=True))), "0.options.0.options.1"),
    (command(option(), option()), "0.options.1"),
    (command(option(choices=choices(1) * 2)), "0.options.0.choices.1"),
    (command(option(choices=choices(1), autocomplete=True)), "0.options.0"),
    (command(option(4, choices=choices(1))), "0.options.0.choices.0.value"),
    (command(option(min_length=6, max_length=5)), "0.options.0.min_length"),
    (command(option(10, min_value=1, max_value=0.5)), "0.options.0.min_value"),
    (command(option(10, min_value=float("inf"))), "0.options.0.min_value"),
    (command(option(4, min_value=0.5)), "0.options.0.min_value"),
    (command(option(7, channel_types=[99])), "0.options.0.channel_types.0"),
    (command(option(7, channel_types=[0, 0])), "0.options.0.channel_types"),
    (command(description=None), "0.description"),
    (command(type="1"), "0.type"),
    (command(contexts=[]), "0.contexts"),
    (command(contexts=[3]), "0.contexts.0"),
    (command(integration_types=[0, 0]), "0.integration_types"),
    (command(default_member_permissions="all"), "0.default_member_permissions"),
    (command(name_localizations={"en": "x"}), "0.name_localizations"),
    (command(name_localizations=["x"]), "0.name_localizations"),
    ({"name": "Menu", "type": 2, "description": "d"}, "0.description"),
    ({"name": "Menu", "type": 3, "options": [option()]}, "0.options"),
]


@pytest.mark.parametrize(("body", "place"), REFUSED_COMMANDS, ids=range(len(REFUSED_COMMANDS)))
def test_a_command_that_discord_refuses(body: Any, place: str):
    assert list(of_commands(body)) == [place]


def test_names_are_unique_in_their_type():
    twice = {"1": ["APPLICATION_COMMANDS_DUPLICATE_NAME"]}
    assert of_commands(command(), command()) == twice
    assert of_commands(command(name="c"), {"name": "c", "type": 2}) == {}


@pytest.mark.parametrize(("kind", "limit"), [(1, 100), (2, 5), (3, 5), (4, 1)])
def test_how_many_there_may_be(kind: int, limit: int):
    described = {"description": "d"} if kind == 1 else {}
    some = [{"name": f"c{n}", "type": kind, **described} for n in range(limit + 1)]
    assert of_commands(*some[:limit]) == {}
    assert of_commands(*some) == {"": ["BASE_TYPE_MAX_LENGTH"]}


def test_8000_characters_in_one_command():
    def whole(last: int) -> Command:
        long = [{"name": f"{n:098}", "value": "v" * 100} for n in range(25)]  # 4,950
        third = [{"name": f"{n:098}", "value": "v" * 100} for n in range(15)]  # 2,970
        return command(
            option(name="a", choices=long),  # 2 with its name and description
            option(name="b", choices=third),
            option(name="c", description="x" * last),
            description_localizations={"nl": "e" * 72},
        )

    assert of_commands(whole(2)) == {}
    assert of_commands(whole(3)) == {"0": ["APPLICATION_COMMAND_TOO_LARGE"]}
