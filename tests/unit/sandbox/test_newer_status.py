"""What the newer server tells about requests: capacity, parameters read back, shared keys."""

import time
from typing import Any

from sandbox.horde.newer import capacity
from sandbox.horde.newer.versions import NEWER, OLDER
from tests.support.credentials import ANONYMOUS, KEEPER, POOR, RICH
from tests.support.horde.local_horde import LocalHorde

FIELDS = {"eligible_workers", "eligible_worker_threads", "might_stall"}


async def test_status_tells_of_capacity_on_the_newer_server_only() -> None:
    async with LocalHorde(version=NEWER) as local:
        status = await local.done(await local.image(models=["SDXL 1.0"], nsfw=False))
        assert status.keys() >= FIELDS
        assert status["eligible_workers"] == 4
        text = await local.written(await local.text())
        assert (text.keys() >= FIELDS, text["might_stall"]) == (True, False)
    async with LocalHorde(version=OLDER) as local:
        assert not (await local.done(await local.image())).keys() & FIELDS


async def test_newer_parameters_leave_fewer_workers() -> None:
    async with LocalHorde(version=NEWER, job_seconds=(5, 5)) as local:
        counts: list[int] = []
        for params in ({}, {"sampler_name": "uni_pc"}):
            request_id = await local.image(models=["Deliberate"], params=params)
            counts.append((await local.get(f"/generate/check/{request_id}"))["eligible_workers"])
        assert counts[0] == counts[1] + 1


async def test_stalled_request_waits_until_it_is_cancelled() -> None:
    async with LocalHorde(version=NEWER) as local:
        request_id = await local.image("a fox [sandbox:stall]")
        check = await local.get(f"/generate/check/{request_id}")
        assert (check["might_stall"], check["is_possible"], check["waiting"]) == (True, True, 1)
        await local.call("DELETE", f"/generate/status/{request_id}")
        assert not (await local.get(f"/generate/check/{request_id}"))["might_stall"]


async def test_request_that_falls_back_twice_might_stall() -> None:
    async with LocalHorde(version=NEWER) as local:
        await local.knobs(workers={"text": 0})
        request = local.state.requests[await local.text("wait")]
        request.possible = True
        for positions, stalls in (((1, 2), True), ((2, 2), False), ((1, 5), False)):
            moments = (time.time() - 11, time.time() - 4)
            request.positions[:] = list(zip(moments, positions, strict=True))
            assert capacity.fields(request, 5, window=10)["might_stall"] == stalls


async def test_worker_that_never_delivers_loses_the_job_after_its_time_limit() -> None:
    async with LocalHorde(version=NEWER) as local:
        await local.knobs(lease_factor=0.0001)
        request_id = await local.image("[sandbox:timeout]")
        status = await local.until(f"/generate/check/{request_id}", "faulted")
        assert status["restarted"] >= 3


async def test_read_back_belongs_to_the_key_that_submitted() -> None:
    async with LocalHorde(version=NEWER) as local:
        shared = (await local.call("PUT", "/sharedkeys", {"kudos": 500}, key=RICH)).body["id"]
        own, by_shared = await local.image(), await local.image(key=shared)
        foreign = await local.image(key=POOR)
        expected: list[tuple[str, str | None, int, str | None]] = [
            (own, RICH, 200, None),
            (by_shared, RICH, 200, None),
            (by_shared, shared, 200, None),
            (own, shared, 403, "NotRequestOwner"),
            (foreign, RICH, 403, "NotRequestOwner"),
            (own, ANONYMOUS, 403, "AnonForbidden"),
            (own, "no such key", 401, "InvalidAPIKey"),
            ("nothing", RICH, 404, "RequestNotFound"),
            (own, None, 400, None),
        ]
        for request_id, key, status, rc in expected:
            answer = await local.call("GET", f"/generate/request/{request_id}", key=key)
            assert (answer.status, answer.rc) == (status, rc), (request_id, key)


async def test_read_back_has_the_shape_of_the_input() -> None:
    async with LocalHorde(version=NEWER) as local:
        body: dict[str, Any] = {
            "params": {"seed": "42", "n": 2}, "nsfw": False, "dry_run": False,
            "allow_downgrade": True, "models": ["Deliberate"],
        }  # fmt: skip
        request_id = await local.image("a fox###fog", **body)
        answer = await local.call("GET", f"/generate/request/{request_id}", key=RICH)
        assert answer.headers["Cache-Control"] == "private, no-store"
        sent = answer.body
        assert (sent["prompt"], sent["nsfw"], sent["models"]) == (
            "a fox###fog", False, ["Deliberate"],
        )  # fmt: skip
        assert (sent["params"]["seed"], sent["params"]["steps"]) == ("42", 30)
        assert not sent.keys() & {"dry_run", "allow_downgrade", "replacement_filter", "style"}
        assert (await local.post("/generate/async", sent, key=RICH)).status == 202
        text_id = await local.text("Once", softprompt="soft")
        text = await local.get(f"/generate/text/request/{text_id}", key=RICH)
        assert (text["prompt"], text["softprompt"]) == ("Once", "soft")
        assert text["params"] == {"n": 1, "max_length": 80, "max_context_length": 2048}


async def test_active_generations_list_requests_of_the_personal_key_only() -> None:
    for version in (OLDER, NEWER):
        async with LocalHorde(version=version) as local:
            shared = (await local.call("PUT", "/sharedkeys", {"kudos": 500}, key=RICH)).body["id"]
            own, by_shared = await local.image(), await local.image(key=shared)
            listed = (await local.get("/find_user", key=RICH))["active_generations"]["image"]
            assert listed == ([own, by_shared] if version == OLDER else [own])


async def test_owner_sees_the_active_usage_of_a_shared_key() -> None:
    async with LocalHorde(version=NEWER, job_seconds=(3, 3)) as local:
        shared = (await local.call("PUT", "/sharedkeys", {"kudos": 500}, key=RICH)).body["id"]
        await local.image("[sandbox:stall]", key=shared, params={"n": 3})
        path = f"/sharedkeys/{shared}"
        answer = await local.call("GET", path, key=RICH)
        assert answer.headers["Cache-Control"] == "private, no-store"
        image = answer.body["active_usage"]["image"]
        assert (image["requests"], image["queued"], image["processing"]) == (1, 3, 0)
        assert answer.body["active_usage"]["text"]["requests"] == 0
        for key in (shared, KEEPER, None, "no such key"):
            assert "active_usage" not in await local.get(path, key=key)
    async with LocalHorde(version=OLDER) as local:
        shared = (await local.call("PUT", "/sharedkeys", {"kudos": 500}, key=RICH)).body["id"]
        assert "active_usage" not in await local.get(f"/sharedkeys/{shared}", key=RICH)


async def test_balance_lags_behind_a_transfer() -> None:
    async with LocalHorde() as local:
        await local.knobs(kudos_lag=60)
        body = {"username": "rich#2", "amount": 100}
        before = (await local.get("/find_user", key=RICH))["kudos"]
        assert (await local.post("/kudos/transfer", body, key=KEEPER)).status == 200
        assert (await local.get("/find_user", key=RICH))["kudos"] == before
        await local.knobs(kudos_lag=0)
        assert (await local.get("/find_user", key=RICH))["kudos"] == before + 100
