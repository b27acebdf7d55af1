"""The log: as JSON for whoever collects it, and in any form without secrets or forged lines."""

import json
import logging
import re
from datetime import UTC, datetime

# Discord's addresses hold interaction tokens, and some errors of libraries quote the address.
_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d{1,20}/)[\w.=-]{20,}", re.ASCII)
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


class Guarded(logging.Formatter):
    """Another formatter's lines, with the tokens in addresses left out."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """The same, fit to be kept."""
        return _TOKEN.sub(r"\1(token)", self._inner.format(record))


def one_line(record: logging.LogRecord) -> bool:
    """A filter that lets all through, but nothing that pretends to be a line of its own.

    The names of workers are in the Horde's sentences: line ends would forge a line, escape
    sequences would move the cursor of whoever reads it in a terminal.
    """
    message = record.getMessage()
    if not message.isprintable():
        shown = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in message)
        record.msg, record.args = "".join(shown), None
    return True
