"""Pictures that start from pictures: sources, masks, codes."""

import base64
import io

from PIL import Image

from tests.support.credentials import POOR, RICH
from tests.support.horde.local_horde import LocalHorde, pixel
from tests.support.horde.result_images import result_pictures, source_image


async def test_img2img_shows_the_source() -> None:
    async with LocalHorde() as local:

        async def colour(strength: float) -> tuple[int, int, int]:
            status = await local.done(
                await local.image(
                    source_image=source_image(),
                    params={"seed": "1", "denoising_strength": strength, "width": 128},
                )
            )
            return pixel((await result_pictures(local, status))[0], 4, 4)

        weak, strong = await colour(0.1), await colour(1.0)
        assert weak[0] > 200
        assert weak[1] < 80
        assert weak != strong


async def test_inpainting_keeps_what_the_mask_leaves() -> None:
    async with LocalHorde() as local:
        half = Image.new("L", (64, 64), 0)
        half.paste(255, (32, 0, 64, 64))
        out = io.BytesIO()
        half.save(out, "PNG")
        status = await local.done(
            await local.image(
                source_image=source_image(colour="#00ff00"),
                source_mask=base64.b64encode(out.getvalue()).decode(),
                source_processing="inpainting",
                params={"seed": "3"},
            )
        )
        (image,) = await result_pictures(local, status)
        kept, painted = pixel(image, 30, 30), pixel(image, 480, 30)
        assert kept[1] > 220
        assert kept[0] < 60
        assert painted[1] < 220 or painted[0] > 60


async def test_inpainting_takes_the_alpha_channel_for_a_mask() -> None:
    async with LocalHorde() as local:
        body = {"prompt": "x", "source_processing": "inpainting", "source_image": source_image()}
        refused = await local.post("/generate/async", body, key=RICH)
        assert refused.rc == "InpaintingMissingMask"
        clear = source_image("RGBA", colour="#00000000")
        accepted = await local.post("/generate/async", body | {"source_image": clear}, key=RICH)
        assert accepted.status == 202


async def test_a_broken_source_leaves_a_request_that_counts() -> None:
    async with LocalHorde() as local:
        body = {"prompt": "x", "source_image": "zzz", "params": {"n": 20}}
        answer = await local.post("/generate/async", body, key=POOR)
        assert (answer.status, answer.rc) == (400, "ImageValidationFailed")
        crowded = await local.post(
            "/generate/async", {"prompt": "x", "params": {"n": 15}}, key=POOR
        )
        assert (crowded.status, crowded.rc) == (429, "TooManyPrompts")
        assert "Parallel requests (35) exceeded user limit (30)" in crowded.body["message"]
        me = await local.get("/find_user", key=POOR)
        (ghost,) = me["active_generations"]["image"]
        assert (await local.call("DELETE", f"/generate/status/{ghost}")).status == 200
        assert (await local.post("/generate/async", {"prompt": "x"}, key=POOR)).status == 202


async def test_sources_are_fetched_from_this_machine_only() -> None:
    async with LocalHorde() as local:
        first = await local.done(await local.image(params={"width": 128, "height": 128}))
        link = first["generations"][0]["img"]
        assert await local.image(source_image=link)
        for url in ("https://example.org/a.png", link.split("?")[0]):
            refused = await local.post(
                "/generate/async", {"prompt": "x", "source_image": url}, key=RICH
            )
            assert refused.rc == "SourceImageUrlInvalid"


async def test_too_large_a_source_is_refused() -> None:
    async with LocalHorde() as local:
        body = {"prompt": "x", "source_image": source_image("1", (3100, 3100), "white")}
        answer = await local.post("/generate/async", body, key=RICH)
        assert answer.rc == "SourceImageResolutionExceeded"


async def test_the_smallest_picture_can_hold_the_largest_code() -> None:
    async with LocalHorde() as local:
        params = {
            "workflow": "qr_code",
            "extra_texts": [{"text": "x" * 300, "reference": "qr_code"}],
            "width": 64,
            "height": 64,
        }
        status = await local.done(await local.image(params=params))
        assert [each.size for each in await result_pictures(local, status)] == [(64, 64)]
