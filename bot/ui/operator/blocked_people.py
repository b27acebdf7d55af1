"""Lists of blocked users, and confirmations of blocks. Pure."""

from collections.abc import Sequence

from bot.cards import formatting
from bot.cards.card import Card, Colour, TextBlock
from bot.cards.formatting import DOT
from bot.cards.markdown import safe_line
from bot.domain.people import UserBan
from bot.i18n import _, ngettext

SHOWN = 20
REASON_SHOWN = 80


def blocked_card(blocks: Sequence[UserBan], *, everywhere: bool = False) -> Card:
    """The users blocked on a server, or on every server; the newest first."""
    title = _("Users blocked on every server") if everywhere else _("Users blocked on this server")
    lines = [_line(block) for block in blocks[:SHOWN]] or [_("No user is blocked.")]
    more = len(blocks) - SHOWN
    if more > 0:
        text = ngettext("and {count} more", "and {count} more", more)
        lines.append(f"-# {text.format(count=formatting.decimal(more))}")
    return Card(Colour.QUIET, (TextBlock(f"### {title}"), TextBlock("\n".join(lines))))


def blocked(user_id: int, stopped: int, *, everywhere: bool = False) -> str:
    """Confirmation of a block. `stopped`: the number of requests that it cancelled."""
    if everywhere:
        text = _("{user} can no longer use the bot on any server.")
    else:
        text = _("{user} can no longer use the bot on this server.")
    cancelled = _("Cancelled requests: {count}.").format(count=formatting.decimal(stopped))
    return f"{text.format(user=f'<@{user_id}>')} {cancelled if stopped else ''}".strip()


def unblocked(user_id: int, *, everywhere: bool = False) -> str:
    """Confirmation of the end of a block."""
    if everywhere:
        text = _("The block of {user} on every server was removed.")
    else:
        text = _("{user} can use the bot on this server again.")
    return text.format(user=f"<@{user_id}>")


def _line(block: UserBan) -> str:
    user = f"<@{block.user_id}>"
    if block.user_id is None:
        user = _("a user whose data was erased (`{mark}`)").format(mark=block.mark[:8])
    by = f"<@{block.blocked_by}>"
    parts = [
        user,
        f"<t:{round(block.blocked_at)}:R>",
        _("blocked by {user}").format(user=by) if block.blocked_by else "",
        safe_line(block.reason, REASON_SHOWN),
    ]
    return DOT.join(filter(None, parts))
