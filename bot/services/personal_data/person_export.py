"""The file of /account export: JSON, written page by page, packed if it is large."""

import gzip
import json
import tempfile
from collections.abc import Mapping
from io import BufferedRandom
from typing import Any

from bot.errors import UserError
from bot.i18n import _
from bot.i18n.formats import megabytes

NAME, PACKED_NAME = "hordecord-account.json", "hordecord-account.json.gz"
Rows = list[dict[str, Any]]


class PersonFile:
    """A temporary file, plain if it fits and packed beside it. Closed by its reader.

    `limit`: the most bytes that may be sent. Its methods are slow: call them in a thread.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._plain: BufferedRandom | None = tempfile.TemporaryFile()  # noqa: SIM115 - sent later
        self._packed: BufferedRandom = tempfile.TemporaryFile()  # noqa: SIM115 - sent later
        self._gzip = gzip.GzipFile(fileobj=self._packed, mode="wb", compresslevel=6, mtime=0)
        self._written = 0

    def write(self, text: str) -> None:
        """Add text. Raises UserError once it is too large, even packed."""
        data = text.encode("utf-8", "replace")
        self._gzip.write(data)
        self._written += len(data)
        if self._plain is not None and self._written > self._limit:
            self._plain.close()
            self._plain = None
        if self._plain is not None:
            self._plain.write(data)
        elif self._packed.tell() > self._limit:
            raise self._too_large()

    def finish(self) -> tuple[str, BufferedRandom]:
        """Its name, and the file at its beginning. Raises UserError when it is too large."""
        self._gzip.close()
        if self._plain is not None:
            self._packed.close()
            self._plain.seek(0)
            return NAME, self._plain
        if self._packed.tell() > self._limit:
            raise self._too_large()
        self._packed.seek(0)
        return PACKED_NAME, self._packed

    def _too_large(self) -> UserError:
        text = _(
            "Your data is larger than the {size} that Discord accepts here, even compressed. "
            "Delete old results in `/history`, or ask the operator of this bot for your data."
        )
        return UserError(text.format(size=megabytes(self._limit)))

    def close(self) -> None:
        """Delete the file; it is not sent."""
        for file in (self._gzip, self._packed, self._plain):
            if file is not None:
                file.close()


class JsonPages:
    """One JSON object of lists, written in pieces. `head`: its plain values."""

    def __init__(self, head: Mapping[str, Any], tables: tuple[str, ...]) -> None:
        self._head = head
        self._tables = list(tables)
        self._open = ""

    def start(self) -> str:
        """The text before all rows."""
        values = (f"{json.dumps(k)}: {_plain(v)}" for k, v in self._head.items())
        return "{\n" + ",\n".join(values)

    def page(self, table: str, rows: Rows) -> str:
        """More rows of a table; tables come in their order."""
        text = "" if table == self._open else self._begin(table)
        lines = ",\n".join(map(_plain, rows))
        return (text or ",\n") + lines

    def end(self) -> str:
        """The text after all rows."""
        closed = "\n]" if self._open else ""
        return closed + "".join(self._empty(table) for table in self._tables) + "\n}\n"

    def _begin(self, table: str) -> str:
        text = "\n]" if self._open else ""
        while (name := self._tables.pop(0)) != table:
            text += self._empty(name)
        self._open = table
        return f"{text},\n{json.dumps(table)}: [\n"

    @staticmethod
    def _empty(table: str) -> str:
        return f",\n{json.dumps(table)}: []"


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
