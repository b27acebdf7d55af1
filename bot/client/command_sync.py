"""Telling Discord which commands there are, only when they have changed."""

import hashlib
import json
import logging
from typing import Any

import discord
from discord import app_commands
from tenacity import RetryCallState

from bot.aio.retry import doubling, retry
from bot.client.error_messages import NETWORK
from bot.storage.tables.notes import NoteRepository

log = logging.getLogger(__name__)

RETRY_FIRST, RETRY_MAX = 1.0, 60.0  # s between tries


async def sync_commands(
    tree: app_commands.CommandTree[Any], notes: NoteRepository, key: str
) -> None:
    """Register the tree's commands unless `notes` say under `key` that Discord knows them.

    Tries until it works. Commands that Discord finds invalid are logged, the old ones stay.
    """
    digest = digest_of(tree)
    if await notes.read(key) == digest:
        return
    try:
        synced = await retry(
            tree.sync, doubling(RETRY_FIRST, RETRY_MAX), when=_may_pass, report=_log_failure
        )
    except app_commands.CommandSyncFailure:
        log.exception("Discord does not take the commands; the old ones stay")
    else:
        await notes.write(key, digest)
        log.info("%d commands registered", len(synced))


def _may_pass(error: BaseException) -> bool:
    refused = isinstance(error, app_commands.CommandSyncFailure)
    return not refused and isinstance(error, (discord.HTTPException, *NETWORK))


def _log_failure(error: BaseException, _state: RetryCallState) -> None:
    log.warning("the commands could not be registered yet: %s", error)


def digest_of(tree: app_commands.CommandTree[Any]) -> str:
    """A word that changes when any command does."""
    shapes = [command.to_dict(tree) for command in tree.get_commands()]
    shapes.sort(key=lambda shape: (shape["name"], str(shape["type"])))
    return hashlib.sha256(json.dumps(shapes, sort_keys=True).encode()).hexdigest()
