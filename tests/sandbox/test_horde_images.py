"""Image requests of the local Horde, from submission to download."""

import asyncio
import base64
import io
from typing import Any

from PIL import Image

from tests.sandbox.horde_kit import ANONYMOUS, POOR, RICH, Lab, pixel


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def picture(mode: str = "RGB", size: tuple[int, int] = (64, 64), colour: str = "red") -> str:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


async def pictures(lab: Lab, status: Any) -> list[Image.Image]:
    links = [each["img"] for each in status["generations"]]
    return [opened((await lab.call("GET", link, key=None)).raw) for link in links]


async def test_an_image_arrives_end_to_end() -> None:
    async with Lab() as lab:
        answer = await lab.post(
            "/generate/async",
            {
                "prompt": "a red fox ### ugly, blurry",
                "params": {"seed": "hello world", "steps": 20, "width": 512, "height": 768},
                "models": ["stable_diffusion"],
            },
            key=RICH,
        )
        assert answer.status == 202
        assert answer.body["kudos"] == 7.0
        assert answer.body.keys() == {"id", "kudos"}
        status = await lab.done(answer.body["id"])
        assert {k: status[k] for k in ("finished", "waiting", "processing", "restarted")} == {
            "finished": 1,
            "waiting": 0,
            "processing": 0,
            "restarted": 0,
        }
        assert status["kudos"] == 11.0
        assert status["shared"] is False
        (generation,) = status["generations"]
        assert generation["seed"] == "6581362"  # the text folded to 32 bits
        assert generation["model"] == "stable_diffusion"
        assert generation["state"] == "ok"
        assert generation["censored"] is False
        download = await lab.call("GET", generation["img"], key=None)
        assert download.headers["Content-Type"] == "binary/octet-stream"
        assert opened(download.raw).format == "WEBP"
        assert opened(download.raw).size == (512, 768)


async def test_check_is_status_without_pictures() -> None:
    async with Lab() as lab:
        request_id = await lab.image(key=ANONYMOUS)
        status = await lab.done(request_id)
        check = await lab.get(f"/generate/check/{request_id}")
        assert check == {k: v for k, v in status.items() if k not in ("generations", "shared")}
        assert len(check) == 10


async def test_the_link_is_signed_anew_and_needs_no_key() -> None:
    async with Lab() as lab:
        status = await lab.done(await lab.image())
        link = status["generations"][0]["img"]
        assert (await lab.call("GET", link, key=None)).status == 200
        assert (await lab.call("GET", link.split("?")[0], key=None)).status == 403
        await lab.knobs(url_seconds=0)
        later = await lab.done(await lab.image())
        lab.horde.gallery.url_seconds = -5
        stale = lab.horde.gallery.url(later["generations"][0]["id"] + ".webp")
        assert (await lab.call("GET", stale, key=None)).status == 403


async def test_without_r2_the_picture_is_in_the_answer() -> None:
    async with Lab() as lab:
        status = await lab.done(await lab.image(r2=False, params={"n": 2}))
        for generation in status["generations"]:
            assert opened(base64.b64decode(generation["img"])).size == (512, 512)


async def test_a_batch_shares_one_seed_and_says_its_index() -> None:
    async with Lab() as lab:
        await lab.knobs(workers={"image": 2})
        status = await lab.done(
            await lab.image(params={"n": 4, "seed": "100"}, models=["Deliberate"])
        )
        assert [each["seed"] for each in status["generations"]] == ["100"] * 4
        refs = [each["gen_metadata"][0] for each in status["generations"]]
        assert [each["ref"] for each in refs] == ["0", "1", "2", "3"]
        assert {each["type"] for each in refs} == {"batch_index"}
        shown = await pictures(lab, status)
        assert len({image.tobytes() for image in shown}) == 4


async def test_without_batching_a_seed_variation_counts_up() -> None:
    async with Lab() as lab:
        status = await lab.done(
            await lab.image(
                params={"n": 3, "seed": "100", "seed_variation": 7}, disable_batching=True
            )
        )
        assert {each["gen_metadata"] == [] for each in status["generations"]} == {True}
        assert {each["seed"] for each in status["generations"]} <= {"100", "107", "114"}


