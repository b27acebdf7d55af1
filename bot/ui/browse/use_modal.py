"""Using what was found in a list: a form asks for the prompt, then it is made as any other."""

import re
from typing import Any, cast

import discord
from discord import ui

from bot.cards.markdown import clean, safe_line
from bot.catalog import Catalog
from bot.client.bot import HordecordBot
from bot.client.interaction_context import origin_of
from bot.domain.requests import PROMPT_MAX, Kind, Lora, Request, TextRequest, build
from bot.errors import UserError
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.ui.browse.entries import closeup_of
from bot.ui.browse.labels import base_of
from bot.ui.browse.view import GONE, PREFIX, Which
from bot.ui.components.modals import Submission, fields_of
from bot.ui.components.place import here

# Use
ASK_TITLE = "Picture with {name}"
ASK_TEXT_TITLE = "Text by {name}"
ASK_PROMPT = "What should the picture show?"
ASK_TEXT = "What should it write?"
ASK_NEGATIVE = "What should it not show?"
NO_MODEL_FOR = "No model that is built on {base} has a worker now, so that LoRA cannot be used."

TITLE_MAX, NAME_MAX = 45, 28  # characters of a modal's title (docs of 2026-08)
PROMPT, NEGATIVE = "prompt", "negative"
_ID = re.compile(rf"{PREFIX}:ask:(?P<which>image|text|style|lora):(?P<mark>[0-9a-f]{{12}})")


def ask_modal(which: Which, mark: str, name: str) -> ui.Modal:
    """Asks what to make with it."""
    text = which == "text"
    title = ASK_TEXT_TITLE if text else ASK_TITLE
    shown = title.format(name=clean(name, NAME_MAX))[:TITLE_MAX]
    modal = ui.Modal(title=shown, custom_id=f"{PREFIX}:ask:{which}:{mark}")
    modal.add_item(_input(PROMPT, ASK_TEXT if text else ASK_PROMPT, needed=True))
    if not text:
        modal.add_item(_input(NEGATIVE, ASK_NEGATIVE, needed=False))
    modal.stop()  # a finished modal is never stored; submissions are routed here
    return modal


async def on_interaction(interaction: discord.Interaction[Any]) -> None:
    """Lead a submitted form of ours to its request, also one from before a restart."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    found = _ID.fullmatch(interaction.custom_id or "")
    bot: HordecordBot = interaction.client
    if found is None:
        return
    try:
        if bot.admits(interaction):
            await _make(interaction, cast("Which", found["which"]), found["mark"])
    except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
        await bot.report(interaction, error)


async def _make(submission: Submission, which: Which, mark: str) -> None:
    bot, fields = submission.client, fields_of(submission)
    place = await here(submission)
    if closeup_of(bot.catalog, which, mark, nsfw=place.nsfw, rules=place.rules) is None:
        raise UserError(GONE)
    chosen = choices_of_entry(bot.catalog, which, mark, place.rules)
    typed = {name: fields[name] for name in (PROMPT, NEGATIVE) if fields.get(name, "").strip()}
    if which == "text":
        request: Request = build(TextRequest, **chosen | typed)
    else:
        request = await bot.service.compose(origin_of(submission), chosen | typed)
    await bot.submit(submission, request)


def choices_of_entry(
    catalog: Catalog, which: Which, mark: str, rules: GuildSettings = NO_RULES
) -> dict[str, Any]:
    """What using it means for a request. Raises UserError when it is gone, or nothing fits it."""
    if which == "style":
        style = catalog.style_marked(mark, rules)
        if style is None:
            raise UserError(GONE)
        return {"style": style.key}
    if which == "lora":
        return _with_lora(catalog, mark, rules)
    model = catalog.model_marked(Kind(which), mark, rules)
    if model is None:
        raise UserError(GONE)
    return {"models": (model.name,)}


def _with_lora(catalog: Catalog, mark: str, rules: GuildSettings) -> dict[str, Any]:
    addon = catalog.lora_marked(mark, rules)
    if addon is None:
        raise UserError(GONE)
    model = catalog.served_on(addon.base, rules) if base_of(addon) else ""
    if model is None:
        base = safe_line(base_of(addon), 40)
        raise UserError(NO_MODEL_FOR.format(base=base))
    trigger = "any" if addon.triggers else ""
    lora = Lora(name=addon.id, trigger=trigger, is_version=addon.is_version)
    return {"loras": (lora,)} | ({"models": (model,)} if model else {})


def _input(name: str, label: str, *, needed: bool) -> ui.Label[Any]:
    box = ui.TextInput[Any](
        custom_id=name,
        style=discord.TextStyle.paragraph,
        min_length=1 if needed else None,
        max_length=PROMPT_MAX,
        required=needed,
    )
    return ui.Label(text=label, component=box)
