"""The table of the optional servers: the name of each and what makes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from sandbox.faults import Faults, Range


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What every optional server is made with.

    `job_seconds`: duration of a job (minimum, maximum). `latency`: seconds added to every call in
    each direction (minimum, maximum), or None.
    """

    faults: Faults
    job_seconds: Range
    latency: Range | None = None


class OptionalServer(Protocol):
    """An HTTP server; clients use `url` after the start."""

    @property
    def url(self) -> str: ...

    async def start(self, host: str, port: int) -> None:
        """Listen. Port 0 selects a free port."""
        ...

    async def close(self) -> None:
        """Stop listening and stop the jobs; also after a start that failed."""
        ...

    def control_app(self) -> web.Application:
        """The server's part of the control API, mounted under /control/NAME."""
        ...


# The name is the option of `python -m sandbox`, the key of the printed URL, the folder of the
# control API, and the `server` of fault rules.
OPTIONAL_SERVERS: Mapping[str, Callable[[ServerOptions], OptionalServer]] = {}