async def test_the_same_seed_paints_the_same_picture() -> None:
    async with Lab() as lab:
        body: dict[str, Any] = {"params": {"seed": "7"}, "models": ["SDXL 1.0"]}
        first, again = [await lab.done(await lab.image(**body)) for _ in range(2)]
        one, other = await pictures(lab, first), await pictures(lab, again)
        assert one[0].tobytes() == other[0].tobytes()
        third = await lab.done(await lab.image(params={"seed": "8"}, models=["SDXL 1.0"]))
        assert (await pictures(lab, third))[0].tobytes() != one[0].tobytes()


async def test_upscalers_enlarge_and_backgrounds_go() -> None:
    async with Lab() as lab:
        params = {"post_processing": ["RealESRGAN_x2plus", "strip_background", "GFPGAN"]}
        status = await lab.done(await lab.image(params={**params, "width": 256, "height": 192}))
        (image,) = await pictures(lab, status)
        assert image.size == (512, 384)
        assert image.mode == "RGBA"
        alpha = image.getchannel("A")
        assert alpha.getpixel((0, 0)) == 0
        assert alpha.getpixel((256, 100)) == 255


async def test_img2img_shows_the_source() -> None:
    async with Lab() as lab:

        async def colour(strength: float) -> tuple[int, int, int]:
            status = await lab.done(
                await lab.image(
                    source_image=picture(),
                    params={"seed": "1", "denoising_strength": strength, "width": 128},
                )
            )
            return pixel((await pictures(lab, status))[0], 4, 4)

        weak, strong = await colour(0.1), await colour(1.0)
        assert weak[0] > 200
        assert weak[1] < 80
        assert weak != strong


async def test_inpainting_keeps_what_the_mask_leaves() -> None:
    async with Lab() as lab:
        half = Image.new("L", (64, 64), 0)
        half.paste(255, (32, 0, 64, 64))
        out = io.BytesIO()
        half.save(out, "PNG")
        status = await lab.done(
            await lab.image(
                source_image=picture(colour="#00ff00"),
                source_mask=base64.b64encode(out.getvalue()).decode(),
                source_processing="inpainting",
                params={"seed": "3"},
            )
        )
        (image,) = await pictures(lab, status)
        kept, painted = pixel(image, 30, 30), pixel(image, 480, 30)
        assert kept[1] > 220
        assert kept[0] < 60
        assert painted[1] < 220 or painted[0] > 60


async def test_inpainting_takes_the_alpha_channel_for_a_mask() -> None:
    async with Lab() as lab:
        body = {"prompt": "x", "source_processing": "inpainting", "source_image": picture()}
        refused = await lab.post("/generate/async", body, key=RICH)
        assert refused.rc == "InpaintingMissingMask"
        clear = picture("RGBA", colour="#00000000")
        accepted = await lab.post("/generate/async", body | {"source_image": clear}, key=RICH)
        assert accepted.status == 202


async def test_a_broken_source_leaves_a_request_that_counts() -> None:
    async with Lab() as lab:
        body = {"prompt": "x", "source_image": "zzz", "params": {"n": 20}}
        answer = await lab.post("/generate/async", body, key=POOR)
        assert (answer.status, answer.rc) == (400, "ImageValidationFailed")
        crowded = await lab.post("/generate/async", {"prompt": "x", "params": {"n": 15}}, key=POOR)
        assert (crowded.status, crowded.rc) == (429, "TooManyPrompts")
        assert "Parallel requests (35) exceeded user limit (30)" in crowded.body["message"]
        me = await lab.get("/find_user", key=POOR)
        (ghost,) = me["active_generations"]["image"]
        assert (await lab.call("DELETE", f"/generate/status/{ghost}")).status == 200
        assert (await lab.post("/generate/async", {"prompt": "x"}, key=POOR)).status == 202


