"""Styles that users of the Horde published on it."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal, Protocol

from pydantic import TypeAdapter, ValidationError

from bot.aio.repeat import repeat
from bot.catalog.entries import Style, StyleCollection
from bot.catalog.model_reference.reference_parser import EXAMPLES_MAX, plain_text, plains
from bot.catalog.model_reference.style_parser import StyleParams, choices_of_style
from bot.domain.requests import ImageChoices, Lora, merged
from bot.domain.requests.image import NAME_MAX
from bot.domain.style_declarations import StyleField, StylePolicy
from bot.errors import BackendError, FeatureMissing
from bot.horde.style_editing.style_collections import Collection
from bot.horde.style_editing.style_contract import StyleContract
from bot.horde.styles import PAGE, ImageStyle, ParameterPolicy, StyleLora, TemplateField
from bot.storage.atomic_file import write_whole

log = logging.getLogger(__name__)

EVERY = 1800.0  # seconds
AGAIN, AGAIN_MAX = 60.0, 1800.0  # seconds between attempts while it cannot be reached
BETWEEN = 1.0  # seconds between pages: other calls share the limit of 90 a minute
PAGES_MAX = 20  # the 500 most used
COLLECTION_PAGES_MAX = 4  # the 100 most used
MODELS_MAX, FIELDS_MAX = 5, 16
DESCRIPTION_MAX = 200  # characters
CONTRACT_VERSION = 1  # a later one may mean something else

# Used by the Horde where a style sets nothing, even if the request does (docs/horde-api.md#styles).
UNSAID = ImageChoices(steps=30, cfg_scale=5.0, sampler="k_euler_a", karras=True)
# The same, of a style with a policy: it alone decides then.
UNSAID_BY_POLICY = ImageChoices(width=512, height=512, clip_skip=None)

_COPY = TypeAdapter(tuple[ImageStyle, ...])


class StyleLister(Protocol):
    """The part of bot.horde.client that is needed here."""

    async def list_image_styles(self, *, page: int = 1) -> tuple[ImageStyle, ...]:
        """25 styles, the most used first; `page` counts from 1."""
        ...

    async def get_style_contract(self) -> StyleContract:
        """What styles can declare. Raises FeatureMissing before 5.1.13."""
        ...

    async def list_collections(
        self, *, page: int = 1, kind: Literal["all", "image", "text"] = "all"
    ) -> tuple[Collection, ...]:
        """25 collections; `page` counts from 1."""
        ...


class HordeStyles:
    """`styles`: the styles that are known now. `collections`: those of them, from 5.1.13 on.

    `contract`: what styles can declare on this server; None for an older one, and before a list was
    loaded.
    """

    def __init__(self, lister: StyleLister, folder: Path) -> None:
        self.styles: tuple[Style, ...] = ()
        self.collections: tuple[StyleCollection, ...] = ()
        self.contract: StyleContract | None = None
        self.on_change: Callable[[], None] = lambda: None
        self._lister = lister
        self._path = folder / "horde-styles.json"

    async def run(self) -> None:
        """Load the stored copy, then a fresh list every half hour, for ever."""
        await self.load()
        await repeat(self._refresh, again=AGAIN, longest=AGAIN_MAX)

    async def _refresh(self) -> float | None:
        try:
            await self.refresh()
        except BackendError as error:
            log.info("the Horde's styles cannot be listed: %s", error)
            return None
        return EVERY

    async def load(self) -> None:
        """Load the copy from disk. A broken one is ignored."""
        try:
            self._take(_COPY.validate_json(await asyncio.to_thread(self._path.read_bytes)))
        except FileNotFoundError:
            return
        except (OSError, ValidationError) as error:
            log.warning("the stored styles cannot be read: %s", type(error).__name__)

    async def refresh(self) -> None:
        """Load all pages. Raises BackendError; then the known styles stay."""
        await self._read_contract()
        found: dict[str, ImageStyle] = {}
        for page in range(1, PAGES_MAX + 1):
            rows = await self._lister.list_image_styles(page=page)
            found |= {row.id: row for row in rows}
            if len(rows) < PAGE:
                break
            await asyncio.sleep(BETWEEN)
        collections = await self._list_collections() if self.contract else ()
        self._take(tuple(found.values()), collections)
        await asyncio.to_thread(self._write, tuple(found.values()))

    def put(self, style_id: str, row: ImageStyle | None) -> None:
        """Replace a style that its owner changed here. None: it was deleted.

        Behind the others, so that it hides no style of the same name.
        """
        others = tuple(style for style in self.styles if style.id != style_id)
        self.styles = (*others, *_listed([row] if row else []))
        self.on_change()

    async def _read_contract(self) -> None:
        try:
            contract = await self._lister.get_style_contract()
        except FeatureMissing:
            self.contract = None
        else:
            self.contract = contract if contract.schema_version == CONTRACT_VERSION else None

    async def _list_collections(self) -> tuple[Collection, ...]:
        found: dict[str, Collection] = {}
        for page in range(1, COLLECTION_PAGES_MAX + 1):
            rows = await self._lister.list_collections(page=page, kind="image")
            found |= {row.id: row for row in rows}
            if len(rows) < PAGE:
                break
            await asyncio.sleep(BETWEEN)
        return tuple(found.values())

    def _take(self, rows: tuple[ImageStyle, ...], collections: tuple[Collection, ...] = ()) -> None:
        self.styles = _listed(rows)
        known = {style.id: style for style in self.styles}
        self.collections = tuple(
            _collection(row, known) for row in collections if row.public and row.name.strip()
        )
        self.on_change()

    def _write(self, rows: tuple[ImageStyle, ...]) -> None:
        try:
            write_whole(self._path, _COPY.dump_json(rows))
        except OSError as error:
            log.warning("the Horde's styles cannot be stored: %s", error.strerror)


def _listed(rows: Iterable[ImageStyle]) -> tuple[Style, ...]:
    return tuple(_style(row) for row in rows if row.public and row.name.strip())


def _style(row: ImageStyle) -> Style:
    # The Horde applies the style and drops the request's own fields. Its contents are known here
    # too, so that the card and the price are right. Its LoRAs are not sent.
    params = StyleParams.model_validate(row.params.model_dump(exclude={"loras"}))
    models = tuple(name for name in row.models[:MODELS_MAX] if name)
    choices = merged(choices_of_style(params, models), UNSAID, ImageChoices(style=row.id))
    if row.parameter_policy is not None:
        choices = ImageChoices.model_construct(**UNSAID_BY_POLICY.values() | choices.values())
    ordered = sorted(row.examples, key=lambda example: not example.primary)
    return Style(
        name=plain_text(row.name, 100),
        kind="horde",
        id=row.id,
        description=plain_text(row.info),
        tags=plains(row.tags),
        nsfw=row.nsfw,
        examples=tuple(example.url for example in ordered if example.url)[:EXAMPLES_MAX],
        choices=choices,
        loras=tuple(map(_lora, row.params.loras)),
        template=row.prompt,
        creator=plain_text(row.creator, 100),
        used=row.use_count,
        maker_pays=row.shared_key is not None and row.shared_key.kudos != 0,
        policy=_policy(row.parameter_policy) if row.parameter_policy else None,
        fields=tuple(map(_field, row.template_fields[:FIELDS_MAX])),
    )


def _collection(row: Collection, known: Mapping[str, Style]) -> StyleCollection:
    listed = tuple(known[each.id] for each in row.styles if each.id in known)
    return StyleCollection(row.id, plain_text(row.name, 100), listed, len(row.styles) - len(listed))


def _policy(policy: ParameterPolicy) -> StylePolicy:
    ceilings = tuple(policy.ceilings.items())
    return StylePolicy(policy.override, policy.overridable, ceilings)


def _field(field: TemplateField) -> StyleField:
    return StyleField(field.name, plain_text(field.description, DESCRIPTION_MAX), field.required)


def _lora(lora: StyleLora) -> Lora:
    """For the rules alone: an invalid name counts as an unknown LoRA."""
    return Lora(name=lora.name[:NAME_MAX] or "?", is_version=lora.is_version)
