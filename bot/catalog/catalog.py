"""What the backends can be asked for now, kept in memory and on disk."""

import asyncio
import logging
import random
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.backends.base import Backend, Model
from bot.catalog.baselines import Baseline, Shape, shape
from bot.catalog.defaults import ImageDefaults, defaults_for, newcomer
from bot.catalog.facts import Addon, AddonKind, ModelFacts, Style
from bot.catalog.public import Public
from bot.catalog.shelf import Shelf
from bot.catalog.texts import is_safe_text
from bot.errors import BackendError
from bot.house import is_blocked
from bot.requests import Kind
from bot.spool import write_whole

log = logging.getLogger(__name__)

EVERY = 60.0  # s; the Horde's own list is renewed every 10 s, and a choice may be a minute old
EVERY_MAX = 600.0  # s between tries while a backend is away
KEPT_EVERY = 10  # rounds; the copy on disk only bridges a start without network
KINDS = (Kind.IMAGE, Kind.TEXT)

_COPY = TypeAdapter(dict[Kind, tuple[Model, ...]])


class Catalog:
    """Answers from memory only; `run` keeps it fresh. Without a backend's name: the first one.

    `nsfw` false leaves out what is marked so: it is for places that are age-restricted.
    """

    def __init__(
        self, backends: Mapping[str, Backend], folder: Path, public: Public | None = None
    ) -> None:
        self._backends = backends
        self._folder = folder
        self._first = next(iter(backends))
        self._shelves: dict[tuple[str, Kind], Shelf] = {}
        self._away: set[str] = set()
        self._public = public or Public()

    async def run(self) -> None:
        """For ever: the copies of last time first, then what is new."""
        async with asyncio.TaskGroup() as tasks:
            for work in (self._keep_models(), *self._public.chores()):
                tasks.create_task(work)

    async def _keep_models(self) -> None:
        """A fresh list every minute."""
        await self.load()
        delay, rounds = EVERY, 0
        while True:
            try:
                await self.refresh()
            except BackendError:  # which one, `refresh` has said
                delay = min(delay * 2, EVERY_MAX)
            else:
                delay = EVERY
                if rounds % KEPT_EVERY == 0:
                    await asyncio.to_thread(self._write)
                rounds += 1
            await asyncio.sleep(delay * random.uniform(0.9, 1.1))  # noqa: S311 - not a secret

    async def refresh(self) -> None:
        """Ask every backend once. Raises the last BackendError after all were asked."""
        problem: BackendError | None = None
        for name in self._backends:
            try:
                await self._ask(name)
            except BackendError as error:
                problem = error
                if name not in self._away:
                    log.warning("%s: its models cannot be listed now: %s", name, error)
                self._away.add(name)
            else:
                if name in self._away:
                    log.info("%s: its models can be listed again", name)
                self._away.discard(name)
        if problem is not None:
            raise problem

    async def load(self) -> None:
        """Take the copy from disk for what is not known yet. A broken one is as good as none."""
        for name in self._backends:
            try:
                raw = await asyncio.to_thread(self._path(name).read_bytes)
                kept = _COPY.validate_json(raw)
            except FileNotFoundError:
                continue
            except (OSError, ValidationError) as error:
                log.warning("%s: last time's models cannot be read: %s", name, type(error).__name__)
                continue
            for kind, models in kept.items():
                self._shelves.setdefault((name, kind), Shelf(models))

    def models(
        self,
        kind: Kind,
        typed: str = "",
        limit: int = 25,
        *,
        backend: str = "",
        nsfw: bool = False,
    ) -> list[Model]:
        """The models that fit what was typed, likeliest first; best-served first without."""
        shelf = self._shelf(kind, backend)
        if nsfw or kind is not Kind.IMAGE:
            return shelf.search(typed, limit)
        return shelf.search(typed, limit, lambda model: not self.about(model.name).nsfw)

    def find(self, kind: Kind, name: str, *, backend: str = "") -> Model | None:
        """The model of that name, whatever its case."""
        return self._shelf(kind, backend).find(name)

    def model_marked(self, kind: Kind, text: str) -> Model | None:
        """The model whose name has that `mark`."""
        return self._shelf(kind, "").marked(text)

    def nearest(self, kind: Kind, name: str, *, backend: str = "", nsfw: bool = False) -> list[str]:
        """Up to three names for "did you mean"."""
        return [one.name for one in self.models(kind, name, 3, backend=backend, nsfw=nsfw)]

    def about(self, model: str) -> ModelFacts:
        """What is known of the image model of that name."""
        return self._public.library.about(model)

    def styles(self, typed: str = "", limit: int = 25, *, nsfw: bool = False) -> list[Style]:
        """The styles that fit what was typed; featured and much used ones first without."""
        return self._public.styles.search(typed, limit, lambda style: nsfw or not style.nsfw)

    def style(self, name: str) -> Style | None:
        """The style of that name, or of that id at the Horde."""
        return self._public.styles.find(name)

    def style_marked(self, text: str) -> Style | None:
        """The style whose key has that `mark`."""
        return self._public.styles.marked(text)

    def is_served(self, models: Sequence[str]) -> bool:
        """Has any of these image models a worker now. Yes for none, and before the list is here."""
        shelf = self._shelf(Kind.IMAGE, "")
        return not models or not shelf.entries or any(shelf.find(name) for name in models)

    def loras(self, typed: str = "", limit: int = 25, *, nsfw: bool = False) -> list[Addon]:
        """The known LoRAs that fit what was typed. Starts a search for more, if that is on."""
        return self._public.addons("lora", typed, limit, nsfw=nsfw)

    def lora(self, name: str) -> Addon | None:
        """The known LoRA of that name or id."""
        return self._public.addon("lora", name)

    def lora_marked(self, text: str) -> Addon | None:
        """The known LoRA whose id has that `mark`."""
        return self._public.marked("lora", text)

    def embeddings(self, typed: str = "", limit: int = 25, *, nsfw: bool = False) -> list[Addon]:
        """The known embeddings that fit what was typed, as with LoRAs."""
        return self._public.addons("embedding", typed, limit, nsfw=nsfw)

    def embedding(self, name: str) -> Addon | None:
        """The known embedding of that name or id."""
        return self._public.addon("embedding", name)

    async def search(self, kind: AddonKind, typed: str, *, nsfw: bool = False) -> bool:
        """Look on CivitAI too, if that is on. False without an answer from there."""
        return await self._public.search(kind, typed, nsfw=nsfw)

    def shows(self, url: str) -> bool:
        """May that picture be shown by its link."""
        return self._public.shows(url)

    def newcomer(self, *, avoid: Collection[str] = (), backend: str = "") -> ImageDefaults:
        """A model and what suits it, for somebody who named none. `avoid`: names that are none."""
        models = self._shelf(Kind.IMAGE, backend).models
        wanted = [model for model in models if not is_blocked(model.name, avoid)]
        return newcomer(wanted, self.about)

    def served_on(self, base: Baseline | None) -> str | None:
        """The model for a newcomer among those that are built on that; None without any."""
        models = self._shelf(Kind.IMAGE, "").models
        fitting = [one for one in models if base and self.baseline(one.name) == base]
        found = newcomer(fitting, self.about).models or [one.name for one in fitting]
        return next(iter(found), None)

    def safe_text_models(
        self, *, backend: str = "", avoid: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Text models of the safe list that are served now, best-served first, but for `avoid`.

        Empty when there is none: then nothing may be asked for, since an empty list of models
        means any to a backend.
        """
        shelf = self._shelf(Kind.TEXT, backend)
        safe = (model.name for model in shelf.models if is_safe_text(model.name))
        return tuple(name for name in safe if not is_blocked(name, avoid))

    def allowed_texts(self, avoid: Collection[str], *, backend: str = "") -> tuple[str, ...]:
        """All text models that are served now but those; () for any, where none of those is."""
        served = [model.name for model in self._shelf(Kind.TEXT, backend).models]
        left = tuple(name for name in served if not is_blocked(name, avoid))
        return left if len(left) < len(served) else ()

    def baseline(self, name: str) -> Baseline:
        """What the image model of that name is built on."""
        return self._public.library.base(name)

    def defaults_for(self, model: str) -> ImageDefaults:
        """What suits the image model of that name, at its own size."""
        return defaults_for(model, self.about(model))

    @staticmethod
    def shape(name: Shape, base: Baseline) -> tuple[int, int]:
        """Width and height in pixels of a shape for a baseline."""
        return shape(name, base)

    def _shelf(self, kind: Kind, backend: str) -> Shelf:
        return self._shelves.get((backend or self._first, kind), _EMPTY)

    async def _ask(self, name: str) -> None:
        backend = self._backends[name]
        for kind in KINDS:
            if kind in backend.capabilities.kinds:
                models = await backend.models(kind)
                if models:  # a Horde that has just started knows none for a while
                    self._shelves[name, kind] = Shelf(models)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _write(self) -> None:
        for name in self._backends:
            kept = {k: shelf.models for (n, k), shelf in self._shelves.items() if n == name}
            try:
                write_whole(self._path(name), _COPY.dump_json(kept))
            except OSError as error:
                log.warning("the models of %s cannot be kept: %s", name, error.strerror)


_EMPTY = Shelf()
