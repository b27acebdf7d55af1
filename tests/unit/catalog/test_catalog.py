"""The catalog: finds models from memory, survives outages and restarts, knows what suits whom."""

import asyncio
import logging
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.backends.base import Backend
from bot.backends.values import NOT_TOLD, Model, OfferedNames
from bot.catalog import (
    Baseline,
    Catalog,
    baseline,
    defaults_for,
    is_safe_text,
    size_of_shape,
)
from bot.catalog import served_models as module
from bot.catalog.baselines import rounded_side
from bot.catalog.served_models import ModelIndex
from bot.domain.capabilities import Capabilities
from bot.domain.requests import SHAPES, ImageRequest, Kind
from bot.errors import BackendDown
from bot.rules.guild_settings import GuildSettings


def model(name: str, workers: int = 5, wait: int = 10, kind: Kind = Kind.IMAGE) -> Model:
    return Model(name, kind, workers, wait)


class FakeBackend:
    """Only what a catalog asks of a backend."""

    def __init__(self, *models: Model) -> None:
        self.known = models
        self.capabilities = Capabilities()
        self.down = False
        self.calls = 0

    async def models(self, kind: Kind) -> tuple[Model, ...]:
        self.calls += 1
        if self.down:
            raise BackendDown("The Horde cannot be reached.")
        return tuple(model for model in self.known if model.kind is kind)

    async def names(self) -> OfferedNames:
        return NOT_TOLD


IMAGES = (
    model("AlbedoBase XL (SDXL)", 9, 30),
    model("SDXL 1.0", 4, 12),
    model("Pony Diffusion XL", 20, 1),
    model("Deliberate", 12, 3),
    model("Realistic Vision Inpainting", 3, 0),
    model("stable_diffusion", 30, 2),
)
TEXT_MODELS = (
    model("koboldcpp/L3-8B-Stheno-v3.2", 7, kind=Kind.TEXT),
    model("koboldcpp/Mistral-Small-24B", 2, kind=Kind.TEXT),
)


def catalog_of_backends(folder: Path, *backends: FakeBackend) -> Catalog:
    named = {f"horde{n}" if n else "horde": backend for n, backend in enumerate(backends)}
    return Catalog(cast("dict[str, Backend]", named), folder)


@pytest.fixture
async def full(tmp_path: Path) -> Catalog:
    filled = catalog_of_backends(tmp_path, FakeBackend(*IMAGES, *TEXT_MODELS))
    await filled.refresh()
    return filled


def model_names(models: Iterable[Model]) -> list[str]:
    return [model.name for model in models]


async def test_without_a_word_the_best_served_come_first(full: Catalog) -> None:
    found = full.models(Kind.IMAGE, limit=3)
    assert model_names(found) == ["stable_diffusion", "Pony Diffusion XL", "Deliberate"]
    assert model_names(full.models(Kind.TEXT))[0] == "koboldcpp/L3-8B-Stheno-v3.2"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("albedo", "AlbedoBase XL (SDXL)"),
        ("ALBEDO bse", "AlbedoBase XL (SDXL)"),
        ("stable diffusion", "stable_diffusion"),
        ("delib", "Deliberate"),
        ("deliberat", "Deliberate"),
        ("pony", "Pony Diffusion XL"),
        ("1.0", "SDXL 1.0"),
        ("vision", "Realistic Vision Inpainting"),
    ],
)
async def test_what_is_typed_finds_its_model(full: Catalog, typed: str, first: str) -> None:
    assert full.models(Kind.IMAGE, typed)[0].name == first


async def test_a_beginning_beats_more_workers_elsewhere(full: Catalog) -> None:
    assert model_names(full.models(Kind.IMAGE, "sd"))[0] == "SDXL 1.0"


async def test_nonsense_finds_nothing(full: Catalog) -> None:
    assert full.models(Kind.IMAGE, "qqqq") == []
    assert full.nearest(Kind.IMAGE, "qqqq") == []


async def test_find_and_did_you_mean(full: Catalog) -> None:
    found = full.find(Kind.IMAGE, " sdxl 1.0 ")
    assert found is not None
    assert found.name == "SDXL 1.0"
    assert full.find(Kind.IMAGE, "SDXL 1") is None
    assert full.find(Kind.TEXT, "SDXL 1.0") is None
    assert full.nearest(Kind.IMAGE, "delibrate") == ["Deliberate"]


def test_the_exact_name_wins_over_another_case() -> None:
    shelf = ModelIndex([model("Photon", 1), model("photon", 9)])
    for name in ("Photon", "photon"):
        found = shelf.find(name)
        assert found is not None
        assert found.name == name
    best = shelf.find("PHOTON")
    assert best is not None
    assert best.workers == 9


