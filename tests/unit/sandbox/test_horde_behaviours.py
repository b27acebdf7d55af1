"""Workers that misbehave, and the states that the real Horde shows then."""

import asyncio
import io

import pytest
from PIL import Image

from tests.support.credentials import RICH
from tests.support.horde.local_horde import LocalHorde, pixel

CHECKED = ("finished", "processing", "restarted", "waiting", "done", "faulted")


async def download(local: LocalHorde, request_id: str) -> tuple[int, bytes]:
    status = await local.done(request_id)
    answer = await local.call("GET", status["generations"][0]["img"], key=None)
    return answer.status, answer.raw


async def test_faulted_says_done_before_it_says_faulted() -> None:
    async with LocalHorde() as local:
        local.state.settings.loop_seconds = 0.3
        request_id = await local.image("[sandbox:faulted]")
        status = await local.until(f"/generate/status/{request_id}", "faulted")
        assert status["done"] is True
        assert status["restarted"] >= 3
        assert status["generations"] == []
        assert status["kudos"] == 3.0
        assert local.state.accounts.by_id[2].waiting["image"] == 0


async def test_faulted_quietly_is_done_without_anything() -> None:
    async with LocalHorde() as local:
        request_id = await local.image("[sandbox:faulted_quietly]")
        await local.done(request_id)
        await asyncio.sleep(0.15)  # the loop has run, and changes nothing
        check = await local.get(f"/generate/check/{request_id}")
        assert [check[name] for name in CHECKED] == [0, 0, 2, 0, True, False]


async def test_a_third_attempt_can_still_be_running_when_it_is_done() -> None:
    async with LocalHorde(job_seconds=(0.4, 0.4)) as local:
        local.state.settings.loop_seconds = 60
        path = f"/generate/text/status/{await local.text('[sandbox:faulted]')}"
        await local.until(path, "restarted", 2)
        status = await local.until(path, "processing", 1)
        assert [status[name] for name in CHECKED] == [0, 1, 2, 0, True, False]


async def test_partial_keeps_what_arrived() -> None:
    async with LocalHorde() as local:
        request_id = await local.image("[sandbox:partial]", params={"n": 4})
        status = await local.until(f"/generate/status/{request_id}", "faulted")
        assert status["finished"] == len(status["generations"]) == 2


async def test_lost_charge_status_shows_one_image_the_account_pays_all() -> None:
    async with LocalHorde() as local:
        before = local.state.accounts.by_id[2].kudos
        request_id = await local.image("[sandbox:lost_charge]", params={"n": 3})
        status = await local.done(request_id)
        paid = before - local.state.accounts.by_id[2].kudos
        each = (paid - 3) / 3
        assert status["kudos"] == round(3 + each)


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("lora_failed", {"type": "lora", "value": "download_failed", "ref": "12345"}),
        ("lora_mismatch", {"type": "lora", "value": "baseline_mismatch", "ref": "12345"}),
        ("ti_failed", {"type": "ti", "value": "download_failed", "ref": "987"}),
        ("source_failed", {"type": "source_image", "value": "parse_failed"}),
    ],
)
async def test_what_a_worker_paints_without(name: str, remark: dict[str, str]) -> None:
    async with LocalHorde() as local:
        params = {"loras": [{"name": "12345"}], "tis": [{"name": "987"}]}
        request_id = await local.image(f"[sandbox:{name}]", params=params)
        (generation,) = (await local.done(request_id))["generations"]
        assert generation["gen_metadata"] == [remark]
        _, raw = await download(local, request_id)
        assert Image.open(io.BytesIO(raw)).width


@pytest.mark.parametrize(("name", "value"), [("censored", "nsfw"), ("csam", "csam")])
async def test_censored(name: str, value: str) -> None:
    async with LocalHorde() as local:
        request_id = await local.image(f"[sandbox:{name}]")
        status = await local.done(request_id)
        (generation,) = status["generations"]
        assert generation["censored"] is True
        assert generation["gen_metadata"] == [{"type": "censorship", "value": value}]
        assert generation["state"] == "ok"
        assert status["kudos"] == 4.0
        _, raw = await download(local, request_id)
        assert sum(pixel(Image.open(io.BytesIO(raw)), 5, 5)) < 60
        text = await local.written(await local.text(f"[sandbox:{name}]"))
        assert text["generations"][0]["state"] == name
        assert text["generations"][0]["text"] == ""


async def test_a_lost_image_is_a_404_or_not_available() -> None:
    async with LocalHorde() as local:
        assert (await download(local, await local.image("[sandbox:lost_image]")))[0] == 404
        inline = await local.done(await local.image("[sandbox:lost_image]", r2=False))
        assert inline["generations"][0]["img"] == "N/A"
        missing = await local.done(await local.image("[sandbox:missing]"))
        assert missing["generations"][0]["img"] == "N/A"


async def test_garbage_is_no_picture() -> None:
    async with LocalHorde() as local:
        status, raw = await download(local, await local.image("[sandbox:garbage]"))
        assert status == 200
        with pytest.raises(OSError, match="cannot identify"):
            Image.open(io.BytesIO(raw))


async def test_a_bomb_is_small_until_it_is_opened() -> None:
    async with LocalHorde() as local:
        _, raw = await download(local, await local.image("[sandbox:bomb]"))
        assert len(raw) < 1_000_000
        with pytest.raises(Image.DecompressionBombError):
            Image.open(io.BytesIO(raw))


