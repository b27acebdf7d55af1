"""What each backend serves, loaded every minute: models and forms, which are kept on disk, and the
names of its own samplers, LoRAs and embeddings.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.aio.repeat import repeat
from bot.backends.base import Backend
from bot.backends.values import NOT_TOLD, Model, OfferedNames
from bot.catalog.entries import Addon, AddonKind
from bot.catalog.search_index import SearchIndex
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.capabilities import Capabilities
from bot.domain.requests import Kind
from bot.errors import BackendError
from bot.rules.blocklists import form_allowed
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.storage.atomic_file import write_whole


class ModelIndex(SearchIndex[Model]):
    """Finds models by name; without text the best-served first."""

    def __init__(self, models: Iterable[Model] = ()) -> None:
        served = sorted(models, key=lambda m: (-m.workers, m.wait, m.name))
        super().__init__(served, name=lambda model: model.name)

    @property
    def models(self) -> tuple[Model, ...]:
        """All of them."""
        return self.entries


log = logging.getLogger(__name__)

EVERY = 60.0  # seconds; the Horde renews its list every 10 s, and a choice may be a minute old
EVERY_MAX = 600.0  # seconds between attempts while a backend is down
KEPT_EVERY = 10  # rounds; the copy on disk is only for a start without network

_COPY = TypeAdapter(dict[Kind, tuple[Model, ...]])
_EMPTY = ModelIndex()


class ServedModels:
    """An index for each kind of each backend. An unknown backend's is that of the first one."""

    def __init__(self, backends: Mapping[str, Backend], folder: Path) -> None:
        self._backends = backends
        self._folder = folder
        self._first = next(iter(backends))
        self._shelves: dict[tuple[str, Kind], ModelIndex] = {}
        self._offered: dict[str, OfferedNames] = {}
        self._addons: dict[tuple[str, AddonKind], SearchIndex[Addon]] = {}
        self._away: set[str] = set()
        self._rounds = 0  # since the start, without failures

    async def keep_models(self) -> None:
        """Load a fresh list every minute, for ever."""
        await self.load()
        await repeat(self._refresh, again=min(EVERY * 2, EVERY_MAX), longest=EVERY_MAX)

    async def _refresh(self) -> float | None:
        try:
            await self.refresh()
        except BackendError:  # `refresh` has logged which one
            return None
        if self._rounds % KEPT_EVERY == 0:
            await asyncio.to_thread(self._write)
        self._rounds += 1
        return EVERY

    async def refresh(self) -> None:
        """Load the lists of every backend once. Raises the last BackendError after all of them."""
        problem: BackendError | None = None
        for name in self._backends:
            try:
                await self._ask(name)
            except BackendError as error:
                problem = error
                if name not in self._away:
                    log.warning("%s: its models cannot be listed: %s", name, error)
                self._away.add(name)
            else:
                if name in self._away:
                    log.info("%s: its models can be listed again", name)
                self._away.discard(name)
        if problem is not None:
            raise problem

    async def load(self) -> None:
        """Load the copy from disk for lists that are not known yet. A broken one is ignored."""
        for name in self._backends:
            try:
                raw = await asyncio.to_thread(self._path(name).read_bytes)
                kept = _COPY.validate_json(raw)
            except FileNotFoundError:
                continue
            except (OSError, ValidationError) as error:
                log.warning("%s: the stored models cannot be read: %s", name, type(error).__name__)
                continue
            for kind, models in kept.items():
                self._shelves.setdefault((name, kind), ModelIndex(models))

    def forms(self, rules: GuildSettings = NO_RULES) -> tuple[str, ...]:
        """The alchemy forms that the place's backend announces and FORMS does not have."""
        names = sorted(form.name for form in self._shelf(Kind.ALCHEMY, rules.backend).models)
        return tuple(n for n in names if n not in FORMS and form_allowed(n, rules))

    def has_form(self, name: str, able: Capabilities, rules: GuildSettings = NO_RULES) -> bool:
        """Whether the place's backend, which is `able`, can do that form.

        A backend that takes some forms only lists those that it has at the moment.
        """
        if Kind.ALCHEMY not in able.kinds or not able.takes_form(name):
            return False
        shelf = self._shelf(Kind.ALCHEMY, rules.backend)
        return able.forms is None or not shelf.entries or shelf.find(name) is not None

    def find(self, kind: Kind, name: str, rules: GuildSettings = NO_RULES) -> Model | None:
        """The model of that name in any case, blocked or not."""
        return self._shelf(kind, rules.backend).find(name)

    def is_served(self, models: Sequence[str], rules: GuildSettings = NO_RULES) -> bool:
        """Whether a worker serves one of these image models. True for none, and before the list is
        loaded.
        """
        shelf = self._shelf(Kind.IMAGE, rules.backend)
        return not models or not shelf.entries or any(shelf.find(name) for name in models)

    def is_missing(
        self, kind: Kind, models: Sequence[str], able: Capabilities, rules: GuildSettings = NO_RULES
    ) -> bool:
        """Whether the place's backend, which is `able`, does not have any of these models.

        Those of workers come and go: one that no other backend has may come back.
        """
        here, name = self._shelf(kind, rules.backend), self._name(rules.backend)
        if not models or not here.entries or any(map(here.find, models)):
            return False
        if not able.uses("workers"):
            return True
        others = (self._shelf(kind, each) for each in self._backends if each != name)
        return any(other.find(model) for other in others for model in models)

    def offered(self, rules: GuildSettings = NO_RULES) -> OfferedNames:
        """What the place's backend has of its own."""
        return self._offered.get(self._name(rules.backend), NOT_TOLD)

    def own_addons(
        self, kind: AddonKind, rules: GuildSettings = NO_RULES
    ) -> SearchIndex[Addon] | None:
        """The LoRAs or embeddings that the place's backend lists; None where it lists none."""
        return self._addons.get((self._name(rules.backend), kind))

    def _shelf(self, kind: Kind, backend: str) -> ModelIndex:
        return self._shelves.get((self._name(backend), kind), _EMPTY)

    def _name(self, backend: str) -> str:
        return backend if backend in self._backends else self._first

    async def _ask(self, name: str) -> None:
        backend = self._backends[name]
        for kind in Kind:
            if kind in backend.capabilities.kinds:
                models = await backend.models(kind)
                if models:  # a Horde that has just started has none for a while
                    self._shelves[name, kind] = ModelIndex(models)
        self._offer(name, await backend.names())

    def _offer(self, name: str, names: OfferedNames) -> None:
        self._offered[name] = names
        kinds: tuple[tuple[AddonKind, tuple[str, ...] | None], ...] = (
            ("lora", names.loras),
            ("embedding", names.embeddings),
        )
        for kind, listed in kinds:
            if listed is not None:
                found = (Addon(kind, each, each) for each in listed)
                self._addons[name, kind] = SearchIndex(found, name=lambda addon: addon.name)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _write(self) -> None:
        for name in self._backends:
            kept = {k: shelf.models for (n, k), shelf in self._shelves.items() if n == name}
            try:
                write_whole(self._path(name), _COPY.dump_json(kept))
            except OSError as error:
                log.warning("the models of %s cannot be stored: %s", name, error.strerror)
