"""The pipeline as bot/app.py wires it, in memory: SQL without a thread, a presenter that remembers.

Meant for tests.virtual: nothing in it waits for anything but the loop's own clock.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from bot.backends.base import Backend
from bot.catalog import Catalog
from bot.dispatcher import Dispatcher
from bot.errors import SpoolError
from bot.keys import ANONYMOUS, Keys
from bot.locks import Locks
from bot.outcomes import Outcomes
from bot.prices import Prices
from bot.records import MessageRef, Payer, Reach, Record
from bot.requests import ImageRequest, Kind, Request, Source
from bot.results import OPEN, Status
from bot.resume import Resume
from bot.sending import Sender
from bot.service import Origin, Service
from bot.settings import LimitsSettings
from bot.sources import Sources
from bot.spool import Spool
from bot.steps import Steps
from bot.store import Store
from bot.store.database import migrations
from bot.store.together import Connection
from bot.tracker import Tracker
from bot.vault import Vault, new_key
from bot.weather import Weather
from tests.fake_horde import FakeHorde

T = TypeVar("T")
START = 1_700_000_000.0
OPEN_IDS = f"SELECT id FROM requests WHERE phase IN ({', '.join(repr(str(p)) for p in OPEN)})"
FOX = ImageRequest(prompt="a fox", models=("Deliberate",))


class Here(Connection):
    """A connection that does its work at once, where it is asked, and fails when told to."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw
        self.failing = 0

    def __del__(self) -> None:
        """aiosqlite's would look for a thread."""

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self.failing:
            self.failing -= 1
            raise sqlite3.OperationalError("database is locked")
        return work(self.raw)


def connection(file: str = ":memory:") -> Here:
    """An empty database, migrated."""
    raw = sqlite3.connect(file, isolation_level=None)
    raw.row_factory = sqlite3.Row
    raw.execute("PRAGMA foreign_keys = ON")
    for script in migrations():
        raw.executescript(script)
    return Here(raw)


class Shelf(Spool):
    """A spool in a dictionary. `full`: how many more files are refused."""

    def __init__(self) -> None:
        super().__init__(Path("nowhere"), quota=1, days=1)
        self.files: dict[str, bytes] = {}
        self.full = 0
        self.kept: set[str] = set()
        self.dear: set[str] = set()

    async def put(self, name: str, data: bytes) -> None:
        if self.full:
            self.full -= 1
            raise SpoolError("The disk is full: this result cannot be kept.")
        self.files[name] = data

    async def get(self, name: str) -> bytes:
        return self.files[name]

    async def drop(self, names: Iterable[str]) -> None:
        for name in names:
            self.files.pop(name, None)

    async def drop_of(self, numbers: Collection[int]) -> None:
        starts = {str(number) for number in numbers}
        await self.drop([name for name in self.files if name.partition("-")[0] in starts])

    async def sweep(self, keep: Collection[str], last: Collection[str] = ()) -> int:
        self.kept, self.dear = set(keep), set(last)
        return 0


class Shown:
    """A catalog that knows two text models."""

    def safe_text_models(
        self, *, backend: str = "", avoid: Collection[str] = ()
    ) -> tuple[str, ...]:
        del backend, avoid
        return ("koboldcpp/gemma-3-12b-it", "koboldcpp/gpt-oss-20b")


class Uploads(Sources):
    """Hands out the same picture, or what `errors` says."""

    def __init__(self) -> None:
        self.errors: deque[Exception] = deque()
        self.seconds = 0.0

    async def load(
        self, source: Source, record_id: int, role: str = "source"
    ) -> tuple[Source, bytes]:
        await asyncio.sleep(self.seconds)
        if self.errors:
            raise self.errors.popleft()
        return source.model_copy(update={"file": f"{record_id}-{role}"}), b"picture"


@dataclass
class Stage:
    """The presenter: what was shown, in order, and what Discord is made to refuse."""

    shown: list[tuple[int, Status]] = field(default_factory=list[tuple[int, Status]])
    told: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    faults: deque[BaseException | None] = field(default_factory=deque[BaseException | None])
    always: BaseException | None = None
    seconds: float = 0.0
    tries: int = 0
    moves: deque[MessageRef] = field(default_factory=deque[MessageRef])
    never_answered: set[int] = field(default_factory=set[int])
    unknown: deque[BaseException] = field(default_factory=deque[BaseException])

    async def show(self, record: Record, status: Status) -> MessageRef | None:
        self.tries += 1
        await asyncio.sleep(self.seconds)
        if self.always is not None:
            raise self.always
        if self.faults and (fault := self.faults.popleft()) is not None:
            raise fault
        self.shown.append((record.id, status))
        return self.moves.popleft() if self.moves and not status.phase.is_open else None

    async def tell(self, record: Record, text: str) -> None:
        self.told.append((record.id, text))

    async def card_exists(self, record: Record) -> MessageRef | None:
        if self.unknown:
            raise self.unknown.popleft()
        if record.id in self.never_answered:
            return None
        return replace(record.messages[0], message_id=1_000 + record.id)

    def of(self, record_id: int) -> list[Status]:
        """What was shown of one request."""
        return [status for shown, status in self.shown if shown == record_id]

    def outcomes(self, record_id: int) -> list[Status]:
        return [status for status in self.of(record_id) if not status.phase.is_open]


