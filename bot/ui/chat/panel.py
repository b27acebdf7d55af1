"""The panels of a conversation: its settings, and its memory. Pure.

Each menu's id names the setting that it changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.cards.card import OPTION_MAX, OPTIONS_MAX, Button, Card, Menu, Option, quiet_card
from bot.cards.chat.buttons import ConversationVerb, conversation_button
from bot.cards.custom_ids import CHAT_SETTING
from bot.cards.formatting import DOT, decimal, listed
from bot.cards.markdown import clean, safe, safe_line
from bot.domain.chat.conversations import AUTO, Answering, ChatSettings, Conversation
from bot.i18n import N_, _, ngettext
from bot.i18n.formats import number

LENGTHS = (80, 160, 240, 400, 600, 1_024)  # tokens of an answer
MEMORIES = (0, 2_048, 4_096, 8_192, 16_384, 32_768)  # tokens of a prompt; 0: what the model takes
TEMPERATURES = {
    0.4: N_("predictable"),
    0.6: N_("calm"),
    0.8: N_("balanced"),
    1.0: N_("lively"),
    1.3: N_("wild"),
}
ANSWERING = {
    Answering.MENTIONED: N_("The character that the message names answers"),
    Answering.IN_TURN: N_("The characters answer in turn"),
    Answering.CHOSEN: N_("The first character answers"),
}
ANY_MODEL = "-"  # value of the option for any model
NOTE_SHOWN, SUMMARY_SHOWN, NAME_MAX = 300, 3_000, 60  # units


@dataclass(frozen=True, slots=True)
class ChatPanelData:
    """What the panel shows besides the settings. `cast`: names of the characters.

    `models` and `templates`: what can be chosen; `payer`: of the member who opened the panel;
    `can_read_all`: the bot receives the text of every message, and this is a thread.
    """

    cast: Sequence[str] = ()
    models: Sequence[str] = ()
    templates: Sequence[str] = ()
    payer: str = ""
    can_read_all: bool = False


def chat_settings_card(conversation: Conversation, data: ChatPanelData, note: str = "") -> Card:
    """The settings of a conversation. `note`: why a change was not made, or ""."""
    number, settings = conversation.id, conversation.settings
    names = listed(f"**{safe_line(name, NAME_MAX)}**" for name in data.cast)
    title = _("Conversation with {names}").format(names=names)
    payer = _("Your messages here: {payer}.").format(payer=data.payer)
    said = [f"### {title}", payer, _note_line(settings), _stops_line(settings)]
    menus = [
        _model_menu(number, settings.model, data.models),
        _length_menu(number, settings.max_length),
        _temperature_menu(number, settings.temperature),
        _memory_menu(number, settings.memory),
        _template_menu(number, settings.template, data.templates),
    ]
    if len(data.cast) > 1:
        menus.append(_answering_menu(number, settings.answering))
    card = quiet_card("\n".join(filter(None, said)), f"-# {note}" if note else "")
    rows = (_text_buttons(number), _switches(number, settings, data))
    return replace(card, menus=tuple(menus), rows=rows)


def memory_card(conversation: Conversation) -> Card:
    """What the conversation remembers of the messages that no longer fit into the prompt."""
    title = _("Memory of this conversation")
    if conversation.summary:
        text = safe(conversation.summary, SUMMARY_SHOWN)
    else:
        text = _(
            "There is no summary yet. When the messages no longer fit into the prompt, the model "
            "summarizes the oldest ones. You can also write the summary yourself."
        )
    label = _("Edit the summary")
    edit = conversation_button(ConversationVerb.EDIT_MEMORY, conversation.id, label, emoji="✏️")
    return replace(quiet_card(f"### {title}\n{text}"), rows=((edit,),))


def _note_line(settings: ChatSettings) -> str:
    if not settings.note:
        return ""
    text = ngettext(
        "Author's note, {count} message before the end: {note}",
        "Author's note, {count} messages before the end: {note}",
        settings.note_depth,
    )
    note = safe_line(settings.note, NOTE_SHOWN)
    return text.format(count=decimal(settings.note_depth), note=note)


def _stops_line(settings: ChatSettings) -> str:
    if not settings.stops:
        return ""
    stops = listed(safe_line(stop, NAME_MAX) for stop in settings.stops)
    return _("Stop strings: {strings}").format(strings=stops)


def _text_buttons(number: int) -> tuple[Button, ...]:
    return (
        conversation_button(ConversationVerb.NOTE, number, _("Author's note"), emoji="📝"),
        conversation_button(ConversationVerb.SAMPLING, number, _("More values"), emoji="🎚️"),
        conversation_button(ConversationVerb.MEMORY, number, _("Memory"), emoji="🧠"),
    )


def _switches(number: int, settings: ChatSettings, data: ChatPanelData) -> tuple[Button, ...]:
    drop, keep = _("Drop an unfinished last sentence"), _("Keep an unfinished last sentence")
    label = keep if settings.whole_sentences else drop
    switches = [conversation_button(ConversationVerb.SENTENCES, number, label)]
    if data.can_read_all:
        only, every = _("Answer only when addressed"), _("Answer every message")
        label = only if settings.every_message else every
        switches.append(conversation_button(ConversationVerb.EVERY_MESSAGE, number, label))
    return tuple(switches)


def _model_menu(number: int, current: str, models: Sequence[str]) -> Menu:
    names = [name for name in models if len(name) <= OPTION_MAX and name != current]
    if current and len(current) <= OPTION_MAX:
        names.insert(0, current)
    options = (
        Option(ANY_MODEL, _("Any model"), chosen=not current),
        *(Option(name, clean(name, OPTION_MAX) or "?", chosen=name == current) for name in names),
    )
    return Menu(CHAT_SETTING("model", number), _("Text model"), options[:OPTIONS_MAX])


def _length_menu(number: int, current: int) -> Menu:
    options = tuple(
        Option(str(each), _length(each), chosen=each == current)
        for each in sorted({*LENGTHS, current})
    )
    return Menu(CHAT_SETTING("max_length", number), _("Length"), options)


def _length(count: int) -> str:
    text = ngettext("Answers of at most {count} token", "Answers of at most {count} tokens", count)
    return text.format(count=decimal(count))


def _temperature_menu(number: int, current: float) -> Menu:
    options = tuple(
        Option(f"{each:g}", _temperature(each), chosen=each == current)
        for each in sorted({*TEMPERATURES, current})
    )
    return Menu(CHAT_SETTING("temperature", number), _("Temperature"), options)


def _temperature(value: float) -> str:
    shown = int(value) if value.is_integer() else value
    label = _("Temperature {value}").format(value=number(shown))
    word = TEMPERATURES.get(value, "")
    return DOT.join(filter(None, [label, _(word) if word else ""]))


def _memory_menu(number: int, current: int) -> Menu:
    options = tuple(
        Option(str(each), _memory(each), chosen=each == current)
        for each in sorted({*MEMORIES, current})
    )
    return Menu(CHAT_SETTING("memory", number), _("Memory"), options)


def _memory(count: int) -> str:
    if not count:
        return _("Memory: as much as the model takes")
    return _("Memory: {count} tokens").format(count=decimal(count))


def _template_menu(number: int, current: str, templates: Sequence[str]) -> Menu:
    options = (
        Option(AUTO, _("Prompt template of the model"), chosen=current == AUTO),
        *(
            Option(name, _("Prompt template {name}").format(name=name), chosen=name == current)
            for name in templates
        ),
    )
    return Menu(CHAT_SETTING("template", number), _("Prompt template"), options[:OPTIONS_MAX])


def _answering_menu(number: int, current: Answering) -> Menu:
    options = tuple(
        Option(each, _(text), chosen=each == current) for each, text in ANSWERING.items()
    )
    return Menu(CHAT_SETTING("answering", number), _("Who answers"), options)
