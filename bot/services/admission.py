"""May this be asked for here, and as what: the place, its server's rules, and the room left."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.aio.keyed_locks import KeyedLocks
from bot.catalog import Catalog, is_safe_text
from bot.domain.records import Origin
from bot.domain.requests import ImageRequest, Request, TextRequest
from bot.rules.guild_checks import check_house, check_shown, check_size
from bot.rules.guild_settings import GuildSettings
from bot.rules.place_checks import (
    check_place,
    check_room,
    with_models,
    with_place,
    with_tame_models,
)
from bot.rules.word_filter import check_words
from bot.services.guilds import Guilds
from bot.services.word_checks import WordChecks
from bot.settings import LimitsSettings
from bot.storage import Store


class Admission:
    """What stands before a request is written down. Everything it refuses is a UserError."""

    def __init__(
        self, store: Store, catalog: Catalog, guilds: Guilds, limits: LimitsSettings
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._guilds = guilds
        self._limits = limits
        self._locks = KeyedLocks()
        self._words = WordChecks()

    async def admit(self, origin: Origin, request: Request) -> Origin:
        """The place as its server's rules make it. Raises UserError when a rule is against it."""
        origin = await self._guilds.here(origin)
        check_place(request, nsfw=origin.nsfw)
        rules = await self._guilds.rules(origin.guild_id)
        await self._words.run(
            origin.guild_id, rules, lambda spend: check_house(request, origin, rules, spend)
        )
        if isinstance(request, ImageRequest):
            await self._check_inside(request, origin, rules)
        check_size(request, rules)  # after a style that decides it, which is told by its name
        return origin

    async def _check_inside(
        self, request: ImageRequest, origin: Origin, rules: GuildSettings
    ) -> None:
        self._catalog.check_inside(request, rules)
        if template := self._catalog.template_inside(request, rules):
            await self._words.run(
                origin.guild_id,
                rules,
                lambda spend: check_words((template,), rules.words, spend),
            )

    async def check_shown(self, request: Request, here: Origin, rules: GuildSettings) -> None:
        """Raises NotAllowed where a private result may not be published."""
        await self._words.run(
            here.guild_id, rules, lambda spend: check_shown(request, here, rules, spend)
        )

    def placed(self, origin: Origin, request: Request, rules: GuildSettings) -> Request:
        """The request as that place wants it. Raises UserError when it is not for there."""
        if isinstance(request, TextRequest):
            request = with_tame_models(
                request,
                nsfw=origin.nsfw,
                is_safe=is_safe_text,
                served=lambda: self._catalog.safe_text_models(rules),
            )
            if rules.models_blocked and not request.models:  # any, which may be a blocked one
                request = with_models(request, self._catalog.text_models(rules))
        return with_place(request, nsfw=origin.nsfw, spoiler=rules.spoiler)

    @asynccontextmanager
    async def room(self, origin: Origin) -> AsyncGenerator[None]:
        """Room for one more, to be written down inside. Raises UserError when there is none.

        One after the other where a limit is counted, so that ten at once cannot all pass it.
        """
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._locks.hold(("person", origin.user_id)))
            if self._limits.open_per_server and origin.guild_id is not None:
                await stack.enter_async_context(self._locks.hold(("server", origin.guild_id)))
            await self._check_room(origin)
            yield

    async def _check_room(self, origin: Origin) -> None:
        limits = self._limits
        here = 0
        if limits.open_per_server and origin.guild_id is not None:
            here = await self._store.requests.count_open_in(origin.guild_id)
        check_room(
            await self._store.requests.open_numbers(origin.user_id),
            here,
            per_person=limits.open_per_person,
            per_server=limits.open_per_server,
        )
