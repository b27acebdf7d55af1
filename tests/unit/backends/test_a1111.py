"""The backend for a web UI, against the sandbox's."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.backends.a1111.backend import A1111Backend
from bot.backends.a1111.client import WebuiClient
from bot.domain.request_images import Pictures
from bot.domain.requests import Embedding, ImageRequest, Kind, Lora
from bot.domain.results import Phase
from bot.errors import BackendDown, BackendError, RequestRejected
from tests.support.builders import alchemy_request, image_request, png, source
from tests.support.webui import Webui, webui

MODEL = "dreamshaper_8.safetensors"


@pytest.fixture
async def gpu() -> AsyncIterator[Webui]:
    async with webui() as found:
        yield found


def small(**changes: Any) -> ImageRequest:
    """A request that leaves the model to the web UI."""
    return image_request(**({"models": (), "width": 128, "height": 64} | changes))


async def other_job(gpu: Webui) -> asyncio.Task[object]:
    """A job that is not ours, and that runs."""
    task = asyncio.create_task(gpu.server.post("/sdapi/v1/txt2img", prompt="another", width=64))
    await asyncio.sleep(0.3)
    return task


async def test_an_image_has_its_seed_and_model(gpu: Webui) -> None:
    outcome = await gpu.outcome(small(seed="7", n=2))
    assert (outcome.phase, outcome.finished) == (Phase.DONE, 2)
    assert [each.seed for each in outcome.pictures] == ["7", "8"]
    data = await gpu.backend.fetch(outcome.pictures[0].url, 1_000_000)
    assert data.startswith(b"\x89PNG")


async def test_the_fields_of_a_request_are_sent_by_the_names_of_the_web_ui(gpu: Webui) -> None:
    models = await gpu.backend.models(Kind.IMAGE)
    assert "dreamshaper_8" in {each.name for each in models}  # the name that results have
    await gpu.outcome(
        small(
            prompt="a fox",
            negative="blurry",
            models=("dreamshaper_8",),
            width=128,
            height=64,
            steps=11,
            cfg_scale=5.5,
            sampler="k_dpmpp_2m",
            scheduler="sgm_uniform",
            seed="12",
            clip_skip=2,
            tiling=True,
            loras=(Lora(name="tin_robots", model=0.8, clip=0.8),),
            embeddings=(Embedding(name="EasyNegative", inject="negprompt"),),
        )
    )
    sent = await gpu.sent()
    assert sent["prompt"] == "a fox <lora:tin_robots:0.8>"
    assert sent["negative_prompt"] == "blurry, EasyNegative"
    assert (sent["sampler_name"], sent["scheduler"]) == ("DPM++ 2M", "SGM Uniform")
    assert (sent["steps"], sent["cfg_scale"], sent["seed"]) == (11, 5.5, 12)
    assert (sent["width"], sent["height"], sent["tiling"]) == (128, 64, True)
    title = "dreamshaper_8.safetensors [aff73c3d0a]"
    overrides = {"sd_model_checkpoint": title, "CLIP_stop_at_last_layers": 2}
    assert sent["override_settings"] == overrides
    assert sent["override_settings_restore_afterwards"] is True


async def test_a_second_pass_ends_at_the_chosen_size(gpu: Webui) -> None:
    outcome = await gpu.outcome(small(width=256, height=128, hires_fix=True))
    assert outcome.phase is Phase.DONE
    sent = await gpu.sent()
    assert (sent["width"], sent["hr_resize_x"], sent["enable_hr"]) == (128, 256, True)


async def test_a_source_and_its_mask_are_sent_to_img2img(gpu: Webui) -> None:
    request = small(source=source(), mode="inpainting", strength=0.5)
    pictures = Pictures(source=png(128, 64), mask=png(128, 64, "white", "L"))
    assert (await gpu.outcome(request, pictures)).phase is Phase.DONE
    jobs = (await gpu.server.jobs())["jobs"]
    assert jobs[-1]["kind"] == "img2img"
    assert jobs[-1]["payload"]["denoising_strength"] == 0.5
    assert jobs[-1]["payload"]["mask"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"models": ("no such model",)}, "the model `no such model`"),
        ({"loras": (Lora(name="no such"),)}, "the LoRA `no such`"),
        ({"embeddings": (Embedding(name="no such"),)}, "the embedding `no such`"),
        ({"sampler": "dpmsolver"}, "the sampler `dpmsolver`"),
        ({"scheduler": "gits"}, "the scheduler `gits`"),
        ({"sampler": "heunpp2"}, "sampler"),  # one of Forge alone
        ({"loras": (Lora(name="tin_robots", trigger="any"),)}, "trigger words"),
    ],
)
async def test_what_the_web_ui_lacks_is_refused(
    gpu: Webui, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(RequestRejected, match=words):
        await gpu.submit(small(**changes))
    assert (await gpu.server.jobs())["jobs"] == []


async def test_a_password_is_sent_and_a_wrong_one_is_told_in_private() -> None:
    async with webui(api_key="user:secret") as gpu:
        await gpu.server.knobs(auth="user:secret")
        assert (await gpu.backend.health()).ok
        await gpu.server.knobs(auth="user:other")
        with pytest.raises(RequestRejected) as refused:
            await gpu.submit(small(models=("any",)))
        assert refused.value.private
        assert "secret" not in str(refused.value)


async def test_too_little_memory_is_a_refusal_with_advice(gpu: Webui) -> None:
    await gpu.server.knobs(largest_pixels=64 * 64)
    with pytest.raises(RequestRejected, match="too little memory"):
        await gpu.submit(small(width=128, height=128))


async def test_a_failed_job_can_be_sent_again(gpu: Webui) -> None:
    await gpu.server.control("POST", "behaviour", {"behave": "nans", "match": "", "times": 1})
    with pytest.raises(BackendError, match="NansException"):
        await gpu.submit(small())


async def test_a_refused_connection_was_not_sent(gpu: Webui) -> None:
    client = WebuiClient(gpu.server.http, "http://127.0.0.1:9", title="own GPU")
    gone = A1111Backend("gpu", client)
    with pytest.raises(BackendDown, match="own GPU cannot be reached") as down:
        await gone.submit(small(), "", token="t")
    assert not down.value.in_doubt
    assert not (await gone.health()).ok


async def test_an_answer_without_images_is_no_result(gpu: Webui) -> None:
    await gpu.server.control("POST", "behaviour", {"behave": "no_images", "match": "", "times": 1})
    with pytest.raises(BackendError, match="no image"):
        await gpu.submit(small())


async def test_progress_and_preview_are_those_of_our_job() -> None:
    async with webui((4.0, 4.0)) as gpu:
        await gpu.submit(small(steps=40))
        shown = await gpu.until(lambda status: status.preview is not None)
        assert 0.2 < shown.share < 1
        assert 0 < shown.wait_time <= 4
        assert shown.preview is not None
        data = await gpu.backend.fetch(shown.preview.url, 1_000_000)
        assert data.startswith(b"\x89PNG")
        last = await gpu.until(lambda status: not status.phase.is_open)
        assert (last.preview, last.share) == (None, 0.0)


async def test_previews_can_be_turned_off() -> None:
    async with webui((3.0, 3.0), previews=False) as gpu:
        await gpu.submit(small(steps=40))
        shown = await gpu.until(lambda status: status.share > 0.5)
        assert shown.preview is None


async def test_the_progress_of_another_job_is_not_ours() -> None:
    async with webui((2.5, 2.5)) as gpu:
        other = await other_job(gpu)
        await gpu.submit(small())
        waiting = await gpu.until(lambda status: status.phase is Phase.WAITING)
        assert (waiting.share, waiting.preview) == (0.0, None)
        await other
        await gpu.until(lambda status: status.share > 0)
        assert (await gpu.until(lambda status: not status.phase.is_open)).phase is Phase.DONE


async def test_cancel_interrupts_our_job_and_keeps_its_image() -> None:
    async with webui((8.0, 8.0)) as gpu:
        await gpu.submit(small(steps=40))
        await gpu.until(lambda status: status.share > 0.2)
        began = time.monotonic()
        last = await gpu.backend.cancel("t", Kind.IMAGE, n=1)
        assert time.monotonic() - began < 2
        assert (last.phase, last.detail, last.finished) == (Phase.CANCELLED, "", 0)
        assert [image.unfinished for image in last.pictures] == [True]
        assert (await gpu.server.jobs())["jobs"][-1]["state"] == "interrupted"


async def test_cancel_does_not_interrupt_the_job_of_another() -> None:
    async with webui((2.5, 2.5)) as gpu:
        other = await other_job(gpu)
        await gpu.submit(small())
        last = await gpu.backend.cancel("t", Kind.IMAGE, n=1)
        assert (last.phase, last.generations) == (Phase.CANCELLED, ())
        await other
        assert (await gpu.server.jobs())["jobs"][0]["state"] == "done"


async def test_forms_are_those_that_the_web_ui_lists(gpu: Webui) -> None:
    forms = [each.name for each in await gpu.backend.models(Kind.ALCHEMY)]
    assert forms == [
        "caption",
        "RealESRGAN_x4plus",
        "RealESRGAN_x4plus_anime_6B",
        "CodeFormers",
        "GFPGAN",
    ]


async def test_names_are_those_of_requests_that_the_web_ui_has(gpu: Webui) -> None:
    names = await gpu.backend.names()
    assert {"k_dpmpp_2m", "k_euler_a"} <= set(names.samplers or ())
    assert "heunpp2" not in (names.samplers or ())  # of Forge alone
    assert {"karras", "sgm_uniform"} <= set(names.schedulers or ())
    assert names.loras == ("lcm-lora-sdv1-5", "more_details", "tin_robots")
    assert names.embeddings == ("EasyNegative", "badhandv4")


async def test_a_caption_and_an_upscaled_image(gpu: Webui) -> None:
    request = alchemy_request("caption", "RealESRGAN_x4plus", withhold=False)
    outcome = await gpu.outcome(request, Pictures(source=png(64, 48)))
    assert outcome.phase is Phase.DONE
    caption, larger = outcome.forms
    assert caption.text
    assert larger.url.startswith("data:")
    sent = await gpu.sent()
    assert (sent["upscaler_1"], sent["upscaling_resize"]) == ("R-ESRGAN 4x+", 4)


async def test_a_form_that_the_web_ui_lacks_is_refused(gpu: Webui) -> None:
    with pytest.raises(RequestRejected, match="the form `nsfw`"):
        await gpu.submit(alchemy_request("nsfw"), Pictures(source=png()))


async def test_an_inline_result_can_be_read(gpu: Webui) -> None:
    data = base64.b64encode(b"\x89PNG rest").decode()
    assert await gpu.backend.fetch(f"data:;base64,{data}", 100) == b"\x89PNG rest"
    with pytest.raises(BackendError):
        await gpu.backend.fetch("https://example.org/a.png", 100)


async def test_job_that_never_ends_is_given_up(gpu: Webui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.backends.a1111.client.JOB", 1.5)  # after the submit
    outcome = await gpu.outcome(small(prompt="[sandbox:stall] a fox"))
    assert (outcome.phase, outcome.pictures, outcome.dropped) == (Phase.FAULTED, (), True)
