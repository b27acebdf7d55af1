"""Lists of people who are blocked, and what is said when somebody is. Pure."""

from collections.abc import Sequence

from bot.records import Block
from bot.ui import people_words as words
from bot.ui.card import Card, Colour, Text
from bot.ui.markdown import safe_line
from bot.ui.scene import DOT

SHOWN = 20
REASON_SHOWN = 80


def blocked_card(blocks: Sequence[Block], where: str) -> Card:
    """Who is blocked there, the newest first."""
    lines = [_line(block) for block in blocks[:SHOWN]] or [words.NOBODY_BLOCKED]
    more = len(blocks) - SHOWN
    lines += [f"-# {words.MORE_BLOCKED.format(count=more)}"] if more > 0 else []
    title = words.BLOCKED_TITLE.format(where=where)
    return Card(Colour.QUIET, (Text(f"### {title}"), Text("\n".join(lines))))


def said_of(user_id: int, where: str, stopped: int) -> str:
    """That somebody is blocked from now on."""
    count = words.STOPPED.format(count=stopped) if stopped else ""
    return words.BLOCKED.format(user=user_id, where=where, stopped=count).strip()


def _line(block: Block) -> str:
    who = f"<@{block.user_id}>"
    if block.user_id is None:
        who = words.SOMEBODY_FORGOTTEN.format(mark=block.mark[:8])
    parts = [
        who,
        f"<t:{round(block.blocked_at)}:R>",
        words.BY.format(user=block.blocked_by) if block.blocked_by else "",
        safe_line(block.reason, REASON_SHOWN),
    ]
    return DOT.join(filter(None, parts))
