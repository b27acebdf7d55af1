"""The local web UI: images, their sizes and seeds, options and lists."""

import base64
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.support.optional_servers import LocalServer, local_server

API = "/sdapi/v1"


@pytest.fixture
async def webui() -> AsyncIterator[LocalServer]:
    async with local_server("a1111", settings={}) as server:
        yield server


async def make(webui: LocalServer, kind: str = "txt2img", **body: Any) -> dict[str, Any]:
    status, answer = await webui.post(f"{API}/{kind}", prompt="a harbour", **body)
    assert status == 200, answer
    return answer


def opened(text: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(text)))


def encoded(picture: Image.Image) -> str:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


async def test_txt2img_answers_images_with_their_seeds(webui: LocalServer) -> None:
    answer = await make(webui, seed=7, n_iter=2, batch_size=2, width=256, height=132)
    images = [opened(each) for each in answer["images"]]
    assert [(each.format, each.size) for each in images] == [("PNG", (256, 128))] * 4
    facts = json.loads(answer["info"])
    assert facts["all_seeds"] == [7, 8, 9, 10]
    assert "Seed: 10, Size: 256x128" in images[3].info["parameters"]
    assert facts["infotexts"][3] == images[3].info["parameters"]
    assert answer["parameters"]["width"] == 256


async def test_seed_repeats_an_image_and_minus_one_is_random(webui: LocalServer) -> None:
    first, second = [(await make(webui, seed=7, width=64, height=64)) for _ in range(2)]
    assert first["images"] == second["images"]
    seeds = [json.loads((await make(webui, width=64, height=64))["info"])["seed"] for _ in "ab"]
    assert seeds[0] != seeds[1]


async def test_second_pass_enlarges_the_image(webui: LocalServer) -> None:
    factor = await make(webui, width=64, height=128, enable_hr=True, hr_scale=1.5)
    sides = await make(webui, width=64, height=128, enable_hr=True, hr_resize_x=128)
    assert opened(factor["images"][0]).size == (96, 192)
    assert opened(sides["images"][0]).size == (128, 256)


async def test_send_images_false_answers_no_images(webui: LocalServer) -> None:
    assert (await make(webui, send_images=False, width=64, height=64))["images"] == []


async def test_img2img_uses_its_source(webui: LocalServer) -> None:
    red, blue = (encoded(Image.new("RGB", (64, 64), colour)) for colour in ("red", "blue"))
    size = {"width": 64, "height": 64, "seed": 1, "denoising_strength": 0.2}
    first = await make(webui, "img2img", init_images=[red], **size)
    second = await make(webui, "img2img", init_images=[f"data:image/png;base64,{blue}"], **size)
    assert opened(first["images"][0]).resize((1, 1)).getpixel((0, 0))[0] > 150  # type: ignore[index]
    assert first["images"] != second["images"]
    assert first["parameters"]["init_images"] is None


def inpainting_body(**more: Any) -> dict[str, Any]:
    mask = Image.new("L", (128, 64), 0)
    mask.paste(255, (64, 0, 128, 64))
    source = Image.new("RGB", (128, 64), "red")
    body = {"init_images": [encoded(source)], "mask": encoded(mask), "seed": 1}
    return {**body, "width": 64, "height": 64, **more}


@pytest.mark.parametrize(
    ("full_resolution", "size"), [(True, (128, 64)), (False, (64, 64))], ids=["source", "asked"]
)
async def test_inpainting_paints_where_the_mask_is_white(
    webui: LocalServer, full_resolution: bool, size: tuple[int, int]
) -> None:
    body = inpainting_body(inpaint_full_res=full_resolution)
    made = opened((await make(webui, "img2img", **body))["images"][0]).convert("RGB")
    assert made.size == size
    changed = ImageChops.difference(made, Image.new("RGB", size, "red")).getbbox()
    assert changed is not None
    assert changed[0] >= size[0] // 2 - 2  # the resized edge is soft


