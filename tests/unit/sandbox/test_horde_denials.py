"""Accounts, addresses and routes that are denied, whatever the body says."""

from tests.support.credentials import ANONYMOUS, KEEPER, POOR, RICH, SERVICE
from tests.support.horde.local_horde import LocalHorde
from tests.support.horde.result_images import source_image


async def test_maintenance_is_a_400() -> None:
    async with LocalHorde() as local:
        await local.knobs(maintenance=True)
        for path, body in (
            ("/generate/async", {"prompt": "x"}),
            ("/generate/text/async", {"prompt": "x"}),
            (
                "/interrogate/async",
                {"source_image": source_image(), "forms": [{"name": "caption"}]},
            ),
        ):
            answer = await local.post(path, body)
            assert (answer.status, answer.rc) == (400, "MaintenanceMode")
        assert (await local.get("/status/modes", key=None))["maintenance_mode"] is True
        await local.knobs(maintenance=False)
        assert (await local.post("/generate/async", {"prompt": "x"})).status == 202


async def test_the_filter_rewrites_or_puts_the_address_in_timeout() -> None:
    async with LocalHorde() as local:
        prompt = "a zorpling quibbled ### ugly"
        request_id = await local.image(prompt)
        changed = local.state.requests[request_id].prompt
        assert "zorpling" not in changed
        assert "underage" in changed
        body = {"prompt": prompt, "replacement_filter": False}
        assert (await local.post("/generate/async", body)).rc == "CorruptPrompt"
        for path in ("/generate/async", "/generate/text/async"):
            blocked = await local.post(path, {"prompt": "an innocent flower"}, key=RICH)
            assert (blocked.status, blocked.rc) == (403, "TimeoutIP")
            assert "for 179 more seconds" in blocked.body["message"]
        alchemy = {"source_image": source_image(), "forms": [{"name": "caption"}]}
        assert (await local.post("/interrogate/async", alchemy)).status == 202
        await local.control("POST", "/timeout_ip", {"seconds": 0})
        long = {"prompt": "zorpling quibbled " + "x" * 7000}
        assert (await local.post("/generate/async", long)).rc == "BadRequest"


async def test_the_example_agent_is_banned() -> None:
    async with LocalHorde() as local:
        answer = await local.post(
            "/generate/async", {"prompt": "x"}, Client_Agent="My-Project:v0.0.1:My-Contact"
        )
        assert (answer.status, answer.rc) == (403, "BannedClientAgent")


async def test_deleted_accounts_are_refused() -> None:
    async with LocalHorde() as local:
        user = await local.control("POST", "/users", {"username": "gone", "deleted": True})
        answer = await local.post("/generate/async", {"prompt": "x"}, key=user["api_key"])
        assert (answer.status, answer.rc) == (403, "DeletedUser")


async def test_concurrency_counts_what_no_worker_has_taken() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"image": 0, "text": 0})
        assert await local.image(key=POOR, params={"n": 20})
        refused = await local.post(
            "/generate/async", {"prompt": "x", "params": {"n": 11}}, key=POOR
        )
        assert (refused.status, refused.rc) == (429, "TooManyPrompts")
        assert await local.image(key=POOR, params={"n": 10})
        assert await local.text(key=POOR, params={"n": 20})  # counted apart


async def test_anonymous_concurrency_is_counted_by_model() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"image": 0})
        for _ in range(25):
            await local.image(key=ANONYMOUS, params={"n": 20}, models=["Deliberate"])
        full = {"prompt": "x", "models": ["Deliberate"]}
        assert (await local.post("/generate/async", full)).rc == "TooManyPrompts"
        assert await local.image(key=ANONYMOUS, models=["SDXL 1.0"])


async def test_service_accounts_may_speak_for_others() -> None:
    async with LocalHorde() as local:
        assert await local.image(key=SERVICE, proxied_account="discord:123")
        assert await local.image(key=KEEPER, disable_batching=True, params={"n": 2})


async def test_a_collection_breaks_the_real_server() -> None:
    async with LocalHorde() as local:
        body = {"prompt": "x", "style": "sandbox picks"}
        answer = await local.post("/generate/async", body, key=RICH)
        assert (answer.status, answer.body) == (500, {"message": "Internal Server Error"})


async def test_unknown_routes_are_html_and_wrong_methods_json() -> None:
    async with LocalHorde() as local:
        lost = await local.call("GET", "/nosuchroute")
        assert lost.status == 404
        assert lost.headers["Content-Type"] == "text/html; charset=utf-8"
        assert lost.raw.startswith(b"<!doctype html>")
        wrong = await local.post("/status/heartbeat", {})
        assert wrong.status == 405
        assert wrong.body == {"message": "The method is not allowed for the requested URL."}
        assert "GET" in wrong.headers["Allow"]
        for answer in (lost, wrong):
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Horde-Node"].endswith(":5.1.5")


async def test_requests_that_are_not_there() -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    async with LocalHorde() as local:
        text_id = await local.text()
        for method, path in (
            ("GET", f"/generate/check/{nobody}"),
            ("GET", f"/generate/status/{nobody}"),
            ("DELETE", f"/generate/status/{nobody}"),
            ("GET", f"/generate/check/{text_id}"),
            ("GET", "/generate/text/status/not-a-uuid"),
            ("DELETE", f"/interrogate/status/{nobody}"),
        ):
            answer = await local.call(method, path, key=None)
            assert (answer.status, answer.rc) == (404, "RequestNotFound")


async def test_a_nameless_client_in_timeout_may_not_even_check() -> None:
    async with LocalHorde() as local:
        request_id = await local.image()
        await local.control("POST", "/timeout_ip", {"seconds": 60})
        path = f"/generate/check/{request_id}"
        assert (await local.call("GET", path)).status == 200
        nameless = await local.call("GET", path, Client_Agent="unknown:0:unknown")
        assert (nameless.status, nameless.rc) == (403, "Forbidden")


async def test_education_accounts_are_kept_safe() -> None:
    async with LocalHorde() as local:
        body = {"username": "school", "education": True}
        key = (await local.control("POST", "/users", body))["api_key"]
        request = local.state.requests[await local.image(key=key, nsfw=True)]
        assert (request.nsfw, request.trusted_workers) == (False, True)
