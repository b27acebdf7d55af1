"""LoRAs and embeddings of CivitAI. Found ones stay in memory; no caller waits for a search."""

import asyncio
import html
import logging
import re
import time
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode

import aiohttp
from aiohttp import hdrs
from cachetools import FIFOCache, TTLCache
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from bot.catalog.baselines import Baseline
from bot.catalog.entries import Addon, AddonKind
from bot.catalog.model_reference.reference_parser import EXAMPLES_MAX, plain_text, plains
from bot.errors import BackendDown, BackendError, BadReply
from bot.http.client import exchange
from bot.http.json import decoded
from bot.http.schema import Count, Items, Wire
from bot.i18n import _
from bot.storage.atomic_file import write_whole

log = logging.getLogger(__name__)

TYPED_MIN, TYPED_MAX = 3, 80  # characters; fewer match everything
FRESH = 3600.0  # seconds for which an answer is not requested again
KEPT, ASKED_KEPT = 2_000, 1_000
BETWEEN = 1.0  # seconds between two searches; of texts typed meanwhile only the newest counts
REST = 60.0  # seconds without a search after a failed one
ROWS = 20
SIZE_MAX = 6 * 1024 * 1024  # bytes; twenty LoRAs with all their versions have about one megabyte
SECONDS = 10.0
PICTURES = "https://image.civitai.com/"
SAFE = 1  # CivitAI's level of pictures without any restriction
TYPES: dict[AddonKind, str] = {"lora": "LORA", "embedding": "TextualInversion"}

_BASES: tuple[tuple[Baseline, str], ...] = (
    ("sdxl", r"sdxl|pony|illustrious|noob"),
    ("sd15", r"sd 1\."),
    ("sd2", r"sd 2\."),
    ("flux", r"flux"),
    ("qwen", r"qwen"),
    ("zimage", r"z-?image"),
    ("cascade", r"cascade"),
)
_TAG = re.compile(r"<[^<>]{0,500}>")


class _Picture(Wire):
    url: str = ""
    type: str = "image"
    nsfwLevel: int = 32  # noqa: N815 - CivitAI's name; unknown counts as adult


class _Version(Wire):
    id: Annotated[int, Field(gt=0)]
    baseModel: str = ""  # noqa: N815 - CivitAI's name
    trainedWords: Items[str] = ()  # noqa: N815 - CivitAI's name
    images: Items[_Picture] = ()


class _Stats(Wire):
    downloadCount: Count = 0  # noqa: N815 - CivitAI's name


class _Found(Wire):
    id: Annotated[int, Field(gt=0)]
    name: Annotated[str, Field(min_length=1)]
    nsfw: bool = True
    description: str = ""
    stats: _Stats = _Stats()
    modelVersions: Items[_Version] = ()  # noqa: N815 - CivitAI's name


class _Answer(BaseModel):
    items: Items[_Found]


_COPY = TypeAdapter(tuple[Addon, ...])
Question = tuple[AddonKind, str, bool]


