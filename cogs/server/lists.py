"""The lists of /server: blocked words, models, styles and LoRAs."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from pydantic import ValidationError

from bot.cards.card import OPTION_MAX, OPTIONS_MAX
from bot.cards.markdown import inline_code
from bot.catalog import Catalog
from bot.client.bot import HordecordBot
from bot.domain.requests import Kind
from bot.errors import BadOption
from bot.i18n import _
from bot.rules.blocklists import folded
from bot.rules.guild_settings import NAME_MAX, PATTERN_MAX, GuildSettings, How, WordRule
from bot.services.word_checks import why_refused
from bot.ui.browse.labels import style_label
from bot.ui.components.answers import answer_with_card
from bot.ui.server.cards import rule_list_card
from bot.ui.server.changes import change, managed_guild, short_reason
from cogs import _autocomplete

Name = app_commands.Range[str, 1, NAME_MAX]
Choices = list[app_commands.Choice[str]]
SHOWN = 60


def listed_names(rule: str) -> Callable[..., Any]:
    """Autocomplete of the entries of that list."""

    async def suggest(interaction: discord.Interaction[HordecordBot], typed: str) -> Choices:
        rules = await interaction.client.services.guilds.rules(interaction.guild_id)
        entries: Sequence[Any] = getattr(rules, rule)
        names = [e.text if isinstance(e, WordRule) else str(e) for e in entries]
        shown = {n: _shown(interaction.client.services.catalog, rule, n) for n in names}
        fitting = [n for n in names if folded(typed) in folded(shown[n]) and len(n) <= OPTION_MAX]
        return [app_commands.Choice(name=shown[n], value=n) for n in fitting[:OPTIONS_MAX]]

    return suggest


def _shown(catalog: Catalog, rule: str, name: str) -> str:
    """That entry as people know it: styles of the Horde are listed by numbers."""
    style = catalog.style(name) if rule == "styles_blocked" else None
    whole = f"{style.name} ({name})" if style and style.name != name else name
    return whole[:OPTION_MAX]


async def _any_models(interaction: discord.Interaction[HordecordBot], typed: str) -> Choices:
    """Autocomplete of all image and text models that are not blocked yet."""
    catalog = interaction.client.services.catalog
    place = await interaction.client.context(interaction)
    rules, can = place.rules, place.capabilities
    images = catalog.models(Kind.IMAGE, typed, OPTIONS_MAX, nsfw=True, rules=rules)
    texts = catalog.models(Kind.TEXT, typed, OPTIONS_MAX, rules=rules)
    room = OPTIONS_MAX - min(len(texts), 5)
    listed = _autocomplete.choices(images[:room], can, catalog)
    return [*listed, *_autocomplete.choices(texts, can)][:OPTIONS_MAX]


async def _any_styles(interaction: discord.Interaction[HordecordBot], typed: str) -> Choices:
    """Autocomplete of all styles that are not blocked yet."""
    catalog = interaction.client.services.catalog
    rules = (await interaction.client.context(interaction)).rules
    found = catalog.styles(typed, OPTIONS_MAX, nsfw=True, rules=rules)
    return [
        app_commands.Choice(name=style_label(style, served=True), value=style.key)
        for style in found
        if len(style.key) <= OPTION_MAX
    ]


class Lists(commands.GroupCog, group_name="server"):
    """Four commands of one kind: without an option they show the list."""

    @app_commands.command()
    @app_commands.describe(
        forbid="Entry to block",
        how="Match anywhere, as a whole word, or as a regular expression (RE2)",
        allow="Entry to remove from the list",
    )
    @app_commands.choices(
        how=[
            app_commands.Choice(name="anywhere", value="plain"),
            app_commands.Choice(name="whole word", value="word"),
            app_commands.Choice(name="regular expression", value="regex"),
        ]
    )
    @app_commands.autocomplete(allow=listed_names("words"))
    async def words(
        self,
        interaction: discord.Interaction[HordecordBot],
        forbid: app_commands.Range[str, 1, PATTERN_MAX] = "",
        how: str = "word",
        allow: app_commands.Range[str, 1, PATTERN_MAX] = "",
    ) -> None:
        """Block words in prompts on this server."""
        chosen: How = "regex" if how == "regex" else "plain" if how == "plain" else "word"
        rule = await asyncio.to_thread(_word_rule, forbid, chosen) if forbid else None

        def made(rules: GuildSettings) -> GuildSettings:
            left = tuple(one for one in rules.words if folded(one.text) != folded(allow))
            if allow and left == rules.words:
                raise _not_listed(allow)
            more = () if rule is None or rule in left else (rule,)
            return rules.model_copy(update={"words": (*left, *more)})

        await _answer(interaction, "words", made if forbid or allow else None)

    @app_commands.command()
    @app_commands.describe(block="Entry to block", allow="Entry to remove from the list")
    @app_commands.autocomplete(block=_any_models, allow=listed_names("models_blocked"))
    async def models(
        self, interaction: discord.Interaction[HordecordBot], block: Name = "", allow: Name = ""
    ) -> None:
        """Block image and text models on this server."""
        await _names(interaction, "models_blocked", (block,), allow)

    @app_commands.command()
    @app_commands.describe(block="Entry to block", allow="Entry to remove from the list")
    @app_commands.autocomplete(block=_any_styles, allow=listed_names("styles_blocked"))
    async def styles(
        self, interaction: discord.Interaction[HordecordBot], block: Name = "", allow: Name = ""
    ) -> None:
        """Block styles on this server."""
        found = interaction.client.services.catalog.style(block) if block else None
        await _names(interaction, "styles_blocked", (found.key if found else block,), allow)

    @app_commands.command()
    @app_commands.describe(
        block="Entry to block: the LoRA's ID or name", allow="Entry to remove from the list"
    )
    @app_commands.autocomplete(block=_autocomplete.loras, allow=listed_names("loras_blocked"))
    async def loras(
        self, interaction: discord.Interaction[HordecordBot], block: Name = "", allow: Name = ""
    ) -> None:
        """Block LoRAs on this server, by ID and by name."""
        found = interaction.client.services.catalog.lora(block) if block else None
        blocked = (found.id, found.name) if found else (block,)
        await _names(interaction, "loras_blocked", blocked, allow)


async def _names(
    interaction: discord.Interaction[HordecordBot], rule: str, block: Sequence[str], allow: str
) -> None:
    """Add names to a list, or remove one from it."""

    def made(rules: GuildSettings) -> GuildSettings:
        return with_names(rules, rule, block, allow)

    await _answer(interaction, rule, made if any(block) or allow else None)


def with_names(rules: GuildSettings, rule: str, more: Sequence[str], removed: str) -> GuildSettings:
    """The rules with a list of names that has `more` and lacks `removed`.

    Raises BadOption when the list has no such name.
    """
    before: tuple[str, ...] = getattr(rules, rule)
    left = tuple(one for one in before if folded(one) != folded(removed))
    if removed and left == before:
        raise _not_listed(removed)
    return rules.model_copy(update={rule: _joined(left, more)})


def _not_listed(name: str) -> BadOption:
    text = _("{name} is not in the list. Choose one of the suggested entries.")
    return BadOption(text.format(name=inline_code(name, SHOWN)))


def _bad_word(reason: str) -> BadOption:
    return BadOption(_("The word cannot be used: {reason}.").format(reason=reason))


def _joined(before: Sequence[str], more: Iterable[str]) -> tuple[str, ...]:
    """Each once: of some LoRAs only the number is known, which is their name as well."""
    found = {folded(one): one for one in before}
    for name in filter(None, map(str.strip, more)):
        found.setdefault(folded(name), name)
    return tuple(found.values())


async def _answer(
    interaction: discord.Interaction[HordecordBot],
    rule: str,
    make: Callable[[GuildSettings], GuildSettings] | None,
) -> None:
    """The change, if there was one, and the current list."""
    guild_id = managed_guild(interaction)
    if make is None:
        rules = await interaction.client.services.guilds.rules(guild_id)
        card = rule_list_card(rule, getattr(rules, rule))
    else:
        card = (await change(interaction, make)).card
    await answer_with_card(interaction, card)


def _word_rule(text: str, how: How) -> WordRule:
    """The rule for that word. Raises BadOption for an invalid one."""
    try:
        rule = WordRule(text=text, how=how)
    except ValidationError as error:
        raise _bad_word(short_reason(error)) from None
    if reason := why_refused(rule):
        raise _bad_word(reason)
    return rule
