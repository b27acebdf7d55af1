"""The buttons and forms of /style and /collection."""

from bot.cards.card import Card, quiet_card
from bot.cards.custom_ids import (
    ASK_TO_DELETE_OWNED,
    DELETE_OWNED,
    KEEP_OWNED,
    STYLE_FORM,
    STYLE_FORM_BUTTON,
    OwnedKind,
)
from bot.cards.markdown import safe_line
from bot.client.bot import HordecordBot
from bot.errors import BackendError, UserError
from bot.i18n import _
from bot.services.styles.style_values import PROMPT_MAX, StyleKind, StyleValues
from bot.ui.components.answers import answer_with_card
from bot.ui.components.modal_router import Fields, Submission, add_modal
from bot.ui.components.persistent_item import Press, Route, add_routes, each_time
from bot.ui.components.views import layout_of
from bot.ui.styles import forms
from bot.ui.styles.cards import (
    collection_card,
    owned_delete_question,
    style_card,
    text_mistake_card,
)

WARNINGS_SHOWN = 3


async def open_style_form(press: Press, kind: OwnedKind, owned_id: str) -> None:
    """Open the form with the texts that are stored for it."""
    bot = press.client
    draft = forms.draft_of(bot.drafts, press.user.id, owned_id)
    newer = bot.services.own_styles.newer
    await press.response.send_modal(forms.style_form(kind, owned_id, draft, newer=newer))


async def submit_form(
    submission: Submission, fields: Fields, kind: OwnedKind, owned_id: str
) -> None:
    """Create or change a style or a collection. The typed texts survive a mistake."""
    await submission.response.defer(ephemeral=True, thinking=True)  # the Horde is called
    bot, user_id = submission.client, submission.user.id
    before = bot.drafts.get(forms.key_of(user_id, owned_id)) or {}
    bot.drafts.keep(forms.key_of(user_id, owned_id), {**before, **fields})
    try:
        if kind == "collection":
            card = await _collection(bot, user_id, owned_id, before, fields)
        else:
            card = await _style(bot, user_id, kind, owned_id, before, fields)
    except (UserError, BackendError) as error:
        card = text_mistake_card(str(error), kind, owned_id)
    await answer_with_card(submission, card)


async def _style(
    bot: HordecordBot, user_id: int, kind: StyleKind, owned_id: str, draft: Fields, fields: Fields
) -> Card:
    styles = bot.services.own_styles
    texts = forms.typed_texts(fields, newer=styles.newer)
    if is_new(owned_id):
        draft = forms.draft_of(bot.drafts, user_id, owned_id, forms.VALUES)
        values = StyleValues.model_validate_json(draft[forms.VALUES])
        changed = await styles.create(user_id, values, texts)
        bot.drafts.drop(forms.key_of(user_id, owned_id))
        said = _("The style is created.")
    else:
        before = await styles.of(user_id, kind, owned_id)
        if len(texts.prompt) == PROMPT_MAX and before.prompt.startswith(texts.prompt):
            texts = texts.model_copy(update={"prompt": before.prompt})  # too long for a form
        changed = await styles.change(user_id, before, StyleValues(kind=kind), texts)
        said = _("The style is changed.")
    forms.keep_style(bot.drafts, user_id, changed.style)
    warnings = [safe_line(each, 300) for each in changed.warnings[:WARNINGS_SHOWN]]
    return style_card(changed.style, "\n".join([said, *warnings]))


async def _collection(
    bot: HordecordBot, user_id: int, owned_id: str, draft: Fields, fields: Fields
) -> Card:
    collections = bot.services.own_styles.collections
    name, info = fields.get(forms.NAME, ""), fields.get(forms.INFO, "")
    if is_new(owned_id):
        draft = forms.draft_of(bot.drafts, user_id, owned_id, forms.STYLES, forms.PUBLIC)
        styles, public = draft[forms.STYLES], bool(draft[forms.PUBLIC])
        made = await collections.create(user_id, name=name, info=info, styles=styles, public=public)
        bot.drafts.drop(forms.key_of(user_id, owned_id))
        said, found_id = _("The collection is created."), made
    else:
        before = await collections.find(owned_id)
        await collections.change(user_id, before, name=name, info=info)
        said, found_id = _("The collection is changed."), owned_id
    found = await collections.find(found_id)
    forms.keep_collection(bot.drafts, user_id, found)
    return collection_card(found, said)


def is_new(owned_id: str) -> bool:
    """Whether a form is for something new: its id is the number of an interaction."""
    return owned_id.isdecimal()


async def ask_to_delete(press: Press, kind: OwnedKind, owned_id: str) -> None:
    """Ask in the same message, with the name if it is still known."""
    draft = press.client.drafts.get(forms.key_of(press.user.id, owned_id)) or {}
    question = owned_delete_question(kind, owned_id, draft.get(forms.NAME, ""))
    await press.response.edit_message(view=layout_of(question))


async def delete_owned(press: Press, kind: OwnedKind, owned_id: str) -> None:
    """Delete it; a confirmation replaces the question."""
    await press.response.defer()  # the Horde is called
    services, user_id = press.client.services, press.user.id
    if kind == "collection":
        await services.own_styles.collections.delete(user_id, owned_id)
        said = _("The collection is deleted.")
    else:
        await services.own_styles.delete(user_id, kind, owned_id)
        said = _("The style is deleted.")
    press.client.drafts.drop(forms.key_of(user_id, owned_id))
    await press.edit_original_response(view=layout_of(quiet_card(said)))


async def keep_owned(press: Press) -> None:
    """Close the question."""
    await press.response.edit_message(view=layout_of(quiet_card(_("Nothing was changed."))))


def register(bot: HordecordBot) -> None:
    """Add the routes of these buttons and forms."""
    add_routes(
        bot,
        Route(STYLE_FORM_BUTTON, open_style_form, each_time),
        Route(ASK_TO_DELETE_OWNED, ask_to_delete, each_time),
        Route(DELETE_OWNED, delete_owned),
        Route(KEEP_OWNED, keep_owned),
    )
    add_modal(bot, STYLE_FORM, submit_form)
