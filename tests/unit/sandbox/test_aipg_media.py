"""The local AI Power Grid: images, videos and audio, and what their calls refuse."""

import base64
import io
import wave
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PIL import Image

from tests.support.json_types import Json
from tests.support.optional_servers import LocalServer, local_server
from tests.support.pictures import opened

ADA = {"apikey": "grid_ada_0123456789abcdef"}
IMAGES, VIDEOS, AUDIO = "/images/generations", "/videos/generations", "/audio/generations"
OWL: Json = {"prompt": "an owl", "size": "512x512"}
CLOSED = "This generation path is temporarily unavailable."


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server("aipg") as server:
        server.headers = ADA
        yield server


def source() -> str:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


async def test_image_answer_names_job_worker_and_seed(server: LocalServer) -> None:
    status, answer = await server.post(IMAGES, **OWL, seed=5)
    assert status == 200
    assert answer["grid"]["model"] == "FLUX.2 Klein 4B FP8"
    assert {"job_id", "worker", "gen_time", "recipe_root"} <= set(answer["grid"])
    [item] = answer["data"]
    assert (item["seed"], item["revised_prompt"]) == (5, "an owl")
    found, data = await server.download(item["url"])
    picture = opened(data)
    assert (found, picture.format, picture.size) == (200, "WEBP", (512, 512))
    found = await server.jobs()
    assert (found["submits"], found["charged_micro"]) == ({"image": 1}, 10_000)


async def test_image_comes_as_base64_in_the_wanted_format(server: LocalServer) -> None:
    body = OWL | {"response_format": "b64_json", "output_format": "jpeg", "model": "z-image-turbo"}
    _, answer = await server.post(IMAGES, **body)
    assert opened(base64.b64decode(answer["data"][0]["b64_json"])).format == "JPEG"


async def test_media_host_refuses_the_user_agent_of_urllib(server: LocalServer) -> None:
    _, answer = await server.post(IMAGES, **OWL)
    agent = {"User-Agent": "Python-urllib/3.11"}
    async with server.http.get(answer["data"][0]["url"], headers=agent) as response:
        assert response.status == 403


async def test_video_is_an_mp4_with_the_price_of_its_seconds(server: LocalServer) -> None:
    status, answer = await server.post(VIDEOS, prompt="a walk", seconds=2)
    assert status == 200
    async with server.http.get(answer["data"][0]["url"]) as response:
        assert response.content_type == "video/mp4"
        data = await response.read()
    assert data[4:8] == b"ftyp"
    assert b"avcC" in data
    assert (await server.jobs())["charged_micro"] == 40_000
    status, _ = await server.post(VIDEOS, prompt="a walk", seconds=2, image=source())
    assert status == 200


async def test_audio_is_a_wav_of_its_seconds(server: LocalServer) -> None:
    _, answer = await server.post(AUDIO, prompt="a calm song", seconds=10)
    _, data = await server.download(answer["data"][0]["url"])
    with wave.open(io.BytesIO(data)) as file:
        assert file.getnframes() / file.getframerate() == 10
    assert (await server.jobs())["charged_micro"] == 2_000


async def test_style_changes_prompt_model_and_locked_values(server: LocalServer) -> None:
    _, answer = await server.post(IMAGES, **OWL, style="anime", steps=4)
    assert answer["grid"]["model"] == "z-image-turbo"
    assert answer["data"][0]["revised_prompt"] == "an owl, anime, clean lines"
    status, answer = await server.post(IMAGES, **OWL, style="none")
    assert (status, answer["detail"]) == (404, "Unknown style 'none'.")


async def test_loras_are_accepted(server: LocalServer) -> None:
    assert (await server.post(IMAGES, **OWL, loras=[{"name": "123", "model": 1.0}]))[0] == 200


REFUSALS: list[tuple[str, Json, int, str]] = [
    (IMAGES, OWL | {"n": 2}, 503, CLOSED),
    (IMAGES, OWL | {"image": source()}, 503, CLOSED),
    ("/3d/generations", {"image": source()}, 503, CLOSED),
    (IMAGES, OWL | {"model": "other"}, 404, "Model 'other' is not available."),
    (IMAGES, OWL | {"strength": 0.5}, 422, "does not support strength/denoise"),
    (IMAGES, OWL | {"output_format": "gif"}, 422, "output_format must be one of"),
    (IMAGES, {"prompt": "x", "size": "500x512"}, 422, "multiples of 64"),
    (IMAGES, {"prompt": "x", "size": "big"}, 422, "WIDTHxHEIGHT"),
    (IMAGES, {"prompt": "x", "size": "256x512"}, 422, "width 256 is out of range"),
    (IMAGES, OWL | {"steps": 20}, 422, "steps 20 is out of range"),
    (IMAGES, OWL | {"steps": "many"}, 422, "steps must be an integer"),
    (IMAGES, OWL | {"seed": -1}, 422, "seed must be between"),
    (IMAGES, OWL | {"sampler": "k_euler"}, 422, "sampler 'k_euler' is not one of"),
    (IMAGES, OWL | {"worker": "mine"}, 403, "You do not own worker"),
    (VIDEOS, {"prompt": "x", "n": 2}, 422, "video batch generation is unavailable"),
    (VIDEOS, {"prompt": "x", "seconds": 10, "fps": 30}, 422, "produces 300 frames; max is 240"),
    (VIDEOS, {"prompt": "x", "image": "bm8="}, 400, "source image"),
]


@pytest.mark.parametrize(("path", "body", "status", "detail"), REFUSALS)
async def test_refused_request_costs_nothing(
    server: LocalServer, path: str, body: Json, status: int, detail: str
) -> None:
    seen, answer = await server.post(path, **body)
    assert (seen, detail in answer["detail"]) == (status, True), answer
    found = await server.jobs()
    assert (found["submits"], found["charged_micro"]) == ({}, 0)
    assert await balance(server) == (100_000, 5_000_000)


async def balance(server: LocalServer) -> tuple[int, int]:
    _, credit = await server.get("/account/credits")
    return credit["free"]["remaining_micro"], credit["paid"]["balance_micro"]


INVALID: list[tuple[str, Json, list[Any]]] = [
    (IMAGES, {}, ["body", "prompt"]),
    (IMAGES, OWL | {"n": 5}, ["body", "n"]),
    (VIDEOS, {"prompt": "x", "seconds": 11}, ["body", "seconds"]),
    (AUDIO, {"prompt": "x", "colour": "red"}, ["body", "colour"]),
    (AUDIO, {"prompt": "x", "seconds": 2}, ["body", "seconds"]),
]


@pytest.mark.parametrize(("path", "body", "loc"), INVALID)
async def test_invalid_body_is_answered_with_a_list(
    server: LocalServer, path: str, body: Json, loc: list[Any]
) -> None:
    server.headers = {}  # the body is checked before the key
    status, answer = await server.post(path, **body)
    assert status == 422
    [fault] = answer["detail"]
    assert fault["loc"] == loc
    assert {"type", "loc", "msg", "input"} <= set(fault)


async def test_kind_without_workers_is_unavailable(server: LocalServer) -> None:
    await server.knobs(offline=["image"])
    status, answer = await server.post(IMAGES, **OWL)
    assert (status, answer["detail"]) == (503, "No image workers are online.")
    await server.knobs(offline=[], paths=["text", "image", "image-batch"])
    status, answer = await server.post(IMAGES, **OWL, n=2)
    assert (status, len(answer["data"])) == (200, 2)
