"""What a Horde reports about itself, requested rarely and for all users."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from bot.accounts.own_account import NO_HORDE
from bot.aio.recent_answer import RecentAnswer
from bot.errors import UserError
from bot.horde.accounts import User
from bot.horde.client import HordeClient
from bot.horde.server_info import Heartbeat, Modes, Newspiece, Performance
from bot.horde.workers import Team, Worker
from bot.i18n import _

LOAD_FOR = 30.0  # seconds; the Horde itself counts each minute
LISTS_FOR = 60.0  # seconds
ACCOUNTS_FOR = 600.0  # seconds; they are several calls, and the order changes slowly
ACCOUNT_PAGES = 4  # of 25 accounts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Load:
    """The state of a Horde. `asked_at`: UTC seconds."""

    performance: Performance
    modes: Modes
    heartbeat: Heartbeat
    asked_at: float = 0.0


class HordeInfo:
    """Answers of the Hordes by the backend's name; of another backend, those of the first Horde.

    Methods raise UserError where no backend is a Horde, and BackendError.
    """

    def __init__(self, hordes: Mapping[str, HordeClient]) -> None:
        self._hordes = hordes
        self._answers: dict[tuple[str, str], RecentAnswer[Any]] = {}

    def name_for(self, backend: str) -> str:
        """The backend, or the first Horde if it is none. Raises UserError without a Horde."""
        if backend in self._hordes:
            return backend
        first = next(iter(self._hordes), "")
        if not first:
            raise UserError(_(NO_HORDE))
        return first

    def client(self, backend: str) -> HordeClient:
        """The client of the Horde for a place with that backend."""
        return self._hordes[self.name_for(backend)]

    async def load(self, backend: str) -> Load:
        """Load, modes and heartbeat."""
        client = self.client(backend)

        async def ask() -> tuple[Performance, Modes, Heartbeat]:
            return await asyncio.gather(
                client.get_performance(), client.get_modes(), client.get_heartbeat()
            )

        found, asked_at = await self._recent(backend, "load", ask, LOAD_FOR).get()
        return Load(*found, asked_at)

    async def news(self, backend: str) -> tuple[Newspiece, ...]:
        """The newest first."""
        ask = self.client(backend).list_news
        return (await self._recent(backend, "news", ask, LOAD_FOR).get())[0]

    async def workers(self, backend: str) -> tuple[Worker, ...]:
        """Workers that are online, by the work that they have done."""
        client = self.client(backend)

        async def ask() -> tuple[Worker, ...]:
            found = await client.list_workers()
            return tuple(sorted(found, key=lambda each: (-each.requests_fulfilled, each.name)))

        return (await self._recent(backend, "workers", ask, LISTS_FOR).get())[0]

    async def teams(self, backend: str) -> tuple[Team, ...]:
        """All teams, by their kudos."""
        client = self.client(backend)

        async def ask() -> tuple[Team, ...]:
            found = await client.list_teams()
            return tuple(sorted(found, key=lambda each: (-each.kudos, each.name)))

        return (await self._recent(backend, "teams", ask, LISTS_FOR).get())[0]

    def known_teams(self, backend: str) -> tuple[Team, ...]:
        """The teams that were listed last, from memory."""
        answer = self._answers.get((backend, "teams"))
        return (answer.known or ()) if answer else ()

    def forget_lists(self, backend: str) -> None:
        """A worker or a team was changed: request both lists again."""
        for name in ("workers", "teams"):
            self._answers.pop((backend, name), None)

    async def leaders(self, backend: str) -> tuple[User, ...]:
        """The hundred accounts with the most kudos."""
        client = self.client(backend)

        async def ask() -> tuple[User, ...]:
            numbers = range(1, ACCOUNT_PAGES + 1)
            pages = await asyncio.gather(*(client.list_users(page=page) for page in numbers))
            found = {user.username: user for user in itertools.chain(*pages)}
            return tuple(sorted(found.values(), key=lambda user: -user.kudos))

        return (await self._recent(backend, "leaders", ask, ACCOUNTS_FOR).get())[0]

    async def sponsors(self, backend: str) -> str:
        """The page about the sponsors, as markdown."""
        ask = self.client(backend).get_sponsors
        return (await self._recent(backend, "sponsors", ask, ACCOUNTS_FOR).get())[0].markdown

    def _recent(
        self, backend: str, name: str, ask: Callable[[], Awaitable[T]], seconds: float
    ) -> RecentAnswer[T]:
        """The stored answer of that name, which `ask` renews."""
        answer = self._answers.setdefault(
            (self.name_for(backend), name), RecentAnswer(ask, seconds)
        )
        return cast("RecentAnswer[T]", answer)
