"""Cards of /horde about the state of the Horde. Pure."""

import re
from collections.abc import Sequence

from bot.cards import formatting
from bot.cards.card import Block, Card, Colour, Divider, TextBlock
from bot.cards.formatting import DOT
from bot.cards.markdown import safe, safe_line
from bot.horde.server_info import Heartbeat, Modes, Newspiece, Performance

HORDE_OPEN = "The Horde is open"
HORDE_CLOSED = "The Horde takes nothing new"
HORDE_ILL = "The Horde is not well"
WAIT_HERE = "Yours wait here until it is over."
MAINTENANCE = f"It is in maintenance: it finishes what it has. {WAIT_HERE}"
INVITE_ONLY = "New workers need an invitation at the moment. Making things works as usual."
WORK_LEFT = "{time} of work in line"
NO_NEWS = "There is no news."
UNTITLED, READ_MORE = "News", "read more"

ONE = 0.95  # less is no "about 1"
PICTURE = 31.5  # megapixelsteps of a typical picture: 1024 x 1024 in 30 steps
NEWS, NEWS_MAX, TITLE_MAX = 3, 700, 150
READ_MAX = 20 * NEWS_MAX  # characters that are read
_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\s]*\)")
_MARKS = re.compile(r"\*\*|__|`|^#{1,6} +", re.MULTILINE)  # `safe` would show them literally
_PLAIN_URL = re.compile(r"https://[\w./~%?=&#+-]{4,300}", re.ASCII)


def status_card(
    performance: Performance,
    modes: Modes,
    heartbeat: Heartbeat,
    *,
    asked_at: float,
    refusal: str = "",
) -> Card:
    """Load of the Horde, and whether it accepts requests. `asked_at`: UTC seconds.

    `refusal`: why the bot's own submits are refused now; the Horde's answer may be older.
    """
    up = heartbeat.message.upper() == "OK"
    open_ = up and not modes.maintenance_mode and not refusal
    title = HORDE_OPEN if open_ else HORDE_CLOSED if up else HORDE_ILL
    notes = [
        MAINTENANCE if modes.maintenance_mode else "",
        f"{refusal} {WAIT_HERE}" if refusal and not modes.maintenance_mode else "",
        INVITE_ONLY if modes.invite_only_mode else "",
    ]
    blocks: list[Block] = [
        TextBlock("\n".join(filter(None, [f"### {title}", *notes]))),
        TextBlock("\n".join([_pictures(performance), _texts(performance), _alchemy(performance)])),
        TextBlock(f"-# Horde {safe_line(heartbeat.version, 20) or '?'} · <t:{round(asked_at)}:R>"),
    ]
    return Card(Colour.DONE if open_ else Colour.PARTIAL, tuple(blocks))


def news_card(news: Sequence[Newspiece]) -> Card:
    """The newest pieces, shortened, with a link to more."""
    blocks: list[Block] = []
    for piece in news[:NEWS]:
        blocks += [Divider(), TextBlock(_piece(piece))] if blocks else [TextBlock(_piece(piece))]
    return Card(Colour.QUIET, tuple(blocks) or (TextBlock(NO_NEWS),))


def _pictures(load: Performance) -> str:
    speed = load.past_minute_megapixelsteps
    parts = [f"{load.queued_requests:,} in line", _workers(load.worker_count)]
    if speed > 0:
        parts.append(_pace(speed / PICTURE))
        parts += _left(load.queued_megapixelsteps / speed)
    return f"**Pictures** {DOT.join(parts)}"


def _texts(load: Performance) -> str:
    speed = load.past_minute_tokens
    parts = [f"{load.queued_text_requests:,} in line", _workers(load.text_worker_count)]
    if speed > 0:
        parts.append(_pace(speed, " token", " tokens"))
        parts += _left(load.queued_tokens / speed)
    return f"**Texts** {DOT.join(parts)}"


def _alchemy(load: Performance) -> str:
    return f"**Alchemy** {load.queued_forms:,.0f} in line{DOT}{_workers(load.interrogator_count)}"


def _pace(each_minute: float, one: str = "", more: str = "") -> str:
    """How many are made, in the unit of time in which that is at least one."""
    for amount, unit in ((each_minute, "a minute"), (each_minute * 60, "an hour")):
        if amount >= ONE:
            return f"about {amount:,.0f}{one if round(amount) == 1 else more} {unit}"
    return f"less than 1{one} an hour"


def _left(minutes: float) -> list[str]:
    """Time that the workers need for the queue; nothing when there is no wait."""
    seconds = min(minutes, 10_000) * 60
    return [WORK_LEFT.format(time=formatting.duration(seconds))] if seconds >= 1 else []


def _workers(count: int) -> str:
    return f"{count:,} worker{'' if count == 1 else 's'}"


def _piece(piece: Newspiece) -> str:
    title = safe_line(piece.title, TITLE_MAX) or UNTITLED
    link = next((url for url in piece.more_info_urls if _PLAIN_URL.fullmatch(url)), "")
    body = safe(_MARKS.sub("", _LINK.sub(r"\1", piece.newspiece[:READ_MAX])), NEWS_MAX)
    small = [safe_line(piece.date_published, 30), f"[{READ_MORE}]({link})" if link else ""]
    return "\n".join(filter(None, [f"### {title}", body, f"-# {DOT.join(filter(None, small))}"]))
