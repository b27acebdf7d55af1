"""The log: as text or JSON lines, in both forms without secrets and without forged lines."""

import logging
import re
from collections.abc import Mapping
from typing import Any, TextIO

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

# Discord's addresses contain interaction tokens, and some errors of libraries quote the address.
_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d{1,20}/)[\w.=-]{20,}", re.ASCII)
_COLOURS = ("\x1b[31m", "\x1b[0m")  # of discord.py's tracebacks in a terminal
_COLOUR = re.compile(f"({'|'.join(map(re.escape, _COLOURS))})")
_FIELDS = ("time", "level", "logger", "message", "error")
_REQUEST = re.compile(r"(?<![\w&])#(\d{1,18})\b")  # how each line of the bot names a request


class JsonLines(JsonFormatter):
    """Time, level, logger, message; the error, and the request's number if the message names one.

    No other field of a record is written: a library may attach anything to it.
    """

    def __init__(self) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType] - the library's own types
            "%(levelname)s %(name)s %(message)s",
            timestamp="time",
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "error"},
            reserved_attrs=[*RESERVED_ATTRS, *_FIELDS],
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """The fields of one line."""
        line = {field: log_data[field] for field in _FIELDS if field in log_data}
        line["time"] = line["time"].isoformat(timespec="milliseconds")
        if found := _REQUEST.search(line["message"]):
            line["request"] = int(found[1])
        return line


class RedactingFormatter(logging.Formatter):
    """Lines of another formatter without the tokens in addresses.

    Further lines of a record, a traceback, are indented and without control characters: an error
    may quote a stranger, and must not look like a line of the log.
    """

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """The formatted record without secrets."""
        first, *more = self._inner.format(record).split("\n")
        lines = [first, *(f"    {_inert(line)}" for line in more)]
        return _TOKEN.sub(r"\1(token)", "\n".join(lines))


def plain_lines() -> logging.Formatter:
    """The lines of discord.py without colours."""
    layout = "[{asctime}] [{levelname:<8}] {name}: {message}"
    return logging.Formatter(layout, "%Y-%m-%d %H:%M:%S", style="{")


def shows_colours(stream: TextIO, env: Mapping[str, str]) -> bool:
    """Whether it is a terminal with colours; discord.py takes every container for one."""
    return stream.isatty() and not env.get("NO_COLOR") and env.get("TERM") != "dumb"


def one_line(record: logging.LogRecord) -> bool:
    """A filter that makes each message one line, so that none can forge another line.

    The names of workers are in the Horde's sentences: line ends would forge a line, escape
    sequences would move the cursor of a terminal.
    """
    message = record.getMessage()
    if not message.isprintable():
        record.msg, record.args = _escaped(message), None
    return True


def _escaped(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _inert(line: str) -> str:
    return "".join(part if part in _COLOURS else _escaped(part) for part in _COLOUR.split(line))
