"""Reads server-sent events in the form of OpenAI: `data: {…}` lines and a last `data: [DONE]`."""

from bot.errors import BadReply
from bot.i18n import N_, _

LINE_MAX = 256 * 1024  # bytes of one event; one with a token has about 300
TOTAL_MAX = 32 * 1024 * 1024  # bytes of a stream; 4,096 tokens have about 1 MB
DONE = b"[DONE]"
TOO_LONG = N_("{backend} sent a longer answer than the bot accepts.")


class EventReader:
    """The data of the events of a stream that comes in pieces. `title`: of the backend.

    Each line is an event: these servers write JSON without line ends. Comments, other fields and
    empty lines are left out.
    """

    def __init__(self, title: str, *, line_max: int = LINE_MAX, total_max: int = TOTAL_MAX) -> None:
        self._title = title
        self._line_max = line_max
        self._left = total_max
        self._rest = b""

    def feed(self, piece: bytes) -> list[bytes]:
        """The data of the events that this piece completes. Raises BadReply above the limits."""
        self._left -= len(piece)
        if self._left < 0:
            raise BadReply(_(TOO_LONG).format(backend=self._title))
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if max(map(len, (*lines, self._rest))) > self._line_max:
            raise BadReply(_(TOO_LONG).format(backend=self._title))
        return _data(lines)

    def end(self) -> list[bytes]:
        """The data of a last line without an end."""
        rest, self._rest = self._rest, b""
        return _data([rest])


def _data(lines: list[bytes]) -> list[bytes]:
    found = (line.removeprefix(b"data:").strip() for line in lines if line.startswith(b"data:"))
    return [data for data in found if data]
