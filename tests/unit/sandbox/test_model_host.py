"""The local model reference host: records, search, families and prompt guidance."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.horde.newer.versions import NEWER, OLDER
from sandbox.horde.state.models_and_workers import IMAGE_MODELS

BASE = "/reference/api/model_references"


@pytest.fixture
async def host() -> AsyncIterator[aiohttp.ClientSession]:
    async with Sandbox(horde_version=NEWER) as box, aiohttp.ClientSession(box.urls.page) as opened:
        yield opened


async def read(host: aiohttp.ClientSession, path: str, status: int = 200) -> Any:
    async with host.get(BASE + path) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def test_older_version_has_no_model_reference_host() -> None:
    async with Sandbox(horde_version=OLDER) as box, aiohttp.ClientSession(box.urls.page) as page:
        async with page.get(f"{BASE}/v2/image_generation") as answer:
            assert answer.status == 404


async def test_records_are_those_of_the_workers_models(host: aiohttp.ClientSession) -> None:
    images = await read(host, "/v2/image_generation")
    assert set(IMAGE_MODELS) < set(images)
    one = await read(host, "/v2/image_generation/model/SDXL%201.0")
    assert one == images["SDXL 1.0"]
    assert one["baseline"] == "stable_diffusion_xl"
    text = await read(host, "/v2/text_generation/model/Sao10K/L3-70B-Euryale-v2.1")
    assert text["parameters"] == 70_000_000_000
    assert await read(host, "/v2/video_generation") == {}
    assert "Beta Lighthouse" in await read(host, "/v2/image_generation/pending")
    assert "image_generation" in await read(host, "/v2/model_categories")


@pytest.mark.parametrize(
    "path",
    [
        "/v2/nothing",
        "/v2/nothing/search",
        "/v2/image_generation/model/nothing",
        "/v2/image_generation/baselines/nothing",
        "/v2/text_generation/guidance/profiles/nothing",
        "/v2/text_generation/guidance/model?name=koboldcpp/L3-8B-Stheno-v3.2",
    ],
)
async def test_unknown_name_is_a_404_with_a_detail(host: aiohttp.ClientSession, path: str) -> None:
    assert (await read(host, path, 404)).keys() == {"detail"}


SEARCHES = [
    ("image_generation/search?baseline=flux_1", ["Flux.1-Schnell fp8 (Compact)"]),
    ("image_generation/search?name_contains=DREAM&sort_by=name",
     ["DreamShaper XL", "Dreamshaper"]),
    ("image_generation/search?nsfw=true&sort_by=name&sort_desc=true",
     ["Pony Diffusion XL", "Hassaku XL"]),
    ("image_generation/search?tags_any=anime&tags_none=generalist&baseline=stable_diffusion_1",
     ["Anything Diffusion"]),
    ("search?name_contains=stheno", ["L3-8B-Stheno-v3.2"]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "names"), SEARCHES)
async def test_search_finds(host: aiohttp.ClientSession, query: str, names: list[str]) -> None:
    found = await read(host, f"/v2/{query}")
    assert ([each["name"] for each in found["results"]], found["total"]) == (names, len(names))


async def test_search_has_pages(host: aiohttp.ClientSession) -> None:
    first = await read(host, "/v2/image_generation/search?limit=5&sort_by=name")
    assert (len(first["results"]), first["has_more"]) == (5, True)
    last = await read(host, "/v2/image_generation/search?limit=5&offset=10&sort_by=name")
    assert (last["offset"], last["has_more"]) == (10, False)
    assert (await read(host, "/v2/search?limit=x", 422)).keys() == {"detail"}


async def test_popular_models_have_the_most_workers(host: aiohttp.ClientSession) -> None:
    rows = await read(host, "/v2/image_generation/popular?limit=3")
    assert [row["stats"]["worker_count"] for row in rows] == [5, 5, 4]
    texts = await read(host, "/v2/text_generation/popular")
    assert (texts[0]["name"], texts[0]["stats"]["worker_count"]) == ("L3-8B-Stheno-v3.2", 3)
    await read(host, "/v2/image_generation/popular?limit=101", 422)
    await read(host, "/v2/image_generation/popular?sort_by=name", 422)
    assert await read(host, "/v2/lora/popular") == []
    await read(host, "/statistics/lora/with-stats", 400)
    merged = await read(host, "/statistics/image_generation/with-stats")
    assert merged["SDXL 1.0"]["worker_count"] == 4


async def test_last_update_is_known(host: aiohttp.ClientSession) -> None:
    whole = await read(host, "/v2/metadata/last_updated")
    one = await read(host, "/v2/metadata/image_generation/last_updated")
    assert one == {"category": "image_generation", **whole}


async def test_families_have_policies_and_a_weak_tag(host: aiohttp.ClientSession) -> None:
    export = await read(host, "/v2/image_generation/baselines/export")
    assert export["baselines"]["qwen_image"]["horde_policy"]["kudos"] == 12.0
    one = await read(host, "/v2/image_generation/baselines/stable_cascade")
    assert one["capabilities"]["remix"] is True
    async with host.get(f"{BASE}/v2/image_generation/baselines/") as answer:
        assert answer.headers["ETag"].startswith('W/"image-baselines-')
        assert (await answer.json())["total"] == 13


async def test_guidance_leads_from_a_model_to_its_profile(host: aiohttp.ClientSession) -> None:
    base = "/v2/text_generation/guidance"
    found = await read(host, f"{base}/model?name=L3-8B-Stheno-v3.2")
    assert found["summary"]["status"] == "published"
    assert found["primary_profile"]["stop_sequences"] == ["<|eot_id|>"]
    assert await read(host, f"{base}/profiles/llama-3") == found["primary_profile"]
    legacy = await read(host, f"{base}/model?name=TinyLlama-1.1B")
    assert (legacy["summary"]["status"], legacy["legacy_instruct_format"]) == (
        "legacy_label", "ChatML",
    )  # fmt: skip
    assert (await read(host, f"{base}/profiles"))["total"] == 2
    assert (await read(host, f"{base}/profiles?include_deprecated=true"))["total"] == 3
    assigned = await read(host, f"{base}/assignments?profile_id=mistral")
    assert [each["model_name"] for each in assigned["items"]] == ["Mistral-Small-24B"]
    assert (await read(host, f"{base}/export")).keys() == {"metadata", "profiles", "assignments"}
