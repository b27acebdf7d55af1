"""Public sources besides the backends' lists of models: the reference, styles, LoRAs."""

from collections.abc import Coroutine, Iterable, Mapping
from pathlib import Path
from typing import Any

import aiohttp

from bot.catalog.civitai import PICTURES, Civitai
from bot.catalog.entries import Addon, AddonKind, Style, StyleCollection
from bot.catalog.horde_styles import HordeStyles
from bot.catalog.model_reference.reference_fetcher import ReferenceFetcher
from bot.catalog.model_reference.reference_index import ReferenceIndex
from bot.catalog.rule_filter import addon_allowed
from bot.catalog.sampling_source import SamplingSource
from bot.catalog.search_index import SearchIndex
from bot.domain.requests import ImageRequest
from bot.domain.sampling_rules import OLDER, SamplingRules, misfits
from bot.horde.client import HordeClient
from bot.horde.style_editing.style_contract import StyleContract
from bot.horde.styles import ImageStyle
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.settings import ReferenceSettings

COLLECTION_MARK = "collection::"  # before a name: no style is meant


class PublicSources:
    """All sources, searchable. Without arguments nothing is known and nothing is downloaded."""

    def __init__(
        self,
        reference: ReferenceFetcher | None = None,
        horde_styles: HordeStyles | None = None,
        civitai: Civitai | None = None,
        *,
        styles_of: str = "",
        sampling: Mapping[str, SamplingSource] | None = None,
    ) -> None:
        self.styles_of = styles_of  # the backend whose styles are listed
        self._reference = reference
        self._horde_styles = horde_styles
        self._civitai = civitai
        self._sampling = dict(sampling or {})
        self._addons: dict[AddonKind, SearchIndex[Addon]] = {}
        self._version = 0
        for source in (reference, horde_styles):
            if source is not None:
                source.on_change = self._changed
        self._changed()

    @property
    def library(self) -> ReferenceIndex:
        """The index of the reference."""
        return self._reference.library if self._reference else _NOTHING

    @property
    def style_contract(self) -> StyleContract | None:
        """What styles of the Horde can declare; None where they declare nothing."""
        return self._horde_styles.contract if self._horde_styles else None

    def style_changed(self, style_id: str, style: ImageStyle | None) -> None:
        """A user changed a style of the Horde here. None: it was deleted."""
        if self._horde_styles is not None:
            self._horde_styles.put(style_id, style)

    @property
    def collections(self) -> tuple[StyleCollection, ...]:
        """The collections of the Horde's styles."""
        return self._horde_styles.collections if self._horde_styles else ()

    def collection(self, name: str) -> StyleCollection | None:
        """The collection of that id or name; None as well for a name that several have."""
        wanted = name.strip().removeprefix(COLLECTION_MARK).strip().casefold()
        every = self.collections
        found = [each for each in every if each.id.casefold() == wanted]
        found = found or [each for each in every if each.name.casefold() == wanted]
        return found[0] if len(found) == 1 else None

    def chores(self) -> Iterable[Coroutine[Any, Any, None]]:
        """The background tasks."""
        sources = (self._reference, self._horde_styles, self._civitai, *self._sampling.values())
        return [source.run() for source in sources if source is not None]

    def sampling(self, backend: str) -> SamplingRules:
        """What the backend of that name accepts of samplers and schedulers."""
        found = self._sampling.get(backend)
        return found.rules if found is not None else OLDER

    async def sampling_refusal(self, backend: str, request: ImageRequest) -> str:
        """What the backend accepts now instead of the request that it refused; "" if unknown.

        Asks the backend when the known rules allow the request.
        """
        found, bases = (
            self._sampling.get(backend),
            frozenset(map(self.library.base, request.models)),
        )
        if found is None or request.style:
            return ""
        if not misfits(request, found.rules, bases):
            await found.refresh_after_refusal()
        return next(iter(misfits(request, found.rules, bases).values()), "")

    def addons(
        self,
        kind: AddonKind,
        typed: str,
        limit: int,
        *,
        nsfw: bool,
        rules: GuildSettings = NO_RULES,
    ) -> list[Addon]:
        """The known ones that match and are not blocked; later calls may know more."""
        if self._civitai is not None:
            self._civitai.wonder(kind, typed, nsfw=nsfw)

        def fits(addon: Addon) -> bool:
            return (nsfw or not addon.nsfw) and addon_allowed(addon, rules)

        return self._finder(kind).search(typed, limit, fits)

    def addon(self, kind: AddonKind, name: str) -> Addon | None:
        """The known one of that name or id."""
        return self._finder(kind).find(name)

    def marked(self, kind: AddonKind, text: str) -> Addon | None:
        """The known one whose id has that `mark`."""
        return self._finder(kind).marked(text)

    async def search(self, kind: AddonKind, typed: str, *, nsfw: bool) -> bool:
        """Search CivitAI, if that is on."""
        if self._civitai is None:
            return False
        return await self._civitai.search(kind, typed, nsfw=nsfw)

    def shows(self, url: str) -> bool:
        """Whether that picture may be shown by its link."""
        if self._civitai is not None and url.startswith(PICTURES):
            return True
        return self._reference is not None and self._reference.shows(url)

    def _changed(self) -> None:
        theirs = self._horde_styles.styles if self._horde_styles else ()
        self.styles: SearchIndex[Style] = SearchIndex(
            [*self.library.styles, *theirs],
            name=lambda style: style.name,
            words=lambda style: " ".join((style.category, *style.tags)),
            key=lambda style: style.key,
        )
        self._addons.clear()

    def _finder(self, kind: AddonKind) -> SearchIndex[Addon]:
        version = self._civitai.version if self._civitai else 0
        if version != self._version:
            self._addons.clear()
            self._version = version
        if kind not in self._addons:
            # Cached: they are sorted, and rules look up every LoRA of every style.
            found = self._civitai.addons if self._civitai else ()
            self._addons[kind] = _finder_of(
                a for a in (*found, *self.library.addons) if a.kind == kind
            )
        return self._addons[kind]


def open_public(
    settings: ReferenceSettings,
    session: aiohttp.ClientSession,
    folder: Path,
    hordes: Mapping[str, HordeClient],
) -> PublicSources:
    """The sources that the settings turn on, from the first backend that is a Horde."""
    name, client = next(iter(hordes.items()), ("", None))
    return PublicSources(
        ReferenceFetcher(settings, session, folder),
        HordeStyles(client, folder) if client else None,
        Civitai(session, settings.civitai_url, folder) if settings.civitai else None,
        styles_of=name,
        sampling={each: SamplingSource(horde, folder, each) for each, horde in hordes.items()},
    )


def _finder_of(addons: Iterable[Addon]) -> SearchIndex[Addon]:
    # By the id that is sent; CivitAI's entry counts before that of a style.
    known: dict[str, Addon] = {}
    for addon in addons:
        known.setdefault(addon.id, addon)
    return SearchIndex(
        known.values(),
        name=lambda addon: addon.name,
        words=lambda addon: " ".join((addon.id, *addon.styles, *addon.triggers)),
        key=lambda addon: addon.id,
    )


_NOTHING = ReferenceIndex()
