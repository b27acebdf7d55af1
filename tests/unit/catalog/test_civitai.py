"""LoRAs of CivitAI: asked for in the background, remembered, never waited for."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from cachetools import FIFOCache, TTLCache
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog import Addon, PublicSources
from bot.catalog.civitai import Civitai, loras_in_answer
from bot.errors import BadReply
from sandbox import Sandbox
from tests.support.waiting import eventually

SEARCHES = "GET /civitai/models"


@pytest.fixture
async def civitai(box: Sandbox, tmp_path: Path) -> AsyncIterator[Civitai]:
    async with aiohttp.ClientSession() as session:
        yield Civitai(session, f"{box.urls.page}reference/civitai/models", tmp_path)


def searches(box: Sandbox) -> list[str]:
    return [call.path for call in box.faults.calls if call.route == SEARCHES]


async def test_what_is_typed_is_known_at_a_later_keystroke(box: Sandbox, civitai: Civitai) -> None:
    public = PublicSources(civitai=civitai)
    task = asyncio.create_task(civitai.run())
    assert public.addons("lora", "lanterns", 9, nsfw=False) == []  # at once, and empty

    async def look() -> list[Addon] | None:
        return public.addons("lora", "lanterns", 9, nsfw=False) or None

    (found,) = await eventually(look, "it is known")
    assert (found.name, found.base, found.triggers[0]) == ("Paper Lanterns", "sdxl", "paperlantern")
    assert found.description == "Paper Lanterns: made up for trials & tests."
    assert public.addon("lora", found.id) == found
    assert public.addons("embedding", "", 9, nsfw=False) == []
    assert len(searches(box)) == 1
    task.cancel()


@pytest.mark.parametrize("typed", ["", "ab", "  a b"[:4], "123456"])
async def test_too_little_and_numbers_are_not_searched_for(
    box: Sandbox, civitai: Civitai, typed: str
) -> None:
    assert not await civitai.search("lora", typed, nsfw=False)
    assert searches(box) == []


async def test_the_same_question_is_asked_once_an_hour(box: Sandbox, civitai: Civitai) -> None:
    for typed in ("garden", " GARDEN ", "garden"):
        assert await civitai.search("lora", typed, nsfw=False)
    await civitai.search("lora", "garden", nsfw=True)
    await civitai.search("embedding", "garden", nsfw=False)
    assert len(searches(box)) == 3


async def test_marked_ones_are_only_for_places_that_allow_them(civitai: Civitai) -> None:
    public = PublicSources(civitai=civitai)
    await public.search("lora", "velvet", nsfw=False)
    assert public.addons("lora", "velvet", 9, nsfw=True) == []
    await public.search("lora", "velvet", nsfw=True)
    assert [one.name for one in public.addons("lora", "velvet", 9, nsfw=True)] == ["Velvet Hour"]
    assert public.addons("lora", "velvet", 9, nsfw=False) == []


async def test_found_ones_outlive_a_restart(box: Sandbox, civitai: Civitai, tmp_path: Path) -> None:
    await civitai.search("lora", "harbour", nsfw=False)
    async with aiohttp.ClientSession() as session:
        later = Civitai(session, civitai._url, tmp_path)
        await later.load()
        assert later.addons == civitai.addons
        (tmp_path / "civitai.json").write_bytes(b"[{}]")
        broken = Civitai(session, civitai._url, tmp_path)
        await broken.load()
        assert broken.addons == ()
    assert len(searches(box)) == 1


@pytest.mark.parametrize("kind", ["html", "truncate", "drop", "status"])
async def test_without_an_answer_nothing_is_lost(box: Sandbox, civitai: Civitai, kind: str) -> None:
    await civitai.search("lora", "harbour", nsfw=False)
    box.faults.add({"kind": kind, "server": "reference"})
    assert not await civitai.search("lora", "comet", nsfw=False)
    box.faults.clear()
    assert len(civitai.addons) == 1
    assert await civitai.search("lora", "comet", nsfw=False)
    assert len(civitai.addons) == 2


async def test_memory_is_bounded(civitai: Civitai) -> None:
    civitai._known, civitai._asked = FIFOCache(1), TTLCache(1, 60.0, time.monotonic)
    for typed in ("harbour", "comet", "pixel"):
        await civitai.search("lora", typed, nsfw=False)
    assert [addon.name for addon in civitai.addons] == ["Pixel Garden"]
    assert len(civitai._asked) == 1


def item(**more: Any) -> dict[str, Any]:
    version = {"id": 9, "baseModel": "Pony", "images": more.pop("images", [])}
    return {"id": 5, "name": "x", "nsfw": False, "modelVersions": [version]} | more


def lora_ids(*items: Any) -> list[str]:
    return [addon.id for addon in loras_in_answer("lora", json.dumps({"items": items}).encode())]


def test_one_broken_item_costs_that_item() -> None:
    assert lora_ids(item(), 7, item(id="x"), item(name=""), item(modelVersions=[]), {}) == ["5"]


def test_pictures_for_everybody_from_civitai_alone() -> None:
    good = "https://image.civitai.com/a.jpeg"
    images = [
        {"url": good, "nsfwLevel": 1},
        {"url": "https://image.civitai.com/b.jpeg", "nsfwLevel": 4},
        {"url": "https://image.civitai.com/c.jpeg"},
        {"url": "https://elsewhere.example/d.jpeg", "nsfwLevel": 1},
        {"url": "https://image.civitai.com/e.mp4", "nsfwLevel": 1, "type": "video"},
    ]
    (found,) = loras_in_answer("lora", json.dumps({"items": [item(images=images)]}).encode())
    assert found.examples == (good,)
    assert PublicSources(civitai=None).shows(good) is False


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"items": 3}', b"<html>", b"\xff"])
def test_no_answer_at_all(raw: bytes) -> None:
    with pytest.raises(BadReply):
        loras_in_answer("lora", raw)


ANY_RESPONSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "baseModel", "images", "url", "nsfwLevel"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=60)
@given(
    st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(item(), ANY_RESPONSE)), max_size=3)
)
def test_any_json_is_read(items: list[Any]) -> None:
    for addon in loras_in_answer("lora", json.dumps({"items": items}).encode()):
        assert addon.id.isdecimal()
        assert 0 < len(addon.name) <= 100
