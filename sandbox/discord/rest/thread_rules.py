"""The errors of archived and locked threads.

Messages in an archived thread cannot be edited; a new message unarchives it (documentation of
threads, 2026-08). In a locked thread writing and editing need MANAGE_THREADS. Discord's error for
interactions is then also 50083, even for the first response (discord-api-docs #5517, #6884), or
50001 where the bot is not in the guild (#6884). An archived thread takes no other change (#6928).
"""

from typing import Any

from sandbox.discord.objects.entities import Channel
from sandbox.discord.objects.permissions import Permissions
from sandbox.discord.rest.errors import invalid_form, refuse
from sandbox.discord.rules import thread_errors
from sandbox.discord.state import Discord

Json = dict[str, Any]

# The fields of a thread by the names in a request.
CHANGEABLE = {
    "auto_archive_duration": "auto_archive_duration",
    "invitable": "invitable",
    "rate_limit_per_user": "slow_mode",
}


def refuse_posting(discord: Discord, channel: Channel) -> None:
    """Raise ApiError when the thread accepts no new messages of interactions."""
    if channel.thread and channel.thread.locked:
        _refuse(discord, channel)


def refuse_writing(discord: Discord, channel: Channel) -> None:
    """Raise ApiError when the thread accepts no new messages of the bot or of a webhook."""
    if channel.thread and channel.thread.locked and not _manages(discord, channel):
        refuse(50083 if channel.thread.archived else 160005)


def refuse_editing(discord: Discord, channel: Channel) -> None:
    """Raise ApiError when messages of the thread cannot be edited."""
    if channel.thread is None:
        return
    if channel.thread.archived or (channel.thread.locked and not _manages(discord, channel)):
        _refuse(discord, channel)


def refuse_deleting(channel: Channel) -> None:
    """Raise ApiError when messages of the thread cannot be deleted."""
    if channel.thread and channel.thread.locked and channel.thread.archived:
        refuse(50083)


def check_thread_change(discord: Discord, channel: Channel, payload: Json) -> None:
    """Raise ApiError when the bot cannot change the thread in this way.

    Every member who can write unarchives a thread that is not locked. Its owner changes the rest,
    except the slow mode, and locks it; only MANAGE_THREADS unlocks it.
    """
    thread = channel.thread
    assert thread is not None
    invalid_form(thread_errors(payload, editing=True))
    if thread.archived and payload.get("archived") is not False:
        refuse(50083)
    if _manages(discord, channel):
        return
    can_send = Permissions.SEND_MESSAGES_IN_THREADS in discord.entities.bot_permissions(channel)
    if thread.locked or not can_send:
        refuse(50013)
    owns = thread.owner_id == discord.entities.bot.id
    if payload != {"archived": False} and (not owns or "rate_limit_per_user" in payload):
        refuse(50013)


def thread_changes(payload: Json) -> Json:
    """The changed attributes of the thread."""
    return {
        attribute: payload[name]
        for name, attribute in CHANGEABLE.items()
        if payload.get(name) is not None
    }


def _manages(discord: Discord, channel: Channel) -> bool:
    return Permissions.MANAGE_THREADS in discord.entities.bot_permissions(channel)


def _refuse(discord: Discord, channel: Channel) -> None:
    refuse(50083 if discord.entities.bot_is_in(channel) else 50001)
