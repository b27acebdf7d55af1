"""Actions on a text: continue it, or request it again with another prompt or length."""

from discord import ui

from bot.cards.custom_ids import EDIT_MODAL
from bot.client.form_drafts import Fields
from bot.domain.records import Record
from bot.domain.requests import TextRequest, build
from bot.domain.requests.text import LENGTHS
from bot.errors import UserError
from bot.i18n import _
from bot.parameters.derived_requests import continued
from bot.ui.actions.picture_actions import owned
from bot.ui.components.modals import Input, modal_of
from bot.ui.components.persistent_item import Press

PROMPT, LENGTH = "prompt", "length"
LENGTH_MAX, PROMPT_MAX = 8, 4_000  # characters


async def continue_text(press: Press, record_id: int, _number: int) -> None:
    """Submit a request that continues the first text."""
    context, record = await owned(press, record_id)
    texts = record.status.texts if record.status else ()
    first = next((text.text for text in texts if text.arrived), "")
    if not first or not isinstance(record.request, TextRequest):
        raise UserError(_("This result has no text to continue."))
    request = continued(record.request, first)
    await press.client.submit(press, context, request, parent=record.id)


def text_modal(record: Record, request: TextRequest, draft: Fields) -> ui.Modal:
    """The modal with the prompt and the length of a text."""
    text = {PROMPT: request.prompt, LENGTH: f"{request.max_length}", **draft}
    hint = _("short, medium or long, or a number of tokens (about four characters each)")
    inputs = (
        Input(PROMPT, _("Prompt"), "", text[PROMPT], long=True, most=PROMPT_MAX, least=1),
        Input(LENGTH, _("Length"), hint, text[LENGTH], most=LENGTH_MAX),
    )
    return modal_of(EDIT_MODAL(record.id, 0), _("Edit #{id}").format(id=record.id), *inputs)


def edited_text(request: TextRequest, fields: Fields) -> TextRequest:
    """The request with the prompt and the length of the modal. Raises BadOption."""
    typed = fields.get(LENGTH, "").strip().lower()
    length = LENGTHS.get(typed, typed) or request.max_length
    changed = {"prompt": fields.get(PROMPT, ""), "max_length": length}
    return build(TextRequest, **(request.model_dump(exclude={"kind"}) | changed))
