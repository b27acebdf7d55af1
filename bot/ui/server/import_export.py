"""A server's rules and defaults as a file: export, preview, import. Never with a key."""

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated, Any, cast

import discord
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from bot.cards.card import Attachment, Block, Card, Colour, TextBlock
from bot.cards.markdown import inline_code
from bot.domain.budgets import Budget
from bot.domain.people import Scope
from bot.domain.requests import NO_CHOICES, ImageChoices
from bot.errors import BackendDown, BadOption, UserError
from bot.parameters import saved_choices
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
VERSION = 1  # of the format; another one uses the same names differently
FLAGS_MAX = 600  # units
UNKNOWN_SHOWN, NAME_SHOWN = 8, 60  # ignored names, and characters of one


def _read(values: object) -> object:
    """Defaults of a file, without fields that this version does not accept."""
    if not isinstance(values, dict):
        return values  # the validation of pydantic reports it
    return saved_choices.choices_of_json(cast("dict[str, Any]", values))


Defaults = Annotated[
    ImageChoices, BeforeValidator(_read), PlainSerializer(saved_choices.json_values)
]


class ServerFile(BaseModel):
    """Content of the file. `unknown`: ignored names."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    hordecord: int = VERSION
    settings: GuildSettings = GuildSettings()
    defaults: Defaults = NO_CHOICES
    unknown: tuple[str, ...] = Field(default=(), exclude=True)


async def export(press: Press) -> Card:
    """The file of this server."""
    services, guild_id = press.client.services, managed_guild(press)
    defaults = await services.defaults.get(Scope.GUILD, guild_id)
    file = ServerFile(
        settings=await services.guilds.rules(guild_id),
        defaults=defaults,
    )
    data = (file.model_dump_json(indent=2) + "\n").encode()
    return Card(Colour.QUIET, (TextBlock(EXPORTED), Attachment(FILE, data=data)))


async def read_file(press: Press, attachment: discord.Attachment) -> ServerFile:
    """Content of an uploaded file. Raises UserError; a file that is too large is not loaded."""
    if attachment.size > SIZE_MAX:
        raise BadOption(TOO_LARGE)
    return await _fetched(press, attachment.url)


async def shown(press: Press) -> ServerFile:
    """Content of the file of the pressed message. Raises UserError."""
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
    """The same from its bytes. Raises BadOption with the error."""
    said = _said(data)
    try:
        file = ServerFile.model_validate(said)
        saved_choices.dump(file.defaults).encode()  # lone surrogates are not valid text
    except ValidationError as error:
        raise BadOption(NOT_MINE.format(reason=reason_of(error))) from None
    except (ValueError, TypeError, RecursionError):
        raise BadOption(NOT_MINE.format(reason="defaults")) from None
    for rule in file.settings.words:
        if reason := why_refused(rule):
            text = inline_code(rule.text, NAME_SHOWN)
            raise BadOption(BAD_WORD_IN.format(word=text, reason=reason))
    return file.model_copy(update={"unknown": _unknown(said, file.defaults)})


def _said(data: bytes) -> dict[str, Any]:
    """The parsed file. Raises BadOption for another file or another version.

    An empty object would be valid rules, so the file must name its format.
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


def _unknown(said: Mapping[str, Any], defaults: ImageChoices) -> tuple[str, ...]:
    """Ignored names: of a newer version, or misspelt."""
    settings = said.get("settings", {})
    names = (
        *(said.keys() - ServerFile.model_fields.keys()),
        *(settings.keys() - GuildSettings.model_fields.keys()),
        *(settings.get("budget", {}).keys() - Budget.model_fields.keys()),
        *(said.get("defaults", {}).keys() - defaults.names),
    )
    return tuple(sorted(names))


async def import_question(press: Press, file: ServerFile) -> Card:
    """Preview of the changes, to be confirmed. Raises UserError for none."""
    services, guild_id = press.client.services, managed_guild(press)
    before = await services.guilds.rules(guild_id)
    after, foreign = known_here(press, file.settings)
    defaults, standing = file.defaults, await services.defaults.get(Scope.GUILD, guild_id)
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
    """Apply the file, and show the changes."""
    services, guild_id = press.client.services, managed_guild(press)
    settings, _ = known_here(press, file.settings)
    card = (await change(press, lambda _before: settings)).card
    defaults = file.defaults
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
