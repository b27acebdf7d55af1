"""The Horde's part of the control API."""

import base64
import io

import pytest
from PIL import Image

from tests.support.credentials import RICH
from tests.support.horde.local_horde import LocalHorde


async def test_requests_are_shown_as_they_were_sent() -> None:
    async with LocalHorde() as local:
        image = await local.image("a fox", params={"n": 2}, models=["Deliberate"], nsfw=False)
        text = await local.text("a tale")
        status = await local.done(image)
        body = {
            "source_image": status["generations"][0]["img"],
            "forms": [{"name": "caption"}, {"name": "nsfw"}],
        }
        alchemy = (await local.post("/interrogate/async", body, key=RICH)).body["id"]
        await local.until(f"/interrogate/status/{alchemy}", "state", "done")
        await local.written(text)
        shown = (await local.control("GET", "/requests"))["requests"]
        assert [each["id"] for each in shown] == [image, text, alchemy]
        assert [each["kind"] for each in shown] == ["image", "text", "alchemy"]
        assert {each["state"] for each in shown} == {"done"}
        assert [(each["n"], each["finished"]) for each in shown] == [(2, 2), (1, 1), (2, 2)]
        assert shown[0]["payload"] == {
            "prompt": "a fox",
            "params": {"n": 2},
            "models": ["Deliberate"],
            "nsfw": False,
        }
        assert shown[0]["prompt"] == "a fox"
        assert shown[2]["forms"] == ["caption", "nsfw"]
        assert {each["user"] for each in shown} == {"rich#2"}
        assert all(each["done_at"] >= each["created_at"] for each in shown)


async def test_states_on_the_way() -> None:
    async with LocalHorde(job_seconds=(0.6, 0.6)) as local:
        await local.knobs(workers={"image": 0})
        request_id = await local.image()

        async def state() -> str:
            (shown,) = (await local.control("GET", "/requests"))["requests"]
            return shown["state"]

        assert await state() == "waiting"
        await local.knobs(workers={"image": 1})
        await local.until(f"/generate/check/{request_id}", "processing", 1)
        assert await state() == "processing"
        await local.call("DELETE", f"/generate/status/{request_id}")
        assert await state() == "cancelled"


async def test_users_can_be_listed_and_made() -> None:
    async with LocalHorde() as local:
        users = {each["username"]: each for each in await local.control("GET", "/users")}
        assert users["rich#2"] == {
            "id": 2,
            "username": "rich#2",
            "api_key": RICH,
            "kudos": 50000,
            "trusted": True,
        }
        made = await local.control(
            "POST",
            "/users",
            {"username": "dora", "kudos": 300, "trusted": True, "concurrency": 2},
        )
        assert made["username"] == "dora#5"
        assert len(made["api_key"]) == 22
        me = await local.get("/find_user", key=made["api_key"])
        assert (me["kudos"], me["trusted"], me["concurrency"]) == (300.0, True, 2)


async def test_expire_forgets_a_request() -> None:
    async with LocalHorde() as local:
        request_id = await local.image()
        await local.control("POST", "/expire", {"id": request_id})
        assert (await local.call("GET", f"/generate/check/{request_id}")).rc == "RequestNotFound"


async def test_workers_come_and_go() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"image": 9, "text": 0, "alchemy": 1})
        workers = await local.get("/workers")
        counts = [each["type"] for each in workers]
        assert (counts.count("image"), counts.count("text")) == (9, 0)
        assert counts.count("interrogation") == 1
        assert len({each["id"] for each in workers}) == len({each["name"] for each in workers})
        assert "message" in (await local.post("/generate/text/async", {"prompt": "x"})).body


async def test_job_seconds_and_latency_turn() -> None:
    async with LocalHorde() as local:
        await local.knobs(job_seconds=[5, 6], latency=[0.01, 0.02], wait_error=0)
        assert local.state.settings.job_seconds == (5, 6)
        assert local.faults.latency["horde"] == (0.01, 0.02)
        request_id = await local.image()
        local.state.requests[request_id].created_at -= 10
        check = await local.get(f"/generate/check/{request_id}")
        assert check["wait_time"] == 6  # half a job in doubt, without an error: 5.5
        await local.knobs(latency=None)
        assert local.faults.latency["horde"] is None


async def test_wait_factor_multiplies_the_waiting_time() -> None:
    async with LocalHorde() as local:
        await local.knobs(job_seconds=[6, 6], wait_error=0, wait_factor=10)
        request_id = await local.image()
        local.state.requests[request_id].created_at -= 10
        assert (await local.get(f"/generate/check/{request_id}"))["wait_time"] >= 60


async def test_waiting_times_are_off_by_the_share_asked_for() -> None:
    async with LocalHorde(job_seconds=(100, 100)) as local:
        await local.knobs(workers={"image": 1}, wait_error=0.3)
        waits: list[int] = []
        for _ in range(12):
            request_id = await local.image(key=RICH, models=["SDXL 1.0"])
            local.state.requests[request_id].created_at -= 10
            waits.append((await local.get(f"/generate/check/{request_id}"))["wait_time"])
        assert len(set(waits)) > 6
        assert all(70 <= wait <= 130 * 8 for wait in waits)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/behaviour", {"behave": "dance"}),
        ("/behaviour", {}),
        ("/behaviour", []),
        ("/knobs", {"nonsense": 1}),
        ("/knobs", {"job_seconds": [1]}),
        ("/users", {"kudos": 5}),
        ("/timeout_ip", {}),
        ("/timeout_ip", {"seconds": "x"}),
        ("/expire", {"id": []}),
    ],
)
async def test_wrong_bodies_are_refused_in_words(path: str, body: object) -> None:
    async with (
        LocalHorde() as local,
        local.http.post(local.control_url + path, json=body) as response,
    ):
        assert response.status == 400
        assert (await response.json()).keys() == {"message"}


async def test_what_is_not_there_is_a_404() -> None:
    async with LocalHorde() as local:
        async with local.http.post(f"{local.control_url}/expire", json={"id": "x"}) as response:
            assert response.status == 404
            assert await response.json() == {"message": "no such request"}


async def test_the_pictures_of_a_request_can_be_looked_at_as_they_came() -> None:
    async with LocalHorde() as local:
        noise = Image.effect_noise((256, 256), 99)
        out = io.BytesIO()
        noise.save(out, "PNG")
        sent = base64.b64encode(out.getvalue()).decode()
        request_id = await local.image(
            models=["Stable Cascade 1.0"],
            source_processing="remix",
            source_image=sent,
            extra_source_images=[{"image": sent, "strength": 0.5}],
        )
        for name in ("source", "extra-1"):
            url = f"{local.control_url}/requests/{request_id}/pictures/{name}"
            async with local.http.get(url) as answer:
                assert await answer.read() == out.getvalue()
        async with local.http.get(
            f"{local.control_url}/requests/{request_id}/pictures/mask"
        ) as answer:
            assert answer.status == 404
        (shown,) = (await local.control("GET", "/requests"))["requests"]
        short = f"<{len(sent)} characters>"
        assert shown["payload"]["source_image"] == short
        assert shown["payload"]["extra_source_images"] == [{"image": short, "strength": 0.5}]
