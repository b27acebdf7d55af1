"""Cards of /horde about the state of the Horde. Pure."""

import re
from collections.abc import Iterator, Sequence

from bot.cards import formatting
from bot.cards.card import Block, Card, Colour, Divider, TextBlock
from bot.cards.formatting import DOT
from bot.cards.markdown import safe, safe_line
from bot.horde.server_info import Modes, Newspiece, Performance
from bot.i18n import _, ngettext
from bot.services.community.horde_info import Load
from bot.services.community.load_chart import IMAGE, ChartFigures
from bot.ui.browse.labels import workers
from bot.ui.browse.load_chart import chart_blocks

ONE = 0.95  # less is no "about 1"
NEWS, NEWS_MAX, TITLE_MAX = 3, 700, 150
READ_MAX = 20 * NEWS_MAX  # characters that are read
_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\s]*\)")
_MARKS = re.compile(r"\*\*|__|`|^#{1,6} +", re.MULTILINE)  # `safe` would show them literally
_PLAIN_URL = re.compile(r"https://[\w./~%?=&#+-]{4,300}", re.ASCII)


def status_card(load: Load, *, refusal: str = "", chart: ChartFigures | None = None) -> Card:
    """Load of the Horde, and whether it accepts requests.

    `refusal`: why the bot's own submits are refused now; the Horde's answer may be older.
    """
    performance, modes, heartbeat = load.performance, load.modes, load.heartbeat
    up = heartbeat.message.upper() == "OK"
    open_ = up and not modes.maintenance_mode and not refusal
    version = safe_line(heartbeat.version, 20) or "?"
    lines = [f"### {_title(up=up, is_open=open_)}", *_notes(modes, refusal)]
    blocks: list[Block] = [
        TextBlock("\n".join(lines)),
        TextBlock("\n".join([_images(performance), _texts(performance), _alchemy(performance)])),
        *(chart_blocks(chart) if chart else ()),
        TextBlock(f"-# Horde {version} · <t:{round(load.asked_at)}:R>"),
    ]
    return Card(Colour.DONE if open_ else Colour.PARTIAL, tuple(blocks))


def news_card(news: Sequence[Newspiece]) -> Card:
    """The newest pieces, shortened, with a link to more."""
    blocks: list[Block] = []
    for piece in news[:NEWS]:
        blocks += [Divider(), TextBlock(_piece(piece))] if blocks else [TextBlock(_piece(piece))]
    return Card(Colour.QUIET, tuple(blocks) or (TextBlock(_("There is no news.")),))


def _title(*, up: bool, is_open: bool) -> str:
    if is_open:
        return _("The Horde accepts requests")
    return _("The Horde accepts no new requests") if up else _("The Horde reports a problem")


def _notes(modes: Modes, refusal: str) -> Iterator[str]:
    """Why new requests wait, and other news about the Horde's state."""
    waiting = _("Your requests wait in the bot's queue until then.")
    if modes.maintenance_mode:
        reason = _("The Horde is in maintenance and only finishes the requests that it has.")
        yield f"{reason} {waiting}"
    elif refusal:
        yield f"{refusal} {waiting}"
    if modes.invite_only_mode:
        yield _("New workers need an invitation at the moment. Requests work as usual.")


def _images(load: Performance) -> str:
    speed = load.past_minute_megapixelsteps
    parts = [_queued(load.queued_requests), workers(load.worker_count)]
    if speed > 0:
        parts += [_image_pace(speed / IMAGE), *_left(load.queued_megapixelsteps / speed)]
    return _("**Images** {facts}").format(facts=DOT.join(parts))


def _texts(load: Performance) -> str:
    speed = load.past_minute_tokens
    parts = [_queued(load.queued_text_requests), workers(load.text_worker_count)]
    if speed > 0:
        parts += [_token_pace(speed), *_left(load.queued_tokens / speed)]
    return _("**Texts** {facts}").format(facts=DOT.join(parts))


def _alchemy(load: Performance) -> str:
    parts = [_queued(round(load.queued_forms)), workers(load.interrogator_count)]
    return _("**Alchemy** {facts}").format(facts=DOT.join(parts))


def _queued(count: int) -> str:
    return ngettext("{count} queued", "{count} queued", count).format(
        count=formatting.decimal(count)
    )


def _image_pace(each_minute: float) -> str:
    """How many are made, in the unit of time in which that is at least one."""
    if each_minute >= ONE:
        count = round(each_minute)
        said = ngettext("about {count} image per minute", "about {count} images per minute", count)
    elif each_minute * 60 >= ONE:
        count = round(each_minute * 60)
        said = ngettext("about {count} image per hour", "about {count} images per hour", count)
    else:
        return _("less than 1 image per hour")
    return said.format(count=formatting.decimal(count))


def _token_pace(each_minute: float) -> str:
    """The same for the tokens of texts."""
    if each_minute >= ONE:
        count = round(each_minute)
        said = ngettext("about {count} token per minute", "about {count} tokens per minute", count)
    elif each_minute * 60 >= ONE:
        count = round(each_minute * 60)
        said = ngettext("about {count} token per hour", "about {count} tokens per hour", count)
    else:
        return _("less than 1 token per hour")
    return said.format(count=formatting.decimal(count))


def _left(minutes: float) -> list[str]:
    """Time that the workers need for the queue; nothing when there is no wait."""
    seconds = min(minutes, 10_000) * 60
    if seconds < 1:
        return []
    return [_("{time} of work queued").format(time=formatting.duration(seconds))]


def _piece(piece: Newspiece) -> str:
    title = safe_line(piece.title, TITLE_MAX) or _("News")
    link = next((url for url in piece.more_info_urls if _PLAIN_URL.fullmatch(url)), "")
    body = safe(_MARKS.sub("", _LINK.sub(r"\1", piece.newspiece[:READ_MAX])), NEWS_MAX)
    more = _("Read more")
    small = [safe_line(piece.date_published, 30), f"[{more}]({link})" if link else ""]
    return "\n".join(filter(None, [f"### {title}", body, f"-# {DOT.join(filter(None, small))}"]))
