"""The buttons under the messages of a conversation, and the modals that they open."""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import replace

from bot.cards.card import quiet_card
from bot.cards.chat.buttons import ChatVerb, chat_button
from bot.cards.custom_ids import CHAT_MESSAGE
from bot.cards.markdown import line
from bot.client.bot import HordecordBot
from bot.client.form_drafts import Fields
from bot.domain.chat.conversations import Conversation
from bot.errors import NotAllowed, UserError
from bot.i18n import _
from bot.rules.chat_checks import check_join
from bot.rules.request_context import RequestContext
from bot.services.chat.messages import MessageView
from bot.ui.chat.modals import TEXT, edit_message_modal, reply_modal
from bot.ui.chat.places import THREAD_NAME_MAX, moved, new_thread
from bot.ui.chat.shown import message_card_of, post_newest, refresh_message, unsend
from bot.ui.components.persistent_item import OTHER_VERSION, Press, Route, add_routes, once
from bot.ui.components.views import layout_of
from bot.ui.delivery.shown_messages import files_in

MODALS = frozenset({ChatVerb.REPLY, ChatVerb.EDIT})  # can be opened again at once
PAGES = frozenset({ChatVerb.PREVIOUS, ChatVerb.NEXT})
NAME_MAX = 20  # units of a name in the title of a modal
Action = Callable[[Press, RequestContext, MessageView], Awaitable[None]]


async def reply(press: Press, context: RequestContext, view: MessageView) -> None:
    """Open the modal for a message to the character."""
    del context
    message = view.message
    await press.response.send_modal(reply_modal(message.id, line(message.name, NAME_MAX)))


async def replied(press: Press, fields: Fields, message_id: int) -> None:
    """Send the typed text to the conversation; the next answer quotes it."""
    context, view = await pressed(press, message_id)
    await press.response.defer()
    await say_as_member(press, context, view.conversation, fields.get(TEXT, ""))


async def say_as_member(
    press: Press, context: RequestContext, conversation: Conversation, text: str
) -> None:
    """Send a text that no message of the member shows. Raises UserError."""
    bot, name = press.client, press.user.display_name
    record = await bot.services.chat.turns.say(context, conversation, text, 0, member=name)
    if record is not None:
        await bot.cards.open_turn(record)


async def open_edit(press: Press, context: RequestContext, view: MessageView) -> None:
    """Open the modal with the text of the message."""
    message = view.message
    press.client.services.chat.messages.check_change(context, view)
    modal = edit_message_modal(message.id, line(message.name, NAME_MAX), message.text)
    await press.response.send_modal(modal)


async def save_edit(press: Press, fields: Fields, message_id: int) -> None:
    """Store the typed text as another swipe, and show it."""
    context, view = await pressed(press, message_id)
    swipe = await press.client.services.chat.messages.edit(
        context, message_id, fields.get(TEXT, "")
    )
    await _show(press, context, swipe, view)


async def regenerate(press: Press, context: RequestContext, view: MessageView) -> None:
    """Ask for another answer to the same line, in the same message."""
    await press.response.defer()
    here = _in_message(context, view)
    record = await press.client.services.chat.turns.regenerate(here, view.message.id)
    await press.client.cards.open_turn(record)


async def continue_message(press: Press, context: RequestContext, view: MessageView) -> None:
    """Let the character go on with its message."""
    await press.response.defer()
    here = _in_message(context, view)
    record = await press.client.services.chat.turns.continue_(here, view.message.id)
    await press.client.cards.open_turn(record)


async def previous(press: Press, context: RequestContext, view: MessageView) -> None:
    """Show the swipe before."""
    swipe = await press.client.services.chat.messages.swipe(context, view.message.id, -1)
    await _show(press, context, swipe or view, view)


async def following(press: Press, context: RequestContext, view: MessageView) -> None:
    """Show the next swipe; after the last one another answer is made."""
    swipe = await press.client.services.chat.messages.swipe(context, view.message.id, 1)
    if swipe is not None or view.opening:
        await _show(press, context, swipe or view, view)
    else:
        await regenerate(press, context, view)


async def illustrate(press: Press, context: RequestContext, view: MessageView) -> None:
    """Request a picture of this moment, which follows as a message of its own."""
    await press.response.defer(ephemeral=True, thinking=True)
    await press.client.services.chat.scenes.illustrate(context, view.message.id)
    said = _("The model describes this moment. The image follows in this channel.")
    await press.followup.send(said, ephemeral=True)


async def stop(press: Press, context: RequestContext, view: MessageView) -> None:
    """Stop the turn; the text so far stays."""
    await press.response.defer()
    await press.client.services.chat.turns.stop(context, view.message.id)


async def ask_to_delete(press: Press, context: RequestContext, view: MessageView) -> None:
    """Delete the newest message; ask when others follow."""
    chat = press.client.services.chat
    chat.messages.check_change(context, view)
    if not await chat.messages.following(view.message.id):
        return await delete_all(press, context, view)
    text = _("Delete this message and all that follow it?")
    buttons = (ChatVerb.DELETE_ALL, ChatVerb.KEEP)
    rows = (tuple(chat_button(verb, view.message.id) for verb in buttons),)
    card = replace(quiet_card(text), rows=rows)
    await press.response.send_message(view=layout_of(card), ephemeral=True)
    return None


