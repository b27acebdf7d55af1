"""The log: as JSON for whoever collects it, and in any form without secrets or forged lines."""

import json
import logging
import re
from datetime import UTC, datetime

# Discord's addresses hold interaction tokens, and some errors of libraries quote the address.
_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d{1,20}/)[\w.=-]{20,}", re.ASCII)
_COLOURS = ("\x1b[31m", "\x1b[0m")  # of discord.py's tracebacks in a terminal
_COLOUR = re.compile(f"({'|'.join(map(re.escape, _COLOURS))})")
_REQUEST = re.compile(r"(?<![\w&])#(\d{1,18})\b")  # how every line of ours names a request


class JsonLines(logging.Formatter):
    """Time, level, logger, message; the request's number when the message names one.

    Nothing else of a record goes out: what a library hangs onto one is nobody's business.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line, ASCII only."""
        message = record.getMessage()
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
        }
        if found := _REQUEST.search(message):
            line["request"] = int(found[1])
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)


class RedactingFormatter(logging.Formatter):
    """Another formatter's lines, with the tokens in addresses left out.

    What follows the first line of a record, a traceback, is indented and without control
    characters: an error may quote a stranger, and must not end in a line that looks like ours.
    """

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """The same, fit to be kept."""
        first, *more = self._inner.format(record).split("\n")
        lines = [first, *(f"    {_inert(line)}" for line in more)]
        return _TOKEN.sub(r"\1(token)", "\n".join(lines))


def one_line(record: logging.LogRecord) -> bool:
    """A filter that lets all through, but nothing that pretends to be a line of its own.

    The names of workers are in the Horde's sentences: line ends would forge a line, escape
    sequences would move the cursor of whoever reads it in a terminal.
    """
    message = record.getMessage()
    if not message.isprintable():
        record.msg, record.args = _escaped(message), None
    return True


def _escaped(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _inert(line: str) -> str:
    return "".join(part if part in _COLOURS else _escaped(part) for part in _COLOUR.split(line))
