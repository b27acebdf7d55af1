"""What every optional server is: the options that it is made with, and its methods."""

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
