"""Commands of one server that another program left behind."""

from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.client.guild_leftovers import delete_leftover


class FakeHttp:
    def __init__(self) -> None:
        self.deleted: list[tuple[int, int, int]] = []

    async def delete_guild_command(self, *ids: int) -> None:
        self.deleted.append((ids[0], ids[1], ids[2]))


class FakeTree:
    """The bot has a command of one server by the name "operator"."""

    def get_command(self, name: str, *, guild: discord.Object) -> str | None:
        return name if (name, guild.id) == ("operator", 5) else None


async def deleted_after(error: Exception, **data: Any) -> list[tuple[int, int, int]]:
    http = FakeHttp()
    interaction: Any = SimpleNamespace(
        data={"id": "7", "name": "old", **data},
        application_id=1,
        client=SimpleNamespace(http=http, tree=FakeTree()),
    )
    await delete_leftover(interaction, error)
    return http.deleted


NOT_FOUND = app_commands.CommandNotFound("old", [])


async def test_unknown_command_of_one_server_is_deleted_when_it_is_used() -> None:
    assert await deleted_after(NOT_FOUND, guild_id="5") == [(1, 5, 7)]


@pytest.mark.parametrize(
    ("error", "data"),
    [
        (NOT_FOUND, {}),
        (app_commands.CheckFailure(), {"guild_id": "5"}),
        (NOT_FOUND, {"guild_id": "5", "name": "operator"}),
    ],
    ids=["of all servers", "a known command", "the bot's own"],
)
async def test_other_commands_stay(error: Exception, data: dict[str, Any]) -> None:
    assert await deleted_after(error, **data) == []
