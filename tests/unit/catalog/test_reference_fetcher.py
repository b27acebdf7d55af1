"""The background task: files downloaded, stored, and used while no source can be reached."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.catalog import PublicSources
from bot.catalog.horde_styles import UNSAID, HordeStyles
from bot.catalog.model_reference.reference_fetcher import ReferenceFetcher
from bot.domain.requests import ImageChoices, merged
from bot.errors import BackendDown, FeatureMissing
from bot.horde.style_editing.style_collections import CollectedStyle, Collection
from bot.horde.style_editing.style_contract import StyleContract
from bot.horde.styles import PAGE, ImageStyle
from bot.settings import ReferenceSettings
from sandbox import Sandbox
from tests.support.paths import REFERENCE_FILES

FILES = len(REFERENCE_FILES)


def reference_settings(base: str, **more: Any) -> ReferenceSettings:
    urls: dict[str, Any] = {f"{name}_url": f"{base}/{name}.json" for name in REFERENCE_FILES}
    none: dict[str, Any] = {"host_url": ""}
    return ReferenceSettings(**(urls | none | more))


def reference(
    box: Sandbox, session: aiohttp.ClientSession, folder: Path, **more: Any
) -> ReferenceFetcher:
    return ReferenceFetcher(
        reference_settings(f"{box.urls.page}reference", **more), session, folder
    )


def fetch_statuses(box: Sandbox) -> list[int | None]:
    return [call.status for call in box.faults.calls if call.server == "reference"]


def paths(box: Sandbox) -> list[str]:
    return [call.path for call in box.faults.calls if call.server == "reference"]


async def test_fetched_once_and_again_only_when_changed(
    box: Sandbox, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    first, told = reference(box, session, tmp_path), list[int]()
    first.on_change = lambda: told.append(1)
    assert await first.refresh()
    assert first.library.about("pony diffusion xl").nsfw
    assert first.library.styles[0].name == "tin toy"
    assert told == [1]
    assert await first.refresh()
    assert fetch_statuses(box) == [200] * FILES + [304] * FILES
    assert told == [1]


async def test_the_last_copy_serves_while_nobody_can_be_reached(
    box: Sandbox, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    await reference(box, session, tmp_path).refresh()
    box.faults.add({"kind": "drop", "server": "reference"})
    later = reference(box, session, tmp_path)
    await later.load()
    assert not await later.refresh()
    assert len(later.library.styles) == 8
    assert later.library.about("SDXL 1.0").known
    box.faults.clear()
    assert await later.refresh()
    assert fetch_statuses(box)[-FILES:] == [304] * FILES  # by the copy's mark


async def test_models_come_from_the_host_of_the_model_reference_when_they_changed(
    session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    async with Sandbox(horde_version="5.1.14") as box:
        host = f"{box.urls.page}reference/api/model_references/v2"
        first = reference(box, session, tmp_path, host_url=host)
        assert await first.refresh()
        assert first.library.about("pony diffusion xl").nsfw
        assert not any(path.endswith("/models.json") for path in paths(box))
        asked = len(paths(box))
        later = reference(box, session, tmp_path, host_url=host)
        await later.load()
        assert later.library.about("SDXL 1.0").known
        assert await later.refresh()
        models = [path for path in paths(box)[asked:] if "image_generation" in path]
        assert len(models) == 1
        assert models[0].endswith("/metadata/image_generation/last_updated")


async def test_templates_come_from_the_guidance_of_the_host_and_from_the_file(
    session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    async with Sandbox(horde_version="5.1.14") as box:
        host = f"{box.urls.page}reference/api/model_references/v2"
        found = reference(box, session, tmp_path, host_url=host)
        assert await found.refresh()
        later = reference(box, session, tmp_path, host_url=host)
        await later.load()
    for each in (found, later):
        formats = each.library.prompt_formats
        assert formats.template("aphrodite/TinyLlama-1.1B") == "ChatML"
        assert formats.template("aphrodite/Mistral-Small-24B") == "Mistral V7 Tekken"
        assert formats.template("aphrodite/TinyLlama-1.1B", "Gemma") == "Gemma"
        assert formats.knows("TinyLlama-1.1B")
        assert not formats.knows("Nameless-1B")


async def test_models_come_from_their_file_while_the_host_fails(
    box: Sandbox, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    host = f"{box.urls.page}reference/api/model_references/v2"  # an older Horde has none
    found = reference(box, session, tmp_path, host_url=host)
    assert await found.refresh()
    assert found.library.about("SDXL 1.0").known
    later = reference(box, session, tmp_path, host_url=host)
    await later.load()
    assert later.library.about("SDXL 1.0").known


@pytest.mark.parametrize("kind", ["html", "truncate", "garbage", "status"])
async def test_an_answer_that_is_none_leaves_what_is_known(
    box: Sandbox, session: aiohttp.ClientSession, tmp_path: Path, kind: str
) -> None:
    known = reference(box, session, tmp_path)
    await known.refresh()
    for path in tmp_path.glob("*.etag"):
        path.unlink()
    again = reference(box, session, tmp_path)
    again.library = known.library
    box.faults.add({"kind": kind, "server": "reference", "status": 200 if kind == "html" else 0})
    assert not await again.refresh()
    assert again.library is known.library
    assert json.loads((tmp_path / "reference-styles.json").read_bytes())["tin toy"]


async def test_a_broken_copy_is_fetched_anew(
    box: Sandbox, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    await reference(box, session, tmp_path).refresh()
    (tmp_path / "reference-models.json").write_bytes(b"{")
    later = reference(box, session, tmp_path)
    await later.load()
    assert not later.library.about("SDXL 1.0").known
    assert len(later.library.styles) == 8
    assert await later.refresh()
    assert later.library.about("SDXL 1.0").known


async def test_a_copy_from_elsewhere_is_not_taken(
    box: Sandbox, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    await reference(box, session, tmp_path).refresh()
    other = ReferenceFetcher(reference_settings("https://elsewhere.example"), session, tmp_path)
    await other.load()
    assert other.library.styles == ()


async def test_what_is_switched_off_is_not_asked_for(
    box: Sandbox, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    some = reference(box, session, tmp_path, previews_url="", categories_url="")
    assert await some.refresh()
    assert len(fetch_statuses(box)) == FILES - 2
    assert all(style.category == "" for style in some.library.styles)
    none = reference(box, session, tmp_path, enabled=False)
    await none.run()  # nothing to do: it ends by itself
    assert len(fetch_statuses(box)) == FILES - 2
    assert none.library.styles == ()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://files.example/a/b.webp", True),
        ("https://files.example:8443/b.webp", True),
        ("http://files.example/b.webp", False),
        ("https://files.example.evil.example/b.webp", False),
        ("https://files.example@evil.example/b.webp", False),
        ("https://me@files.example/b.webp", False),
        ("javascript:alert(1)", False),
        ("https://files.example/" + "a" * 500, False),
        ("https://files.example/\n", False),
        ("https://[", False),
        ("", False),
    ],
)
async def test_only_pictures_from_where_the_files_are(
    session: aiohttp.ClientSession, tmp_path: Path, url: str, shown: bool
) -> None:
    found = ReferenceFetcher(reference_settings("https://files.example"), session, tmp_path)
    assert found.shows(url) is shown
    assert PublicSources(found).shows(url) is shown
    assert not PublicSources().shows(url)


class Lister:
    """A Horde with so many styles."""

    def __init__(self, count: int) -> None:
        self.rows = [
            ImageStyle(id=f"id-{n}", name=f"style {n}", public=n != 3, models=("SDXL 1.0",))
            for n in range(count)
        ]
        self.pages: list[int] = []
        self.down = False
        self.contract: StyleContract | None = None

    async def get_style_contract(self) -> StyleContract:
        if self.contract is None:
            raise FeatureMissing("The Horde does not have this yet.", feature="style contract")
        return self.contract

    async def list_collections(self, *, page: int = 1, kind: str = "all") -> tuple[Collection, ...]:
        assert (page, kind) == (1, "image")
        styles = tuple(CollectedStyle(id=each) for each in ("id-0", "id-3", "unknown"))
        return (Collection(id="pair", name="A pair", type="image", styles=styles),)

    async def list_image_styles(self, *, page: int = 1) -> tuple[ImageStyle, ...]:
        self.pages.append(page)
        if self.down:
            raise BackendDown("The Horde cannot be reached.")
        return tuple(self.rows[(page - 1) * PAGE : page * PAGE])


async def test_all_pages_of_the_hordes_styles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.catalog.horde_styles.BETWEEN", 0)
    lister = Lister(60)
    styles = HordeStyles(lister, tmp_path)
    await styles.refresh()
    assert lister.pages == [1, 2, 3]
    assert len(styles.styles) == 59  # one is not public
    assert styles.styles[0].choices == merged(
        UNSAID, ImageChoices(style="id-0", models=("SDXL 1.0",))
    )
    lister.down = True
    with pytest.raises(BackendDown):
        await styles.refresh()
    assert len(styles.styles) == 59
    later = HordeStyles(lister, tmp_path)
    await later.load()
    assert later.styles == styles.styles


async def test_own_style_is_listed_at_once_and_hides_no_other(tmp_path: Path) -> None:
    styles, told = HordeStyles(Lister(3), tmp_path), list[tuple[str, ...]]()
    styles.on_change = lambda: told.append(tuple(style.id for style in styles.styles))
    await styles.refresh()
    before = told[-1]
    mine = ImageStyle(id="mine", name=styles.styles[0].name)
    styles.put("mine", mine)
    styles.put("mine", mine)
    assert told[-1] == (*before, "mine")
    styles.put("mine", mine.model_copy(update={"public": False}))
    assert told[-1] == before
    styles.put(before[0], None)
    assert told[-1] == before[1:]


@pytest.mark.parametrize(("version", "known"), [(None, False), (1, True), (2, False)])
async def test_only_a_known_contract_of_styles_counts(
    tmp_path: Path, version: int | None, known: bool
) -> None:
    lister = Lister(1)
    lister.contract = StyleContract(schema_version=version) if version else None
    styles = HordeStyles(lister, tmp_path)
    await styles.refresh()
    assert (styles.contract is not None) is known
    assert [each.name for each in styles.collections] == ["A pair"] * known
    for each in styles.collections:
        assert ([style.id for style in each.styles], each.unlisted) == (["id-0"], 2)
