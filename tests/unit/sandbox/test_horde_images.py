"""Pictures from end to end: how they are made, handed out and cancelled."""

import asyncio
import base64
from typing import Any

from tests.support.credentials import ANONYMOUS, POOR, RICH
from tests.support.horde.local_horde import LocalHorde
from tests.support.horde.result_images import result_pictures
from tests.support.pictures import opened


async def test_an_image_arrives_end_to_end() -> None:
    async with LocalHorde() as local:
        answer = await local.post(
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
        status = await local.done(answer.body["id"])
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
        download = await local.call("GET", generation["img"], key=None)
        assert download.headers["Content-Type"] == "binary/octet-stream"
        assert opened(download.raw).format == "WEBP"
        assert opened(download.raw).size == (512, 768)


async def test_check_is_status_without_pictures() -> None:
    async with LocalHorde() as local:
        request_id = await local.image(key=ANONYMOUS)
        status = await local.done(request_id)
        check = await local.get(f"/generate/check/{request_id}")
        assert check == {k: v for k, v in status.items() if k not in ("generations", "shared")}
        assert len(check) == 10


async def test_the_link_is_signed_anew_and_needs_no_key() -> None:
    async with LocalHorde() as local:
        status = await local.done(await local.image())
        link = status["generations"][0]["img"]
        assert (await local.call("GET", link, key=None)).status == 200
        assert (await local.call("GET", link.split("?")[0], key=None)).status == 403
        await local.knobs(url_seconds=0)
        later = await local.done(await local.image())
        local.state.object_storage.url_seconds = -5
        stale = local.state.object_storage.url(later["generations"][0]["id"] + ".webp")
        assert (await local.call("GET", stale, key=None)).status == 403


async def test_without_r2_the_picture_is_in_the_answer() -> None:
    async with LocalHorde() as local:
        status = await local.done(await local.image(r2=False, params={"n": 2}))
        for generation in status["generations"]:
            assert opened(base64.b64decode(generation["img"])).size == (512, 512)


async def test_a_batch_shares_one_seed_and_says_its_index() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"image": 2})
        status = await local.done(
            await local.image(params={"n": 4, "seed": "100"}, models=["Deliberate"])
        )
        assert [each["seed"] for each in status["generations"]] == ["100"] * 4
        refs = [each["gen_metadata"][0] for each in status["generations"]]
        assert [each["ref"] for each in refs] == ["0", "1", "2", "3"]
        assert {each["type"] for each in refs} == {"batch_index"}
        shown = await result_pictures(local, status)
        assert len({image.tobytes() for image in shown}) == 4


async def test_without_batching_a_seed_variation_counts_up() -> None:
    async with LocalHorde() as local:
        status = await local.done(
            await local.image(
                params={"n": 3, "seed": "100", "seed_variation": 7}, disable_batching=True
            )
        )
        assert {each["gen_metadata"] == [] for each in status["generations"]} == {True}
        assert {each["seed"] for each in status["generations"]} <= {"100", "107", "114"}


async def test_the_same_seed_paints_the_same_picture() -> None:
    async with LocalHorde() as local:
        body: dict[str, Any] = {"params": {"seed": "7"}, "models": ["SDXL 1.0"]}
        first, again = [await local.done(await local.image(**body)) for _ in range(2)]
        one, other = await result_pictures(local, first), await result_pictures(local, again)
        assert one[0].tobytes() == other[0].tobytes()
        third = await local.done(await local.image(params={"seed": "8"}, models=["SDXL 1.0"]))
        assert (await result_pictures(local, third))[0].tobytes() != one[0].tobytes()


async def test_upscalers_enlarge_and_backgrounds_go() -> None:
    async with LocalHorde() as local:
        params = {"post_processing": ["RealESRGAN_x2plus", "strip_background", "GFPGAN"]}
        status = await local.done(await local.image(params={**params, "width": 256, "height": 192}))
        (image,) = await result_pictures(local, status)
        assert image.size == (512, 384)
        assert image.mode == "RGBA"
        alpha = image.getchannel("A")
        assert alpha.getpixel((0, 0)) == 0
        assert alpha.getpixel((256, 100)) == 255