class House:
    """One run of the bot; `again` is the next one on the same disk."""

    def __init__(
        self,
        horde: FakeHorde | None = None,
        *,
        key: str = ANONYMOUS,
        limits: LimitsSettings | None = None,
        disk: Here | None = None,
        shelf: Shelf | None = None,
        stage: Stage | None = None,
        interactions: int = 0,
        vault: Vault | None = None,
    ) -> None:
        self.horde = horde or FakeHorde()
        self.disk = disk or connection()
        self.shelf = shelf or Shelf()
        self.stage = stage or Stage()
        self.key = key
        self.limits = limits or LimitsSettings(open_per_person=0)
        self.interactions = interactions
        self.began = asyncio.get_running_loop().time()
        self.store = Store(self.disk, self.disk)
        self.vault = vault or Vault([new_key()])
        self.uploads = Uploads()
        self._wire(cast("Backend", self.horde))
        self._tasks: list[asyncio.Task[Any]] = []

    def _wire(self, backend: Backend) -> None:
        self.weather = Weather(backend)
        self.keys = Keys(self.store, self.vault, {backend.name: self.key})
        self.locks = Locks()
        self.outcomes = Outcomes(self.store, self.stage, clock=self.clock)
        self.steps = Steps(
            store=self.store,
            spool=self.shelf,
            outcomes=self.outcomes,
            backends={backend.name: (backend, self.weather)},
            resend=self._resend,
            clock=self.clock,
        )
        self.tracker = Tracker(self.steps, self.locks)
        self.sender = Sender(
            store=self.store,
            backend=backend,
            weather=self.weather,
            keys=self.keys,
            sources=self.uploads,
            presenter=self.stage,
            outcomes=self.outcomes,
            locks=self.locks,
            ring_at=lambda record_id: f"https://bot/ring/{record_id}",
            clock=self.clock,
        )
        self.dispatcher = Dispatcher(
            backend=backend, weather=self.weather, sender=self.sender, tracker=self.tracker
        )
        self.tracker.on_freed = self.dispatcher.wake
        self.service = Service(
            store=self.store,
            spool=self.shelf,
            catalog=cast("Catalog", Shown()),
            keys=self.keys,
            backends={backend.name: backend},
            dispatchers={backend.name: self.dispatcher},
            tracker=self.tracker,
            prices=Prices(backend, self.dispatcher, self.keys),
            limits=self.limits,
            clock=self.clock,
        )

    def _resend(self, record: Record) -> None:
        self.dispatcher.add(record)

    def clock(self) -> float:
        """UTC seconds, a while ago."""
        return START + asyncio.get_running_loop().time()

    def start(self) -> "House":
        """Run it, resuming what is open."""
        senders, dispatchers = {"horde": self.sender}, {"horde": self.dispatcher}
        resume = Resume(self.store, self.tracker, dispatchers, senders, clock=self.clock)
        for work in (self.tracker.run(), self.dispatcher.run(), resume.run()):
            self._tasks.append(asyncio.create_task(work))
        return self

    async def kill(self) -> None:
        """Everything stops where it is."""
        await self.weather.close()
        for task in self._tasks:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        for error in ended:
            if isinstance(error, Exception):
                raise error

    def again(self) -> "House":
        """The next run: same disk, same Discord, same Horde."""
        return House(
            self.horde,
            key=self.key,
            limits=self.limits,
            disk=self.disk,
            shelf=self.shelf,
            stage=self.stage,
            interactions=self.interactions,
            vault=self.vault,
        )

    async def write(
        self, request: Request = FOX, *, user: int = 7, guild: int | None = 5
    ) -> Record:
        """A command was typed; nothing is answered yet."""
        self.interactions += 1
        message = MessageRef(
            channel_id=10,
            token="secret",
            token_expires_at=self.clock() + 870,
            reach=Reach.GUILD if guild else Reach.DM,
            ephemeral=request.private,
        )
        origin = Origin(self.interactions, user, guild, message)
        return await self.service.submit(origin, request)

    async def ask(self, request: Request = FOX, *, user: int = 7, guild: int | None = 5) -> Record:
        """A command was typed and answered."""
        record = await self.write(request, user=user, guild=guild)
        await self.service.acked(record, 1_000 + record.id)
        return record

    async def row(self, record: Record) -> Record:
        found = await self.store.get(record.id)
        assert found is not None
        return found

    async def login(self, user: int = 7, key: str = "ada-key") -> None:
        await self.keys.keep(Payer.USER, user, "horde", key, "ada#7", frozenset(Kind), self.clock())

    async def give_server_key(
        self, guild: int = 5, key: str = "guild-key", pays: frozenset[Kind] = frozenset(Kind)
    ) -> None:
        await self.keys.keep(Payer.GUILD, guild, "horde", key, "server#9", pays, self.clock())

    async def ended(self, *records: Record, within: float = 600.0) -> list[Record]:
        """The rows once all of them are closed."""
        ids = {record.id for record in records}
        async with asyncio.timeout(within):
            while True:
                if not self._open() & ids:
                    break
                await asyncio.sleep(0.25)
        return [await self.row(record) for record in records]

    def _open(self) -> set[int]:
        return {row["id"] for row in self.disk.raw.execute(OPEN_IDS).fetchall()}

    async def outcome(self, record: Record, within: float = 600.0) -> Status:
        """What its person saw in the end; exactly once."""
        await self.ended(record, within=within)
        (only,) = self.stage.outcomes(record.id)
        return only

    async def until(self, test: Callable[[Record], bool], record: Record) -> Record:
        """The row as soon as it is like that."""
        async with asyncio.timeout(600):
            while True:
                row = await self.row(record)
                if test(row):
                    return row
                await asyncio.sleep(0.01)
