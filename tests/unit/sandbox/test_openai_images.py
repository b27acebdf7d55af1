"""The local server with OpenAI's API: images and edits."""

import base64
import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from PIL import Image

from tests.support.optional_servers import LocalServer, local_server
from tests.support.pictures import is_near_at, opened
from tests.support.waiting import until

GENERATE = "/images/generations"


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server("openai") as server:
        yield server


def png(mode: str = "RGB", colour: object = (200, 30, 30)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (128, 128), colour).save(out, "PNG")  # pyright: ignore[reportArgumentType]
    return out.getvalue()


async def test_images_come_as_links(server: LocalServer) -> None:
    status, answer = await server.post(GENERATE, prompt="an owl", n=2, size="256x192", seed=1)
    assert status == 200
    assert len({item["url"] for item in answer["data"]}) == 2
    for item in answer["data"]:
        found, data = await server.download(item["url"])
        picture = opened(data)
        assert (found, picture.format, picture.size) == (200, "PNG", (256, 192))
    found = await server.jobs()
    assert (found["submits"], found["charged_micro"]) == ({"image": 1}, 40_000)
    assert (await server.download(answer["data"][0]["url"] + "x"))[0] == 404


@pytest.mark.parametrize("format_", ["png", "jpeg", "webp"])
async def test_images_come_as_base64(server: LocalServer, format_: str) -> None:
    body = {"prompt": "an owl", "response_format": "b64_json", "size": "128x128"}
    _, answer = await server.post(GENERATE, **body, output_format=format_)
    [item] = answer["data"]
    assert opened(base64.b64decode(item["b64_json"])).format == format_.upper()


async def test_server_without_links_sends_base64(server: LocalServer) -> None:
    await server.knobs(image_urls=False)
    _, answer = await server.post(GENERATE, prompt="an owl", size="128x128")
    assert set(answer["data"][0]) == {"b64_json"}


@pytest.mark.parametrize("size", ["10x10", "4096x4096", "wide"])
async def test_invalid_size_is_refused(server: LocalServer, size: str) -> None:
    status, answer = await server.post(GENERATE, prompt="an owl", size=size)
    assert (status, answer["error"]["param"]) == (400, "size")


async def test_edit_draws_where_the_mask_is_transparent(server: LocalServer) -> None:
    mask = Image.new("RGBA", (128, 128), (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (0, 0, 128, 40))
    out = io.BytesIO()
    mask.save(out, "PNG")
    form = aiohttp.FormData({"prompt": "a blue sky", "size": "128x128", "n": "1"})
    form.add_field("response_format", "b64_json")
    form.add_field("image", png(), filename="image.png", content_type="image/png")
    form.add_field("mask", out.getvalue(), filename="mask.png", content_type="image/png")
    status, answer = await server.call("POST", "/images/edits", data=form)
    assert status == 200, answer
    picture = opened(base64.b64decode(answer["data"][0]["b64_json"])).convert("RGB")
    assert is_near_at(picture, 64, 50, (200, 30, 30))
    assert not is_near_at(picture, 64, 10, (200, 30, 30))
    [job] = (await server.jobs())["jobs"]
    assert job["payload"]["image"].endswith(" bytes")


async def test_edit_needs_a_readable_image(server: LocalServer) -> None:
    form = aiohttp.FormData({"prompt": "a sky"})
    form.add_field("image", b"no image", filename="image.png")
    status, answer = await server.call("POST", "/images/edits", data=form)
    assert (status, answer["error"]["code"]) == (400, "invalid_image_file")
    form = aiohttp.FormData({"prompt": "a sky"}, default_to_multipart=True)
    status, answer = await server.call("POST", "/images/edits", data=form)
    assert (status, answer["error"]["param"]) == (400, "image")


async def test_lost_answer_was_charged_all_the_same(server: LocalServer) -> None:
    server.fault("drop_after", route="POST /v1/images/generations", seconds=0.001)
    with pytest.raises(aiohttp.ClientError):
        await server.post(GENERATE, prompt="an owl", size="128x128")
    await until(lambda: [call.ms for call in server.box.faults.calls if call.note][0:1] != [None])
    found = await server.jobs()
    assert (found["submits"], found["charged_micro"]) == ({"image": 1}, 20_000)


async def test_dropped_call_was_never_accepted(server: LocalServer) -> None:
    server.fault("drop", route="POST /v1/images/generations")
    with pytest.raises(aiohttp.ClientError):
        await server.post(GENERATE, prompt="an owl")
    assert (await server.jobs())["submits"] == {}