class Civitai:
    """Searches at `url`, "" for never. `addons` grows with the found ones."""

    def __init__(self, session: aiohttp.ClientSession, url: str, folder: Path) -> None:
        self._session = session
        self._url = url
        self._path = folder / "civitai.json"
        self._known: FIFOCache[tuple[AddonKind, str], Addon] = FIFOCache(KEPT)
        self._asked: TTLCache[Question, bool] = TTLCache(ASKED_KEPT, FRESH, time.monotonic)
        self._wanted: Question | None = None
        self._wake = asyncio.Event()
        self._lock = asyncio.Lock()
        self.version = 0  # increases with each found entry

    @property
    def addons(self) -> tuple[Addon, ...]:
        """All known ones, the most downloaded first."""
        return tuple(sorted(self._known.values(), key=lambda addon: -addon.downloads))

    def wonder(self, kind: AddonKind, typed: str, *, nsfw: bool) -> None:
        """Schedule a search for this text, unless it was searched recently. Returns at once."""
        question = _question(kind, typed, nsfw=nsfw)
        if self._url and question and question not in self._asked:
            self._wanted = question
            self._wake.set()

    async def search(self, kind: AddonKind, typed: str, *, nsfw: bool) -> bool:
        """Search now, for ten seconds at most. False without an answer."""
        question = _question(kind, typed, nsfw=nsfw)
        if not self._url or question is None:
            return False
        async with self._lock:
            if question in self._asked:
                return True
            try:
                found = await self._ask(question)
            except BackendError as error:
                log.info("CivitAI did not answer a search (%s)", type(error).__name__)
                return False
            self._take(found)
            self._asked[question] = True
        await asyncio.to_thread(self._write, self.addons)
        return True

    async def run(self) -> None:
        """Run the searches that `wonder` scheduled, one at a time, for ever."""
        await self.load()
        while True:
            await self._wake.wait()
            self._wake.clear()
            question, self._wanted = self._wanted, None
            if question is None:
                continue
            kind, typed, nsfw = question
            answered = await self.search(kind, typed, nsfw=nsfw)
            await asyncio.sleep(BETWEEN if answered else REST)

    async def load(self) -> None:
        """Load the entries found before the last restart. A broken copy is ignored."""
        if not self._url:
            return
        try:
            self._take(_COPY.validate_json(await asyncio.to_thread(self._path.read_bytes)))
        except FileNotFoundError:
            return
        except (OSError, ValidationError) as error:
            log.warning("the stored LoRAs cannot be read: %s", type(error).__name__)

    def _take(self, addons: tuple[Addon, ...]) -> None:
        for addon in addons:
            self._known[addon.kind, addon.id] = addon
        self.version += 1

    async def _ask(self, question: Question) -> tuple[Addon, ...]:
        kind, typed, nsfw = question
        query = {
            "types": TYPES[kind],
            "query": typed,
            "limit": ROWS,
            "nsfw": str(nsfw).lower(),
        }
        address = f"{self._url}?{urlencode(query, errors='replace', quote_via=quote)}"
        headers: dict[str, str] = {hdrs.ACCEPT: "application/json"}
        reply = await exchange(
            self._session, "GET", address, headers=headers, seconds=SECONDS, cap=SIZE_MAX
        )
        if reply.status != 200 or reply.raw is None:
            text = _("CivitAI failed with an error ({status}).").format(status=reply.status)
            raise BackendDown(text, status=reply.status)
        return await asyncio.to_thread(loras_in_answer, kind, reply.raw, self._url)

    def _write(self, addons: tuple[Addon, ...]) -> None:
        try:
            write_whole(self._path, _COPY.dump_json(addons))
        except OSError as error:
            log.warning("LoRAs cannot be stored: %s", error.strerror)


def loras_in_answer(kind: AddonKind, raw: bytes, url: str = "") -> tuple[Addon, ...]:
    """LoRAs and embeddings of an answer of CivitAI, without unreadable ones. Raises BadReply.

    `url`: address of the answer. Pictures from other hosts are left out.
    """
    try:
        answer = _Answer.model_validate(decoded(raw.decode("utf-8", "replace")))
    except ValidationError:
        raise BadReply(_("The answer of CivitAI could not be read.")) from None
    origin = "/".join(url.split("/", 3)[:3]) + "/" if url else PICTURES
    return tuple(_addon(kind, found, origin) for found in answer.items if found.modelVersions)


def _question(kind: AddonKind, typed: str, *, nsfw: bool) -> Question | None:
    text = plain_text(typed, TYPED_MAX).casefold()
    return (kind, text, nsfw) if len(text) >= TYPED_MIN and not text.isdecimal() else None


def _addon(kind: AddonKind, found: _Found, origin: str) -> Addon:
    newest = found.modelVersions[0]
    pictures = [
        picture.url
        for picture in newest.images
        if picture.type == "image"
        and (found.nsfw or 0 < picture.nsfwLevel <= SAFE)
        and picture.url.startswith((PICTURES, origin))
    ]
    return Addon(
        kind=kind,
        id=str(found.id),
        name=plain_text(found.name, 100) or str(found.id),
        base=_base(newest.baseModel),
        base_name=plain_text(newest.baseModel, 40),
        triggers=plains(newest.trainedWords),
        nsfw=found.nsfw,
        description=plain_text(html.unescape(_TAG.sub(" ", found.description[:20_000]))),
        page=f"https://civitai.com/models/{found.id}",
        examples=tuple(pictures[:EXAMPLES_MAX]),
        downloads=found.stats.downloadCount,
    )


def _base(said: str) -> Baseline | None:
    for base, pattern in _BASES:
        if re.search(pattern, said, re.IGNORECASE):
            return base
    return None