async def test_sources_are_fetched_from_this_machine_only() -> None:
    async with Lab() as lab:
        first = await lab.done(await lab.image(params={"width": 128, "height": 128}))
        link = first["generations"][0]["img"]
        assert await lab.image(source_image=link)
        for url in ("https://example.org/a.png", link.split("?")[0]):
            refused = await lab.post(
                "/generate/async", {"prompt": "x", "source_image": url}, key=RICH
            )
            assert refused.rc == "SourceImageUrlInvalid"


async def test_too_large_a_source_is_refused() -> None:
    async with Lab() as lab:
        body = {"prompt": "x", "source_image": picture("1", (3100, 3100), "white")}
        answer = await lab.post("/generate/async", body, key=RICH)
        assert answer.rc == "SourceImageResolutionExceeded"


async def test_dry_runs_cost_nothing_and_are_remembered_without_a_key() -> None:
    async with Lab() as lab:
        body = {"prompt": "a red fox", "dry_run": True, "params": {"n": 2}}
        unknown = await lab.post("/generate/async", body, key="nobody")
        assert unknown.status == 401
        first = await lab.post("/generate/async", body)
        assert (first.status, first.body) == (200, {"kudos": 18.0})
        again = await lab.post("/generate/async", body | {"prompt": "a cat"}, key="nobody")
        assert (again.status, again.body) == (200, {"kudos": 18.0})
        big = {"models": ["SDXL 1.0"], "params": {"width": 1024, "height": 1024}}
        assert (await lab.post("/generate/async", body | big)).body == {"kudos": 45.0}
        assert not lab.horde.requests


async def test_recorded_prices_are_met() -> None:
    async with Lab() as lab:

        async def price(width: int, height: int, steps: int) -> float:
            params = {"width": width, "height": height, "steps": steps}
            body = {"prompt": "x", "params": params, "models": ["SDXL 1.0"]}
            return (await lab.post("/generate/async", body, key=RICH)).body["kudos"]

        assert await price(512, 512, 5) == 4.0
        assert await price(512, 512, 30) == 8.0
        assert await price(512, 768, 20) == 7.0
        assert await price(1024, 1024, 20) == 16.0


async def test_an_sdxl_picture_is_charged_twice_its_price() -> None:
    async with Lab() as lab:
        before = lab.horde.accounts.by_id[2].kudos
        body: dict[str, Any] = {
            "models": ["SDXL 1.0"],
            "params": {"width": 1024, "height": 1024, "steps": 20},
        }
        status = await lab.done(await lab.image(**body))
        assert status["kudos"] == 36.0
        assert round(before - lab.horde.accounts.by_id[2].kudos) == 36


async def test_large_requests_need_kudos_beforehand() -> None:
    async with Lab() as lab:
        body = {"prompt": "x", "params": {"width": 1536, "height": 1536}}
        refused = await lab.post("/generate/async", body, key=POOR)
        assert (refused.status, refused.rc) == (403, "KudosUpfront")
        assert "requires 59.08 kudos" in refused.body["message"]
        accepted = await lab.post("/generate/async", body, key=RICH)
        assert accepted.status == 202
        many_steps = {"prompt": "x", "params": {"steps": 60}}
        assert (await lab.post("/generate/async", many_steps, key=POOR)).rc == "KudosUpfront"
        hurry = {"prompt": "x", "slow_workers": False}
        assert (await lab.post("/generate/async", hurry, key=ANONYMOUS)).rc == "KudosUpfront"


async def test_allow_downgrade_shrinks_in_silence() -> None:
    async with Lab() as lab:
        params = {"width": 1536, "height": 1536, "steps": 60}
        status = await lab.done(await lab.image(key=POOR, params=params, allow_downgrade=True))
        (image,) = await pictures(lab, status)
        assert image.size == (1024, 1024)


async def test_a_request_nobody_can_serve_says_so_and_waits() -> None:
    async with Lab() as lab:
        answer = await lab.post(
            "/generate/async", {"prompt": "x", "models": ["Nonexistent"]}, key=RICH
        )
        assert answer.status == 202
        assert answer.body["warnings"][0]["code"] == "NoAvailableWorker"
        assert answer.body["message"].startswith("Warning: No available workers")
        check = await lab.get(f"/generate/check/{answer.body['id']}")
        assert check["is_possible"] is False
        assert check["waiting"] == 1


