"""The log as JSON: a line is an object, and holds nothing that a text line would not."""

import io
import json
import logging
from typing import Any

import pytest

from bot.monitoring.logs import JsonLines, shows_colours


def line_of(message: str, *values: object, **more: Any) -> dict[str, Any]:
    record = logging.LogRecord("bot.sending", logging.INFO, "f.py", 1, message, values, None)
    vars(record).update(more)
    text = JsonLines().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_a_line_has_time_level_logger_and_message() -> None:
    line = line_of("hello %s", "wörld", created=1_700_000_000.25)
    assert line == {
        "time": "2023-11-14T22:13:20.250+00:00",
        "level": "INFO",
        "logger": "bot.sending",
        "message": "hello wörld",
    }


@pytest.mark.parametrize(
    ("message", "request_"),
    [("#12 sent", 12), ("the step of #7 failed", 7), ("colour #12ab34", None), ("&#39;", None)],
)
def test_the_request_is_named(message: str, request_: int | None) -> None:
    assert line_of(message).get("request") == request_


def test_an_error_is_on_the_same_line() -> None:
    with pytest.raises(ValueError) as caught:
        int("no number")
    exc_info = (caught.type, caught.value, caught.tb)
    line = line_of("#3: a step failed", exc_info=exc_info)
    assert line["error"].startswith("Traceback")
    assert "\nValueError: " in line["error"]
    assert line["request"] == 3


def test_what_is_hung_onto_a_record_stays_there() -> None:
    line = line_of("a call", token="very-secret", error="very-secret", args=())
    assert "very-secret" not in json.dumps(line)


def test_odd_characters_do_not_break_a_line() -> None:
    assert line_of("a\nb\u2028\ud800")["message"] == "a\nb\u2028\ud800"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_are_for_terminals_that_want_them(env: dict[str, str]) -> None:
    assert shows_colours(Terminal(), {"TERM": "xterm"})
    assert not shows_colours(Terminal(), env)
    assert not shows_colours(io.StringIO(), {})
