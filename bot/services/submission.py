"""The verbs: submit, cancel, again, delete, publish. What a command or a button may do."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.accounts.credentials import Credentials, Logins
from bot.accounts.payment import Payment
from bot.accounts.pricing import Estimate, Pricing
from bot.accounts.shared_keys import SharedKeys
from bot.aio.database_retry import insist
from bot.backends.base import Backend
from bot.cards.links import parent_link
from bot.catalog import Catalog
from bot.domain.budgets import Claim
from bot.domain.records import MessageRef, Origin, Payer, Record
from bot.domain.requests import ImageRequest, Kind, Request, TextRequest
from bot.domain.results import Phase, Status
from bot.errors import UserError
from bot.pipeline.dispatch.dispatcher import Dispatcher
from bot.pipeline.tracking.poller import Poller
from bot.rules.guild_checks import as_shown, is_tame
from bot.rules.place_checks import check_owner, with_place
from bot.services.admission import Admission
from bot.services.preferences import Preferences
from bot.services.reports import Reports
from bot.settings import LimitsSettings
from bot.storage import Store
from bot.storage.files import ResultFiles

DRAINING = (
    "The bot is about to restart and takes nothing new for the moment; what is under way goes on, "
    "so ask again in a few minutes."
)


class Submission(Preferences):
    """What people can do, behind one door. Everything it refuses is a UserError."""

    def __init__(
        self,
        *,
        store: Store,
        spool: ResultFiles,
        catalog: Catalog,
        keys: Credentials,
        backends: Mapping[str, Backend],
        dispatchers: Mapping[str, Dispatcher],
        tracker: Poller,
        prices: Mapping[str, Pricing],
        limits: LimitsSettings,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(store, catalog, clock)
        self.backends = backends
        self.backend = next(iter(backends.values()))
        self.moderation = Reports(store, clock)
        self.draining = False  # an operator is about to restart the bot: nothing new is taken
        self._spool = spool
        self._dispatchers = dispatchers
        self._tracker = tracker
        self._prices = prices
        self.paying = Payment(store, keys, prices, backends, clock)
        self.sharing = SharedKeys(keys, self.backend)
        self.logins = Logins(store, keys, self.backend, clock)
        self._admission = Admission(store, catalog, self.guilds, limits)

    async def submit(
        self, origin: Origin, request: Request, *, parent: int | None = None
    ) -> Record:
        """Write a request down. It is sent once `acked`; the same interaction is one request."""
        if self.draining:
            raise UserError(DRAINING)
        origin = await self._admission.admit(origin, request)
        async with self._admission.room(origin):
            return await self._write_down(origin, request, parent)

    async def _write_down(self, origin: Origin, request: Request, parent: int | None) -> Record:
        rules = await self.guilds.rules(origin.guild_id)
        backend = self.backends.get(rules.backend, self.backend)
        placed = self._admission.placed(origin, request, rules)

        async def add(payer: Payer, claim: Claim | None, status: Status | None) -> Record:
            return await self._store.requests.add(
                interaction_id=origin.interaction_id,
                backend=backend.name,
                user_id=origin.user_id,
                guild_id=origin.guild_id,
                payer=payer,
                request=placed,
                message=origin.message,
                now=self._clock(),
                parent=parent,
                claim=claim,
                status=status,
            )

        return await self.paying.write_down(origin, placed, add)

    async def estimate(self, origin: Origin, request: ImageRequest) -> Estimate:
        """What that would cost here, and who would pay.

        Raises RequestRejected, and NotAllowed where a budget has no room for it.
        """
        origin = await self._admission.admit(origin, request)
        placed = with_place(request, nsfw=origin.nsfw)
        assert isinstance(placed, ImageRequest)
        payer = await self.paying.payer_of(origin, placed)
        rules = await self.guilds.rules(origin.guild_id)
        prices = self._prices[self.backends.get(rules.backend, self.backend).name]
        return await prices.estimate(placed, origin.user_id, origin.guild_id, payer)

    async def acked(self, record: Record, message_id: int) -> None:
        """Its first card is up: from now on it may be sent."""
        acked = await self._store.requests.ack(record.id, message_id)
        if acked is not None and acked.outcome_at is None:
            self._dispatchers[acked.backend].add(acked)

    async def unacked(self, record: Record) -> None:
        """Discord refused our answer and told the person so: cancelled, unsent."""
        await self._store.requests.change(
            record.id,
            when={Phase.QUEUED},
            phase=Phase.CANCELLED,
            status=Status.cancelled(),
            closed_at=self._clock(),
        )

    async def cancel(self, record_id: int, user_id: int) -> Record:
        """Stop it; the card says so by itself. Raises UserError when it is over already."""
        record = await self.get(record_id)
        check_owner(record, user_id)
        stopped = await self._store.requests.change(
            record_id, unsettled=True, cancel_at=self._clock()
        )
        if stopped is None:
            raise UserError("That request is over already.")
        if (dispatcher := self._dispatchers.get(stopped.backend)) is not None:
            dispatcher.queues[stopped.kind].process_now(record_id)
        self._tracker.poll_now(record_id)
        return stopped

    async def cancel_all(self, user_id: int) -> int:
        """Stop all of a person's requests; gives how many were stopped."""
        stopped = 0
        for record in await self._store.requests.open_of(user_id):
            try:
                await self.cancel(record.id, user_id)
            except UserError:  # it ended while we went through the list
                continue
            stopped += 1
        return stopped

    async def again(self, origin: Origin, record_id: int) -> Record:
        """The same parameters with a new seed; whoever presses pays."""
        record = await self.pressable(origin, record_id)
        origin = await self.guilds.here(origin)
        request = with_place(record.request, nsfw=origin.nsfw)
        if isinstance(request, ImageRequest):
            request = request.model_copy(update={"seed": ""})
        elif isinstance(request, TextRequest) and len(request.models) > 1:
            # Nobody names several: they were all that were allowed then, and now others may be.
            request = request.model_copy(update={"models": ()})
        return await self.submit(origin, request, parent=record.id)

    async def delete(self, record_id: int, user_id: int) -> Record:
        """Forget a result's bytes, and list it no more; its messages are the caller's to delete."""
        record = await self.get(record_id)
        check_owner(record, user_id)
        if not record.is_over:
            raise UserError("It is still under way. Cancel it first.")
        await self._store.history.remove(record_id)
        await self._spool.drop(await self._files_of(record))
        if record.phase is Phase.HELD:  # nobody wants to see it any more
            await self.seen(record)
        return record

    async def _files_of(self, record: Record) -> set[str]:
        """Results, and pictures it started from, but for those that an open request waits for."""
        started = {source.file for source in record.request.sources}
        own = {name for name in started if name.startswith(f"{record.id}-")}
        needed = {
            s.file
            for other in await self._store.requests.unfinished()
            for s in other.request.sources
        }
        return (own | {*record.files}) - needed

    async def publish(self, origin: Origin, record_id: int) -> Record:
        """A private result that its owner wants to show in this channel, as it may stand there."""
        record = await self.get(record_id)
        check_owner(record, origin.user_id)
        if not record.is_over or record.status is None or not record.status.arrived:
            raise UserError("There is nothing to publish.")
        rules, here = await self.guilds.rules(origin.guild_id), await self.guilds.here(origin)
        await self._admission.check_shown(record.request, here, rules)
        return replace(record, request=as_shown(record.request, here, rules))

    async def as_seen(self, origin: Origin, record: Record) -> Record:
        """The request as its person may look at it there, in private.

        What was made for adults is behind a spoiler in every other place.
        """
        if is_tame(record.request) or (await self.guilds.here(origin)).nsfw:
            return record
        return replace(record, request=record.request.model_copy(update={"spoiler": True}))

    async def also_shown(self, record_id: int, message: MessageRef) -> None:
        """Another message shows something of it too; its `part` says what."""
        await insist(lambda: self._store.requests.move(record_id, message))

    async def parent_link(self, record: Record) -> str:
        """Address of the card of the request from which this one was made; "" for none."""
        parent = (
            await self._store.requests.get(record.parent) if record.parent is not None else None
        )
        return parent_link(record, parent) if parent is not None else ""

    async def open_of(self, user_id: int) -> list[Record]:
        """A person's open requests, oldest first, each with its newest status."""
        return [self._newest(record) for record in await self._store.requests.open_of(user_id)]

    def _newest(self, record: Record) -> Record:
        dispatcher = self._dispatchers.get(record.backend)
        queued = dispatcher.queued_status(record) if dispatcher is not None else None
        return self._tracker.newest(record) if queued is None else replace(record, status=queued)

    async def history(
        self,
        user_id: int,
        *,
        before: int | None = None,
        limit: int = 10,
        search: str = "",
        kind: Kind | None = None,
        favourites: bool = False,
    ) -> list[Record]:
        """A person's ended requests, newest first. `search`: words of what was asked for."""
        return await self._store.history.page(
            user_id, before=before, limit=limit, search=search, kind=kind, favourites=favourites
        )

    async def held_of(self, user_id: int) -> list[Record]:
        """Results that could not be shown to their person yet."""
        return await self._store.requests.held_of(user_id)

    async def seen(self, record: Record) -> None:
        """A held result was shown: it ends as what it is."""
        assert record.status is not None
        await self._store.requests.change(record.id, when={Phase.HELD}, phase=record.status.phase)
