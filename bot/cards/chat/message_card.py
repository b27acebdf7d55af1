"""A finished message of a conversation: who speaks, the text, the buttons of the newest one."""

from bot.cards.card import TEXT_MAX, Attachment, Block, Card, Colour, TextBlock
from bot.cards.chat.buttons import newest_buttons
from bot.cards.chat.shown_message import ShownMessage
from bot.cards.formatting import DOT
from bot.cards.markdown import fits, safe, safe_line, units
from bot.cards.results.formatted_text import formatted, shows_whole
from bot.cards.results.text_result import ANSWER_MAX, SPOILER, TEXT_ATTACHED, thought
from bot.domain.chat.characters import ASSISTANT
from bot.domain.chat.conversations import ChatMessage
from bot.i18n import N_, _
from bot.rules.adult_words import needs_spoiler

LINE_MAX = 300  # units of the line of a member that is quoted
NAME_MAX = 80
THOUGHTS_MAX = 600  # units
RESERVE = 200  # units for the lines about the file, the spoiler and the payer
MEMBERS_HINT = N_(
    "Reply to this message, mention the bot, or press **Reply**. `/chat settings` has more options."
)


def message_card(shown: ShownMessage, note: str = "") -> Card:
    """The card of a message. `note`: its price, or why there is no other answer, or ""."""
    message = shown.message
    speaker = "" if shown.named else message.name
    head = [heading(shown.line, message.author, speaker)]
    thoughts = [thought(message.thoughts, THOUGHTS_MAX)] if message.thoughts else []
    noted = [TextBlock(note)] if note else []
    used = sum(units(block.content) for block in [*head, *thoughts, *noted])
    body = _body(shown, min(ANSWER_MAX, TEXT_MAX - used - RESERVE))
    foot = _opening_lines(shown) if shown.opening and shown.newest else ""
    small = [TextBlock(foot)] if foot else []
    rows = newest_buttons(shown) if shown.newest else ()
    return Card(Colour.DONE, (*head, *thoughts, *body, *noted, *small), rows)


def heading(line: ChatMessage | None, character_id: int, name: str) -> TextBlock:
    """The lines above a text: the line that it answers, and who speaks, unless it is the bot.

    `name`: "" where Discord shows it.
    """
    speaks = bool(name) and character_id != ASSISTANT
    speaker = f"**{safe_line(name, NAME_MAX)}**" if speaks else ""
    return TextBlock("\n".join(filter(None, [quoted_line(line), speaker])))


def quoted_line(line: ChatMessage | None) -> str:
    """The line of a member that no message of the member shows; "" for none."""
    if line is None:
        return ""
    name, text = safe_line(line.name, NAME_MAX), safe_line(line.text, LINE_MAX)
    return f"> **{name}:** {text}"


def shown_text(text: str, room: int, *, hide: bool) -> str:
    """The text with its formatting, or behind a spoiler, at most `room` units."""
    return f"||{safe(text, room - 4)}||" if hide else formatted(text, room)


def _body(shown: ShownMessage, room: int) -> list[Block]:
    text = shown.message.text
    hide = shown.spoiler and needs_spoiler(text)
    whole = fits(text, room - 4) if hide else shows_whole(text, room)
    remarks = [_(SPOILER) if hide else "", "" if whole else _(TEXT_ATTACHED)]
    blocks: list[Block] = [TextBlock(shown_text(text, room, hide=hide) or "…")]
    if any(remarks):
        blocks.append(TextBlock(f"-# {' '.join(filter(None, remarks))}"))
    if not whole:
        data = text.encode("utf-8", "replace")
        name = f"hordecord-chat-{shown.message.id}.txt"
        blocks.append(Attachment(name, data=data, spoiler=hide))
    return blocks


def _opening_lines(shown: ShownMessage) -> str:
    return f"-# {DOT.join(filter(None, [shown.payer, _(MEMBERS_HINT)]))}"
