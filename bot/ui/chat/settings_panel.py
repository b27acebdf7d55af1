"""The menus, buttons and modals of the settings and of the memory of a conversation."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import ValidationError

from bot.cards.card import OPTIONS_MAX, Card
from bot.cards.chat.buttons import ConversationVerb
from bot.cards.custom_ids import CHAT_SETTING, CONVERSATION
from bot.catalog import is_safe_text
from bot.chat.templates import TEMPLATES
from bot.client.bot import HordecordBot
from bot.client.form_drafts import Fields
from bot.domain.chat.conversations import (
    STOP_MAX,
    STOPS_MAX,
    Answering,
    ChatSettings,
    Conversation,
)
from bot.domain.requests import Kind
from bot.errors import BadOption, NotAllowed, UserError
from bot.i18n import _
from bot.rules.blocklists import is_blocked
from bot.rules.request_context import RequestContext
from bot.ui.chat.beginning import begin_here
from bot.ui.chat.modals import (
    DEPTH,
    LENGTH,
    STOPS,
    TEMPERATURE,
    TEXT,
    memory_modal,
    note_modal,
    sampling_modal,
)
from bot.ui.chat.panel import ANY_MODEL, ChatPanelData, chat_settings_card, memory_card
from bot.ui.chat.shown import payer_line
from bot.ui.components.persistent_item import (
    OTHER_VERSION,
    Press,
    Route,
    add_routes,
    chosen,
    each_time,
)
from bot.ui.components.views import layout_of

SEARCHED = 500  # text models searched for those that the place allows
SETTINGS = frozenset({"model", "max_length", "temperature", "memory", "template", "answering"})
NUMBERS = frozenset({"max_length", "memory"})
Action = Callable[[Press, RequestContext, Conversation], Awaitable[None]]


async def settings_card(
    press: Press, context: RequestContext, conversation: Conversation, note: str = ""
) -> Card:
    """The panel of the settings with their current values."""
    services = press.client.services
    cast = await services.chat.characters.cast(conversation.cast)
    reads = press.client.settings.discord.message_content and _is_thread(context)
    data = ChatPanelData(
        cast=[each.character.called for each in cast],
        models=_models(press, context),
        templates=list(TEMPLATES),
        payer=await payer_line(services.payment, context),
        can_read_all=reads,
    )
    return chat_settings_card(conversation, data, note)


def _is_thread(context: RequestContext) -> bool:
    return context.origin.home != context.origin.message.channel_id and bool(context.guild_id)


def _models(press: Press, context: RequestContext) -> list[str]:
    """The text models of the place that a conversation there may use, the usual first."""
    rules = context.rules
    found = press.client.services.catalog.models(Kind.TEXT, limit=SEARCHED, rules=rules)
    every = context.nsfw or context.capabilities.chosen_models
    names = [model.name for model in found if every or is_safe_text(model.name)]
    if rules.chat_models:
        names = [name for name in names if is_blocked(name, rules.chat_models)]
    return names[:OPTIONS_MAX]


async def choose_setting(press: Press, name: str, conversation_id: int) -> None:
    """Store the chosen value and show the panel with it."""
    if name not in SETTINGS:
        raise NotAllowed(_(OTHER_VERSION))
    await _change(press, conversation_id, {name: _value(name, chosen(press))})


def _value(name: str, text: str) -> object:
    """The chosen option as the value of the setting. Raises UserError for a forged one."""
    try:
        if name in NUMBERS:
            return int(text)
        if name == "temperature":
            return float(text)
        if name == "answering":
            return Answering(text)
    except ValueError:
        raise NotAllowed(_(OTHER_VERSION)) from None
    return "" if text == ANY_MODEL else text


async def _change(press: Press, conversation_id: int, changes: dict[str, Any]) -> None:
    context, conversation = await conversation_here(press, conversation_id)
    changed = await _changed(press, context, conversation, changes)
    card = await settings_card(press, context, changed)
    await press.response.edit_message(view=layout_of(card))


async def _changed(
    press: Press, context: RequestContext, conversation: Conversation, changes: dict[str, Any]
) -> Conversation:
    """The conversation with those settings, which are stored. Raises UserError."""
    settings = _checked(conversation.settings.model_dump() | changes)
    conversations = press.client.services.chat.conversations
    return await conversations.put_settings(context, conversation, settings)


def _checked(fields: dict[str, Any]) -> ChatSettings:
    try:
        return ChatSettings.model_validate(fields)
    except ValidationError:
        text = _(
            "A value is out of range: the temperature is 0 to 5, the length 16 to 1024, the depth "
            "0 to 100. A conversation has up to {count} stop strings."
        )
        raise BadOption(text.format(count=STOPS_MAX)) from None


async def conversation_here(
    press: Press, conversation_id: int
) -> tuple[RequestContext, Conversation]:
    """The conversation of that id, which must be that of this channel. Raises UserError.

    Only the member who started it may change it, and managers of the server.
    """
    context, chat = await press.client.context(press), press.client.services.chat
    conversation = await chat.conversations.get(conversation_id)
    if conversation.channel_id != press.channel_id:
        raise UserError(_("This conversation takes place in another channel."))
    chat.conversations.check_owner(context, conversation)
    return context, conversation


async def _open_note(press: Press, context: RequestContext, conversation: Conversation) -> None:
    del context
    await press.response.send_modal(note_modal(conversation.id, conversation.settings))


async def _open_sampling(press: Press, context: RequestContext, conversation: Conversation) -> None:
    del context
    await press.response.send_modal(sampling_modal(conversation.id, conversation.settings))


async def _open_memory(press: Press, context: RequestContext, conversation: Conversation) -> None:
    del context
    view = layout_of(memory_card(conversation))
    await press.response.send_message(view=view, ephemeral=True)


async def _edit_memory(press: Press, context: RequestContext, conversation: Conversation) -> None:
    del context
    await press.response.send_modal(memory_modal(conversation))


async def _toggle_sentences(
    press: Press, context: RequestContext, conversation: Conversation
) -> None:
    del context
    wanted = not conversation.settings.whole_sentences
    await _change(press, conversation.id, {"whole_sentences": wanted})


async def _toggle_every(press: Press, context: RequestContext, conversation: Conversation) -> None:
    del context
    wanted = not conversation.settings.every_message
    await _change(press, conversation.id, {"every_message": wanted})


ACTIONS: dict[ConversationVerb, Action] = {
    ConversationVerb.NOTE: _open_note,
    ConversationVerb.SAMPLING: _open_sampling,
    ConversationVerb.MEMORY: _open_memory,
    ConversationVerb.EDIT_MEMORY: _edit_memory,
    ConversationVerb.SENTENCES: _toggle_sentences,
    ConversationVerb.EVERY_MESSAGE: _toggle_every,
}


async def press_conversation(press: Press, verb: str, conversation_id: int) -> None:
    """Run the action of the verb."""
    if verb == ConversationVerb.BEGIN:
        return await begin_here(press, conversation_id)
    if verb not in ACTIONS:
        raise NotAllowed(_(OTHER_VERSION))
    context, conversation = await conversation_here(press, conversation_id)
    return await ACTIONS[ConversationVerb(verb)](press, context, conversation)


async def noted(press: Press, fields: Fields, conversation_id: int) -> None:
    """Store the author's note."""
    depth = fields.get(DEPTH, "").strip() or "4"
    await _change(press, conversation_id, {"note": fields.get(TEXT, ""), "note_depth": depth})


async def sampled(press: Press, fields: Fields, conversation_id: int) -> None:
    """Store the values that the menus do not have."""
    lines = [line.strip()[:STOP_MAX] for line in fields.get(STOPS, "").splitlines()]
    changes: dict[str, Any] = {"stops": tuple(dict.fromkeys(filter(None, lines)))}
    if temperature := fields.get(TEMPERATURE, "").strip().replace(",", "."):
        changes["temperature"] = temperature
    if length := fields.get(LENGTH, "").strip():
        changes["max_length"] = length
    await _change(press, conversation_id, changes)


async def remembered(press: Press, fields: Fields, conversation_id: int) -> None:
    """Store the summary."""
    context, conversation = await conversation_here(press, conversation_id)
    conversations = press.client.services.chat.conversations
    await conversations.put_summary(context, conversation, fields.get(TEXT, ""))
    changed = await conversations.get(conversation_id)
    await press.response.edit_message(view=layout_of(memory_card(changed)))


def register(bot: HordecordBot) -> None:
    """Add the routes of these menus and buttons."""
    add_routes(
        bot,
        Route(CHAT_SETTING, choose_setting, each_time),
        Route(CONVERSATION, press_conversation, each_time),
    )
