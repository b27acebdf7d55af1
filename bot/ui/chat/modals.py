"""The modals of a conversation: a reply, an edited text, the note, further values, the summary."""

from discord import ui

from bot.cards.card import INPUT_MAX
from bot.cards.custom_ids import CHAT_MODAL
from bot.domain.chat.conversations import NOTE_MAX, STOP_MAX, STOPS_MAX, ChatSettings, Conversation
from bot.domain.requests import PROMPT_MAX
from bot.i18n import _
from bot.ui.components.modals import Input, modal_of

REPLY, EDIT, NOTE, SAMPLING, MEMORY = "reply", "edit", "note", "sampling", "memory"
TEXT, DEPTH, STOPS, TEMPERATURE, LENGTH = "text", "depth", "stops", "temperature", "length"
NUMBER_MAX, STOPS_TEXT_MAX = 6, STOPS_MAX * (STOP_MAX + 1)  # characters


def reply_modal(message_id: int, name: str) -> ui.Modal:
    """The modal for a message to the character. `message_id`: the message that it answers."""
    label = _("Your message")
    title = _("Reply to {name}").format(name=name)
    text = Input(TEXT, label, long=True, most=PROMPT_MAX, least=1)
    return modal_of(CHAT_MODAL(REPLY, message_id), title, text)


def edit_message_modal(message_id: int, name: str, text: str) -> ui.Modal:
    """The modal for another text of the message of a character, which becomes a new swipe."""
    hint = _("The old text stays: press ◀ to return to it.")
    title = _("Edit the message of {name}").format(name=name)
    field = Input(TEXT, _("Text"), hint, text[:INPUT_MAX], long=True, least=1)
    return modal_of(CHAT_MODAL(EDIT, message_id), title, field)


def note_modal(conversation_id: int, settings: ChatSettings) -> ui.Modal:
    """The modal for the author's note."""
    hint = _("A text that is repeated in each prompt. Leave empty for none.")
    depth = _("How many messages before the end it is put")
    return modal_of(
        CHAT_MODAL(NOTE, conversation_id),
        _("Author's note"),
        Input(TEXT, _("Note"), hint, settings.note, long=True, most=NOTE_MAX),
        Input(DEPTH, _("Depth"), depth, str(settings.note_depth), most=NUMBER_MAX),
    )


def sampling_modal(conversation_id: int, settings: ChatSettings) -> ui.Modal:
    """The modal for values that the menus do not have."""
    temperature = _("Randomness of the words: 0 is predictable, 2 is very random")
    length = _("Tokens of an answer, from 16 to 1024. A token has about four characters.")
    stops = _("Texts that end an answer, one on each line")
    return modal_of(
        CHAT_MODAL(SAMPLING, conversation_id),
        _("Values of this conversation"),
        Input(
            TEMPERATURE, _("Temperature"), temperature, f"{settings.temperature:g}", most=NUMBER_MAX
        ),
        Input(LENGTH, _("Length"), length, str(settings.max_length), most=NUMBER_MAX),
        Input(
            STOPS,
            _("Stop strings"),
            stops,
            "\n".join(settings.stops),
            long=True,
            most=STOPS_TEXT_MAX,
        ),
    )


def memory_modal(conversation: Conversation) -> ui.Modal:
    """The modal for the summary of a conversation."""
    hint = _("What happened so far. Leave empty to delete the summary.")
    field = Input(TEXT, _("Summary"), hint, conversation.summary[:INPUT_MAX], long=True)
    title = _("Memory of this conversation")
    return modal_of(CHAT_MODAL(MEMORY, conversation.id), title, field)
