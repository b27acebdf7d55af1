"""Use cases of requests: submit, cancel, repeat, delete, publish."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.accounts.payment import Payment, PaymentPlan
from bot.accounts.pricing import Estimate, Pricing
from bot.cards.links import parent_link
from bot.domain.records import Record
from bot.domain.requests import ImageChoices, ImageRequest, Request, TextRequest, VideoRequest
from bot.domain.results import Phase, Status
from bot.errors import NotAllowed, UserError
from bot.i18n import _, in_language
from bot.pipeline.dispatch.dispatcher import Dispatcher
from bot.pipeline.dispatch.prompt_refusals import PromptRefusals
from bot.pipeline.fallback.mover import Mover
from bot.pipeline.tracking.poller import Poller
from bot.rules.guild_checks import as_shown
from bot.rules.place_checks import check_owner, with_place
from bot.rules.request_context import RequestContext
from bot.services.admission import Admission
from bot.services.composer import Composer
from bot.services.history import History
from bot.storage import NoRoom, Store
from bot.storage.files import ResultFiles


class Submission:
    """Accepts requests, and changes stored ones.

    Every refusal is a UserError. `draining`: an operator is about to restart the bot, so no new
    request is accepted.
    """

    def __init__(
        self,
        *,
        store: Store,
        files: ResultFiles,
        composer: Composer,
        admission: Admission,
        payment: Payment,
        prices: Mapping[str, Pricing],
        history: History,
        dispatchers: Mapping[str, Dispatcher],
        poller: Poller,
        refusals: PromptRefusals,
        mover: Mover,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.draining = False
        self._store = store
        self._files = files
        self._composer = composer
        self._admission = admission
        self._payment = payment
        self._prices = prices
        self._history = history
        self._dispatchers = dispatchers
        self._poller = poller
        self._refusals = refusals
        self._mover = mover
        self._clock = clock

    async def submit(
        self, context: RequestContext, wanted: ImageChoices | Request, *, parent: int | None = None
    ) -> Record:
        """Compose a request of the choices, check it, choose the payer, and store it.

        It is sent to its backend once `acked`. The same interaction stores one request only.
        `parent`: the number of the request that it comes from.
        """
        if self.draining:
            raise UserError(
                _(
                    "The bot is about to restart and takes no new requests. Try again in a few "
                    "minutes."
                )
            )
        request = wanted
        if isinstance(request, ImageChoices):
            request = await self._composer.compose(context, request)
        elif request.ignored:  # of the earlier request
            request = request.model_copy(update={"ignored": ()})
        await self._admission.check(context, request)
        async with self._admission.room(context):
            placed = self._admission.placed(context, request)
            of_horde = context.capabilities.has_kudos  # whose filter it is
            if of_horde and (unsent := self._refusals.reason_of(context.user_id, placed)):
                raise NotAllowed(unsent)
            plan = await self._payment.plan(context, placed)
            try:
                return await self._add(context, placed, plan, parent)
            except NoRoom as full:
                plan = await self._payment.plan(context, placed, full=full.room)
                return await self._add(context, placed, plan, parent)

    async def estimate(
        self, context: RequestContext, request: ImageRequest | VideoRequest
    ) -> Estimate:
        """Price of the request there, and its payer.

        Raises RequestRejected, and NotAllowed where it exceeds a budget.
        """
        await self._admission.check(context, request)
        placed = self._admission.placed(context, request)
        assert isinstance(placed, ImageRequest | VideoRequest)
        plan = await self._payment.expected(context, placed)
        prices = self._prices[context.backend]
        return await prices.estimate(placed, context.user_id, context.guild_id, plan.payer)

    async def _add(
        self, context: RequestContext, request: Request, plan: PaymentPlan, parent: int | None
    ) -> Record:
        """Store it. Raises NoRoom when the plan's claim exceeds a budget."""
        language = context.language if request.private else context.shared_language
        with in_language(language):
            skipped = (each.warning for each in plan.skipped)
            warnings = (*skipped, *self._composer.warnings(request))
        return await self._store.requests.add(
            interaction_id=context.origin.interaction_id,
            backend=context.backend,
            user_id=context.user_id,
            guild_id=context.guild_id,
            payer=plan.payer,
            request=request,
            message=replace(context.origin.message, ephemeral=request.private),
            now=self._clock(),
            parent=parent,
            claim=plan.claim,
            status=Status(phase=Phase.QUEUED, warnings=warnings) if warnings else None,
            language=language,
            unit=context.capabilities.unit,
        )

    async def acked(self, record: Record, message_id: int) -> None:
        """Its first card is shown: from now on it may be submitted."""
        acked = await self._store.requests.ack(record.id, message_id)
        if acked is not None and acked.outcome_at is None:
            self._dispatchers[acked.backend].add(acked)

    async def unacked(self, record: Record) -> None:
        """Discord refused the first card and told the requester: cancel the request, unsent."""
        await self._store.requests.change(
            record.id,
            when={Phase.QUEUED},
            phase=Phase.CANCELLED,
            status=Status.cancelled(),
            closed_at=self._clock(),
        )

    async def parent_link(self, record: Record) -> str:
        """Address of the card of the parent request; "" for none."""
        if record.parent is None:
            return ""
        parent = await self._store.requests.get(record.parent)
        return parent_link(record, parent) if parent is not None else ""

    async def cancel(self, record_id: int, user_id: int) -> Record:
        """Stop it; its card shows that. Raises UserError where that is not possible."""
        record = await self._history.get(record_id)
        check_owner(record, user_id)
        self._admission.check_cancel(record)
        return await self._cancel(record_id)

    async def _cancel(self, record_id: int) -> Record:
        stopped = await self._store.requests.change(
            record_id, unsettled=True, cancel_at=self._clock()
        )
        if stopped is None:
            raise UserError(_("This request has already ended."))
        if (dispatcher := self._dispatchers.get(stopped.backend)) is not None:
            dispatcher.queues[stopped.kind].process_now(record_id)
        self._poller.poll_now(record_id)
        return stopped

    async def cancel_all(self, user_id: int) -> int:
        """Stop all of a user's requests. Returns how many were stopped."""
        stopped = 0
        for record in await self._store.requests.open_of(user_id):
            try:
                await self._cancel(record.id)
            except UserError:  # it has ended meanwhile
                continue
            stopped += 1
        return stopped

    async def move(self, record_id: int, user_id: int) -> Record:
        """Let the offered backend make a request that waits, paid by the requester's key.

        Raises UserError.
        """
        record = await self._history.get(record_id)
        check_owner(record, user_id)
        return await self._mover.accept(record)

    async def again(self, context: RequestContext, record_id: int) -> Record:
        """Submit the same parameters with a new seed; the member who presses pays."""
        record = await self._history.pressable(context, record_id)
        request = with_place(record.request, nsfw=context.nsfw, capabilities=context.capabilities)
        if isinstance(request, ImageRequest | VideoRequest):
            request = request.model_copy(update={"seed": ""})
        elif isinstance(request, TextRequest) and len(request.models) > 1:
            # Several models are never a user's choice: they were all that were allowed then; now
            # others may be.
            request = request.model_copy(update={"models": ()})
        return await self.submit(context, request, parent=record.id)

    async def delete(self, record_id: int, user_id: int) -> Record:
        """Delete a result's files and its history entry; the caller deletes its messages."""
        record = await self._history.get(record_id)
        check_owner(record, user_id)
        if not record.is_over:
            raise UserError(_("This request is still open. Cancel it first."))
        await self._store.history.remove(record_id)
        await self._files.drop(await self._files_of(record))
        if record.phase is Phase.HELD:  # no result is left to be shown
            await self._history.seen(record)
        return record

    async def _files_of(self, record: Record) -> set[str]:
        """Its results and source pictures, without those that an open request needs."""
        started = {source.file for source in record.request.sources}
        own = {name for name in started if name.startswith(f"{record.id}-")}
        needed = {
            s.file
            for other in await self._store.requests.open_with_files_of(record.id)
            for s in other.request.sources
        }
        return (own | {*record.files}) - needed

    async def publish(self, context: RequestContext, record_id: int) -> Record:
        """A private result as its owner may show it in this channel. Raises UserError."""
        record = await self._history.get(record_id)
        check_owner(record, context.user_id)
        if not record.is_over or record.status is None or not record.status.arrived:
            raise UserError(_("This request has no result to publish."))
        await self._admission.check_shown(context, record.request)
        return replace(record, request=as_shown(record.request, context))
