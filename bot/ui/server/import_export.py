"""A server's rules and defaults as a file: export, preview, import. Never with a key."""

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated, Any, cast

import discord
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from bot.cards.card import Attachment, Block, Card, Colour, TextBlock
from bot.cards.formatting import decimal
from bot.cards.markdown import inline_code
from bot.domain.kudos.budgets import Budget
from bot.domain.people import Scope
from bot.domain.requests import NO_CHOICES, ImageChoices
from bot.errors import BackendDown, BadOption, UserError
from bot.i18n import N_, _, ngettext
from bot.parameters import saved_choices
from bot.rules.guild_settings import GuildSettings
from bot.services.word_checks import why_refused
from bot.ui.account.presets import flags_of
from bot.ui.server.cards import NAMELESS, changes, counted_names
from bot.ui.server.changes import (
    NO_DEFAULTS,
    ON_SERVER,
    Press,
    change,
    managed_guild,
    short_reason,
    tell_defaults,
)
from bot.ui.server.known_ids import known_here

TOO_LARGE = N_("The file is larger than 256 KB. Choose a file made with `/server export`.")
UNREAD = N_("The file could not be read from Discord. Try again.")

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
    text = _(
        "The rules and defaults of this server, without its key. Import the file with "
        "`/server import`."
    )
    return Card(Colour.QUIET, (TextBlock(text), Attachment(FILE, data=data)))


async def read_file(press: Press, attachment: discord.Attachment) -> ServerFile:
    """Content of an uploaded file. Raises UserError; a file that is too large is not loaded."""
    if attachment.size > SIZE_MAX:
        raise BadOption(_(TOO_LARGE))
    return await _fetched(press, attachment.url)


async def shown(press: Press) -> ServerFile:
    """Content of the file of the pressed message. Raises UserError."""
    components = press.message.components if press.message else []
    for component in components:
        inside = component.children if isinstance(component, discord.Container) else ()
        for part in inside:
            if isinstance(part, discord.FileComponent):
                return await _fetched(press, part.media.url)
    raise UserError(_(UNREAD))


async def _fetched(press: Press, url: str) -> ServerFile:
    try:
        reply = await press.client.services.discord_files.fetch(url, SIZE_MAX)
    except BackendDown:
        raise UserError(_(UNREAD)) from None
    if reply.status != 200:
        raise UserError(_(UNREAD))
    if reply.raw is None:
        raise BadOption(_(TOO_LARGE))
    return await asyncio.to_thread(parsed, reply.raw)  # it measures patterns


def parsed(data: bytes) -> ServerFile:
    """The same from its bytes. Raises BadOption with the error."""
    said = _said(data)
    try:
        file = ServerFile.model_validate(said)
        saved_choices.dump(file.defaults).encode()  # lone surrogates are not valid text
    except ValidationError as error:
        text = _("The file is not valid: {reason}.")
        raise BadOption(text.format(reason=short_reason(error))) from None
    except (ValueError, TypeError, RecursionError):
        raise BadOption(_("The field `defaults` of the file is not valid.")) from None
    for rule in file.settings.words:
        if reason := why_refused(rule):
            text = _("The word {word} in the file cannot be used: {reason}.")
            word = inline_code(rule.text, NAME_SHOWN)
            raise BadOption(text.format(word=word, reason=reason))
    return file.model_copy(update={"unknown": _unknown(said, file.defaults)})


def _said(data: bytes) -> dict[str, Any]:
    """The parsed file. Raises BadOption for another file or another version.

    An empty object would be valid rules, so the file must name its format.
    """
    try:
        found: object = json.loads(data)
    except json.JSONDecodeError as error:
        text = _(
            "The file is not valid JSON from line {line}, column {column} on. Choose a file made "
            "with `/server export`."
        )
        raise BadOption(text.format(line=error.lineno, column=error.colno)) from None
    except (ValueError, RecursionError):
        text = _("The file is not valid JSON. Choose a file made with `/server export`.")
        raise BadOption(text) from None
    if not isinstance(found, dict) or "hordecord" not in found:
        text = _("The file has no field `hordecord`. Choose a file made with `/server export`.")
        raise BadOption(text)
    said = cast("dict[str, Any]", found)
    if said["hordecord"] != VERSION:
        text = _(
            "The file was made by another version of the bot. Export it again with the same "
            "version, or set the rules by hand."
        )
        raise BadOption(text)
    return said


def _unknown(said: Mapping[str, Any], defaults: ImageChoices) -> tuple[str, ...]:
    """Ignored names: of a newer version, or misspelt."""
    settings = said.get("settings", {})
    budgets = (settings.get("budget", {}), *settings.get("budgets", {}).values())
    names = (
        *(said.keys() - ServerFile.model_fields.keys()),
        *(settings.keys() - GuildSettings.model_fields.keys()),
        *(name for budget in budgets for name in budget.keys() - Budget.model_fields.keys()),
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
        raise UserError(_("This server already has the rules and defaults of the file."))
    title = "### " + _("Import this file?")
    asked = [title, _("The rules of this server are replaced by the rules of the file.")]
    blocks: list[Block] = [TextBlock("\n".join([*asked, *lines]))]
    if defaults != standing:
        blocks += [TextBlock(_(ON_SERVER)), *flags_of(defaults, FLAGS_MAX)]
    notes = [_foreign_line(foreign)] if foreign else []
    notes += [_unknown_line(file.unknown)] if file.unknown else []
    blocks += [TextBlock(f"-# {note}") for note in notes]
    data = (file.model_dump_json() + "\n").encode()
    return Card(Colour.QUIET, (*blocks, Attachment(FILE, data=data)))


async def take_over(press: Press, file: ServerFile) -> Card:
    """Apply the file, and show the changes."""
    services, guild_id = press.client.services, managed_guild(press)
    settings, _foreign = known_here(press, file.settings)
    card = (await change(press, lambda _before: settings)).card
    defaults = file.defaults
    if defaults != await services.defaults.get(Scope.GUILD, guild_id):
        await services.defaults.replace(Scope.GUILD, guild_id, defaults, guild_id=guild_id)
        await tell_defaults(press, defaults)
        flags = flags_of(defaults, FLAGS_MAX) if defaults else (TextBlock(_(NO_DEFAULTS)),)
        card = Card(Colour.DONE, (*card.blocks, TextBlock(_(ON_SERVER)), *flags))
    return card


def _foreign_line(count: int) -> str:
    return ngettext(
        "{count} entry of the file is ignored: this server has no such channel, role or backend. "
        "Check the rules with `/server show` afterwards.",
        "{count} entries of the file are ignored: this server has no such channels, roles or "
        "backends. Check the rules with `/server show` afterwards.",
        count,
    ).format(count=decimal(count))


def _unknown_line(names: tuple[str, ...]) -> str:
    shown = [inline_code(name, NAME_SHOWN) or _(NAMELESS) for name in names[:UNKNOWN_SHOWN]]
    text = _("Fields of the file that are ignored, because they are unknown or not valid: {names}.")
    return text.format(names=counted_names(shown, len(names) - len(shown)))
