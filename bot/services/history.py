"""Stored requests: found by number or user, shown, kept for good."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.aio.retry import until_stored
from bot.domain.records import MessageRef, Record
from bot.domain.requests import Kind
from bot.domain.results import Phase
from bot.errors import UserError
from bot.i18n import _
from bot.i18n.formats import number
from bot.pipeline.dispatch.dispatcher import Dispatcher
from bot.pipeline.tracking.poller import Poller
from bot.rules.guild_checks import check_press, is_tame
from bot.rules.place_checks import check_owner
from bot.rules.request_context import RequestContext
from bot.storage import Store

FAVOURITES_MAX = 200  # of one user: they are never deleted, so they must not fill the disk


class History:
    """Open and ended requests. Every refusal is a UserError."""

    def __init__(
        self,
        store: Store,
        poller: Poller,
        dispatchers: Mapping[str, Dispatcher],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._poller = poller
        self._dispatchers = dispatchers
        self._clock = clock

    async def get(self, record_id: int) -> Record:
        """The request of that number. Raises UserError when it is not stored any more."""
        record = await self._store.requests.get(record_id)
        if record is None:
            raise UserError(_("This request is no longer stored."))
        return record

    async def find(self, record_id: int) -> Record | None:
        """The request of that number; None when it is not stored any more."""
        return await self._store.requests.get(record_id)

    async def of_message(self, message_id: int) -> Record | None:
        """The request that this message shows; None for none."""
        return await self._store.requests.of_message(message_id)

    async def pressable(self, context: RequestContext, record_id: int) -> Record:
        """The request, if that member may press its buttons: an own one, or one that the rules
        open.

        Raises UserError.
        """
        record = await self.get(record_id)
        check_press(record, context)
        if record.turn is not None:
            raise UserError(
                _("This request is part of a conversation. Use the buttons of the message there.")
            )
        return record

    async def open_of(self, user_id: int) -> list[Record]:
        """A user's open requests, oldest first, each with its newest status."""
        return [self._newest(record) for record in await self._store.requests.open_of(user_id)]

    def _newest(self, record: Record) -> Record:
        dispatcher = self._dispatchers.get(record.backend)
        queued = dispatcher.queued_status(record) if dispatcher is not None else None
        return self._poller.newest(record) if queued is None else replace(record, status=queued)

    async def ended_of(
        self,
        user_id: int,
        *,
        before: int | None = None,
        limit: int = 10,
        search: str = "",
        kind: Kind | None = None,
        favourites: bool = False,
    ) -> list[Record]:
        """A user's ended requests, newest first. `search`: words of the prompt."""
        return await self._store.history.page(
            user_id, before=before, limit=limit, search=search, kind=kind, favourites=favourites
        )

    async def held_of(self, user_id: int) -> list[Record]:
        """Results that could not be shown to their requester yet."""
        return await self._store.requests.held_of(user_id)

    async def seen(self, record: Record) -> None:
        """A held result was shown: the request ends with its outcome."""
        assert record.status is not None
        await self._store.requests.change(record.id, when={Phase.HELD}, phase=record.status.phase)

    async def also_shown(self, record_id: int, message: MessageRef) -> None:
        """Remember another message that shows a part of the request, which its `part` names."""
        await until_stored(lambda: self._store.requests.move(record_id, message))

    @staticmethod
    def as_seen(context: RequestContext, record: Record) -> Record:
        """The request as the requester sees it there in private.

        A result that was made where NSFW is allowed is behind a spoiler in every other place.
        """
        if context.nsfw or is_tame(record.request):
            return record
        return replace(record, request=record.request.model_copy(update={"spoiler": True}))

    # Favourites

    async def favour(self, record_id: int, user_id: int, on: bool) -> Record:
        """Keep a user's own result for good, or as long as any other. Raises UserError."""
        record = await self.get(record_id)
        check_owner(record, user_id)
        if not on:
            await self._store.history.remove_favourite(record_id)
        elif not record.is_over:
            raise UserError(_("This request is still open. Save it when it has ended."))
        elif not await self._store.history.add_favourite(record, self._clock(), FAVOURITES_MAX):
            text = _(
                "You have saved {count} results, which is the limit. Remove one in `/history` with "
                "`favourites:True`."
            )
            raise UserError(text.format(count=number(FAVOURITES_MAX)))
        return record

    async def favoured(self, records: Sequence[Record]) -> set[int]:
        """The numbers of those requests that are kept for good."""
        return await self._store.history.favourites_among([record.id for record in records])
