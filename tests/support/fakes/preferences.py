"""The services of presets, defaults and composition over one database in memory."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.catalog import Catalog
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.records import Origin
from bot.domain.requests import ImageChoices, ImageRequest, Request
from bot.i18n import ENGLISH
from bot.rules.request_context import RequestContext
from bot.services.admission import Admission
from bot.services.composer import Composer
from bot.services.defaults import Defaults
from bot.services.guilds import Guilds
from bot.services.history import History
from bot.services.person_settings import Languages, PeopleSettings
from bot.services.presets import Presets
from bot.settings import LimitsSettings
from bot.storage import Store
from bot.storage.database import Database
from tests.support.fakes.storage import connection


async def free_side(_backend: str) -> int:
    return 1024


class Kept:
    """What people and servers keep, with that catalog. The clock stands at 100 seconds."""

    def __init__(
        self, catalog: Catalog, backends: Mapping[str, Capabilities] = MappingProxyType({})
    ) -> None:
        backends = backends or {"horde": HORDE}
        disk = connection()
        self.catalog, self.store = catalog, Store(Database(disk, disk))
        poller: Any = None  # nothing runs
        self.guilds = Guilds(self.store, backends, Languages(self.store, ENGLISH))
        self.presets = Presets(self.store, lambda: 100.0)
        self.defaults = Defaults(self.store, catalog)
        self.people = PeopleSettings(self.store)
        self.history = History(self.store, poller, {}, lambda: 100.0)
        self.composer = Composer(catalog, self.presets, self.defaults, free_side, backends)
        self._admission = Admission(self.store, catalog, LimitsSettings(), backends)

    async def compose(self, origin: Origin, choices: ImageChoices) -> ImageRequest:
        return await self.composer.compose(await self.guilds.context(origin), choices)

    async def admit(self, origin: Origin, request: Request) -> None:
        await self._admission.check(await self.guilds.context(origin), request)

    def placed(self, context: RequestContext, request: Request) -> Request:
        return self._admission.placed(context, request)

    async def check_defaults(self, guild_id: int, choices: ImageChoices) -> None:
        self.defaults.check(choices, await self.guilds.rules(guild_id))
