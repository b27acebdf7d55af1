"""The buttons and forms of /character. Their ids hold everything they need."""

from collections.abc import Awaitable, Callable, Hashable, Sequence

import discord

from bot.cards.card import Card, quiet_card
from bot.cards.custom_ids import CHARACTER, CHARACTER_MODAL
from bot.cards.markdown import safe_line
from bot.client.bot import HordecordBot
from bot.domain.chat.characters import StoredCharacter
from bot.errors import NotAllowed
from bot.i18n import _
from bot.ui.characters import character_forms as forms
from bot.ui.characters.character_cards import (
    NAME_SHOWN,
    SHOWN,
    View,
    character_card,
    characters_card,
    delete_character_question,
    image_name,
)
from bot.ui.components.modal_router import Fields, Submission, add_modal
from bot.ui.components.persistent_item import (
    OTHER_VERSION,
    Press,
    Route,
    add_routes,
    chosen,
    each_time,
    number_of,
    once,
)
from bot.ui.components.views import Upload, files_of_card, layout_of

Interaction = discord.Interaction[HordecordBot]
CardWithFiles = tuple[Card, list[Upload]]


async def shown_character(
    interaction: Interaction, stored: StoredCharacter, said: str = "", unused: Sequence[str] = ()
) -> CardWithFiles:
    """The card of a character for that member there, and its image."""
    context = await interaction.client.context(interaction)
    images = await _images(interaction.client, [stored], nsfw=context.nsfw)
    view = View(
        mine=stored.owner_id == interaction.user.id,
        guild_id=context.guild_id or 0,
        manager=context.origin.manager,
        file=images[0].filename if images else "",
        said=said,
        unused=unused,
    )
    return character_card(stored, view), images


async def characters_page(interaction: Interaction, page: int) -> CardWithFiles:
    """A page of the characters that the member may use there."""
    context, bot = await interaction.client.context(interaction), interaction.client
    usable = await bot.services.chat.characters.usable(context.user_id, context.guild_id)
    user_id = context.user_id
    found = [one for one in usable if context.nsfw or not one.adult or one.owner_id == user_id]
    last = max(0, -(-len(found) // SHOWN) - 1)
    page = min(page, last)
    shown = found[page * SHOWN : (page + 1) * SHOWN]
    here = await bot.services.chat.characters.cast([one.id for one in shown])
    images = await _images(bot, here, nsfw=context.nsfw)
    names = {image.filename for image in images}
    files = {one.id: image_name(one) for one in here if image_name(one) in names}
    return characters_card(here, page, last + 1, user_id, files), images


async def _images(
    bot: HordecordBot, found: Sequence[StoredCharacter], *, nsfw: bool
) -> list[Upload]:
    """Their images; none of a character for adults where the place is not age-restricted."""
    uploads = list[Upload]()
    for one in found:
        if one.adult and not nsfw:
            continue
        if data := await bot.services.character_files.thumbnail(one):
            uploads.append(Upload(image_name(one), data))
    return uploads


def _mine(stored: StoredCharacter, user_id: int) -> bool:
    return stored.owner_id == user_id


# Handlers of the verbs: each returns the new content of the message


async def _page(press: Press, page: int) -> CardWithFiles:
    return await characters_page(press, page)


async def _pick(press: Press, _page_number: int) -> CardWithFiles:
    return await _look(press, number_of(chosen(press)))


async def _look(press: Press, character_id: int) -> CardWithFiles:
    context = await press.client.context(press)
    stored = await press.client.services.chat.characters.get(context, character_id)
    return await shown_character(press, stored)


async def _ask_to_delete(press: Press, character_id: int) -> CardWithFiles:
    stored = await press.client.services.chat.characters.own(press.user.id, character_id)
    return delete_character_question(stored), []


async def _erase(press: Press, character_id: int) -> CardWithFiles:
    gone = await press.client.services.character_files.delete(press.user.id, character_id)
    text = _("{name} is deleted.").format(name=safe_line(gone.character.name, NAME_SHOWN))
    return quiet_card(text), []


async def _share(press: Press, character_id: int) -> CardWithFiles:
    context = await press.client.context(press)
    stored = await press.client.services.published_characters.share(context, character_id)
    return await shown_character(press, stored, _("All members of this server can now use it."))


async def _unshare(press: Press, character_id: int) -> CardWithFiles:
    context = await press.client.context(press)
    characters = press.client.services.chat.characters
    await characters.unshare(context, character_id)
    said = _("The server can no longer use it.")
    stored = next(iter(await characters.cast((character_id,))), None)
    if stored is None or not _mine(stored, press.user.id):
        return quiet_card(said), []
    return await shown_character(press, stored, said)


ACTIONS: dict[str, Callable[[Press, int], Awaitable[CardWithFiles]]] = {
    "page": _page,
    "pick": _pick,
    "look": _look,
    "delete": _ask_to_delete,
    "erase": _erase,
    "share": _share,
    "unshare": _unshare,
}
FORMS = frozenset({forms.MAIN, forms.INSTRUCTIONS, forms.MORE})
VIEWING = frozenset({"page", "pick", "look", "delete"}) | FORMS  # each press counts


async def press_character(press: Press, verb: str, number: int) -> None:
    """Open a form, or run the verb and edit the message."""
    if verb in FORMS:
        await open_form(press, verb, number)
        return
    if verb not in ACTIONS:
        raise NotAllowed(_(OTHER_VERSION))
    await press.response.defer()  # images are slow
    card, images = await ACTIONS[verb](press, number)
    files = files_of_card(images)
    await press.edit_original_response(view=layout_of(card), attachments=files)


async def open_form(press: Interaction, which: str, character_id: int) -> None:
    """Open a form with the texts of an own character."""
    stored = await press.client.services.chat.characters.own(press.user.id, character_id)
    await press.response.send_modal(forms.edit_form(which, stored.id, stored.character))


async def submit_character(submission: Submission, fields: Fields, which: str, number: int) -> None:
    """Create a character, or change its texts."""
    await submission.response.defer(ephemeral=True, thinking=submission.message is None)
    services, user_id = submission.client.services, submission.user.id
    if which == forms.CREATE:
        character = forms.changed_character(forms.MAIN, forms.NEW, fields)
        stored = await services.character_files.create(user_id, character, adult=bool(number))
        said = _("The character is created. Start a conversation with `/chat start`.")
    elif which in FORMS:
        before = await services.chat.characters.own(user_id, number)
        character = forms.changed_character(which, before.character, fields)
        context = await submission.client.context(submission)
        stored = await services.published_characters.change(context, number, character)
        said = _("The character is changed.")
    else:
        raise NotAllowed(_(OTHER_VERSION))
    card, images = await shown_character(submission, stored, said)
    files = files_of_card(images)
    await submission.edit_original_response(view=layout_of(card), attachments=files)


def character_press_key(press: Press, verb: str, *_number: int) -> Hashable:
    """No key for what only shows something."""
    return each_time(press) if verb in VIEWING else once(press)


def register(bot: HordecordBot) -> None:
    """Add the routes of these buttons and forms."""
    add_routes(bot, Route(CHARACTER, press_character, character_press_key))
    add_modal(bot, CHARACTER_MODAL, submit_character)
