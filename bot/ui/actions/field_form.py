"""The form for texts that a style of the Horde needs, before the request is sent.

The request does not fit into a custom_id, so it is kept with the typed texts (form_drafts): for
fifteen minutes, and not across a restart.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from pydantic import TypeAdapter

from bot.cards.card import INPUT_HINT_MAX, Button, ButtonStyle, Card, Colour, TextBlock
from bot.cards.custom_ids import FIELDS_MODAL, OPEN_FIELDS
from bot.cards.markdown import clean, code_block
from bot.client.bot import HordecordBot
from bot.client.form_drafts import Fields
from bot.domain.requests import (
    PROMPT_MAX,
    REQUEST,
    ImageChoices,
    ImageRequest,
    Request,
    TemplateText,
    build,
    merged,
)
from bot.domain.style_declarations import MissingFields, StyleField
from bot.errors import UserError
from bot.i18n import N_, _, ngettext
from bot.ui.components.modal_router import Submission, add_modal
from bot.ui.components.modals import Input, modal_of
from bot.ui.components.persistent_item import Press, Route, add_routes, each_time

NAME = "fields"
INPUTS_MAX = 5  # of a modal, which Discord allows
NUMBERS = 10**15  # of forms; an interaction's id has more digits than fit into a form's name
ECHO_MAX = 1_500  # characters of returned texts
TYPED = "field:"  # before the name of a field, which may be "prompt"
CHOICES, WHOLE, FIELDS, GIVEN, PARENT = "choices", "request", "fields", "given", "parent"
EXPIRED = N_("The form has expired. Use the command or the button again.")
_FIELDS = TypeAdapter(tuple[StyleField, ...])
_TEXTS = TypeAdapter(tuple[TemplateText, ...])


async def ask_for_fields(
    interaction: discord.Interaction[Any],
    wanted: ImageChoices | Request,
    missing: MissingFields,
    parent: int | None,
) -> None:
    """Ask for the texts in a modal.

    A modal cannot follow a modal: then, and where a sentence has to explain the fields (more than
    fit, or those of several styles), a button opens it.
    """
    bot: HordecordBot = interaction.client
    number = interaction.id % NUMBERS
    draft = _draft(wanted, missing, parent)
    bot.drafts.keep(_key(interaction, number), draft)
    required = sum(field.required for field in missing.fields)
    is_submission = interaction.type is discord.InteractionType.modal_submit
    if 0 < required <= INPUTS_MAX and not is_submission:
        await interaction.response.send_modal(_modal(number, missing.fields, draft))
        return
    sentences = [str(missing)]
    if required > INPUTS_MAX:
        said = ngettext(
            "A form has {count} field. The next form asks for the rest.",
            "A form has {count} fields. The next form asks for the rest.",
            INPUTS_MAX,
        )
        sentences.append(said.format(count=INPUTS_MAX))
    await _show(interaction, " ".join(sentences), number, _("Enter texts"))


async def open_field_form(press: Press, number: int) -> None:
    """Open the modal, with the typed texts. Raises UserError when they have expired."""
    draft = press.client.drafts.get(_key(press, number))
    if draft is None:
        raise UserError(_(EXPIRED))
    await press.response.send_modal(_modal(number, _FIELDS.validate_json(draft[FIELDS]), draft))


async def submit_fields(press: Submission, fields: Fields, number: int) -> None:
    """Submit the request with the texts; a mistake is explained, and the modal can be reopened."""
    key, drafts = _key(press, number), press.client.drafts
    draft = drafts.get(key)
    if draft is None:
        typed = code_block("\n".join(fields.values()), ECHO_MAX)
        raise UserError(f"{_(EXPIRED)}\n{typed}")
    draft = {**draft, **{name: text for name, text in fields.items() if name.startswith(TYPED)}}
    drafts.keep(key, draft)
    try:
        context = await press.client.context(press)
        texts = (*_TEXTS.validate_json(draft[GIVEN]), *template_texts(draft))
        parent = int(draft[PARENT]) if draft[PARENT] else None
        await press.client.submit(press, context, _with_texts(draft, texts), parent=parent)
    except UserError as error:
        await _show(press, str(error), number, _("Edit again"))
    else:
        drafts.drop(key)


def field_input(field: StyleField, text: str = "") -> Input:
    """The input for a field, under the name that the style gives it."""
    return Input(
        f"{TYPED}{field.name}",
        field.name,
        clean(field.description, INPUT_HINT_MAX),
        text,
        long=True,
        most=PROMPT_MAX,
        least=int(field.required),
    )


def template_texts(fields: Fields) -> tuple[TemplateText, ...]:
    """The texts of submitted inputs that are not empty. Raises BadOption."""
    found = {name.removeprefix(TYPED): text for name, text in fields.items()
             if name.startswith(TYPED) and text.strip()}  # fmt: skip
    return tuple(build(TemplateText, name=name, text=text) for name, text in found.items())


def _draft(wanted: ImageChoices | Request, missing: MissingFields, parent: int | None) -> Fields:
    if isinstance(wanted, ImageChoices):
        kept = {CHOICES: wanted.model_dump_json(include=set(wanted.names))}
    else:
        kept = {WHOLE: REQUEST.dump_json(wanted).decode()}
    return kept | {
        FIELDS: _FIELDS.dump_json(missing.fields).decode(),
        GIVEN: _TEXTS.dump_json(missing.given).decode(),
        PARENT: str(parent or ""),
    }


def _with_texts(draft: Fields, texts: tuple[TemplateText, ...]) -> ImageChoices | Request:
    """The kept request with all its texts."""
    if CHOICES in draft:
        wanted = ImageChoices.model_validate_json(draft[CHOICES])
        return merged(build(ImageChoices, template_fields=texts), wanted)
    request = REQUEST.validate_json(draft[WHOLE])
    if not isinstance(request, ImageRequest):
        return request
    return request.model_copy(update={"template_fields": texts})


def _modal(number: int, fields: Sequence[StyleField], draft: Mapping[str, str]) -> discord.ui.Modal:
    inputs = [field_input(f, draft.get(f"{TYPED}{f.name}", "")) for f in fields[:INPUTS_MAX]]
    return modal_of(FIELDS_MODAL(number), _("Texts for the style"), *inputs)


async def _show(
    interaction: discord.Interaction[Any], sentence: str, number: int, label: str
) -> None:
    bot: HordecordBot = interaction.client
    await bot.cards.send_private(interaction, open_fields_card(sentence, number, label))


def open_fields_card(sentence: str, number: int, label: str) -> Card:
    """A sentence, and the button that opens the form."""
    button = Button(OPEN_FIELDS(number), label, ButtonStyle.PRIMARY, "✏️")
    return Card(Colour.QUIET, (TextBlock(sentence),), ((button,),))


def _key(interaction: discord.Interaction[Any], number: int) -> tuple[object, ...]:
    return (interaction.user.id, NAME, number)


def register(bot: HordecordBot) -> None:
    """Add the routes of the form, and let requests ask with it."""
    bot.ask_fields = ask_for_fields
    add_routes(bot, Route(OPEN_FIELDS, open_field_form, each_time))
    add_modal(bot, FIELDS_MODAL, submit_fields)
