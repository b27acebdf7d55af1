"""One run of the bot without Discord: the pipeline as it is, on a disk and a presenter in memory.

Meant for the virtual clock: nothing in it waits for anything but the clock of the event loop.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from bot.accounts.credentials import Credentials
from bot.accounts.encryption.vault import Vault, new_key
from bot.accounts.payment import Payment
from bot.accounts.pricing import Pricing
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.backends.values import Model
from bot.catalog import (
    Catalog,
    ImageDefaults,
    ModelFacts,
    baseline,
    defaults_for,
    guessed_facts,
)
from bot.chat.template_choice import template_for
from bot.domain.chat.conversations import AUTO
from bot.domain.records import MessageAccess, MessageRef, Origin, Payer, Record
from bot.domain.requests import ImageRequest, Kind, Request, Source
from bot.domain.results import OPEN, Status
from bot.domain.sampling_rules import OLDER, SamplingRules
from bot.i18n import ENGLISH
from bot.pictures.uploads import UploadedImages
from bot.pipeline.dispatch.refusal_reasons import SamplingRefusal, unknown
from bot.pipeline.pipeline import Pipeline
from bot.rules.blocklists import is_blocked
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.rules.request_context import RequestContext
from bot.services.admission import Admission
from bot.services.chat.chats import Chats
from bot.services.composer import Composer
from bot.services.defaults import Defaults
from bot.services.guilds import Guilds
from bot.services.history import History
from bot.services.person_settings import Languages, PeopleSettings
from bot.services.presets import Presets
from bot.services.submission import Submission
from bot.settings import ANONYMOUS_KEY, LimitsSettings
from bot.storage import Store
from bot.storage.database import Database
from tests.support.builders import FOX_BY_DELIBERATE
from tests.support.fakes.backend import FakeHorde
from tests.support.fakes.presenter import FakePresenter
from tests.support.fakes.storage import InMemoryConnection, InMemorySpool, connection

START_TIME = 1_700_000_000.0
OPEN_IDS = f"SELECT id FROM requests WHERE phase IN ({', '.join(repr(str(p)) for p in OPEN)})"


class FakeCatalog:
    """A catalog that knows two text models."""

    style_contract = None  # an older server

    def check_inside(self, request: ImageRequest, rules: GuildSettings) -> None:
        """Nothing is known of any style."""

    def sampling(self, rules: GuildSettings) -> SamplingRules:
        """Those of an older server."""
        del rules
        return OLDER

    def baseline(self, name: str) -> str:
        return baseline(name)

    def template(self, model: str, chosen: str = AUTO) -> str:
        return template_for(model, None, chosen)

    def knows_template(self, model: str) -> bool:
        return bool(model)

    def newcomer(self, rules: GuildSettings = NO_RULES) -> ImageDefaults:
        del rules
        return defaults_for("Deliberate")

    def about(self, name: str) -> ModelFacts:
        return guessed_facts(name)

    def models(self, kind: Kind, *_: Any, **__: Any) -> list[Model]:
        """The list of image models is not loaded yet."""
        names = self.safe_text_models() if kind is Kind.TEXT else ()
        return [Model(name, kind, workers=1, wait=0, context=8_192) for name in names]

    def is_missing(self, *_: object) -> bool:
        """The list is not loaded yet."""
        return False

    def style(self, *_: object) -> None:
        """No style is listed."""

    def styles_inside(self, *_: object) -> None:
        """No style and no collection is listed."""

    def templates_inside(self, request: ImageRequest, rules: GuildSettings) -> tuple[str, ...]:
        """No style has a template."""
        del request, rules
        return ()

    def text_models(self, rules: GuildSettings = NO_RULES) -> tuple[str, ...]:
        served = self.safe_text_models()
        return tuple(name for name in served if not is_blocked(name, rules.models_blocked))

    def safe_text_models(self, rules: GuildSettings = NO_RULES) -> tuple[str, ...]:
        del rules
        return ("koboldcpp/gemma-3-12b-it", "koboldcpp/gpt-oss-20b")


class FakeUploads(UploadedImages):
    """Hands out the same picture, or what `errors` says."""

    def __init__(self) -> None:
        self.errors: deque[Exception] = deque()
        self.seconds = 0.0

    async def load(
        self, source: Source, record_id: int, role: str = "source", owner: int = 0
    ) -> tuple[Source, bytes]:
        await asyncio.sleep(self.seconds)
        if self.errors:
            raise self.errors.popleft()
        return source.model_copy(update={"file": f"{record_id}-{role}"}), b"picture"


class InMemoryBot:
    """One run of the bot; `again` is the next one on the same disk."""

    def __init__(
        self,
        horde: FakeHorde | None = None,
        *,
        key: str = ANONYMOUS_KEY,
        limits: LimitsSettings | None = None,
        disk: InMemoryConnection | None = None,
        spool: InMemorySpool | None = None,
        presenter: FakePresenter | None = None,
        interactions: int = 0,
        vault: Vault | None = None,
        sampling: SamplingRefusal = unknown,
        others: Sequence[FakeHorde] = (),
        fallbacks: Mapping[str, str] | None = None,
    ) -> None:
        self.horde = horde or FakeHorde()
        self.others = others
        self.fallbacks = fallbacks or {}
        self.disk = disk or connection()
        self.spool = spool or InMemorySpool()
        self.presenter = presenter or FakePresenter()
        self.key = key
        self.limits = limits or LimitsSettings(open_per_person=0)
        self.interactions = interactions
        self.began = asyncio.get_running_loop().time()
        self.store = Store(Database(self.disk, self.disk))
        self.vault = vault or Vault([new_key()])
        self.uploads = FakeUploads()
        self.sampling = sampling
        self._wire(cast("Backend", self.horde))
        self._tasks: list[asyncio.Task[Any]] = []

    def _wire(self, backend: Backend) -> None:
        name = backend.name
        others = {each.name: cast("Backend", each) for each in self.others}
        backends = {name: backend, **others}
        self.monitors = {name: OutageMonitor(each) for name, each in backends.items()}
        self.outage_monitor = self.monitors[name]
        own = {name: self.key, **dict.fromkeys(others, ANONYMOUS_KEY)}
        self.keys = Credentials(self.store, self.vault, backends, own, self.clock)
        self.pipeline = Pipeline(
            store=self.store,
            files=self.spool,
            backends={each: (backends[each], self.monitors[each]) for each in backends},
            credentials=self.keys,
            uploads=self.uploads,
            presenter=self.presenter,
            webhook_url=lambda record_id: f"https://bot/ring/{record_id}",
            fallbacks=self.fallbacks,
            sampling=self.sampling,
            clock=self.clock,
        )
        self.settlement = self.pipeline.settlement
        self.poller = self.pipeline.poller
        self.submitter = self.pipeline.submitters[name]
        self.dispatcher = self.pipeline.dispatchers[name]
        self.image_queue = self.dispatcher.queues[Kind.IMAGE]
        self.catalog = cast("Catalog", FakeCatalog())
        abilities = {each: found.capabilities for each, found in backends.items()}
        self.guilds = Guilds(self.store, abilities, Languages(self.store, ENGLISH))
        self.people = PeopleSettings(self.store)
        self.prices = {name: Pricing(backend, self.image_queue, self.keys)}
        self.paid_styles: set[str] = set()  # by their makers
        self.payment = Payment(
            self.store,
            self.keys,
            self.prices,
            self.clock,
            maker_pays=lambda style, _rules: style in self.paid_styles,
        )
        dispatchers = self.pipeline.dispatchers
        self.history = History(self.store, self.poller, dispatchers, self.clock)
        presets, defaults = Presets(self.store, self.clock), Defaults(self.store, self.catalog)
        admission = Admission(self.store, self.catalog, self.limits, abilities)
        self.service = Submission(
            store=self.store,
            files=self.spool,
            composer=Composer(
                *(self.catalog, presets, defaults),
                free_side=lambda each: self.prices[each].free_side(),
                backends=abilities,
            ),
            admission=admission,
            payment=self.payment,
            prices=self.prices,
            history=self.history,
            dispatchers=dispatchers,
            poller=self.poller,
            refusals=self.pipeline.refusals,
            mover=self.pipeline.mover,
            clock=self.clock,
        )
        self.chat = Chats(
            store=self.store,
            catalog=self.catalog,
            guilds=self.guilds,
            admission=admission,
            submission=self.service,
            clock=self.clock,
        )
        self.chat.opener = self._show_first
        self.settlement.on_closed = self.chat.closed
        self.settlement.use_scene = self.chat.scenes.use

    def clock(self) -> float:
        """UTC seconds, a while ago."""
        return START_TIME + asyncio.get_running_loop().time()

    def start(self) -> "InMemoryBot":
        """Run it, resuming open requests."""
        recovery = self.pipeline.recovery()
        queues = [dispatcher.run() for dispatcher in self.pipeline.dispatchers.values()]
        for work in (self.poller.run(), *queues, recovery.run(), self.chat.run()):
            self._tasks.append(asyncio.create_task(work))
        return self

    async def _show_first(self, record: Record) -> None:
        """The first card of a request that answers no interaction."""
        await asyncio.sleep(self.presenter.seconds)
        await self.service.acked(record, 1_000 + record.id)

    async def kill(self) -> None:
        """Everything stops where it is."""
        for monitor in self.monitors.values():
            await monitor.close()
        for task in self._tasks:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        for error in ended:
            if isinstance(error, Exception):
                raise error

    def again(self) -> "InMemoryBot":
        """The next run: same disk, same Discord, same Horde."""
        return InMemoryBot(
            self.horde,
            key=self.key,
            limits=self.limits,
            disk=self.disk,
            spool=self.spool,
            presenter=self.presenter,
            interactions=self.interactions,
            vault=self.vault,
            others=self.others,
            fallbacks=self.fallbacks,
        )

    async def write(
        self, request: Request = FOX_BY_DELIBERATE, *, user: int = 7, guild: int | None = 5
    ) -> Record:
        """A command was typed; nothing is answered yet."""
        self.interactions += 1
        message = MessageRef(
            channel_id=10,
            token="secret",
            token_expires_at=self.clock() + 870,
            reach=MessageAccess.GUILD if guild else MessageAccess.DM,
        )
        return await self.submit(Origin(self.interactions, user, guild, message), request)

    async def context(self, origin: Origin) -> RequestContext:
        """The context of a request from there."""
        return await self.guilds.context(origin)

    async def submit(self, origin: Origin, request: Request) -> Record:
        """A command was typed there; nothing is answered yet."""
        return await self.service.submit(await self.context(origin), request)

    async def ask(
        self, request: Request = FOX_BY_DELIBERATE, *, user: int = 7, guild: int | None = 5
    ) -> Record:
        """A command was typed and answered."""
        record = await self.write(request, user=user, guild=guild)
        await self.service.acked(record, 1_000 + record.id)
        return record

    def position(self, record: Record) -> tuple[int, int]:
        """Position in the queue, and seconds until the submit."""
        return self.dispatcher.queues[record.kind].position(record.id)

    async def row(self, record: Record) -> Record:
        found = await self.store.requests.get(record.id)
        assert found is not None
        return found

    async def login(self, user: int = 7, key: str = "ada-key", backend: str = "horde") -> None:
        await self.keys.keep(Payer.USER, user, backend, key, "ada#7", frozenset(Kind))

    async def give_server_key(
        self, guild: int = 5, key: str = "guild-key", pays: frozenset[Kind] = frozenset(Kind)
    ) -> None:
        await self.keys.keep(Payer.GUILD, guild, "horde", key, "server#9", pays)

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
        (only,) = self.presenter.outcomes(record.id)
        return only

    async def until(self, test: Callable[[Record], bool], record: Record) -> Record:
        """The row as soon as it is like that; what takes minutes is looked at less often."""
        pause = 0.01
        async with asyncio.timeout(600):
            while True:
                row = await self.row(record)
                if test(row):
                    return row
                await asyncio.sleep(pause)
                pause = min(pause * 1.02, 0.25)


async def submitted_count(bot: InMemoryBot, records: list[Record]) -> int:
    """How many of these requests the backend has."""
    rows = [await bot.row(record) for record in records]
    return sum(row.remote_id is not None for row in rows)
