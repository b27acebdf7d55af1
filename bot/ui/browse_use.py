"""Using what was found in a list: a form asks for the prompt, then it is made as any other."""

import re
from typing import Any, cast

import discord
from discord import ui

from bot.catalog import Catalog
from bot.client import HordecordBot
from bot.composing import compose
from bot.errors import UserError
from bot.origin import is_nsfw
from bot.requests import PROMPT_MAX, Kind, Lora, Request, TextRequest, build
from bot.ui import browse_words as words
from bot.ui.browse import PREFIX, Which
from bot.ui.entries import closeup_of
from bot.ui.labels import base_of
from bot.ui.markdown import clean, safe_line
from bot.ui.modals import Submission, fields_of

TITLE_MAX, NAME_MAX = 45, 28  # characters of a modal's title (docs of 2026-08)
PROMPT, NEGATIVE = "prompt", "negative"
_ID = re.compile(rf"{PREFIX}:ask:(?P<which>image|text|style|lora):(?P<mark>[0-9a-f]{{12}})")


def ask_modal(which: Which, mark: str, name: str) -> ui.Modal:
    """Asks what to make with it."""
    text = which == "text"
    title = words.ASK_TEXT_TITLE if text else words.ASK_TITLE
    shown = title.format(name=clean(name, NAME_MAX))[:TITLE_MAX]
    modal = ui.Modal(title=shown, custom_id=f"{PREFIX}:ask:{which}:{mark}")
    modal.add_item(_input(PROMPT, words.ASK_TEXT if text else words.ASK_PROMPT, needed=True))
    if not text:
        modal.add_item(_input(NEGATIVE, words.ASK_NEGATIVE, needed=False))
    modal.stop()  # a finished modal is never stored; submissions are routed here
    return modal


async def on_interaction(interaction: discord.Interaction[Any]) -> None:
    """Lead a submitted form of ours to its request, also one from before a restart."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    found = _ID.fullmatch(interaction.custom_id or "")
    bot: HordecordBot = interaction.client
    if found is None or not bot.first_time(interaction.id):
        return
    try:
        await _make(interaction, cast("Which", found["which"]), found["mark"])
    except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
        await bot.report(interaction, error)


async def _make(submission: Submission, which: Which, mark: str) -> None:
    catalog, fields = submission.client.catalog, fields_of(submission)
    if closeup_of(catalog, which, mark, nsfw=is_nsfw(submission)) is None:
        raise UserError(words.GONE)
    request = request_of(catalog, which, mark, fields.get(PROMPT, ""), fields.get(NEGATIVE, ""))
    await submission.client.submit(submission, request)


def request_of(
    catalog: Catalog, which: Which, mark: str, prompt: str, negative: str = ""
) -> Request:
    """What to ask for. Raises UserError when it is gone, or nothing fits it."""
    if which == "text":
        model = catalog.model_marked(Kind.TEXT, mark)
        if model is None:
            raise UserError(words.GONE)
        return build(TextRequest, prompt=prompt, models=(model.name,))
    chosen = {PROMPT: prompt, NEGATIVE: negative}
    if which == "style":
        return _styled(catalog, mark, prompt, negative)
    if which == "lora":
        return compose(catalog, chosen | _with_lora(catalog, mark))
    model = catalog.model_marked(Kind.IMAGE, mark)
    if model is None:
        raise UserError(words.GONE)
    return compose(catalog, chosen | {"models": (model.name,)})


def _styled(catalog: Catalog, mark: str, prompt: str, negative: str) -> Request:
    style = catalog.style_marked(mark)
    if style is None:
        raise UserError(words.GONE)
    wanted, unwanted = style.apply(prompt, negative)
    return compose(catalog, {PROMPT: wanted, NEGATIVE: unwanted}, style.choices)


def _with_lora(catalog: Catalog, mark: str) -> dict[str, Any]:
    addon = catalog.lora_marked(mark)
    if addon is None:
        raise UserError(words.GONE)
    model = catalog.served_on(addon.base) if base_of(addon) else ""
    if model is None:
        base = safe_line(base_of(addon), 40)
        raise UserError(words.NO_MODEL_FOR.format(base=base))
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