def test_five_hundred_models_are_searched_well_inside_50_ms() -> None:
    shelf = ModelIndex(model(f"{word} Diffusion {n} XL", n) for n in range(125) for word in "ABCD")
    worst = 0.0
    for typed in ("", "a", "diffusion", "difusion 99", "b diff xl", "z" * 100):
        start = time.process_time()
        shelf.search(typed, 25)
        worst = max(worst, time.process_time() - start)
    assert worst < 0.025


def test_names_that_no_choice_could_hold_are_left_out() -> None:
    assert ModelIndex([model("a" * 101), model("b\n"), model("")]).search("", 25) == []


@given(st.text(max_size=120), st.integers(1, 25))
@settings(deadline=None)
def test_anything_can_be_typed(typed: str, limit: int) -> None:
    found = ModelIndex(IMAGES).search(typed, limit)
    assert len(found) <= limit
    assert set(found) <= set(IMAGES)


async def test_the_copy_on_disk_bridges_a_start_without_network(tmp_path: Path) -> None:
    backend = FakeBackend(*IMAGES, *TEXT_MODELS)
    running = asyncio.create_task(catalog_of_backends(tmp_path, backend).run())
    while not list(tmp_path.glob("horde.json")):  # noqa: ASYNC110 - the file is what we wait for
        await asyncio.sleep(0.005)
    running.cancel()
    backend.down = True
    later = catalog_of_backends(tmp_path, backend)
    await later.load()
    assert set(later.models(Kind.IMAGE)) == set(IMAGES)
    assert later.newcomer().models == ("SDXL 1.0",)


@pytest.mark.parametrize("content", [b"", b"{", b'{"image": [{"name": 5}]}', b"\xff", b"[]"])
async def test_a_broken_copy_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "horde.json").write_bytes(content)
    empty = catalog_of_backends(tmp_path, FakeBackend())
    await empty.load()
    assert empty.models(Kind.IMAGE) == []
    assert empty.newcomer().models == ()


async def test_an_outage_is_said_once_and_its_end_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVERY", 0.001)
    monkeypatch.setattr(module, "EVERY_MAX", 0.002)
    caplog.set_level(logging.INFO, "bot.catalog")
    backend = FakeBackend(*IMAGES)
    known = catalog_of_backends(tmp_path, backend)
    running = asyncio.create_task(known.run())

    async def rounds(count: int) -> None:
        until = backend.calls + count
        while backend.calls < until:  # noqa: ASYNC110 - the loop under test is what runs meanwhile
            await asyncio.sleep(0.001)

    await rounds(3)
    backend.down = True
    await rounds(4)
    assert known.models(Kind.IMAGE)  # the old list still answers
    backend.down = False
    await rounds(4)
    running.cancel()
    said = [record.getMessage() for record in caplog.records]
    assert len([text for text in said if "cannot be listed" in text]) == 1
    assert len([text for text in said if "can be listed again" in text]) == 1


async def test_one_backend_that_is_away_does_not_stop_the_others(tmp_path: Path) -> None:
    away, there = FakeBackend(), FakeBackend(*IMAGES)
    away.down = True
    both = catalog_of_backends(tmp_path, away, there)
    with pytest.raises(BackendDown):
        await both.refresh()
    assert both.models(Kind.IMAGE) == []
    assert len(both.models(Kind.IMAGE, rules=GuildSettings(backend="horde1"))) == len(IMAGES)


async def test_an_empty_list_does_not_replace_a_good_one(tmp_path: Path) -> None:
    backend = FakeBackend(*IMAGES)
    known = catalog_of_backends(tmp_path, backend)
    await known.refresh()
    backend.known = ()
    await known.refresh()
    assert len(known.models(Kind.IMAGE)) == len(IMAGES)


async def test_only_kinds_that_a_backend_has_are_asked_for(tmp_path: Path) -> None:
    backend = FakeBackend(*IMAGES)
    backend.capabilities = Capabilities(kinds=frozenset({Kind.TEXT}))
    await catalog_of_backends(tmp_path, backend).refresh()
    assert backend.calls == 1


