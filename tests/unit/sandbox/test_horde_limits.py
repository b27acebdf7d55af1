"""Rate limits, caches and the headers that announce them."""

import asyncio

import aiohttp

from tests.support.horde.local_horde import ANONYMOUS, POOR, RICH, Lab

NOBODY = "00000000-0000-0000-0000-000000000000"


async def test_two_submits_a_second_for_each_address() -> None:
    async with Lab(real=True) as lab:
        answers = [await lab.post("/generate/async", {"prompt": "x"}) for _ in range(3)]
        assert [each.status for each in answers] == [202, 202, 429]
        assert answers[2].body == {"message": "2 per 1 second"}
        assert answers[0].headers["X-RateLimit-Limit"] == "2"
        assert [each.headers["X-RateLimit-Remaining"] for each in answers] == ["1", "0", "0"]
        assert int(answers[2].headers["Retry-After"]) <= 1
        # Text counts apart.
        assert (await lab.post("/generate/text/async", {"prompt": "x"})).status == 202


async def test_limits_come_before_validation_and_count_refusals() -> None:
    async with Lab(real=True) as lab:
        answers = [await lab.post("/generate/async", {"prompt": 5}) for _ in range(3)]
        assert [each.status for each in answers] == [400, 400, 429]


async def test_a_window_ends() -> None:
    async with Lab(real=True) as lab:
        for _ in range(2):
            await lab.post("/generate/async", {"prompt": "x"})
        lab.now += 1.01
        assert (await lab.post("/generate/async", {"prompt": "x"})).status == 202


async def test_a_trusted_request_lifts_its_address_for_everybody() -> None:
    async with Lab(real=True) as lab:
        assert (await lab.post("/generate/async", {"prompt": "x"}, key=RICH)).status == 202
        answers = [await lab.post("/generate/async", {"prompt": "x"}, key=POOR) for _ in range(6)]
        assert [each.status for each in answers] == [202] * 6
        assert answers[0].headers["X-RateLimit-Limit"] == "10"
        more = [await lab.post("/generate/async", {"prompt": "x"}, key=POOR) for _ in range(5)]
        assert more[-1].status == 429
        assert more[-1].body == {"message": "10 per 1 second"}


async def test_ninety_a_minute() -> None:
    async with Lab(real=True) as lab:
        key = ("127.0.0.1@/api/v2/generate/async", 60, "POST /generate/async")
        lab.horde.rate_limiter._windows[key] = 90, lab.now + 15
        answer = await lab.post("/generate/async", {"prompt": "x"})
        assert (answer.status, answer.body) == (429, {"message": "90 per 1 minute"})
        assert answer.headers["X-RateLimit-Limit"] == "90"
        assert answer.headers["Retry-After"] == "15"


async def test_image_status_is_limited_by_the_id() -> None:
    async with Lab(real=True) as lab:
        one, other = f"/generate/status/{NOBODY}", f"/generate/status/{NOBODY[:-1]}1"
        codes = [(await lab.call("GET", one)).status for _ in range(11)]
        assert codes == [404] * 10 + [429]
        limited = await lab.call("GET", one)
        assert limited.body == {"message": "10 per 1 minute"}
        assert 50 <= int(limited.headers["Retry-After"]) <= 60
        assert (await lab.call("GET", other)).status == 404


async def test_check_is_kept_for_a_second_and_allowed_ten_times() -> None:
    async with Lab(real=True, job_seconds=(5, 5)) as lab:
        await lab.knobs(workers={"image": 0})
        request_id = await lab.image(key=ANONYMOUS)
        path = f"/generate/check/{request_id}"
        first = await lab.get(path, X_Fields="waiting,done")
        assert first == {"waiting": 1, "done": False}
        assert await lab.get(path) == first  # the cache does not know who asked for what
        await lab.call("DELETE", f"/generate/status/{request_id}")
        assert (await lab.get(path))["waiting"] == 1
        codes = [(await lab.call("GET", path)).status for _ in range(8)]
        assert codes == [200] * 7 + [429]
        lab.now += 1.01
        assert (await lab.get(path))["waiting"] == 0


async def test_other_limits() -> None:
    async with Lab(real=True) as lab:
        modes = await lab.call("GET", "/status/modes", key=None)
        assert modes.headers["X-RateLimit-Limit"] == "30"
        models = await lab.call("GET", "/status/models")
        assert models.headers["X-RateLimit-Limit"] == "90"
        heart = await lab.call("GET", "/status/heartbeat")
        assert "X-RateLimit-Limit" not in heart.headers
        body = {"username": "poor#3", "amount": 1}
        assert (await lab.post("/kudos/transfer", body, key=RICH)).status == 200
        fast = await lab.post("/kudos/transfer", body, key=RICH)
        assert fast.headers["X-RateLimit-Limit"] == "1"
        unknown = await lab.call("GET", "/nosuchroute")
        assert "X-RateLimit-Limit" not in unknown.headers
        assert fast.body == {"message": "1 per 1 second"}
        assert (await lab.post("/kudos/transfer", body, key=POOR)).status == 400


async def test_the_list_of_text_styles_is_rationed() -> None:
    async with Lab(real=True) as lab:
        answer = await lab.call("GET", "/styles/text")
        assert answer.status == 200
        assert answer.headers["X-RateLimit-Limit"] == "2"
        for (who, seconds, route), (_, end) in list(lab.horde.rate_limiter._windows.items()):
            if seconds == 3600:
                lab.horde.rate_limiter._windows[who, seconds, route] = 20, end
        assert (await lab.call("GET", "/styles/text")).body == {"message": "20 per 1 hour"}


async def test_a_restart_forgets_limits_and_drops_connections() -> None:
    async with Lab(real=True) as lab:
        for _ in range(3):
            await lab.post("/generate/async", {"prompt": "x"})
        assert lab.server._runner is not None
        server = lab.server._runner.server
        assert server is not None
        before = set(server.connections)
        await lab.control("POST", "/restart")
        await asyncio.sleep(0.02)
        assert not before & set(server.connections)
        async with aiohttp.ClientSession() as session:
            lab.http, old = session, lab.http
            assert (await lab.post("/generate/async", {"prompt": "x"})).status == 202
            lab.http = old


async def test_limits_can_be_switched_off() -> None:
    async with Lab(real=True) as lab:
        await lab.knobs(limits=False)
        answers = [await lab.post("/generate/async", {"prompt": "x"}) for _ in range(20)]
        assert {each.status for each in answers} == {202}
        assert "X-RateLimit-Limit" not in answers[0].headers
