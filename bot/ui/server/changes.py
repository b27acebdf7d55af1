"""Changes of a server's rules: permission, and messages to the log channel."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import discord
from pydantic import ValidationError

from bot.cards.card import Card
from bot.cards.formatting import decimal
from bot.cards.markdown import code_block, safe_line
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.client.guild_permissions import managed_guild
from bot.domain.requests import ImageChoices
from bot.errors import BadOption
from bot.i18n import N_, Language, _, in_language
from bot.parameters import saved_choices
from bot.rules.guild_settings import GuildSettings
from bot.services.guilds import Change
from bot.ui.components.views import layout_of
from bot.ui.server.cards import changed_card, changes, log_card

NO_DEFAULTS = N_("No defaults: the model with the shortest wait, at its own size.")
ON_SERVER = N_("**Defaults of this server**")

log = logging.getLogger(__name__)
FLAGS_MAX = 800  # characters
REASON_MAX = 300  # units
PATIENCE = 1.0  # seconds; an interaction must be answered within three
_telling: set[asyncio.Task[str]] = set()  # keeps tasks that no caller awaits until they are done
Press = discord.Interaction[HordecordBot]


@dataclass(frozen=True, slots=True)
class ChangedRules:
    """The rules before and after; `note`: why the log channel was not told, or ""."""

    before: GuildSettings
    after: GuildSettings
    note: str = ""

    @property
    def card(self) -> Card:
        """Summary of the change, for the person who made it."""
        return changed_card(self.before, self.after, self.note)


async def change(press: Press, make: Change) -> ChangedRules:
    """Replace the old rules, and tell the log channel.

    Raises UserError without the permission, and for invalid rules.
    """
    guild_id = managed_guild(press)
    try:
        before, after = await press.client.services.guilds.change(guild_id, make)
    except ValidationError as error:
        text = _("The rules were not changed. Reason: {reason}.")
        raise BadOption(text.format(reason=short_reason(error))) from None
    return ChangedRules(before, after, await _told(press, before, after))


async def set_rules(press: Press, /, **fields: object) -> ChangedRules:
    """Set single rules to new values; one of them is called `press` as well."""
    return await change(press, lambda rules: rules.model_copy(update=fields))


async def tell_defaults(press: Press, choices: ImageChoices, channel_id: int = 0) -> str:
    """Tell the log channel the new defaults of this server or of one of its channels.

    Returns the error, or "".
    """
    rules = await press.client.services.guilds.rules(managed_guild(press))

    def lines() -> list[str]:
        in_channel = _("**Defaults in {channel}**").format(channel=f"<#{channel_id}>")
        flags = code_block(saved_choices.text_of(choices), FLAGS_MAX)
        return [in_channel if channel_id else _(ON_SERVER), flags if choices else _(NO_DEFAULTS)]

    return await tell(press, lines, rules.log_channel)


async def tell(press: Press, lines: Callable[[], list[str]], *channels: int) -> str:
    """Tell those channels of this server about a change. Returns the error, or "".

    `lines` is called in the language of the server. When Discord is slow, as in a busy channel, it
    continues in the background: the answer must not wait.
    """
    if not any(channels):
        return ""
    with in_language(await _guild_language(press)):
        card = log_card(press.user.id, lines())
    telling = asyncio.create_task(_post_all(press, card, channels))
    await asyncio.wait({telling}, timeout=PATIENCE)
    if telling.done():
        return telling.result()
    _telling.add(telling)
    telling.add_done_callback(_telling.discard)
    return ""


def short_reason(error: ValidationError) -> str:
    """The error in a few words; it may quote an uploaded file."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    said = _reason(first["type"], first.get("ctx", {})) or first["msg"].rstrip(".")
    return safe_line(f"{where}: {said}" if where else said, REASON_MAX)


def _reason(kind: str, details: Mapping[str, Any]) -> str:
    """The reason of an error of pydantic that a member can cause with a command, else ""."""
    match kind:
        case "value_error":
            return str(details["error"])  # of a validator of the bot
        case "too_long":
            return _("at most {count} entries").format(count=decimal(details["max_length"]))
        case _:
            return ""


async def _guild_language(press: Press) -> Language:
    services = press.client.services
    rules = await services.guilds.rules(managed_guild(press))
    locale = press.guild_locale.value if press.guild_locale else ""
    return services.languages.of_guild(rules, locale)


async def _told(press: Press, before: GuildSettings, after: GuildSettings) -> str:
    """The old and the new log channel: both are told."""
    if before == after:
        return ""
    channels = before.log_channel, after.log_channel
    return await tell(press, lambda: changes(before, after), *channels)


async def _post_all(press: Press, card: Card, channels: Iterable[int]) -> str:
    """The first error, or ""."""
    found = [await _post(press, one, card) for one in dict.fromkeys(filter(None, channels))]
    return next(filter(None, found), "")


async def _post(press: Press, channel_id: int, card: Card) -> str:
    # Only a channel of this server: rules can come from a file of another server.
    channel = press.guild.get_channel_or_thread(channel_id) if press.guild else None
    if not isinstance(channel, discord.abc.Messageable):
        return _("The log channel no longer exists. Choose another one with `/server log`.")
    try:
        await channel.send(view=layout_of(card))
    except TROUBLE as error:
        log.info("the log channel of a server cannot be written to: %s", type(error).__name__)
        text = _(
            "The change could not be logged in {channel}. Give the bot the permissions "
            "**View Channel** and **Send Messages** there."
        )
        return text.format(channel=f"<#{channel_id}>")
    return ""
