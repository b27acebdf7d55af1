"""A server's rules and defaults as a file: given out, looked at, taken over. Never with a key."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, cast

import discord
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.cards.card import Attachment, Block, Card, Colour, TextBlock
from bot.cards.markdown import inline_code
from bot.domain.budgets import Budget
from bot.domain.people import Scope
from bot.errors import BackendDown, BadOption, UserError
from bot.parameters import saved_choices
from bot.parameters.layers import Choices
from bot.rules.guild_settings import GuildSettings
from bot.services.word_checks import why_refused
from bot.ui.account.presets import flags_of
from bot.ui.server.cards import MORE, NAMELESS, changes
from bot.ui.server.changes import (
    NO_DEFAULTS,
    ON_SERVER,
    Press,
    change,
    managed_guild,
    reason_of,
    tell_defaults,
)
from bot.ui.server.known_ids import known_here

BAD_WORD_IN = "The word {word} in that file cannot be used: {reason}."
# Files
EXPORTED = "The rules and defaults of this server, without its key. `/server import` takes it back."
TOO_LARGE = "That file is larger than 256 KB, so it is none of mine."
NOT_MINE = "That is not a file of `/server export`: {reason}."
NO_JSON, NO_JSON_AT = "it is not JSON", "it is not JSON from line {line}, column {column} on"
UNMARKED = "nothing in it says `hordecord`"
OTHER_VERSION = (
    "That file was made by another version of this bot, which means something else by it. Set the "
    "rules by hand, or export them again where they come from once that bot is up to date."
)
UNREAD = "Discord did not give me that file. Try again."
IMPORT_ASK = "### Take this over?\nThe rules of this server will be those of the file."
IMPORT_SAME = "That file says what stands here already."
IMPORT_FOREIGN = (
    "-# Left out, since they are not here: {count} of its channels, roles and backends."
)
IMPORT_UNKNOWN = "-# Passed over, since I do not know or cannot use it: {names}."

SIZE_MAX = 256 * 1024  # bytes
FILE = "hordecord-server.json"
VERSION = 1  # of the file; another one means something else by the same names
FLAGS_MAX = 600  # units
UNKNOWN_SHOWN, NAME_SHOWN = 8, 60  # names that are passed over, and characters of one


class ServerFile(BaseModel):
    """What stands in the file. `unknown`: names in it that say nothing here."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    hordecord: int = VERSION
    settings: GuildSettings = GuildSettings()
    defaults: dict[str, Any] = {}
    unknown: tuple[str, ...] = Field(default=(), exclude=True)


async def export(press: Press) -> Card:
    """The file of this server."""
    services, guild_id = press.client.services, managed_guild(press)
    defaults = await services.defaults.get(Scope.GUILD, guild_id)
    file = ServerFile(
        settings=await services.guilds.rules(guild_id),
        defaults=json.loads(saved_choices.dump(defaults)),
    )
    data = (file.model_dump_json(indent=2) + "\n").encode()
    return Card(Colour.QUIET, (TextBlock(EXPORTED), Attachment(FILE, data=data)))


async def read_file(press: Press, attachment: discord.Attachment) -> ServerFile:
    """The content of an uploaded file. Raises UserError; one that is too large is not fetched."""
    if attachment.size > SIZE_MAX:
        raise BadOption(TOO_LARGE)
    return await _fetched(press, attachment.url)


async def shown(press: Press) -> ServerFile:
    """The content of the file of the message that was pressed. Raises UserError."""
    components = press.message.components if press.message else []
    for component in components:
        inside = component.children if isinstance(component, discord.Container) else ()
        for part in inside:
            if isinstance(part, discord.FileComponent):
                return await _fetched(press, part.media.url)
    raise UserError(UNREAD)


async def _fetched(press: Press, url: str) -> ServerFile:
    try:
        reply = await press.client.services.discord_files.fetch(url, SIZE_MAX)
    except BackendDown:
        raise UserError(UNREAD) from None
    if reply.status != 200:
        raise UserError(UNREAD)
    if reply.raw is None:
        raise BadOption(TOO_LARGE)
    return await asyncio.to_thread(parsed, reply.raw)  # it measures patterns


