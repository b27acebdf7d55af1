"""The texts of a text request: shown as far as they fit, attached when they do not."""

import re

from bot.cards import labels
from bot.cards.card import Attachment, Block, Divider, TextBlock
from bot.cards.card_lines import made, missing_results
from bot.cards.context import CardContext, ResultPart
from bot.cards.downgrade import cut_lines
from bot.cards.formatting import decimal
from bot.cards.markdown import fits, safe, units
from bot.cards.results.formatted_text import formatted, shows_whole
from bot.domain.generations import TextGeneration
from bot.domain.requests import TextRequest
from bot.domain.results import Phase
from bot.i18n import N_, _, ngettext
from bot.rules.adult_words import needs_spoiler
from bot.text_output.open_code import open_fence

REASONING_ONLY = N_(
    "The model used the whole length for its reasoning. Ask for a longer text, or press **Again**."
)
SPOILER = N_("The text is behind a spoiler, because this channel is not age-restricted.")
TEXT_ATTACHED = N_("The whole text is in the attached file.")

STOPPED = N_("Stopped. This is the text so far.")
BROKEN_OFF = N_("The text broke off.")
CUT_OFF = N_("The text reached its maximum length. Press **Continue** or **Edit**.")
ENDS, CLOSING = (".", "!", "?", "…", "```"), "\"'”»)]*_"
LEAST_OF_TOKEN = 2  # characters

_LAST_WORD = re.compile(r"[!-~]{1,40}\Z")  # the list of words for spoilers is English
ANSWER_MAX = 3_500  # characters; a longer answer is attached as a .txt
SHOWN = 5  # texts in one card; the file contains them all
THINKING_MAX = 800  # units of all reasoning on a card
RESERVE = 200  # units for the lines about the file and the spoiler


def text_part(scene: CardContext, room: int) -> ResultPart:
    """The answers, the line about them, the missing ones."""
    request = scene.record.request
    assert isinstance(request, TextRequest)
    texts = scene.status.texts
    arrived = [text for text in texts if text.arrived]
    problems = ["" if text.arrived else _why(text, scene) for text in texts]
    notes = [cut_lines(request, scene.status), _ends_early(scene, arrived)]
    return ResultPart(
        blocks=_blocks(scene, request, arrived, room),
        arrived=len(arrived),
        title=_unfinished(scene, arrived),
        line=made(scene, (text.model for text in arrived), (text.worker for text in arrived)),
        missing=missing_results(scene, problems) or _why_unfinished(scene, arrived),
        notes="\n".join(filter(None, notes)),
        censored=bool(texts) and all(text.censored for text in texts),
    )


def _ends_early(scene: CardContext, arrived: list[TextGeneration]) -> str:
    """A line about texts that stopped within a sentence, at their maximum length."""
    request = scene.record.request
    assert isinstance(request, TextRequest)
    if scene.phase.is_open or not any(is_cut(text, request.max_length) for text in arrived):
        return ""
    return f"-# {_(CUT_OFF)}"


def is_cut(text: TextGeneration, max_length: int) -> bool:
    """Whether a text of at most `max_length` tokens stops before its end.

    The Horde does not tell it. A token has about four characters, seldom fewer than two.
    """
    if text.unfinished or text.cut is not None:
        return text.cut is True and not text.unfinished
    ended = text.text.rstrip().rstrip(CLOSING).endswith(ENDS)
    return not ended and len(text.text) >= max_length * LEAST_OF_TOKEN


def _unfinished(scene: CardContext, arrived: list[TextGeneration]) -> str:
    """The title of a card with a text that was stopped or broke off; "" for any other."""
    if not any(text.unfinished for text in arrived):
        return ""
    return _(STOPPED if scene.phase is Phase.CANCELLED else BROKEN_OFF)


def _why_unfinished(scene: CardContext, arrived: list[TextGeneration]) -> str:
    return scene.detail if any(text.unfinished for text in arrived) else ""


def _shown(text: TextGeneration, *, growing: bool) -> str:
    if growing or not text.unfinished:
        return growing_text(text)
    return f"{text.text} …" if text.text else ""


def growing_text(text: TextGeneration) -> str:
    """The text so far. A word that is still being written is left out.

    Else half of a word could be seen that puts the whole text behind a spoiler.
    """
    if not text.unfinished:
        return text.text
    shown = _LAST_WORD.sub("", text.text).rstrip()
    return f"{shown} …" if shown else ""


def _joining(request: TextRequest, text: str) -> str:
    """The text, as the continuation of an earlier one after an ellipsis, in its block of code."""
    if not request.so_far:
        return text
    fence = open_fence(request.so_far)
    return f"…\n{fence}\n{text}" if fence else f"… {text.lstrip(' ')}"


def _blocks(
    scene: CardContext, request: TextRequest, arrived: list[TextGeneration], room: int
) -> tuple[Block, ...]:
    growing = scene.phase.is_open
    texts = [_shown(text, growing=growing) for text in arrived]
    texts = [_joining(request, text) for text in texts if text]
    if not texts:
        return ()
    thoughts = () if growing else _thoughts(arrived[:SHOWN])
    room -= sum(units(block.content) for block in thoughts)
    hide = request.spoiler and any(map(needs_spoiler, texts))
    each = max(0, min(ANSWER_MAX, room - RESERVE) // min(SHOWN, len(texts)) - 8)
    blocks: list[Block] = []
    for text in texts[:SHOWN]:
        shown = safe(text, each) if hide else formatted(text, each)
        blocks += [Divider(), TextBlock(f"||{shown}||" if hide else shown)] if shown else []
    blocks += thoughts
    # While a text grows no file is attached: each edit would upload it again.
    cut = not growing and (
        len(texts) > SHOWN or not all((fits if hide else shows_whole)(text, each) for text in texts)
    )
    remarks = [_(SPOILER) if hide else "", _(TEXT_ATTACHED) if cut else ""]
    if any(remarks):
        blocks.append(TextBlock(f"-# {' '.join(filter(None, remarks))}"))
    if cut:
        blocks.append(_file(scene, arrived, spoiler=hide))
    return tuple(blocks[1:])


def _thoughts(texts: list[TextGeneration]) -> tuple[TextBlock, ...]:
    """The reasoning before each text: a count of its words, and its beginning behind a spoiler."""
    found = [text.thinking for text in texts if text.thinking]
    return tuple(thought(thinking, THINKING_MAX // len(found)) for thinking in found)


def thought(thinking: str, room: int) -> TextBlock:
    """Reasoning behind a spoiler, under the count of its words, at most `room` units."""
    count = len(thinking.split())
    label = ngettext(
        "The model thought first, in {count} word:",
        "The model thought first, in {count} words:",
        count,
    )
    heading = f"-# {label.format(count=decimal(count))}\n"
    shown = safe(thinking, room - units(heading) - 4)
    return TextBlock(f"{heading}||{shown}||" if shown else heading.rstrip())


def _file(scene: CardContext, arrived: list[TextGeneration], *, spoiler: bool) -> Attachment:
    whole = "\n\n----------\n\n".join(text.text for text in arrived)
    data = whole.encode("utf-8", "replace")
    return Attachment(f"hordecord-{scene.record.id}.txt", data=data, spoiler=spoiler)


def _why(text: TextGeneration, scene: CardContext) -> str:
    if text.censored == "csam":
        return scene.why(labels.BLOCKED)
    if text.censored:
        return scene.why(labels.CENSORED)
    return _(REASONING_ONLY) if text.reasoning_only else scene.why(labels.EMPTY_TEXT)
