"""One call of a method of a client: what it calls, with what, and what it makes of the answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

ID = "5f0c1d52-8a55-4c2e-9d0f-6b6f2f3d1a01"
MIRA = "the-key-of-mira"
C = TypeVar("C")


@dataclass(frozen=True)
class Endpoint(Generic[C]):
    """`holds`: one fact of the sample that the answer must show; `newer`: the route is newer than
    5.1.5.
    """

    method: str
    verb: str
    route: str
    sample: str
    call: Callable[[C], Awaitable[Any]]
    holds: Callable[[Any], object]
    key: str | None = None
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    newer: bool = False

    def path(self) -> str:
        """Each call fills the route with the names in it; a user's number is 812."""
        return self.route.replace("{user_id}", "812").replace("{", "").replace("}", "")
