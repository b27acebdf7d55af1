"""Checks before a request is stored: the place, its server's rules, and the open requests."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.aio.keyed_locks import KeyedLocks
from bot.catalog import Catalog, is_safe_text
from bot.catalog.style_contents import members_of
from bot.domain.backend_gaps import only_used
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Kind, Request, TextRequest
from bot.domain.results import Phase
from bot.errors import NotAllowed, UserError
from bot.i18n import _
from bot.parameters.fastest_models import with_fastest_models
from bot.parameters.sampling_checks import check_sampling
from bot.rules.chat_checks import chat_models
from bot.rules.guild_checks import check_rules, check_shown, check_size
from bot.rules.place_checks import (
    check_place,
    check_room,
    with_models,
    with_place,
    with_tame_models,
)
from bot.rules.request_context import RequestContext
from bot.rules.word_filter import check_words
from bot.services.backend_refusals import Backends, check_request, option_of
from bot.services.styles.style_checks import check_declarations
from bot.services.word_checks import WordChecks
from bot.settings import LimitsSettings
from bot.storage import Store


class Admission:
    """Decides whether a request may be stored. Every refusal is a UserError.

    `backends`: abilities of the configured backends.
    """

    def __init__(
        self, store: Store, catalog: Catalog, limits: LimitsSettings, backends: Backends
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._limits = limits
        self._backends = backends
        self._locks = KeyedLocks()
        self._words = WordChecks()

    async def check(self, context: RequestContext, request: Request) -> None:
        """Raises UserError when a rule of the place forbids the request, or its backend cannot do
        it.
        """
        check_request(context, request, self._backends)
        check_place(request, nsfw=context.nsfw)
        await self._words.run(context, lambda spend: check_rules(request, context, spend))
        if isinstance(request, ImageRequest):
            await self._check_inside(request, context)
        check_size(request, context.rules)  # last: a style that sets the size is named first

    async def check_shown(self, context: RequestContext, request: Request) -> None:
        """Raises NotAllowed where a private result may not be published."""
        await self._words.run(context, lambda spend: check_shown(request, context, spend))

    def check_cancel(self, record: Record) -> None:
        """Raises UserError for a request under way that its backend cannot cancel."""
        able = self._backends.get(record.backend)
        if able is None or record.phase is Phase.QUEUED or record.is_over:
            return
        if record.kind not in able.cancels:
            text = _("{backend} cannot cancel a request that it has accepted. Wait for its result.")
            raise UserError(text.format(backend=able.title))

    async def _check_inside(self, request: ImageRequest, context: RequestContext) -> None:
        rules = context.rules
        # The Horde may not apply the flag of a style: docs/horde-api.md#styles.
        style = self._catalog.style(request.style, rules) if request.style else None
        found = self._catalog.styles_inside(request, rules)
        inside = (style, *members_of(found))
        if not context.nsfw and any(each is not None and each.nsfw for each in inside):
            raise NotAllowed(
                _("This style is for age-restricted channels only. Choose another style.")
            )
        self._catalog.check_inside(request, rules)
        check_sampling(self._catalog, request, rules)
        if templates := self._catalog.templates_inside(request, rules):
            await self._words.run(context, lambda spend: check_words(templates, rules.words, spend))
        offered = self._catalog.style_contract is not None
        check_declarations(request, found, offered=offered)

    def placed(self, context: RequestContext, request: Request) -> Request:
        """The request with the fields that the place decides. Raises UserError when none fit."""
        rules, request = context.rules, self._of_backend(context, request)
        # Only workers choose among several models; another backend has a usual model of its own.
        named = context.capabilities.uses("workers") or bool(rules.models_blocked)
        if isinstance(request, ImageRequest) and named:
            request = with_fastest_models(self._catalog, request, rules, nsfw=context.nsfw)
        if isinstance(request, TextRequest):
            request = self._of_chat(context, request)
            request = with_tame_models(
                request,
                nsfw=context.nsfw or context.capabilities.chosen_models,
                is_safe=is_safe_text,
                served=lambda: self._catalog.safe_text_models(rules),
            )
            if rules.models_blocked and not request.models:  # any model, perhaps a blocked one
                request = with_models(request, self._catalog.text_models(rules))
        return with_place(
            request,
            nsfw=context.nsfw,
            spoiler=rules.spoiler,
            capabilities=context.capabilities,
        )

    def _of_chat(self, context: RequestContext, request: TextRequest) -> TextRequest:
        """A turn of a conversation with models that the server allows for it."""
        rules = context.rules
        if request.chat is None or not rules.chat_models:
            return request
        tame = not (context.nsfw or context.capabilities.chosen_models)
        served = self._catalog.safe_text_models if tame else self._catalog.text_models
        models = chat_models(request.models, rules, served(rules))
        return request.model_copy(update={"models": models})

    def _of_backend(self, context: RequestContext, request: Request) -> Request:
        """The request without what the backend there does not use, and without models that it does
        not have: they were chosen for another backend.
        """
        if isinstance(request, AlchemyRequest):
            return request
        if isinstance(request, ImageRequest):
            request = only_used(request, context.capabilities)
        kind, able = Kind(request.kind), context.capabilities
        if self._catalog.is_missing(kind, request.models, able, context.rules):
            ignored = (*request.ignored, option_of("models"))
            request = request.model_copy(update={"models": (), "ignored": ignored})
        return request

    @asynccontextmanager
    async def room(self, context: RequestContext) -> AsyncGenerator[None]:
        """Reserve room for one more request, which is stored inside. Raises UserError without room.

        One at a time where a limit is counted, so that concurrent requests cannot all pass it.
        """
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._locks.hold(("person", context.user_id)))
            if self._limits.open_per_server and context.guild_id is not None:
                await stack.enter_async_context(self._locks.hold(("server", context.guild_id)))
            await self._check_room(context)
            yield

    async def _check_room(self, context: RequestContext) -> None:
        limits = self._limits
        here = 0
        if limits.open_per_server and context.guild_id is not None:
            here = await self._store.requests.count_open_in(context.guild_id)
        check_room(
            await self._open_numbers(context.user_id, limits.open_per_person),
            here,
            per_person=limits.open_per_person,
            per_server=limits.open_per_server,
        )

    async def _open_numbers(self, user_id: int, most: int) -> list[int]:
        """The ids of a user's open requests. At the limit unreadable ones are not counted: they
        never end.
        """
        numbers = await self._store.requests.open_numbers(user_id)
        if not most or len(numbers) < most:
            return numbers
        return [record.id for record in await self._store.requests.open_of(user_id)]
