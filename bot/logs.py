"""The log as JSON, one object a line, for whoever collects it."""

import json
import logging
import re
from datetime import UTC, datetime

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
