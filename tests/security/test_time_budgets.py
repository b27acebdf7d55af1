"""What strangers send costs time in proportion to its size: nothing of it can stop the bot.

Each of these was written to be looked through again and again, and is a tenth of what may come in.
The limit is ten times what any of them takes; what grows with the square would need minutes.
"""

import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from bot.cards.markdown import clean, code_block, fits, inline_code, line, safe, safe_line
from bot.catalog.baselines import baseline
from bot.catalog.civitai import loras_in_answer as loras_in
from bot.catalog.model_reference.reference_parser import models_of
from bot.catalog.safe_text_models import is_safe_text
from bot.catalog.search_index import SearchIndex
from bot.errors import BadReply, BotError, PictureError
from bot.horde.job_responses import ImageStatus
from bot.horde.server_info import Newspiece
from bot.http.json import decoded
from bot.http.schema import read_as
from bot.parameters.flags import parse
from bot.pictures import inspect, strip
from bot.pictures.formats.svg import check_svg
from bot.rules.guild_settings import PATTERNS_MAX, WORDS_MAX, WordRule
from bot.rules.word_filter import forbidden_words_in
from bot.ui.browse.horde_status import news_card
from tests.support.pictures import png_chunk

LIMIT = 2.0  # s
FILE_BYTES = 4_000_000  # bytes
DRAWING = 500_000
TEXT_LENGTH = 40_000  # characters
OPTION_MAX = 6_000  # characters of one option of a command (Discord)


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes, refused or not."""
    begun = time.process_time()
    with suppress(BotError):
        work()
    return time.process_time() - begun


# Pictures

JPEG = b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00"
SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
GIF = b"GIF89a\x10\x00\x10\x00\x00\x00\x00"


def padded(start: bytes, unit: bytes, end: bytes = b"") -> bytes:
    return start + unit * ((FILE_BYTES - len(start) - len(end)) // len(unit)) + end


PNG = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", bytes([0, 0, 0, 9, 0, 0, 0, 9, 8, 2, 0, 0, 0]))
WEBP = b"RIFF\xff\xff\xff\x01WEBPVP8L\x05\x00\x00\x00\x2f\x0f\xc0\x03\x00\x00"
SLOW_FILES = {
    "jpeg, fills in a scan": padded(JPEG + SCAN, b"\xff"),
    "jpeg, fills and zeros": padded(JPEG + SCAN, b"\xff" * 999 + b"\x00"),
    "jpeg, fills before a marker": padded(JPEG, b"\xff", b"\xd9"),
    "jpeg, scans": padded(JPEG, SCAN),
    "jpeg, segments": padded(JPEG, b"\xff\xe1\x00\x02"),
    "png, empty chunks": padded(PNG, png_chunk(b"tEXt", b"")),
    "png, one chunk": padded(PNG, png_chunk(b"IDAT", b"x" * 3_000_000)),
    "webp, empty chunks": padded(WEBP, b"XXXX\x00\x00\x00\x00"),
    "gif, comments": padded(GIF, b"\x21\xfe\x00"),
    "gif, one comment": padded(GIF + b"\x21\xfe", b"\x01a"),
}


@pytest.mark.parametrize("name", SLOW_FILES)
def test_a_picture_takes_no_longer_than_it_is_large(name: str) -> None:
    assert seconds(lambda: inspect(SLOW_FILES[name])) < LIMIT
    assert seconds(lambda: strip(SLOW_FILES[name])) < LIMIT


def test_a_jpeg_with_fills_is_still_a_picture() -> None:
    data = (
        JPEG + SCAN + b"abc\xff\x00\xff\xd0d\xff\xff\xff\xff\xfe\x00\x05secret"[:-3] + b"\xff\xd9"
    )
    assert (inspect(data).width, inspect(data).height) == (16, 16)
    assert b"sec" not in strip(data)
    assert strip(data).endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    "unit", [b"<g>", b"<path d='url '/>", b" ", b"<!-- -->", b"<g style='fill:url(#a)'/>", b"&#32;"]
)
def test_a_drawing_takes_no_longer_than_it_is_large(unit: bytes) -> None:
    data = b"<svg>" + unit * (DRAWING // len(unit)) + b"</svg>"
    assert seconds(lambda: check_svg(data)) < LIMIT


def test_one_attribute_as_large_as_a_drawing() -> None:
    for unit in (b"url", b"url ", b"url(", b"url( ", b"a-", b"fill:rgb(1)", b" "):
        value = unit * (DRAWING // len(unit))
        assert seconds(lambda v=value: check_svg(b"<svg><path d='" + v + b"'/></svg>")) < LIMIT
    with pytest.raises(PictureError):
        check_svg(b"<svg><path d='" + b"url( " * 1000 + b"'/></svg>")


# Texts

UNITS = (
    *(" ", "\n", " \n", "\r", "[", "](", "[a](", "`", "``` ", "@", "@everyone", "<@1", "1.", "#"),
    *("--", "---steps", '"', "'", "' ", '\\"', "a,", "a:1,", "(", "a\u0301", "\u0301", "\u200d"),
    *("\u202e", "\U0001f469\u200d", "\ufdfa", "\u3164", "**", "||", "://"),
)


def long_text(unit: str, length: int) -> str:
    return unit * (length // len(unit))


@pytest.mark.parametrize("shown", [safe, safe_line, inline_code, code_block, fits, clean, line])
def test_a_text_in_a_message(shown: Callable[[str, int], Any]) -> None:
    for unit in UNITS:
        text = "x" + long_text(unit, TEXT_LENGTH) + "x"
        assert seconds(lambda t=text: shown(t, 5_000)) < LIMIT, unit


def test_a_piece_of_news() -> None:
    for unit in UNITS:
        piece = Newspiece.model_validate({"newspiece": long_text(unit, 10 * TEXT_LENGTH)})
        assert seconds(lambda p=piece: news_card([p])) < LIMIT, unit


def test_what_is_typed_as_extra() -> None:
    for unit in UNITS:
        for start in ("", "--lora ", "--post ", "--workers "):
            text = start + long_text(unit, OPTION_MAX)
            assert seconds(lambda t=text: parse(t)) < LIMIT, (start, unit)


def test_what_is_typed_in_search() -> None:
    finder = SearchIndex([f"{UNITS[n % len(UNITS)]}{n} some model" for n in range(2_000)], name=str)
    for unit in (*UNITS, "some model "):
        assert seconds(lambda u=unit: finder.search(long_text(u, OPTION_MAX), 25)) < LIMIT, unit


def test_words_that_a_server_forbids() -> None:
    patterns = [WordRule(text="(a|b|ab)*(a*)*c{50}", how="regex")] * PATTERNS_MAX
    words = [WordRule(text="a" * 50 + "b", how="word")] * (WORDS_MAX - PATTERNS_MAX)
    for unit in (*UNITS, "a", "ab", "\u0430a"):
        text = long_text(unit, OPTION_MAX)
        assert seconds(lambda t=text: forbidden_words_in(t, [*words, *patterns])) < LIMIT


# JSON

CROWDED = {
    "numbers": b"[" + b"1," * 1_000_000 + b"1]",
    "lists": b"[" + b"[]," * 400_000 + b"1]",
    "objects": b'{"items": [' + b'{"a":1},' * 200_000 + b"1]}",
    "names": b"{" + b",".join(b'"%d":1' % n for n in range(310_000)) + b"}",
    "many lists": b"[" + (b"[" + b"1," * 999 + b"1],") * 400 + b"1]",
}


@pytest.mark.parametrize("name", CROWDED)
def test_what_has_more_entries_than_anybody_looks_at_is_no_answer(name: str) -> None:
    raw = CROWDED[name]
    assert seconds(lambda: decoded(raw)) < LIMIT
    assert decoded(raw) is None
    with pytest.raises(BadReply):
        loras_in("lora", raw)
    with pytest.raises(BadReply):
        models_of(raw)


def test_a_long_text_is_no_crowd() -> None:
    assert decoded(b'["' + b"a," * 1_000_000 + b'"]') is not None
    assert decoded(b"[" + b"[1,2,3]," * 1_000 + b"1]") is not None
    assert decoded(b"[" * 100_000) is None


def test_bad_entries_are_passed_over_without_a_word_for_each() -> None:
    """The description of an error costs a thousand times its entry."""
    body = {"finished": 0, "processing": 0, "waiting": 0, "generations": [1] * 250_000}
    raw = b'{"m": {"baseline": "x", "showcases": [' + b"[]," * 100_000 + b"1]}}"
    tracemalloc.start()
    try:
        assert read_as(ImageStatus, body).generations == ()
        assert models_of(raw)["m"].examples == ()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 150_000_000


def test_names_of_models() -> None:
    for unit in ("-q4", "7b", "1", "-", "x", "/"):
        name = "qwen3-" + long_text(unit, TEXT_LENGTH)
        assert seconds(lambda n=name: (is_safe_text(n), baseline(n))) < LIMIT
