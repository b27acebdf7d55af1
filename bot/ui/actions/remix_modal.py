"""The form that asks what shall become of a picture that somebody pointed at.

What it is about does not fit into its custom_id, so it is kept with what was typed (form_drafts):
for fifteen minutes, and not over a restart. Whoever comes later gets back what was typed.
"""

from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from bot.cards.card import Colour
from bot.cards.markdown import code_block
from bot.client.interaction_context import origin_of
from bot.domain.records import Record
from bot.domain.requests import PROMPT_MAX, ImageRequest, Source
from bot.errors import UserError
from bot.parameters.derived_requests import VARIATION
from bot.parameters.flags import parse
from bot.pictures.sizing import check_ratio
from bot.ui.actions.edit_modal import (
    EDIT_AGAIN,
    EDIT_EXTRA,
    EDIT_EXTRA_HINT,
    EDIT_PROMPT,
    USE_STRENGTH,
    USE_STRENGTH_HINT,
    strength_of,
)
from bot.ui.components.modals import Input, about, sheet, subject_of
from bot.ui.components.model_names import checked
from bot.ui.components.persistent_item import Press
from bot.ui.components.place import here

PICTURE_GONE = "That picture is not there any more. Open the menu of its message again."
REMIX_TITLE, REMIX_AVATAR_TITLE = "Remix this picture", "Remix the avatar of {name}"
REMIX_PROMPT_HINT = "What the new picture should show."
FORM_TOO_OLD = (
    "That form was open for too long, or the bot was restarted meanwhile. Open it again and "
    "paste this:\n{prompt}"
)

NAME = "remix"
PROMPT, STRENGTH, EXTRA = "prompt", "strength", "extra"
TYPED = frozenset({PROMPT, STRENGTH, EXTRA})
SOURCE, TITLE, PRIVATE, PARENT = "source", "title", "private", "parent"  # kept, never asked for
NUMBERS = 10**15  # of forms; an interaction's id has more digits than a form's name takes
ECHO_MAX = 1_500  # characters of a prompt that is given back
Fields = Mapping[str, str]


async def ask(
    press: Press,
    source: Source,
    *,
    title: str,
    private: bool = False,
    record: Record | None = None,
) -> None:
    """Open the form about that picture. `record`: the request that made it, if it is one of ours.

    Raises BadOption when its sides differ too much.
    """
    if source.width and source.height:
        check_ratio(source.width, source.height)
    kept = {SOURCE: source.model_dump_json(), TITLE: title, PRIVATE: "yes" if private else ""}
    made_by = record.request if record is not None else None
    prompt = made_by.prompt if isinstance(made_by, ImageRequest) else ""
    kept |= {PARENT: str(record.id) if record is not None else ""}
    texts = {PROMPT: prompt, STRENGTH: f"{VARIATION:g}", EXTRA: ""}
    number = press.id % NUMBERS
    press.client.drafts.keep(_key(press, number), kept | texts)
    await _open(press, number, kept | texts)


async def ask_again(press: Press, number: int) -> None:
    """Open a form again, with what was typed into it. Raises UserError when that is forgotten."""
    draft = press.client.drafts.get(_key(press, number))
    if draft is None:
        raise UserError(PICTURE_GONE)
    await _open(press, number, draft)


async def submitted(press: Press, fields: Fields) -> None:
    """Ask for what was typed; a mistake is explained, with a button back to the form."""
    number, _ = subject_of(press.custom_id or "")
    key, drafts = _key(press, number), press.client.drafts
    draft = drafts.get(key)
    if draft is None:
        typed = code_block(fields.get(PROMPT, ""), ECHO_MAX)
        raise UserError(FORM_TOO_OLD.format(prompt=typed))
    draft = {**draft, **{name: fields[name] for name in TYPED & fields.keys()}}
    drafts.keep(key, draft)
    try:
        parent = int(draft[PARENT]) if draft[PARENT] else None
        await press.client.submit(press, await _request(press, draft), parent=parent)
    except UserError as error:
        await press.response.send_message(view=_mistaken(str(error), number), ephemeral=True)
    else:
        drafts.drop(key)


async def _request(press: Press, draft: Fields) -> ImageRequest:
    """The request: what was typed, the flags, and what stands for that person and that place."""
    typed: dict[str, Any] = {
        PROMPT: draft[PROMPT],
        SOURCE: Source.model_validate_json(draft[SOURCE]),
        STRENGTH: strength_of(draft[STRENGTH]),
        PRIVATE: bool(draft[PRIVATE]),
    }
    bot = press.client
    flags = checked(bot.catalog, parse(draft[EXTRA]), (await here(press)).rules)
    return await bot.service.compose(origin_of(press), typed, flags)


async def _open(press: Press, number: int, draft: Fields) -> None:
    hint = REMIX_PROMPT_HINT
    inputs = (
        Input(PROMPT, EDIT_PROMPT, hint, draft[PROMPT], long=True, most=PROMPT_MAX, least=1),
        Input(
            *(STRENGTH, USE_STRENGTH, USE_STRENGTH_HINT, draft[STRENGTH]),
            most=6,
        ),
        Input(EXTRA, EDIT_EXTRA, EDIT_EXTRA_HINT, draft[EXTRA], long=True),
    )
    await press.response.send_modal(sheet(about(NAME, number, 0), draft[TITLE], *inputs))


def _key(press: Press, number: int) -> tuple[object, ...]:
    return (press.user.id, NAME, number)


def _mistaken(sentence: str, number: int) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay[Any](sentence), accent_colour=int(Colour.FAILED)))
    back = ui.Button[Any](
        style=discord.ButtonStyle.primary,
        label=EDIT_AGAIN,
        emoji="✏️",
        custom_id=f"hct:again:{number}",
    )
    view.add_item(ui.ActionRow(back))
    view.stop()  # nothing is kept of it; a press is routed by its custom_id
    return view