async def test_sfw_workers_do_not_take_nsfw_requests() -> None:
    async with Lab() as lab:
        (sfw,) = [worker for worker in lab.horde.workers() if not worker.nsfw]
        one: dict[str, Any] = {"workers": [sfw.id], "models": []}
        refused = await lab.post("/generate/async", {"prompt": "x", **one}, key=RICH)
        assert "NoAvailableWorker" in str(refused.body)  # nsfw left out is nsfw allowed
        status = await lab.done(await lab.image(nsfw=False, censor_nsfw=True, **one))
        assert status["generations"][0]["worker_id"] == sfw.id


async def test_warnings_of_the_model_reference() -> None:
    async with Lab() as lab:
        body = {
            "prompt": "x",
            "models": ["Flux.1-Schnell fp8 (Compact)"],
            "params": {"width": 1024, "height": 1024, "steps": 30, "cfg_scale": 9},
        }
        answer = await lab.post("/generate/async", body, key=RICH)
        codes = {each["code"] for each in answer.body["warnings"]}
        assert codes == {"SamplerMismatch", "CfgScaleTooLarge", "StepsTooMany"}
        assert "message" not in answer.body


async def test_cancel_answers_with_the_state_before_it() -> None:
    async with Lab(job_seconds=(5, 5)) as lab:
        await lab.knobs(workers={"image": 0})
        request_id = await lab.image(params={"n": 2}, key=POOR)
        answer = await lab.call("DELETE", f"/generate/status/{request_id}", key=None)
        assert answer.body["waiting"] == 2
        assert answer.body["done"] is False
        check = await lab.get(f"/generate/check/{request_id}")
        assert check["waiting"] == 0
        assert check["done"] is True
        assert lab.horde.accounts.by_id[3].waiting["image"] == 0


async def test_jobs_under_way_survive_a_cancel() -> None:
    async with Lab(job_seconds=(0.6, 0.6)) as lab:
        request_id = await lab.image()
        await lab.until(f"/generate/check/{request_id}", "processing", 1)
        await lab.call("DELETE", f"/generate/status/{request_id}")
        await lab.until(f"/generate/check/{request_id}", "finished", 1)
        status = await lab.get(f"/generate/status/{request_id}")
        assert status["kudos"] > 3
        assert len(status["generations"]) == 1


async def test_the_rich_are_served_first() -> None:
    async with Lab(job_seconds=(0.03, 0.03)) as lab:
        await lab.knobs(workers={"image": 0})
        poor = [await lab.image(key=POOR) for _ in range(3)]
        rich = await lab.image(key=RICH)
        lab.horde.requests[rich].created_at -= 10  # past the seconds without an estimate
        lab.horde.requests[poor[2]].created_at -= 10
        assert (await lab.get(f"/generate/check/{rich}"))["queue_position"] == 1
        assert (await lab.get(f"/generate/check/{poor[2]}"))["queue_position"] == 4
        await lab.knobs(workers={"image": 2})
        await lab.done(rich)
        assert any([not (await lab.get(f"/generate/check/{each}"))["done"] for each in poor])
        await asyncio.gather(*(lab.done(each) for each in poor))


async def test_extra_source_images_are_taxed() -> None:
    async with Lab() as lab:
        await lab.knobs(workers={"image": 0})
        request_id = await lab.image(
            models=["Stable Cascade 1.0"],
            source_processing="remix",
            source_image=picture(),
            extra_source_images=[{"image": picture()}, {"image": picture(), "strength": 0.5}],
        )
        assert (await lab.get(f"/generate/check/{request_id}"))["kudos"] == 13.0


async def test_the_smallest_picture_can_hold_the_largest_code() -> None:
    async with Lab() as lab:
        params = {
            "workflow": "qr_code",
            "extra_texts": [{"text": "x" * 300, "reference": "qr_code"}],
            "width": 64,
            "height": 64,
        }
        status = await lab.done(await lab.image(params=params))
        assert [each.size for each in await pictures(lab, status)] == [(64, 64)]
