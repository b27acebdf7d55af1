"""What archived and locked threads refuse.

An archived thread takes no edits, and opens again with a new message (documentation of threads,
2026-08). In a locked one nobody without MANAGE_THREADS writes or edits anything, and Discord calls
it archived as well: 50083 even for the first response to an interaction (discord-api-docs #5517,
#6884). Where the bot is not in the server it says 50001 instead (#6884).
"""

from sandbox.discord.objects.entities import Channel
from sandbox.discord.rest.errors import refuse
from sandbox.discord.state import Discord


def refuse_posting(discord: Discord, channel: Channel) -> None:
    """Raise ApiError where no new message may appear."""
    if channel.thread and channel.thread.locked:
        _refuse(discord, channel)


def refuse_editing(discord: Discord, channel: Channel) -> None:
    """Raise ApiError where messages stay as they are."""
    if channel.thread and (channel.thread.locked or channel.thread.archived):
        _refuse(discord, channel)


def refuse_deleting(channel: Channel) -> None:
    """Raise ApiError where not even a message of one's own can be taken away."""
    if channel.thread and channel.thread.locked and channel.thread.archived:
        refuse(50083)


def _refuse(discord: Discord, channel: Channel) -> None:
    refuse(50083 if discord.entities.bot_is_in(channel) else 50001)
