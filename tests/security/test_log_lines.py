"""The log: no forged line in it, and no address that opens anything."""

import io
import logging

import pytest

from bot.monitoring.logs import JsonLines, RedactingFormatter, one_line
from tests.support.hostile_texts import HOSTILE_TEXTS

LOGGED_TOKEN = "aW50ZXJhY3Rpb246MTIz" + "x" * 60 + "=="


@pytest.fixture
def log() -> logging.Logger:
    made = logging.Manager(logging.RootLogger(logging.DEBUG)).getLogger("of this test")
    made.addHandler(logging.StreamHandler(io.StringIO()))
    return made


def log_text(log: logging.Logger) -> str:
    (handler,) = log.handlers
    assert isinstance(handler, logging.StreamHandler)
    return handler.stream.getvalue()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - made above


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS.keys())
def test_one_message_is_one_line_without_control(log: logging.Logger, text: str) -> None:
    log.handlers[0].addFilter(one_line)
    log.warning("#%d: %s", 7, text)
    line = log_text(log)
    assert line.startswith("#7: ")
    assert line.endswith("\n")
    assert line[:-1].isprintable()


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS.keys())
def test_an_error_that_quotes_a_stranger_ends_in_no_line_of_its_own(
    log: logging.Logger, text: str
) -> None:
    log.handlers[0].addFilter(one_line)
    log.handlers[0].setFormatter(RedactingFormatter(logging.Formatter("%(levelname)s %(message)s")))
    log.error("it failed", exc_info=ValueError(f"odd\n{text}\nERROR forged"))
    first, *more = log_text(log).removesuffix("\n").split("\n")
    assert first == "ERROR it failed"
    assert more[-1] == "    ERROR forged"
    assert all(line.startswith("    ") for line in more)
    assert "".join(more).replace("\x1b[31m", "").isprintable()  # the colour is that of errors


def test_a_traceback_keeps_its_colour(log: logging.Logger) -> None:
    log.handlers[0].setFormatter(RedactingFormatter(logging.Formatter("%(message)s")))
    log.error("it failed\n\x1b[31mValueError: \x1b[2J\x1b[0m")
    assert log_text(log) == "it failed\n    \x1b[31mValueError: \\x1b[2J\x1b[0m\n"


def test_what_can_be_shown_stays_as_it_was(log: logging.Logger) -> None:
    log.handlers[0].addFilter(one_line)
    log.warning("Größe 雪 %s", "100 %")
    assert log_text(log) == "Größe 雪 100 %\n"


@pytest.mark.parametrize(
    "address",
    [
        f"https://discord.com/api/v10/webhooks/123456/{LOGGED_TOKEN}/messages/@original?wait=true",
        f"https://discord.com/api/v10/interactions/123456/{LOGGED_TOKEN}/callback",
        f"/webhooks/123456/{LOGGED_TOKEN}",
    ],
)
@pytest.mark.parametrize("formatter", [logging.Formatter(), JsonLines()], ids=["text", "json"])
def test_tokens_in_addresses_are_left_out(
    log: logging.Logger, formatter: logging.Formatter, address: str
) -> None:
    log.handlers[0].setFormatter(RedactingFormatter(formatter))
    with pytest.raises(ValueError) as caught:
        int(address)
    log.error("it failed: %s", address, exc_info=caught.value)
    said = log_text(log)
    assert LOGGED_TOKEN[:20] not in said
    assert said.count("(token)") >= 2
    assert "123456" in said
