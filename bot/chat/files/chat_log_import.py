"""Reads a conversation from SillyTavern's JSONL."""

from datetime import UTC, datetime

from bot.chat.files.chat_log import ChatLog, LogLine
from bot.chat.files.fields import Fields, plain_field, whole_number
from bot.chat.files.json_input import Json, parsed_object
from bot.chat.files.limits import CHAT_BYTES, check_count, check_file_size
from bot.domain.chat.characters import NAME_MAX, TEXT_MAX
from bot.domain.chat.conversations import Side
from bot.errors import CardError
from bot.i18n import _
from bot.i18n.formats import number

LINES_MAX = 10_000  # messages of one conversation
SWIPES_MAX = 100  # of one message
_HEAD = frozenset({"user_name", "character_name", "chat_metadata", "create_date"})
# SillyTavern's older forms of a date, after ISO 8601 and milliseconds.
_DATES = ("%B %d, %Y %I:%M%p", "%Y-%m-%d @%Hh %Mm %Ss %fms", "%Y-%m-%d@%Hh%Mm%Ss")
_FIRST_YEAR, _LAST_YEAR = 0.0, 32_503_680_000.0  # 1970 and 3000, UTC seconds


def read_chat_jsonl(data: bytes) -> ChatLog:
    """The conversation of a JSONL file. Messages that are hidden from prompts are left out.

    Raises CardError, which names the line of a fault.
    """
    check_file_size(data, CHAT_BYTES)
    rows = [row for row in data.removeprefix(b"\xef\xbb\xbf").splitlines() if row.strip()]
    check_count(_("messages"), len(rows), LINES_MAX + 1)
    read = [_row(row, at) for at, row in enumerate(rows, 1)]
    head = read[0] if read and "mes" not in read[0] and _HEAD & read[0].keys() else {}
    messages = read[1:] if head else read
    lines = [_line(row, at) for at, row in enumerate(messages, 1 + bool(head))]
    kept = tuple(line for line in lines if line is not None)
    if not kept:
        raise CardError(_("This file contains no messages of a chat. Use a JSONL file."))
    return ChatLog(
        member=_named(head, "user_name", kept, Side.MEMBER),
        character=_named(head, "character_name", kept, Side.CHARACTER),
        lines=kept,
        skipped=len(lines) - len(kept),
    )


def _row(row: bytes, at: int) -> Json:
    try:
        return parsed_object(row)
    except CardError:
        text = _("Line {line} of the file is no valid message. Export the chat again.")
        raise CardError(text.format(line=number(at))) from None


def _line(row: Json, at: int) -> LogLine | None:
    fields = Fields(row, str(at))
    if fields.flag("is_system", default=False):
        return None
    is_member = fields.flag("is_user", default=False)
    text = fields.text("mes", most=TEXT_MAX)
    texts, shown = _swipes(fields, text)
    if not text.strip() and not any(texts):
        return None
    return LogLine(
        side=Side.MEMBER if is_member else Side.CHARACTER,
        name=" ".join(fields.text("name", most=TEXT_MAX).split())[:NAME_MAX],
        texts=texts,
        shown=shown,
        sent_at=_seconds(fields.get("send_date")),
        thoughts=Fields(fields.inside("extra"), str(at)).text("reasoning", most=10 * TEXT_MAX),
    )


def _swipes(fields: Fields, text: str) -> tuple[tuple[str, ...], int]:
    """All texts and the index of the shown one, which the file also has by itself."""
    swipes = fields.texts("swipes", count=SWIPES_MAX, most=TEXT_MAX)
    shown = fields.number("swipe_id", default=0, least=0)
    if not swipes:
        return (text,), 0
    if text in swipes:
        right = shown < len(swipes) and swipes[shown] == text
        return swipes, shown if right else swipes.index(text)
    if not text.strip():
        return swipes, min(shown, len(swipes) - 1)
    shown = min(shown, len(swipes) - 1)  # the shown text was edited after the swipe
    return (*swipes[:shown], text, *swipes[shown + 1 :]), shown


def _named(head: Json, field: str, lines: tuple[LogLine, ...], side: Side) -> str:
    name = " ".join(plain_field(head.get(field)).split())[:NAME_MAX]
    unused = {"", "unused"}  # SillyTavern writes this word into newer files
    return name if name not in unused else next((o.name for o in lines if o.side is side), "")


def _seconds(value: object) -> float:
    """A date as UTC seconds; 0 for one that cannot be read."""
    seconds = _moment(value)
    return seconds if _FIRST_YEAR <= seconds < _LAST_YEAR else 0.0


def _moment(value: object) -> float:
    if (milliseconds := whole_number(value)) is not None:
        return milliseconds / 1_000
    text = plain_field(value).strip()
    for form in ("", *_DATES):
        try:
            return _read_date(text, form).timestamp()
        except (ValueError, OverflowError):
            continue
    return 0.0


def _read_date(text: str, form: str) -> datetime:
    """A date in UTC unless it says otherwise. `form`: "" for ISO 8601. Raises ValueError."""
    if form:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
