"""The buttons under the newest message of a conversation."""

from dataclasses import replace
from enum import StrEnum

from bot.cards import labels
from bot.cards.card import Button, ButtonStyle
from bot.cards.chat.shown_message import ShownMessage
from bot.cards.custom_ids import CHAT_MESSAGE, CONVERSATION
from bot.domain.chat.conversations import MessageState
from bot.i18n import N_, _

Rows = tuple[tuple[Button, ...], ...]


class ChatVerb(StrEnum):
    """Action of a button under a message of a conversation; part of its CHAT_MESSAGE."""

    REPLY = "reply"
    AGAIN = "again"
    PREVIOUS = "prev"
    NEXT = "next"
    PLACE = "place"  # says which swipe is shown, and cannot be pressed
    CONTINUE = "continue"
    EDIT = "edit"
    ILLUSTRATE = "illustrate"
    DELETE = "delete"
    DELETE_ALL = "delete_all"  # with all that follows
    REWIND = "rewind"  # make it the newest one
    FORK = "fork"
    STOP = "stop"
    KEEP = "keep"  # answer to a question: change nothing


class ConversationVerb(StrEnum):
    """Action of a button about a whole conversation; part of its CONVERSATION."""

    BEGIN = "begin"  # with the bot itself, in this place
    SETTINGS = "settings"
    NOTE = "note"
    SAMPLING = "sampling"
    MEMORY = "memory"
    EDIT_MEMORY = "edit_memory"
    SENTENCES = "sentences"
    EVERY_MESSAGE = "every"
    RESET = "reset"
    END = "end"
    KEEP = "keep"


REGENERATE, CONTINUE = N_("Regenerate"), N_("Continue")
_BUTTONS = {
    ChatVerb.REPLY: (N_("Reply"), "💬", ButtonStyle.PRIMARY),
    ChatVerb.AGAIN: (REGENERATE, "🔁", ButtonStyle.SECONDARY),
    ChatVerb.CONTINUE: (CONTINUE, "➡️", ButtonStyle.SECONDARY),
    ChatVerb.EDIT: (N_("Edit"), "✏️", ButtonStyle.SECONDARY),
    ChatVerb.ILLUSTRATE: (N_("Illustrate"), "🖼️", ButtonStyle.SECONDARY),
    ChatVerb.DELETE: (labels.DELETE, "🗑️", ButtonStyle.SECONDARY),
    ChatVerb.STOP: (N_("Stop"), "⏹️", ButtonStyle.SECONDARY),
    ChatVerb.REWIND: (N_("Go on from here"), "⏪", ButtonStyle.PRIMARY),
    ChatVerb.FORK: (N_("Fork"), "🔀", ButtonStyle.SECONDARY),
    ChatVerb.DELETE_ALL: (N_("Delete permanently"), "🗑️", ButtonStyle.DANGER),
    ChatVerb.KEEP: (N_("Keep it"), "", ButtonStyle.SECONDARY),
}


def chat_button(verb: ChatVerb, message_id: int, *, disabled: bool = False) -> Button:
    """The button of a verb, the same on every message."""
    label, emoji, style = _BUTTONS[verb]
    return Button(CHAT_MESSAGE(verb, message_id), _(label), style, emoji, disabled)


def conversation_button(
    verb: ConversationVerb,
    conversation_id: int,
    label: str,
    style: ButtonStyle = ButtonStyle.SECONDARY,
    emoji: str = "",
) -> Button:
    """A button about that conversation."""
    return Button(CONVERSATION(verb, conversation_id), label, style, emoji)


def newest_buttons(shown: ShownMessage) -> Rows:
    """The rows under the newest message."""
    number = shown.message.id
    if shown.message.state is MessageState.FAILED:
        again = replace(chat_button(ChatVerb.AGAIN, number), label=_(labels.AGAIN))
        return ((again, *_row(number, ChatVerb.REPLY)),)
    if shown.opening:
        return (*_swipes(shown), _row(number, ChatVerb.REPLY, ChatVerb.EDIT))
    first = [*_swipes(shown)] or [()]
    after = _row(number, ChatVerb.AGAIN, ChatVerb.CONTINUE)
    picture = (ChatVerb.ILLUSTRATE,) if shown.images else ()
    last = (ChatVerb.REPLY, ChatVerb.EDIT, *picture, ChatVerb.DELETE)
    return ((*first[0], *after), _row(number, *last))


def action_buttons(shown: ShownMessage) -> Rows:
    """The rows of the menu of an older message: what would end what follows, and what would not."""
    number = shown.message.id
    picture = (ChatVerb.ILLUSTRATE,) if shown.images else ()
    return (
        _row(number, ChatVerb.REWIND, ChatVerb.FORK, *picture),
        _row(number, ChatVerb.EDIT, ChatVerb.DELETE),
    )


def _row(message_id: int, *verbs: ChatVerb) -> tuple[Button, ...]:
    return tuple(chat_button(verb, message_id) for verb in verbs)


def _swipes(shown: ShownMessage) -> Rows:
    """◀ 2/3 ▶; nothing for the only one. After the last answer ▶ asks for another one."""
    if shown.count <= 1:
        return ()
    number = shown.message.id
    at_end = shown.opening and shown.number >= shown.count
    place = f"{shown.number}/{shown.count}"
    previous = CHAT_MESSAGE(ChatVerb.PREVIOUS, number)
    following = CHAT_MESSAGE(ChatVerb.NEXT, number)
    return (
        (
            Button(previous, "◀", disabled=shown.number <= 1),
            Button(CHAT_MESSAGE(ChatVerb.PLACE, number), place, disabled=True),
            Button(following, "▶", disabled=at_end),
        ),
    )
