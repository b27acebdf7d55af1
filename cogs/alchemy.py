"""/alchemy: describe or change a picture."""

from collections.abc import Callable, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.card import OPTION_MAX, OPTIONS_MAX
from bot.client.bot import HordecordBot
from bot.domain.alchemy.alchemy_forms import DESCRIBING, FORMS
from bot.domain.alchemy.form_names import (
    SEPARATORS,
    all_forms,
    find,
    form_named,
    forms_listed,
    holds,
)
from bot.domain.requests import AlchemyRequest, build
from bot.rules.blocklists import form_allowed
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.ui.actions import picture_picker
from bot.ui.components.answers import answer_with_card
from cogs import _options
from cogs._attachments import source_of_upload

CHOICES = [app_commands.Choice(name=form.label, value=form.name) for form in FORMS.values()]
TYPED_MAX = 1_000  # characters of `forms`; all 23 names have 400
SEPARATOR = ", "


async def suggested(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Continue a list of forms: complete ones stay, the last word is completed."""
    bot: HordecordBot = interaction.client
    context, catalog = await bot.context(interaction), bot.services.catalog
    rules, able = context.rules, context.capabilities
    offered = catalog.forms(rules)
    return [
        app_commands.Choice(name=called(text, offered), value=text)
        for text in completions(
            typed, rules, offered, lambda form: catalog.has_form(form, able, rules)
        )
        if len(text) <= OPTION_MAX
    ][:OPTIONS_MAX]


def called(text: str, offered: Sequence[str] = ()) -> str:
    """A list of forms by their labels, which is accepted as well; it stays in the box."""
    names = SEPARATOR.join(
        form.shown if (form := find(word, offered)) else word
        for word in forms_listed(text, offered)
    )
    return names if len(names) <= OPTION_MAX else text


def completions(
    typed: str,
    rules: GuildSettings = NO_RULES,
    offered: Sequence[str] = (),
    has: Callable[[str], bool] = lambda _form: True,
) -> list[str]:
    """Complete texts for `forms`, the best first, without those that `rules` block.

    `offered`: further forms that the server announces. `has`: whether the backend has a form.
    """
    words = forms_listed(typed, offered)
    last = "" if not words or typed.rstrip().endswith(SEPARATORS) else words.pop()
    before = [form.name if (form := find(word, offered)) else word for word in words]
    left = [form for form in all_forms(offered) if form.name not in before]
    left = [form for form in left if has(form.name) and form_allowed(form.name, rules)]
    wanted = last.casefold()
    hits = [form for form in left if holds(form, last)]
    hits.sort(key=lambda form: not form.name.casefold().startswith(wanted))
    whole = [] if last or not before else [SEPARATOR.join(before)]  # complete: accept it unchanged
    return [*whole, *(SEPARATOR.join([*before, form.name]) for form in hits)]


class Alchemy(commands.Cog):
    """Forms for an existing picture."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        image="The image. For an image in the chat, use its message's menu: Apps, Describe "
        "or Upscale",
        form="What to do with the image. Default: choose from a list",
        second="Another form",
        third="Another form",
        forms="Several forms, separated by commas. all: every form that describes the image",
        private=_options.PRIVATE,
    )
    @app_commands.choices(form=CHOICES, second=CHOICES, third=CHOICES)
    @app_commands.autocomplete(forms=suggested)
    async def alchemy(
        self,
        interaction: discord.Interaction[Any],
        image: discord.Attachment,
        form: str = "",
        second: str = "",
        third: str = "",
        forms: app_commands.Range[str, 1, TYPED_MAX] = "",
        private: bool = False,
    ) -> None:
        """Describe, tag, upscale or repair an image, or remove its background."""
        source = source_of_upload(image, painted_on=False)
        context = await self._bot.context(interaction)
        rules = context.rules
        catalog, able = self._bot.services.catalog, context.capabilities
        offered = catalog.forms(rules)

        def has(name: str) -> bool:
            return catalog.has_form(name, able, rules)

        chosen = (*filter(None, (form, second, third)), *form_named(forms, offered, has))
        if not chosen and any(map(has, (*FORMS, *offered))):
            question = picture_picker.forms_question(
                source, private=private, rules=rules, offered=offered, has=has
            )
            return await answer_with_card(interaction, question)
        request = build(
            AlchemyRequest,
            source=source,
            forms=tuple(dict.fromkeys(chosen)) or DESCRIBING,  # refused: it has no form
            private=private,
        )
        return await self._bot.submit(interaction, context, request)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Alchemy(bot))
