"""One change of a server's rules: who may make it, and who hears of it."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import discord
from pydantic import ValidationError

from bot.cards.card import Card
from bot.cards.markdown import code_block, safe_line
from bot.client.bot import HordecordBot
from bot.client.error_messages import SERVERS_ONLY, TROUBLE
from bot.errors import BadOption, NotAllowed
from bot.parameters import saved_choices
from bot.parameters.layers import Choices
from bot.rules.guild_settings import GuildSettings
from bot.services.guilds import Change
from bot.ui.components.views import layout_of
from bot.ui.server.cards import changed_card, changes, log_card

NEEDS_MANAGE_GUILD = "You need the permission **Manage Server** for this."
LOG_FAILED = (
    "I could not tell it in {channel}: I need **View Channel** and **Send Messages** there."
)
LOG_GONE = "The channel for changes is not there any more. Choose another with `/server log`."
BAD_RULES = "That cannot be: {reason}."
NO_DEFAULTS = "Nothing stands: the best served model, at its own size."
ON_SERVER, IN_CHANNEL = "**Defaults of this server**", "**Defaults in** {channel}"

log = logging.getLogger(__name__)
FLAGS_MAX = 800  # characters
REASON_MAX = 300  # units
PATIENCE = 1.0  # seconds; an interaction must be answered within three
_telling: set[asyncio.Task[str]] = set()  # what nobody waits for is held here until it is done
Press = discord.Interaction[HordecordBot]


def managed_guild(interaction: discord.Interaction[Any]) -> int:
    """The server that this person may manage. Raises NotAllowed anywhere else.

    Asked with every press again: Discord hides the commands, but a panel stays where it is.
    """
    if interaction.guild_id is None:
        raise NotAllowed(SERVERS_ONLY)
    if not interaction.permissions.manage_guild:
        raise NotAllowed(NEEDS_MANAGE_GUILD)
    return interaction.guild_id


@dataclass(frozen=True, slots=True)
class Changed:
    """The rules before and after; `note`: why the log channel did not hear of it, or ""."""

    before: GuildSettings
    after: GuildSettings
    note: str = ""

    @property
    def card(self) -> Card:
        """What is otherwise, to who changed it."""
        return changed_card(self.before, self.after, self.note)


async def change(press: Press, make: Change) -> Changed:
    """Make new rules of the old ones, and tell the log channel.

    Raises UserError for who may not, and for rules that are none.
    """
    guild_id = managed_guild(press)
    try:
        before, after = await press.client.services.guilds.change(guild_id, make)
    except ValidationError as error:
        raise BadOption(BAD_RULES.format(reason=reason_of(error))) from None
    return Changed(before, after, await _told(press, before, after))


async def set_rules(press: Press, /, **fields: object) -> Changed:
    """Set single rules to new values; one of them is called `press` as well."""
    return await change(press, lambda rules: rules.model_copy(update=fields))


async def tell_defaults(press: Press, choices: Choices, channel_id: int = 0) -> str:
    """Tell the log channel what stands on this server from now on, or in one of its channels.

    Gives what went wrong, or "".
    """
    rules = await press.client.services.guilds.rules(managed_guild(press))
    where = IN_CHANNEL.format(channel=f"<#{channel_id}>") if channel_id else ON_SERVER
    flags = code_block(saved_choices.text_of(choices), FLAGS_MAX) if choices else NO_DEFAULTS
    return await tell(press, [f"{where}\n{flags}"], rules.log_channel)


async def tell(press: Press, lines: list[str], *channels: int) -> str:
    """Tell those channels of this server what somebody changed; gives what went wrong, or "".

    Where Discord is slow, as in a busy channel, it goes on by itself: the answer must not wait.
    """
    telling = asyncio.create_task(_post_all(press, lines, channels))
    await asyncio.wait({telling}, timeout=PATIENCE)
    if telling.done():
        return telling.result()
    _telling.add(telling)
    telling.add_done_callback(_telling.discard)
    return ""


def reason_of(error: ValidationError) -> str:
    """What is wrong with it, in a few words; they may quote a file that somebody else wrote."""
    first = error.errors(include_url=False, include_input=False)[0]
    reason = first["msg"].removeprefix("Value error, ")
    where = ".".join(str(part) for part in first["loc"])
    said = f"{reason[:1].lower()}{reason[1:]}".rstrip(".")
    return safe_line(f"{where}: {said}" if where else said, REASON_MAX)


async def _told(press: Press, before: GuildSettings, after: GuildSettings) -> str:
    """A new log channel hears of it as well as the one before."""
    if before == after:
        return ""
    return await tell(press, changes(before, after), before.log_channel, after.log_channel)


async def _post_all(press: Press, lines: list[str], channels: Iterable[int]) -> str:
    """The first thing that went wrong, or ""."""
    card = log_card(press.user.id, lines)
    found = [await _post(press, one, card) for one in dict.fromkeys(filter(None, channels))]
    return next(filter(None, found), "")


async def _post(press: Press, channel_id: int, card: Card) -> str:
    # Only a channel of this server: rules can come from a file, and so from somewhere else.
    channel = press.guild.get_channel_or_thread(channel_id) if press.guild else None
    if not isinstance(channel, discord.abc.Messageable):
        return LOG_GONE
    try:
        await channel.send(view=layout_of(card))
    except TROUBLE as error:
        log.info("the log channel of a server cannot be written to: %s", type(error).__name__)
        return LOG_FAILED.format(channel=f"<#{channel_id}>")
    return ""
