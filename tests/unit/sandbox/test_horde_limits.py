"""Rate limits, caches and the headers that announce them."""

import asyncio

import aiohttp

from tests.support.credentials import ANONYMOUS, POOR, RICH
from tests.support.horde.local_horde import LocalHorde

UNKNOWN_ID = "00000000-0000-0000-0000-000000000000"


async def test_two_submits_a_second_for_each_address() -> None:
    async with LocalHorde(real=True) as local:
        answers = [await local.post("/generate/async", {"prompt": "x"}) for _ in range(3)]
        assert [each.status for each in answers] == [202, 202, 429]
        assert answers[2].body == {"message": "2 per 1 second"}
        assert answers[0].headers["X-RateLimit-Limit"] == "2"
        assert [each.headers["X-RateLimit-Remaining"] for each in answers] == ["1", "0", "0"]
        assert int(answers[2].headers["Retry-After"]) <= 1
        # Text counts apart.
        assert (await local.post("/generate/text/async", {"prompt": "x"})).status == 202


async def test_limits_come_before_validation_and_count_refusals() -> None:
    async with LocalHorde(real=True) as local:
        answers = [await local.post("/generate/async", {"prompt": 5}) for _ in range(3)]
        assert [each.status for each in answers] == [400, 400, 429]


async def test_a_window_ends() -> None:
    async with LocalHorde(real=True) as local:
        for _ in range(2):
            await local.post("/generate/async", {"prompt": "x"})
        local.now += 1.01
        assert (await local.post("/generate/async", {"prompt": "x"})).status == 202


async def test_a_trusted_request_lifts_its_address_for_everybody() -> None:
    async with LocalHorde(real=True) as local:
        assert (await local.post("/generate/async", {"prompt": "x"}, key=RICH)).status == 202
        answers = [await local.post("/generate/async", {"prompt": "x"}, key=POOR) for _ in range(6)]
        assert [each.status for each in answers] == [202] * 6
        assert answers[0].headers["X-RateLimit-Limit"] == "10"
        more = [await local.post("/generate/async", {"prompt": "x"}, key=POOR) for _ in range(5)]
        assert more[-1].status == 429
        assert more[-1].body == {"message": "10 per 1 second"}


async def test_ninety_a_minute() -> None:
    async with LocalHorde(real=True) as local:
        key = ("127.0.0.1@/api/v2/generate/async", 60, "POST /generate/async")
        local.state.rate_limiter._windows[key] = 90, local.now + 15
        answer = await local.post("/generate/async", {"prompt": "x"})
        assert (answer.status, answer.body) == (429, {"message": "90 per 1 minute"})
        assert answer.headers["X-RateLimit-Limit"] == "90"
        assert answer.headers["Retry-After"] == "15"


async def test_image_status_is_limited_by_the_id() -> None:
    async with LocalHorde(real=True) as local:
        one, other = f"/generate/status/{UNKNOWN_ID}", f"/generate/status/{UNKNOWN_ID[:-1]}1"
        codes = [(await local.call("GET", one)).status for _ in range(11)]
        assert codes == [404] * 10 + [429]
        limited = await local.call("GET", one)
        assert limited.body == {"message": "10 per 1 minute"}
        assert 50 <= int(limited.headers["Retry-After"]) <= 60
        assert (await local.call("GET", other)).status == 404


async def test_check_is_kept_for_a_second_and_allowed_ten_times() -> None:
    async with LocalHorde(real=True, job_seconds=(5, 5)) as local:
        await local.knobs(workers={"image": 0})
        request_id = await local.image(key=ANONYMOUS)
        path = f"/generate/check/{request_id}"
        first = await local.get(path, X_Fields="waiting,done")
        assert first == {"waiting": 1, "done": False}
        assert await local.get(path) == first  # the cache does not know who asked for what
        await local.call("DELETE", f"/generate/status/{request_id}")
        assert (await local.get(path))["waiting"] == 1
        codes = [(await local.call("GET", path)).status for _ in range(8)]
        assert codes == [200] * 7 + [429]
        local.now += 1.01
        assert (await local.get(path))["waiting"] == 0


async def test_other_limits() -> None:
    async with LocalHorde(real=True) as local:
        modes = await local.call("GET", "/status/modes", key=None)
        assert modes.headers["X-RateLimit-Limit"] == "30"
        models = await local.call("GET", "/status/models")
        assert models.headers["X-RateLimit-Limit"] == "90"
        heart = await local.call("GET", "/status/heartbeat")
        assert "X-RateLimit-Limit" not in heart.headers
        body = {"username": "poor#3", "amount": 1}
        assert (await local.post("/kudos/transfer", body, key=RICH)).status == 200
        fast = await local.post("/kudos/transfer", body, key=RICH)
        assert fast.headers["X-RateLimit-Limit"] == "1"
        unknown = await local.call("GET", "/nosuchroute")
        assert "X-RateLimit-Limit" not in unknown.headers
        assert fast.body == {"message": "1 per 1 second"}
        assert (await local.post("/kudos/transfer", body, key=POOR)).status == 400


async def test_the_list_of_text_styles_is_rationed() -> None:
    async with LocalHorde(real=True) as local:
        answer = await local.call("GET", "/styles/text")
        assert answer.status == 200
        assert answer.headers["X-RateLimit-Limit"] == "2"
        for (who, seconds, route), (_, end) in list(local.state.rate_limiter._windows.items()):
            if seconds == 3600:
                local.state.rate_limiter._windows[who, seconds, route] = 20, end
        assert (await local.call("GET", "/styles/text")).body == {"message": "20 per 1 hour"}


async def test_a_restart_forgets_limits_and_drops_connections() -> None:
    async with LocalHorde(real=True) as local:
        for _ in range(3):
            await local.post("/generate/async", {"prompt": "x"})
        assert local.server._runner is not None
        server = local.server._runner.server
        assert server is not None
        before = set(server.connections)
        await local.control("POST", "/restart")
        await asyncio.sleep(0.02)
        assert not before & set(server.connections)
        async with aiohttp.ClientSession() as session:
            local.http, old = session, local.http
            assert (await local.post("/generate/async", {"prompt": "x"})).status == 202
            local.http = old


async def test_limits_can_be_switched_off() -> None:
    async with LocalHorde(real=True) as local:
        await local.knobs(limits=False)
        answers = [await local.post("/generate/async", {"prompt": "x"}) for _ in range(20)]
        assert {each.status for each in answers} == {202}
        assert "X-RateLimit-Limit" not in answers[0].headers
