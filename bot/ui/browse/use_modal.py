"""The modal of Use: asks for a prompt and submits a request with an entry of a list."""

from collections.abc import Sequence

from discord import ui

from bot.cards.custom_ids import ENTRY_MODAL, CatalogList
from bot.cards.markdown import clean, safe_line
from bot.catalog import Catalog
from bot.domain.requests import PROMPT_MAX, ImageChoices, Kind, Lora, TextRequest, build, merged
from bot.domain.style_declarations import StyleField
from bot.errors import UserError
from bot.i18n import _
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.ui.actions.field_form import field_input, template_texts
from bot.ui.browse.details import details_of
from bot.ui.browse.labels import base_of
from bot.ui.browse.view import entry_gone
from bot.ui.components.modal_router import Fields, Submission
from bot.ui.components.modals import Input, modal_of

NAME_SHOWN = 28  # characters, so that the title of a modal holds it
PROMPT, NEGATIVE = "prompt", "negative"
FIELDS_SHOWN = 3  # beside the two prompts: a modal has five inputs


def entry_modal(
    which: CatalogList, mark: str, name: str, fields: Sequence[StyleField] = ()
) -> ui.Modal:
    """Asks for the prompt of a request with that entry, and for fields of a style.

    Required fields for which there is no room are asked for in a form of their own.
    """
    is_text = which == "text"
    title = _("Text with {name}") if is_text else _("Image with {name}")
    prompt = Input(PROMPT, _("Prompt"), long=True, most=PROMPT_MAX, least=1)
    negative = Input(NEGATIVE, _("Negative prompt"), long=True, most=PROMPT_MAX)
    ordered = sorted(fields, key=lambda field: not field.required)[:FIELDS_SHOWN]
    inputs = (prompt,) if is_text else (prompt, negative, *map(field_input, ordered))
    return modal_of(ENTRY_MODAL(which, mark), title.format(name=clean(name, NAME_SHOWN)), *inputs)


async def submit_entry(
    submission: Submission, fields: Fields, which: CatalogList, mark: str
) -> None:
    """Submit a request with the entry. Raises UserError when the entry is gone."""
    bot = submission.client
    catalog, context = bot.services.catalog, await bot.context(submission)
    if details_of(catalog, which, mark, nsfw=context.nsfw, rules=context.rules) is None:
        raise UserError(entry_gone())
    chosen = choices_of_entry(catalog, which, mark, context.rules)
    given = (name for name in (PROMPT, NEGATIVE) if fields.get(name, "").strip())
    typed: dict[str, object] = {name: fields[name] for name in given}
    if which == "text":
        await bot.submit(submission, context, build(TextRequest, models=chosen.models, **typed))
        return
    if texts := template_texts(fields):
        typed["template_fields"] = texts
    await bot.submit(submission, context, merged(build(ImageChoices, **typed), chosen))


def fields_of_entry(
    catalog: Catalog, which: CatalogList, mark: str, rules: GuildSettings
) -> tuple[StyleField, ...]:
    """The fields of a style; none for other entries."""
    style = catalog.style_marked(mark, rules) if which == "style" else None
    return style.fields if style is not None else ()


def choices_of_entry(
    catalog: Catalog, which: CatalogList, mark: str, rules: GuildSettings = NO_RULES
) -> ImageChoices:
    """The choices of a request with that entry. Raises UserError when no model serves it."""
    if which == "style":
        style = catalog.style_marked(mark, rules)
        if style is None:
            raise UserError(entry_gone())
        return ImageChoices(style=style.key)
    if which == "lora":
        return _with_lora(catalog, mark, rules)
    model = catalog.model_marked(Kind(which), mark, rules)
    if model is None:
        raise UserError(entry_gone())
    return ImageChoices(models=(model.name,))


def _with_lora(catalog: Catalog, mark: str, rules: GuildSettings) -> ImageChoices:
    addon = catalog.lora_marked(mark, rules)
    if addon is None:
        raise UserError(entry_gone())
    model = catalog.served_on(addon.base, rules) if base_of(addon) else ""
    if model is None:
        said = _(
            "No worker has a model of the baseline {base} at the moment, which this LoRA needs. "
            "Try again later, or choose another LoRA."
        )
        raise UserError(said.format(base=safe_line(base_of(addon), 40)))
    trigger = "any" if addon.triggers else ""
    lora = Lora(name=addon.id, trigger=trigger, is_version=addon.is_version)
    chosen = ImageChoices(loras=(lora,))
    return merged(chosen, ImageChoices(models=(model,))) if model else chosen
