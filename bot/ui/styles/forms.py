"""The forms of styles and collections: texts are typed here, values are options.

A form for a new style has a number; its options and its typed texts are kept for fifteen minutes.
"""

from discord import ui

from bot.cards.custom_ids import STYLE_FORM, OwnedKind
from bot.client.form_drafts import FormDrafts
from bot.errors import UserError
from bot.horde.style_editing.style_collections import Collection
from bot.i18n import _
from bot.services.styles.style_bodies import Style, style_texts
from bot.services.styles.style_values import (
    INFO_MAX,
    NAME_MAX,
    PROMPT_MAX,
    StyleTexts,
    StyleValues,
)
from bot.ui.components.modal_router import Fields
from bot.ui.components.modals import Input, modal_of

NAME, INFO, PROMPT, TAGS, FIELDS = "name", "info", "prompt", "tags", "fields"
VALUES, STYLES, PUBLIC = "values", "styles", "public"  # of a draft, not typed into the form
TAGS_LENGTH, FIELDS_LENGTH = 300, 4_000  # characters
DEFAULT_PROMPTS = {"image": "{p}{np}", "text": "{p}"}
Key = tuple[int, str, str]


def key_of(user_id: int, owned_id: str) -> Key:
    """The key of a draft."""
    return user_id, "style", owned_id


def keep_new_style(drafts: FormDrafts, user_id: int, number: str, values: StyleValues) -> None:
    """Store the options of a new style until its form is submitted."""
    prompt = DEFAULT_PROMPTS[values.kind]
    drafts.keep(
        key_of(user_id, number),
        {VALUES: values.model_dump_json(exclude_unset=True), PROMPT: prompt},
    )


def keep_style(drafts: FormDrafts, user_id: int, style: Style) -> None:
    """Store the texts of a style, for its form."""
    texts = style_texts(style, newer=True).model_dump(exclude_none=True)
    drafts.keep(key_of(user_id, style.id), texts)


def keep_new_collection(
    drafts: FormDrafts, user_id: int, number: str, styles: str, *, public: bool
) -> None:
    """Store the options of a new collection until its form is submitted."""
    drafts.keep(key_of(user_id, number), {STYLES: styles, PUBLIC: "1" if public else ""})


def keep_collection(drafts: FormDrafts, user_id: int, collection: Collection) -> None:
    """Store the texts of a collection, for its form."""
    fields = {NAME: collection.name, INFO: collection.info}
    drafts.keep(key_of(user_id, collection.id), fields)


def draft_of(drafts: FormDrafts, user_id: int, owned_id: str, *needed: str) -> Fields:
    """The stored draft. Raises UserError when it is too old, or has no value of the command.

    `needed`: what the options of the command give, and a form alone does not.
    """
    found = drafts.get(key_of(user_id, owned_id))
    if found is None or not found.keys() >= {*needed}:
        raise UserError(_("This form is too old. Use the command again."))
    return found


def style_form(kind: OwnedKind, owned_id: str, draft: Fields, *, newer: bool) -> ui.Modal:
    """The form with the texts of the draft. `newer`: styles of the server can have fields."""
    name = Input(NAME, _("Name"), text=draft.get(NAME, ""), most=NAME_MAX, least=1)
    info = _info(draft, required=kind == "collection")
    if kind == "collection":
        return modal_of(STYLE_FORM(kind, owned_id), _("Collection of styles"), name, info)
    title = _("Image style") if kind == "image" else _("Text style")
    inputs = [name, info, _prompt(kind, draft), _tags(draft)]
    if newer:
        inputs.append(_fields(draft))
    return modal_of(STYLE_FORM(kind, owned_id), title, *inputs)


def typed_texts(fields: Fields, *, newer: bool) -> StyleTexts:
    """The texts of a submitted form."""
    return StyleTexts(
        name=fields.get(NAME, ""),
        info=fields.get(INFO, ""),
        prompt=fields.get(PROMPT, ""),
        tags=fields.get(TAGS, ""),
        fields=fields.get(FIELDS, "") if newer else None,
    )


def _info(draft: Fields, *, required: bool) -> Input:
    hint = _("What the results look like.")
    least = 1 if required else 0
    text = draft.get(INFO, "")
    return Input(INFO, _("Description"), hint, text, long=True, most=INFO_MAX, least=least)


def _prompt(kind: OwnedKind, draft: Fields) -> Input:
    hint = _("{p} is the prompt of the request. It must be in the text.")
    if kind == "image":
        hint = _("{p} is the prompt of the request, {np} its negative prompt. Both are required.")
    text = draft.get(PROMPT, DEFAULT_PROMPTS[kind])
    return Input(PROMPT, _("Prompt of the style"), hint, text, long=True, most=PROMPT_MAX, least=3)


def _tags(draft: Fields) -> Input:
    return Input(TAGS, _("Tags"), _("Separated by commas"), draft.get(TAGS, ""), most=TAGS_LENGTH)


def _fields(draft: Fields) -> Input:
    hint = _("One a line, as country: The country. The prompt has {country}. * means required.")
    text = draft.get(FIELDS, "")
    return Input(FIELDS, _("Fields"), hint, text, long=True, most=FIELDS_LENGTH)