async def test_inverted_mask_keeps_the_white_part(webui: LocalServer) -> None:
    body = inpainting_body(inpainting_mask_invert=1)
    made = opened((await make(webui, "img2img", **body))["images"][0]).convert("RGB")
    changed = ImageChops.difference(made, Image.new("RGB", made.size, "red")).getbbox()
    assert changed is not None
    assert changed[2] <= made.width // 2


async def test_extra_single_image_enlarges(webui: LocalServer) -> None:
    image = encoded(Image.new("RGB", (32, 16), "red"))
    body = {"image": image, "upscaler_1": "R-ESRGAN 4x+", "upscaling_resize": 4}
    status, answer = await webui.post(f"{API}/extra-single-image", **body)
    assert (status, opened(answer["image"]).size) == (200, (128, 64))


async def test_interrogate_answers_a_caption(webui: LocalServer) -> None:
    image = encoded(Image.new("RGB", (32, 32), "red"))
    assert "red" in (await webui.post(f"{API}/interrogate", image=image))[1]["caption"]
    tags = await webui.post(f"{API}/interrogate", image=image, model="deepdanbooru")
    assert tags[0] == 200


async def test_override_settings_hold_for_one_job(webui: LocalServer) -> None:
    chosen = {"sd_model_checkpoint": "dreamshaper_8"}
    answer = await make(webui, width=64, height=64, override_settings=chosen)
    assert json.loads(answer["info"])["sd_model_name"] == "dreamshaper_8"
    options = (await webui.get(f"{API}/options"))[1]
    assert options["sd_model_checkpoint"].startswith("v1-5-pruned-emaonly.safetensors [")
    answer = await make(webui, width=64, height=64)
    assert json.loads(answer["info"])["sd_model_name"] == "v1-5-pruned-emaonly"


async def test_unknown_checkpoint_is_ignored_in_overrides(webui: LocalServer) -> None:
    answer = await make(webui, override_settings={"sd_model_checkpoint": "none such"})
    assert json.loads(answer["info"])["sd_model_name"] == "v1-5-pruned-emaonly"


async def test_options_change_the_checkpoint_and_the_format(webui: LocalServer) -> None:
    models = (await webui.get(f"{API}/sd-models"))[1]
    title = models[2]["title"]
    body = {"sd_model_checkpoint": models[2]["hash"], "samples_format": "webp"}
    assert await webui.post(f"{API}/options", **body) == (200, None)
    assert (await webui.get(f"{API}/options"))[1]["sd_model_checkpoint"] == title
    answer = await make(webui, width=64, height=64)
    assert json.loads(answer["info"])["sd_model_name"] == models[2]["model_name"]
    assert opened(answer["images"][0]).format == "WEBP"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("samplers", "aliases"),
        ("schedulers", "label"),
        ("upscalers", "scale"),
        ("loras", "alias"),
        ("sd-vae", "model_name"),
        ("sd-models", "title"),
        ("latent-upscale-modes", "name"),
    ],
)
async def test_lists_have_their_fields(webui: LocalServer, path: str, field: str) -> None:
    status, items = await webui.get(f"{API}/{path}")
    assert status == 200
    assert all(field in each for each in items)
    assert items


async def test_memory_and_flags_are_answered(webui: LocalServer) -> None:
    assert (await webui.get(f"{API}/memory"))[1]["cuda"]["system"]["total"] > 0
    assert (await webui.get(f"{API}/cmd-flags"))[1]["api"] is True
    assert "loaded" in (await webui.get(f"{API}/embeddings"))[1]


@pytest.mark.parametrize(
    ("behaviour", "count"), [("garbage", 1), ("no_images", 0), ("black", 1), ("bomb", 1)]
)
async def test_behaviour_changes_the_images(webui: LocalServer, behaviour: str, count: int) -> None:
    usual = (await make(webui, width=64, height=64, seed=1))["images"]
    await webui.misbehave(behaviour, times=1)
    images = (await make(webui, width=64, height=64, seed=1))["images"]
    assert len(images) == count
    assert images != usual
    assert (await make(webui, width=64, height=64, seed=1))["images"] == usual
