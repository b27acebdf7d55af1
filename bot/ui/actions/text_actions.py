"""Actions on a text: continue it, or request it again with another prompt or length."""

from discord import ui

from bot.cards.custom_ids import EDIT_MODAL
from bot.catalog import Catalog
from bot.client.form_drafts import Fields
from bot.domain.records import Record
from bot.domain.requests import Kind, TextRequest, build
from bot.domain.requests.text import LENGTHS
from bot.errors import UserError
from bot.i18n import _
from bot.parameters.derived_requests import continued
from bot.rules.guild_settings import GuildSettings
from bot.services.model_names import resolve_names
from bot.ui.actions.picture_actions import owned
from bot.ui.components.modals import Input, modal_of
from bot.ui.components.persistent_item import Press

PROMPT, MODEL, LENGTH, TEMPERATURE = "prompt", "model", "length", "temperature"
LENGTH_MAX, NUMBER_MAX, NAME_MAX, PROMPT_MAX = 8, 5, 200, 4_000  # characters


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
    """The modal with the prompt and the parameters of a text."""
    text = {**_parameters(request), **draft}
    length = _("short, medium or long, or a number of tokens (about four characters each)")
    temperature = _("Randomness of the words: 0 is predictable, 2 is very random")
    inputs = (
        Input(PROMPT, _("Prompt"), "", text[PROMPT], long=True, most=PROMPT_MAX, least=1),
        Input(LENGTH, _("Length"), length, text[LENGTH], most=LENGTH_MAX),
        Input(TEMPERATURE, _("Temperature"), temperature, text[TEMPERATURE], most=NUMBER_MAX),
        Input(MODEL, _("Model"), _("Leave empty for any model."), text[MODEL], most=NAME_MAX),
    )
    return modal_of(EDIT_MODAL(record.id, 0), _("Edit #{id}").format(id=record.id), *inputs)


def _parameters(request: TextRequest) -> Fields:
    """Several models are never a member's choice."""
    return {
        PROMPT: request.prompt,
        MODEL: request.models[0] if len(request.models) == 1 else "",
        LENGTH: f"{request.max_length}",
        TEMPERATURE: f"{request.temperature:g}",
    }


def edited_text(
    catalog: Catalog, request: TextRequest, fields: Fields, rules: GuildSettings
) -> TextRequest:
    """The request with the parameters of the modal. Raises UserError."""
    prompt, model = fields.get(PROMPT, ""), fields.get(MODEL, "").strip()
    typed = fields.get(LENGTH, "").strip().lower()
    temperature = fields.get(TEMPERATURE, "").strip().replace(",", ".")
    changed = {
        "prompt": prompt,
        "written": request.written if prompt.endswith(request.so_far) else 0,
        "models": resolve_names(catalog, Kind.TEXT, (model,) if model else (), rules),
        "max_length": LENGTHS.get(typed, typed) or request.max_length,
        "temperature": temperature or request.temperature,
    }
    return build(TextRequest, **(request.model_dump(exclude={"kind"}) | changed))
