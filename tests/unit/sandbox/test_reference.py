"""The public files of the sandbox: complete, consistent, and cheap to ask for again."""

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from PIL import Image

from sandbox import Sandbox
from sandbox.horde.state.models_and_workers import IMAGE_MODELS


@pytest.fixture
async def page_session() -> AsyncIterator[aiohttp.ClientSession]:
    async with Sandbox(horde=None) as box, aiohttp.ClientSession(box.urls.page) as opened:
        yield opened


async def read_reference(session: aiohttp.ClientSession, path: str) -> Any:
    async with session.get(f"/reference/{path}") as answer:
        assert answer.status == 200
        return json.loads(await answer.read())


async def test_the_files_speak_of_each_other(page_session: aiohttp.ClientSession) -> None:
    models, styles = (
        await read_reference(page_session, "models.json"),
        await read_reference(page_session, "styles.json"),
    )
    categories = await read_reference(page_session, "categories.json")
    assert set(IMAGE_MODELS) < set(models)
    assert {style["model"] for style in styles.values()} <= set(models)
    assert {name for names in categories.values() for name in names} == set(styles)
    assert set(await read_reference(page_session, "previews.json")) == set(styles)


async def test_pictures_are_pictures(page_session: aiohttp.ClientSession) -> None:
    previews = await read_reference(page_session, "previews.json")
    async with page_session.get(previews["tin toy"]["person"]) as answer:
        picture = Image.open(io.BytesIO(await answer.read()))
    assert (picture.format, picture.size) == ("PNG", (320, 320))


async def test_what_has_not_changed_is_not_sent_again(page_session: aiohttp.ClientSession) -> None:
    async with page_session.get("/reference/styles.json") as first:
        tag = first.headers["ETag"]
    for known, status in ((tag, 304), ('"other"', 200)):
        headers = {"If-None-Match": known}
        async with page_session.get("/reference/styles.json", headers=headers) as again:
            assert again.status == status
    async with page_session.get("/reference/nothing.json") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("types=LORA&query=tin&nsfw=false", ["Tin Robots"]),
        ("types=LORA&query=velvet&nsfw=false", []),
        ("types=LORA&query=VELVET&nsfw=true", ["Velvet Hour"]),
        ("types=TextualInversion&query=hands", ["Steady Hands"]),
        ("types=LORA&query=hands", []),
    ],
)
async def test_search(page_session: aiohttp.ClientSession, query: str, names: list[str]) -> None:
    found = await read_reference(page_session, f"civitai/models?{query}")
    assert [item["name"] for item in found["items"]] == names