def parsed(data: bytes) -> ServerFile:
    """The same from its bytes. Raises BadOption with what is wrong."""
    said = _said(data)
    try:
        file = ServerFile.model_validate(said)
        known = saved_choices.load_choices(json.dumps(file.defaults))
        plain = json.loads(saved_choices.dump(known).encode())  # half of a character is no text
    except ValidationError as error:
        raise BadOption(NOT_MINE.format(reason=reason_of(error))) from None
    except (ValueError, TypeError, RecursionError):
        raise BadOption(NOT_MINE.format(reason="defaults")) from None
    for rule in file.settings.words:
        if reason := why_refused(rule):
            text = inline_code(rule.text, NAME_SHOWN)
            raise BadOption(BAD_WORD_IN.format(word=text, reason=reason))
    # What is none of ours goes no further.
    return file.model_copy(update={"defaults": plain, "unknown": _unknown(said, known)})


def _said(data: bytes) -> dict[str, Any]:
    """The file as JSON says it. Raises BadOption for what is no file of ours, or of another time.

    An empty one would be rules too, none at all: so it must say whose it is.
    """
    try:
        found: object = json.loads(data)
    except json.JSONDecodeError as error:
        reason = NO_JSON_AT.format(line=error.lineno, column=error.colno)
        raise BadOption(NOT_MINE.format(reason=reason)) from None
    except (ValueError, RecursionError):
        raise BadOption(NOT_MINE.format(reason=NO_JSON)) from None
    if not isinstance(found, dict) or "hordecord" not in found:
        raise BadOption(NOT_MINE.format(reason=UNMARKED))
    said = cast("dict[str, Any]", found)
    if said["hordecord"] != VERSION:
        raise BadOption(OTHER_VERSION)
    return said


def _unknown(said: Mapping[str, Any], defaults: Choices) -> tuple[str, ...]:
    """Names that are passed over: of a newer version, or written wrongly by hand."""
    settings = said.get("settings", {})
    names = (
        *(said.keys() - ServerFile.model_fields.keys()),
        *(settings.keys() - GuildSettings.model_fields.keys()),
        *(settings.get("budget", {}).keys() - Budget.model_fields.keys()),
        *(said.get("defaults", {}).keys() - defaults.keys()),
    )
    return tuple(sorted(names))


async def import_question(press: Press, file: ServerFile) -> Card:
    """What would be otherwise, for whoever is to confirm it. Raises UserError for nothing."""
    services, guild_id = press.client.services, managed_guild(press)
    before = await services.guilds.rules(guild_id)
    after, foreign = known_here(press, file.settings)
    defaults, standing = _defaults(file), await services.defaults.get(Scope.GUILD, guild_id)
    lines = changes(before, after)
    if not lines and defaults == standing:
        raise UserError(IMPORT_SAME)
    blocks: list[Block] = [TextBlock("\n".join([IMPORT_ASK, *lines]))]
    if defaults != standing:
        blocks += [TextBlock(ON_SERVER), *flags_of(defaults, FLAGS_MAX)]
    if foreign:
        blocks.append(TextBlock(IMPORT_FOREIGN.format(count=foreign)))
    if file.unknown:
        blocks.append(TextBlock(IMPORT_UNKNOWN.format(names=_named(file.unknown))))
    data = (file.model_dump_json() + "\n").encode()
    return Card(Colour.QUIET, (*blocks, Attachment(FILE, data=data)))


async def take_over(press: Press, file: ServerFile) -> Card:
    """Let it stand from now on, and say what is otherwise."""
    services, guild_id = press.client.services, managed_guild(press)
    settings, _ = known_here(press, file.settings)
    card = (await change(press, lambda _before: settings)).card
    defaults = _defaults(file)
    if defaults != await services.defaults.get(Scope.GUILD, guild_id):
        await services.defaults.replace(Scope.GUILD, guild_id, defaults, guild_id=guild_id)
        await tell_defaults(press, defaults)
        flags = flags_of(defaults, FLAGS_MAX) if defaults else (TextBlock(NO_DEFAULTS),)
        card = Card(Colour.DONE, (*card.blocks, TextBlock(ON_SERVER), *flags))
    return card


def _named(names: tuple[str, ...]) -> str:
    shown = [inline_code(name, NAME_SHOWN) or NAMELESS for name in names[:UNKNOWN_SHOWN]]
    over = len(names) - len(shown)
    return ", ".join([*shown, *([MORE.format(count=over)] if over else [])])


def _defaults(file: ServerFile) -> Choices:
    return saved_choices.load_choices(json.dumps(file.defaults))
