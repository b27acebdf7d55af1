"""Registers the commands that only some servers have."""

import logging
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands

from bot.aio.retry import doubling, retry
from bot.client.commands.command_sync import RETRY_FIRST, RETRY_MAX, may_pass
from bot.client.commands.command_translations import translate_command
from bot.storage.tables.notes import NoteRepository

log = logging.getLogger(__name__)
GLOBAL_ONLY = frozenset({"contexts", "integration_types", "dm_permission"})  # fields


async def sync_guild_commands(
    client: discord.Client,
    tree: app_commands.CommandTree[Any],
    notes: NoteRepository,
    key: str,
    guild_ids: Sequence[int],
) -> None:
    """Register the tree's commands of these servers, and delete those of earlier ones.

    The servers are noted under `key`. A server that refuses is logged.
    """
    noted = (await notes.read(key) or "").split()
    for guild_id in dict.fromkeys((*guild_ids, *map(int, noted))):
        found = tree.get_commands(guild=discord.Object(guild_id)) if guild_id in guild_ids else []
        payload = [_shape(command.to_dict(tree)) for command in found]
        await _register(client, guild_id, payload)
    if noted or guild_ids:
        await notes.write(key, " ".join(map(str, guild_ids)))


async def _register(client: discord.Client, guild_id: int, payload: list[dict[str, Any]]) -> None:
    application_id = client.application_id
    assert application_id is not None, "only after the login"
    try:
        await retry(
            lambda: client.http.bulk_upsert_guild_commands(application_id, guild_id, payload),
            doubling(RETRY_FIRST, RETRY_MAX),
            when=may_pass,
        )
    except discord.HTTPException as error:
        log.warning("the commands of the server %d could not be registered: %s", guild_id, error)


def _shape(command: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in command.items() if name not in GLOBAL_ONLY}
    return translate_command(kept)
