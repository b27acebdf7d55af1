"""Lists of blocked users, and confirmations of blocks. Pure."""

from collections.abc import Sequence

from bot.cards.card import Card, Colour, TextBlock
from bot.cards.formatting import DOT
from bot.cards.markdown import safe_line
from bot.domain.people import UserBan

# Blocks
BLOCKED = "<@{user}> may not use me {where} any more. {stopped}"
UNBLOCKED = "<@{user}> may use me {where} again."
HERE_TEXT, EVERYWHERE_TEXT = "in this server", "anywhere"
STOPPED = "Requests stopped: {count}."
BLOCKED_TITLE = "Who may not use me {where}"
NONE_BLOCKED = "Nobody."
ERASED_USER = "somebody who had everything about them forgotten (`{mark}`)"
BY = "by <@{user}>"
MORE_BLOCKED = "and {count} more"

SHOWN = 20
REASON_SHOWN = 80


def blocked_card(blocks: Sequence[UserBan], where: str) -> Card:
    """The users blocked there, the newest first."""
    lines = [_line(block) for block in blocks[:SHOWN]] or [NONE_BLOCKED]
    more = len(blocks) - SHOWN
    lines += [f"-# {MORE_BLOCKED.format(count=more)}"] if more > 0 else []
    title = BLOCKED_TITLE.format(where=where)
    return Card(Colour.QUIET, (TextBlock(f"### {title}"), TextBlock("\n".join(lines))))


def said_of(user_id: int, where: str, stopped: int) -> str:
    """Confirmation of a block."""
    count = STOPPED.format(count=stopped) if stopped else ""
    return BLOCKED.format(user=user_id, where=where, stopped=count).strip()


def _line(block: UserBan) -> str:
    who = f"<@{block.user_id}>"
    if block.user_id is None:
        who = ERASED_USER.format(mark=block.mark[:8])
    parts = [
        who,
        f"<t:{round(block.blocked_at)}:R>",
        BY.format(user=block.blocked_by) if block.blocked_by else "",
        safe_line(block.reason, REASON_SHOWN),
    ]
    return DOT.join(filter(None, parts))
