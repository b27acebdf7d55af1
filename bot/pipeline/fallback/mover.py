"""Moves a request to the fallback of its backend, in one transaction with its payment.

A move never passes on a price: to a backend without prices always, to one with kudos when the payer
has a key there or no key is needed, to any other when the requester presses the button of the card.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.accounts.credentials import Credentials
from bot.accounts.next_payer import NextPayer
from bot.aio.retry import until_stored
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.capabilities import PriceUnit
from bot.domain.records import Payer, Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Kind, Request
from bot.domain.results import Offer, Phase, Status
from bot.errors import BackendError, UserError
from bot.i18n import N_, _, in_language
from bot.pipeline.fallback.requests_there import can_make, request_there
from bot.pipeline.fallback.sentences import NO_KEY, OTHER_MODEL, Cause, warnings_of_move
from bot.settings import ANONYMOUS_KEY
from bot.settings.fallbacks import chain_of
from bot.storage import NoRoom, Store

log = logging.getLogger(__name__)
AFTER = 20.0  # seconds of an outage, or of maintenance, after which requests move
KEY_NEEDED = N_(
    "{backend} needs your own API key. Add it with `/account login`, then press the button again."
)
NOT_WAITING = N_("This request does not wait for another backend any more.")


class Mover:
    """Moves requests that no backend has begun. `fallbacks`: names of backends by name.

    `on_moved`: called with the old and the new record; `on_offered`: a card has a new button.
    """

    def __init__(
        self,
        store: Store,
        backends: Mapping[str, tuple[Backend, OutageMonitor]],
        credentials: Credentials,
        payers: Mapping[str, NextPayer],
        fallbacks: Mapping[str, str],
    ) -> None:
        self._store = store
        self._backends = backends
        self._credentials = credentials
        self._payers = payers
        self._chains = {name: chain_of(name, fallbacks) for name in backends}
        self.on_moved: Callable[[Record, Record], None] = lambda _old, _new: None
        self.on_offered: Callable[[Record], None] = lambda _record: None

    def has_fallback(self, backend: str) -> bool:
        """Whether another backend takes over from that one."""
        return bool(self._chains[backend])

    def is_due(self, backend: str, kind: Kind) -> bool:
        """That backend takes none of that kind for so long that a fallback takes over."""
        down = self._backends[backend][1].refuses_for(kind)
        return down >= AFTER and any(self._is_up(name, kind) for name in self._chains[backend])

    async def has_target(self, record: Record) -> bool:
        """Whether a fallback can take the request now, for its payer."""
        return any([await self._payers_at(record, name) for name in self._able(record)])

    async def move(self, record: Record, cause: Cause = Cause.DOWN) -> Record | None:
        """Queue the request at the first fallback that can make it.

        None when none can, or the request was changed meanwhile. A backend with a price is offered
        to the requester on the card.
        """
        if not self._may_move(record):
            return None
        for name in self._able(record):
            for payer in await self._payers_at(record, name):
                if (moved := await self._move_to(record, name, payer, cause)) is not None:
                    return moved
        await self._offer(record)
        return None

    async def accept(self, record: Record) -> Record:
        """The requester pressed the button: queue it at the offered backend, paid by their key.

        Raises UserError.
        """
        offer = record.status.offer if record.status is not None else None
        able = offer is not None and offer.backend in self._able(record)
        if offer is None or not able or record.phase is not Phase.QUEUED or not record.acked:
            raise UserError(_(NOT_WAITING))
        order = await self._order(record, offer.backend)
        if Payer.USER not in order:
            raise UserError(_(KEY_NEEDED).format(backend=offer.title))
        moved = await self._move_to(record, offer.backend, Payer.USER, Cause.DOWN)
        if moved is None:
            raise UserError(_(NOT_WAITING))
        return moved

    def _may_move(self, record: Record) -> bool:
        """No backend may have charged it. What costs nothing can be sent again."""
        unit = self._backends[record.backend][0].capabilities.unit
        priced = unit is not PriceUnit.NONE and record.payer is not Payer.ANONYMOUS
        return record.cancel_at is None and not (priced and record.resends)

    def _able(self, record: Record) -> list[str]:
        """The fallbacks that are up and can make the request, the nearest first."""
        return [
            name
            for name in self._chains[record.backend]
            if self._is_up(name, record.kind)
            and can_make(record.request, self._backends[name][0].capabilities)
        ]

    def _is_up(self, backend: str, kind: Kind) -> bool:
        return self._backends[backend][1].accepts(kind)

    async def _order(self, record: Record, backend: str) -> tuple[Payer, ...]:
        order = await self._credentials.order(record.user_id, record.guild_id, record.kind, backend)
        return order.payers

    async def _payers_at(self, record: Record, backend: str) -> list[Payer]:
        """Those who pay there without being asked, the first one first."""
        able, order = self._backends[backend][0].capabilities, await self._order(record, backend)
        if able.unit is PriceUnit.MICRO_USD:
            return []
        keyless = [] if able.keys == "required" else [Payer.ANONYMOUS]
        if able.unit is PriceUnit.NONE:
            return [payer for payer in order if payer is Payer.BOT] or keyless
        same = [record.payer] if record.payer in set(order) - {Payer.ANONYMOUS} else []
        if keyless and await self._payers[backend].is_free(record):
            return [*same, *keyless]
        return same

    async def _move_to(
        self, record: Record, backend: str, payer: Payer, cause: Cause
    ) -> Record | None:
        unit = self._backends[backend][0].capabilities.unit
        moved = replace(record, backend=backend, unit=unit, payer=payer)
        moved = replace(moved, request=await self._request_at(moved))
        moved = replace(moved, status=self._status_of(record, moved, cause))
        try:
            claim = await self._payers[backend].claim_of(moved)
            stored = await until_stored(
                lambda: self._store.requests.move_to_backend(record, moved, claim)
            )
        except NoRoom:
            return None
        if stored is not None:
            log.info("#%d moves from %s to %s", record.id, record.backend, backend)
            self.on_moved(record, stored)
        return stored

    async def _request_at(self, record: Record) -> Request:
        able, limited = self._backends[record.backend][0].capabilities, False
        if record.guild_id is not None:
            rules = await self._store.guilds.settings(record.guild_id)
            limited = bool(rules.models_blocked)
        return request_there(record.request, able, limited=limited)

    def _status_of(self, record: Record, moved: Record, cause: Cause) -> Status:
        old, new = (self._backends[r.backend][0].capabilities for r in (record, moved))
        more = [OTHER_MODEL] if _models(moved) != _models(record) else []
        more += [NO_KEY] if (new.unit, moved.payer) == (PriceUnit.KUDOS, Payer.ANONYMOUS) else []
        titles = [backend.capabilities.title for backend, _monitor in self._backends.values()]
        earlier = record.status.warnings if record.status is not None else ()
        with in_language(record.language):
            warnings = warnings_of_move(earlier, cause, old.title, new.title, titles, *more)
        return Status(phase=Phase.QUEUED, warnings=warnings)

    async def _offer(self, record: Record) -> None:
        """Offer the nearest fallback with a price on the card of a request that waits."""
        if record.phase is not Phase.QUEUED:
            return
        status = record.status or Status(phase=Phase.QUEUED)
        for name in self._able(record):
            backend = self._backends[name][0]
            if backend.capabilities.unit is not PriceUnit.MICRO_USD:
                continue
            if status.offer is None or status.offer.backend != name:
                offer = Offer(
                    backend=name,
                    title=backend.capabilities.title,
                    price=await _price(backend, record),
                )
                await self._store_offer(record, status.with_offer(offer))
            return

    async def _store_offer(self, record: Record, status: Status) -> None:
        offered = await self._store.requests.change(
            record.id, when={Phase.QUEUED}, unsettled=True, status=status
        )
        if offered is not None:
            self.on_offered(offered)


def _models(record: Record) -> tuple[str, ...]:
    return () if isinstance(record.request, AlchemyRequest) else record.request.models


async def _price(backend: Backend, record: Record) -> float:
    """The price of an image in micro-USD; 0 when it is unknown."""
    if not isinstance(record.request, ImageRequest):
        return 0.0
    request = record.request.model_copy(update={"models": ()})
    try:
        return await backend.estimate(request, ANONYMOUS_KEY)
    except BackendError as error:
        log.info("the price at %s is unknown: %s", backend.name, error)
        return 0.0