async def test_huge_is_forty_megabytes() -> None:
    async with LocalHorde() as local:
        _, raw = await download(local, await local.image("[sandbox:huge]"))
        assert len(raw) > 40_000_000
        assert Image.open(io.BytesIO(raw)).size == (512, 512)


async def test_stuck_never_ends() -> None:
    async with LocalHorde() as local:
        request_id = await local.image("[sandbox:stuck]")
        await local.idle()
        check = await local.get(f"/generate/check/{request_id}")
        assert [check[name] for name in CHECKED] == [0, 0, 0, 0, False, False]


async def test_maintenance_leaves_images_stuck() -> None:
    async with LocalHorde(job_seconds=(0.6, 0.6)) as local:
        await local.knobs(workers={"image": 1})
        request_id = await local.image(params={"n": 9})
        path = f"/generate/check/{request_id}"
        await local.until(path, "processing", 4)
        await local.knobs(maintenance=True)
        check = await local.until(path, "finished", 4)
        assert [check[name] for name in CHECKED] == [4, 0, 0, 0, False, False]


async def test_expire_is_gone_halfway() -> None:
    async with LocalHorde() as local:
        request_id = await local.image("[sandbox:expire]")
        await local.until_gone(f"/generate/check/{request_id}")


async def test_slow_takes_ten_times_as_long() -> None:
    async with LocalHorde(job_seconds=(0.02, 0.02)) as local:
        request_id = await local.image("[sandbox:slow]")
        await local.done(request_id)
        request = local.state.requests[request_id]
        assert request.done_at is not None
        assert request.done_at - request.created_at >= 0.2


async def test_a_rule_meets_what_it_matches_as_often_as_it_says() -> None:
    async with LocalHorde() as local:
        rule = {"behave": "error500", "match": "Fox", "times": 1}
        await local.control("POST", "/behaviour", rule)
        assert (await local.post("/generate/async", {"prompt": "a cat"})).status == 202
        crashed = await local.post("/generate/async", {"prompt": "a fox"})
        assert (crashed.status, crashed.body) == (500, {"message": "Internal Server Error"})
        assert (await local.post("/generate/async", {"prompt": "a fox"})).status == 202


async def test_a_rule_for_some_of_the_results() -> None:
    async with LocalHorde() as local:
        await local.control("POST", "/behaviour", {"behave": "censored", "n": 1})
        status = await local.done(await local.image(params={"n": 3}))
        assert [each["censored"] for each in status["generations"]] == [True, False, False]
        await local.control("DELETE", "/behaviour")
        clean = await local.done(await local.image())
        assert clean["generations"][0]["censored"] is False


async def test_forms_are_matched_by_their_name() -> None:
    async with LocalHorde() as local:
        for name, form in (("faulted", "caption"), ("censored", "nsfw"), ("lost_image", "GFPGAN")):
            await local.control("POST", "/behaviour", {"behave": name, "match": form, "times": 1})
        first = await local.done(await local.image(params={"width": 64, "height": 64}))
        body = {
            "source_image": first["generations"][0]["img"],
            "forms": [{"name": name} for name in ("caption", "nsfw", "GFPGAN")],
        }
        request_id = (await local.post("/interrogate/async", body, key=RICH)).body["id"]
        status = await local.until(f"/interrogate/status/{request_id}", "state", "partial")
        forms = {each["form"]: each for each in status["forms"]}
        assert forms["caption"] == {"form": "caption", "state": "faulted"}
        assert forms["nsfw"]["result"] == {"nsfw": True}
        link = forms["GFPGAN"]["result"]["GFPGAN"]
        assert (await local.call("GET", link, key=None)).status == 404


async def test_requests_are_forgotten_after_their_lifetime() -> None:
    async with LocalHorde() as local:
        request_id = await local.image(key=RICH)
        await local.done(request_id)
        await local.knobs(lifetime=0)
        await local.until_gone(f"/generate/status/{request_id}")
        assert "active_generations" not in await local.get("/find_user", key=RICH)
        local.state.object_storage.remove_expired(2**40)
        assert len(local.state.object_storage) == 0


async def test_an_outage_is_html_and_ends() -> None:
    async with LocalHorde() as local:
        await local.knobs(outage=True)
        for path in ("/status/heartbeat", "/find_user"):
            answer = await local.call("GET", path)
            assert answer.status == 502
            assert answer.headers["Content-Type"].startswith("text/html")
        await local.knobs(outage=False)
        assert (await local.get("/status/heartbeat"))["message"] == "OK"


async def test_injected_faults_reach_the_horde() -> None:
    async with LocalHorde() as local:
        rule = {
            "server": "horde",
            "route": "GET /generate/check/{id}",
            "kind": "status",
            "status": 503,
            "times": 1,
        }
        local.faults.add(rule)
        request_id = await local.image()
        assert (await local.call("GET", f"/generate/check/{request_id}")).status == 503
        assert (await local.call("GET", f"/generate/check/{request_id}")).status == 200
        calls = (await local.control("GET", "/calls"))["calls"]
        assert [each["route"] for each in calls] == [
            "POST /generate/async",
            "GET /generate/check/{id}",
            "GET /generate/check/{id}",
        ]
        assert [each["status"] for each in calls] == [202, 503, 200]