async def test_a_request_nobody_can_serve_says_so_and_waits() -> None:
    async with LocalHorde() as local:
        answer = await local.post(
            "/generate/async", {"prompt": "x", "models": ["Nonexistent"]}, key=RICH
        )
        assert answer.status == 202
        assert answer.body["warnings"][0]["code"] == "NoAvailableWorker"
        assert answer.body["message"].startswith("Warning: No available workers")
        check = await local.get(f"/generate/check/{answer.body['id']}")
        assert check["is_possible"] is False
        assert check["waiting"] == 1


async def test_sfw_workers_do_not_take_nsfw_requests() -> None:
    async with LocalHorde() as local:
        (sfw,) = [worker for worker in local.state.workers() if not worker.nsfw]
        one: dict[str, Any] = {"workers": [sfw.id], "models": []}
        refused = await local.post("/generate/async", {"prompt": "x", **one}, key=RICH)
        assert "NoAvailableWorker" in str(refused.body)  # nsfw left out is nsfw allowed
        status = await local.done(await local.image(nsfw=False, censor_nsfw=True, **one))
        assert status["generations"][0]["worker_id"] == sfw.id


async def test_warnings_of_the_model_reference() -> None:
    async with LocalHorde() as local:
        body = {
            "prompt": "x",
            "models": ["Flux.1-Schnell fp8 (Compact)"],
            "params": {"width": 1024, "height": 1024, "steps": 30, "cfg_scale": 9},
        }
        answer = await local.post("/generate/async", body, key=RICH)
        codes = {each["code"] for each in answer.body["warnings"]}
        assert codes == {"SamplerMismatch", "CfgScaleTooLarge", "StepsTooMany"}
        assert "message" not in answer.body


async def test_cancel_answers_with_the_state_before_it() -> None:
    async with LocalHorde(job_seconds=(5, 5)) as local:
        await local.knobs(workers={"image": 0})
        request_id = await local.image(params={"n": 2}, key=POOR)
        answer = await local.call("DELETE", f"/generate/status/{request_id}", key=None)
        assert answer.body["waiting"] == 2
        assert answer.body["done"] is False
        check = await local.get(f"/generate/check/{request_id}")
        assert check["waiting"] == 0
        assert check["done"] is True
        assert local.state.accounts.by_id[3].waiting["image"] == 0


async def test_jobs_under_way_survive_a_cancel() -> None:
    async with LocalHorde(job_seconds=(0.6, 0.6)) as local:
        request_id = await local.image()
        await local.until(f"/generate/check/{request_id}", "processing", 1)
        await local.call("DELETE", f"/generate/status/{request_id}")
        await local.until(f"/generate/check/{request_id}", "finished", 1)
        status = await local.get(f"/generate/status/{request_id}")
        assert status["kudos"] > 3
        assert len(status["generations"]) == 1


async def test_the_rich_are_served_first() -> None:
    async with LocalHorde(job_seconds=(0.03, 0.03)) as local:
        await local.knobs(workers={"image": 0})
        poor = [await local.image(key=POOR) for _ in range(3)]
        rich = await local.image(key=RICH)
        local.state.requests[rich].created_at -= 10  # past the seconds without an estimate
        local.state.requests[poor[2]].created_at -= 10
        assert (await local.get(f"/generate/check/{rich}"))["queue_position"] == 1
        assert (await local.get(f"/generate/check/{poor[2]}"))["queue_position"] == 4
        await local.knobs(workers={"image": 2})
        await local.done(rich)
        assert any([not (await local.get(f"/generate/check/{each}"))["done"] for each in poor])
        await asyncio.gather(*(local.done(each) for each in poor))