@pytest.mark.parametrize(
    ("models", "choice", "size"),
    [
        (IMAGES, ("SDXL 1.0",), 1024),  # plain English, 3 workers or more, the shortest wait
        ((model("SDXL 1.0", 2), model("Pony Diffusion XL", 3)), ("Pony Diffusion XL",), 1024),
        ((model("SDXL 1.0", 2), model("Deliberate", 1)), ("Deliberate",), 512),
        ((model("stable_diffusion_inpainting", 9), model("Photon", 1)), ("Photon",), 512),
        ((model("Flux.1-Schnell fp8 (Compact)", 9),), (), 512),
        ((), (), 512),
    ],
)
async def test_a_newcomer_gets_a_good_model(
    tmp_path: Path, models: tuple[Model, ...], choice: tuple[str, ...], size: int
) -> None:
    known = catalog_of_backends(tmp_path, FakeBackend(*models))
    await known.refresh()
    found = known.newcomer()
    assert (found.models, found.width, found.height) == (choice, size, size)


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("stable_diffusion", "sd15"),
        ("Deliberate", "sd15"),
        ("Epic Diffusion Inpainting", "sd15"),
        ("ICBINP - I Can't Believe It's Not Photography", "sd15"),
        ("stable_diffusion_2.1", "sd2"),
        ("SDXL 1.0", "sdxl"),
        ("AlbedoBase XL 3.1", "sdxl"),
        ("SwamPonyXL", "sdxl"),
        ("White Pony Diffusion 4", "sdxl"),
        ("WAI-NSFW-illustrious-SDXL", "sdxl"),
        ("noobEvo", "sdxl"),
        ("Hassaku XL", "sdxl"),
        ("fustercluck", "sdxl"),
        ("my model [SDXL]", "sdxl"),
        ("Flux.1-Schnell fp8 (Compact)", "flux"),
        ("my model [Flux]", "flux"),
        ("Stable Cascade 1.0", "cascade"),
        ("Qwen-Image_fp8", "qwen"),
        ("mine [ZModel]", "zimage"),
        ("Z-Image-Turbo", "zimage"),
        ("Krea2-Turbo", "krea2"),
        ("Anima", "anima"),
        ("Animagine XL", "sdxl"),
        ("nobody knows this one", "other"),
    ],
)
def test_baselines_by_name(name: str, base: Baseline) -> None:
    assert baseline(name) == base
    assert Catalog({"horde": cast("Backend", None)}, Path()).baseline(name) == base


BASES: tuple[Baseline, ...] = get_args(Baseline)


@pytest.mark.parametrize("base", BASES)
def test_every_shape_is_what_it_says_inside_the_area(base: Baseline) -> None:
    sizes = {name: size_of_shape(name, base) for name in SHAPES}
    for width, height in sizes.values():
        assert width % 64 == height % 64 == 0
        assert width * height <= rounded_side(base) ** 2
        assert width * height >= 0.9 * rounded_side(base) ** 2
    ratio = {name: width / height for name, (width, height) in sizes.items()}
    assert ratio["tall"] < ratio["portrait"] < ratio["square"] == 1
    assert ratio["square"] < ratio["landscape"] < ratio["wide"]


@pytest.mark.parametrize("name", [m.name for m in IMAGES] + ["DreamShaper XL", "mine [Qwen]", "?"])
def test_defaults_make_a_request_that_needs_no_kudos_up_front(name: str) -> None:
    found = defaults_for(name)
    fields: dict[str, Any] = {field: getattr(found, field) for field in found.__slots__}
    request = ImageRequest(prompt="a fox", **fields)
    assert request.models == (name,)
    second_order = request.sampler == "k_dpmpp_sde"
    assert request.steps * (2 if second_order else 1) <= 40
    assert round(request.cfg_scale, 2) == request.cfg_scale


def test_models_of_their_own_kind_keep_their_own_ways() -> None:
    assert defaults_for("DreamShaper XL").steps == 6
    assert defaults_for("DreamShaper XL").width == 1024
    assert defaults_for("Flux.1-Schnell fp8 (Compact)").cfg_scale == 1.0


@pytest.mark.parametrize(
    "name",
    [
        "koboldcpp/Mistral-Small-24B",
        "koboldcpp/Meta-Llama-3.1-8B-Instruct",
        "aphrodite/google/gemma-3-27b-it",
        "koboldcpp/gemma-3-12b-it.Q4_K_M",
        "Qwen/Qwen2.5-14B-Instruct-1M",
        "tabbyapi/Qwen3-30B-A3B-Instruct-2507-exl2",
        "koboldcpp/gpt-oss-20b",
    ],
)
def test_makers_own_text_models_are_safe(name: str) -> None:
    assert is_safe_text(name)


@pytest.mark.parametrize(
    "name",
    [
        "koboldcpp/L3-8B-Stheno-v3.2",
        "koboldcpp/TinyLlama-1.1B",
        "aphrodite/Sao10K/L3-70B-Euryale-v2.1",
        "koboldcpp/Qwen3-8B-abliterated",
        "coder3101/gemma-4-31B-it-heretic",
        "coder3101/gemma-4-E4B-it-qat-q4_0-unquantized-heretic",
        "Orenguteng/Llama-3.1-8B-Lexi-Uncensored-V2",
        "KoboldAI/Mistral-7B-Erebus-v3",
        "TheDrummer/Fallen-Gemma3-27B-v1",
        "Qwen/Qwen3-8B-Base",
        "gemma-3-27b-it/uncensored",
        "",
    ],
)
def test_fine_tunes_and_strangers_are_not_safe(name: str) -> None:
    assert not is_safe_text(name)


async def test_safe_models_are_those_served_now(full: Catalog, tmp_path: Path) -> None:
    assert full.safe_text_models() == ("koboldcpp/Mistral-Small-24B",)
    none = catalog_of_backends(tmp_path, FakeBackend(TEXT_MODELS[0]))
    await none.refresh()
    assert none.safe_text_models() == ()
