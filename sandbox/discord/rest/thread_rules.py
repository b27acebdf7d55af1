"""The errors of archived and locked threads.

Messages in an archived thread cannot be edited; a new message unarchives it (documentation of
threads, 2026-08). In a locked thread writing and editing need MANAGE_THREADS. Discord's error is
then also 50083, even for the first response to an interaction (discord-api-docs #5517, #6884), or
50001 where the bot is not in the guild (#6884).
"""

from sandbox.discord.objects.entities import Channel
from sandbox.discord.rest.errors import refuse
from sandbox.discord.state import Discord


def refuse_posting(discord: Discord, channel: Channel) -> None:
    """Raise ApiError when the thread accepts no new messages."""
    if channel.thread and channel.thread.locked:
        _refuse(discord, channel)


def refuse_editing(discord: Discord, channel: Channel) -> None:
    """Raise ApiError when messages of the thread cannot be edited."""
    if channel.thread and (channel.thread.locked or channel.thread.archived):
        _refuse(discord, channel)


def refuse_deleting(channel: Channel) -> None:
    """Raise ApiError when messages of the thread cannot be deleted."""
    if channel.thread and channel.thread.locked and channel.thread.archived:
        refuse(50083)


def _refuse(discord: Discord, channel: Channel) -> None:
    refuse(50083 if discord.entities.bot_is_in(channel) else 50001)
