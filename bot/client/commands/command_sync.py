"""Registers the commands with Discord if they have changed."""

import hashlib
import json
import logging
from collections.abc import Sequence
from typing import Any, cast

import discord
from discord import app_commands
from tenacity import RetryCallState

from bot.aio.retry import doubling, retry
from bot.client.commands.command_translations import translate_command
from bot.client.error_messages import NETWORK
from bot.storage.tables.notes import NoteRepository

log = logging.getLogger(__name__)

RETRY_FIRST, RETRY_MAX = 1.0, 60.0  # seconds between attempts
ENTRY_POINT = 4  # type of the command that opens an Activity; Discord refuses a list without it
Command = dict[str, Any]


async def sync_commands(
    client: discord.Client,
    tree: app_commands.CommandTree[Any],
    notes: NoteRepository,
    key: str,
) -> None:
    """Register the tree's commands unless Discord has them, as noted under `key` the last time.

    Another program may have changed them meanwhile, so Discord is asked at each start. Retries
    until it works. A permanent refusal is logged, and the old commands stay.
    """
    try:
        await retry(
            lambda: _sync(client, tree, notes, key),
            doubling(RETRY_FIRST, RETRY_MAX),
            when=may_pass,
            report=_log_failure,
        )
    except discord.HTTPException as error:
        log.error(  # noqa: TRY400 - the traceback tells nothing
            "Discord refuses the commands; the old ones stay: %s. Check the application in"
            " the developer portal, then restart the bot",
            error,
        )


async def _sync(
    client: discord.Client,
    tree: app_commands.CommandTree[Any],
    notes: NoteRepository,
    key: str,
) -> None:
    application_id, ours = client.application_id, _payload(tree)
    assert application_id is not None, "only after the login"
    there = cast("list[Command]", await client.http.get_global_commands(application_id))
    if await notes.read(key) == _digest(ours, there):
        return
    entry_points = [command for command in there if command.get("type") == ENTRY_POINT]
    synced = await client.http.bulk_upsert_global_commands(
        application_id, payload=[*ours, *entry_points]
    )
    await notes.write(key, _digest(ours, synced))
    log.info("%d commands registered", len(ours))


def _payload(tree: app_commands.CommandTree[Any]) -> list[Command]:
    shapes = [translate_command(command.to_dict(tree)) for command in tree.get_commands()]
    return sorted(shapes, key=lambda shape: (shape["name"], str(shape["type"])))


def _digest(ours: Sequence[Command], there: Sequence[Any]) -> str:
    """Digest of the bot's commands and of Discord's.

    Discord assigns a command a new version with each change.
    """
    versions = sorted(f"{each.get('id')} {each.get('version')}" for each in there)
    return hashlib.sha256(json.dumps([ours, versions], sort_keys=True).encode()).hexdigest()


def may_pass(error: BaseException) -> bool:
    """Whether a later attempt may succeed: an outage, a rate limit, no network."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status in {408, 429}
    return isinstance(error, NETWORK)


def _log_failure(error: BaseException, _state: RetryCallState) -> None:
    log.warning("the commands could not be registered yet: %s", error)