async def delete_all(press: Press, context: RequestContext, view: MessageView) -> None:
    """Delete the message and all that follow it; the message on Discord shows the rest."""
    await press.response.defer()
    bot = press.client
    left = await bot.services.chat.messages.delete(context, view.message.id)
    stays = left.message.discord_id if left is not None else 0
    if view.message.discord_id and view.message.discord_id != stays:
        await unsend(bot, view.conversation.channel_id, view.message.discord_id)
    if left is not None:
        await refresh_message(bot, context, left)
    await _close_question(press)


async def keep_message(press: Press, context: RequestContext, view: MessageView) -> None:
    """Change nothing; the question is closed."""
    del context, view
    await press.response.defer()
    await _close_question(press)


async def rewind(press: Press, context: RequestContext, view: MessageView) -> None:
    """Make an older message the newest one. What followed it stays as another branch."""
    here = await press.client.services.chat.messages.rewind(context, view.message.id)
    said = _("The conversation goes on from this message. What followed it is not deleted.")
    await press.response.edit_message(view=layout_of(quiet_card(said)))
    newest = await press.client.services.chat.messages.newest(view.conversation)
    await refresh_message(press.client, context, here)
    if newest is not None and newest.message.id != here.message.id:
        await refresh_message(press.client, context, newest)


async def fork(press: Press, context: RequestContext, view: MessageView) -> None:
    """Copy the conversation up to this message into a new thread."""
    await press.response.defer(ephemeral=True)
    title = line(_("Fork: {name}").format(name=view.message.name), THREAD_NAME_MAX)
    thread = await new_thread(press, title)
    there = replace(context, origin=moved(context.origin, thread))
    bot = press.client
    conversation = await bot.services.chat.conversations.fork(there, view.message, thread.id)
    await post_newest(bot, there, conversation)
    said = _("The conversation goes on in {thread} too.").format(thread=thread.mention)
    await press.followup.send(said, ephemeral=True)


ACTIONS: dict[ChatVerb, Action] = {
    ChatVerb.REPLY: reply,
    ChatVerb.AGAIN: regenerate,
    ChatVerb.PREVIOUS: previous,
    ChatVerb.NEXT: following,
    ChatVerb.CONTINUE: continue_message,
    ChatVerb.EDIT: open_edit,
    ChatVerb.ILLUSTRATE: illustrate,
    ChatVerb.DELETE: ask_to_delete,
    ChatVerb.DELETE_ALL: delete_all,
    ChatVerb.REWIND: rewind,
    ChatVerb.FORK: fork,
    ChatVerb.STOP: stop,
    ChatVerb.KEEP: keep_message,
}


async def pressed(press: Press, message_id: int) -> tuple[RequestContext, MessageView]:
    """The message of an id, which must belong to the conversation of this channel.

    The number alone allows nothing: a client can send any id. Raises UserError.
    """
    context = await press.client.context(press)
    check_join(context)
    view = await press.client.services.chat.messages.view(message_id)
    if view is None or view.conversation.channel_id != press.channel_id:
        raise UserError(_("This message is no longer part of a conversation here."))
    await press.client.services.chat.conversations.get(view.conversation.id)
    return context, view


def _in_message(context: RequestContext, view: MessageView) -> RequestContext:
    """The context of a turn whose answer the message of that view will show."""
    ref = replace(context.origin.message, message_id=view.message.discord_id)
    return replace(context, origin=replace(context.origin, message=ref))


async def press_message(press: Press, verb: str, message_id: int) -> None:
    """Run the action of the verb."""
    if verb not in ACTIONS:
        raise NotAllowed(_(OTHER_VERSION))
    context, view = await pressed(press, message_id)
    await ACTIONS[ChatVerb(verb)](press, context, view)


def message_press_key(press: Press, verb: str, *_: int) -> Hashable:
    """Modals can be opened again at once, and each press of an arrow counts."""
    return None if verb in MODALS or verb in PAGES else once(press)


async def _show(
    press: Press, context: RequestContext, view: MessageView, pressed_on: MessageView
) -> None:
    """Show that swipe in the message of the other one, which is the pressed one as a rule."""
    bot = press.client
    is_pressed = press.message is not None and press.message.id == pressed_on.message.discord_id
    if is_pressed:
        card = await message_card_of(bot, context, view)
        await press.response.edit_message(view=layout_of(card), attachments=files_in(card))
        return
    await press.response.defer()
    await refresh_message(bot, context, view)


async def _close_question(press: Press) -> None:
    """Delete the pressed message if it is a private question."""
    if press.message is not None and press.message.flags.ephemeral:
        await press.delete_original_response()


def register(bot: HordecordBot) -> None:
    """Add the route of these buttons."""
    add_routes(bot, Route(CHAT_MESSAGE, press_message, message_press_key))
