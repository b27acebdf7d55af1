"""Accounts, kudos and shared keys of the local Horde."""

from typing import Any

import pytest

from tests.support.credentials import ANONYMOUS, KEEPER, POOR, RICH, SERVICE
from tests.support.horde.local_horde import LocalHorde

PRIVATE_FIELDS = {"sharedkey_ids", "vpn", "special", "worker_ids"}


async def test_find_user() -> None:
    async with LocalHorde() as local:
        anonymous = await local.get("/find_user", key=ANONYMOUS)
        assert (anonymous["username"], anonymous["kudos"]) == ("Anonymous#0", -50.0)
        assert anonymous["concurrency"] == 500
        rich = await local.get("/find_user", key=RICH)
        assert (rich["username"], rich["kudos"], rich["trusted"]) == ("rich#2", 50000.0, True)
        assert rich.keys() >= PRIVATE_FIELDS
        assert "active_generations" not in rich


async def test_find_user_repeats_a_wrong_key_in_clear() -> None:
    async with LocalHorde() as local:
        answer = await local.call("GET", "/find_user", key="totally-wrong")
        assert (answer.status, answer.rc) == (404, "UserNotFound")
        assert "'totally-wrong' not found" in answer.body["message"]
        missing = await local.call("GET", "/find_user", key=None)
        assert (missing.status, missing.rc) == (401, "InvalidAPIKey")


async def test_open_requests_can_be_found_again() -> None:
    async with LocalHorde() as local:
        image, text = await local.image(key=POOR), await local.text(key=POOR)
        me = await local.get("/find_user", key=POOR)
        assert me["active_generations"] == {"image": [image], "text": [text]}
        assert me["records"]["request"] == {"image": 1, "text": 1, "interrogation": 0}
        public = await local.get("/users/3")
        assert not public.keys() & (PRIVATE_FIELDS | {"active_generations"})
        assert (await local.get("/users/3", key=POOR)).keys() >= PRIVATE_FIELDS


async def test_an_account_lists_its_styles_by_unique_names_and_no_workers_for_alchemy() -> None:
    async with LocalHorde() as local:
        style = {"name": "hidden", "info": "a style for testing", "models": ["Deliberate"]}
        await local.post("/styles/image", style | {"public": False}, key=RICH)
        own = await local.get("/find_user", key=RICH)
        names = {each["name"] for each in own["styles"]}
        assert names >= {"rich#2::style::paper cut", "rich#2::style::hidden"}
        public = await local.get("/users/2", key=None)
        assert "rich#2::style::hidden" not in {each["name"] for each in public["styles"]}
        kinds = {worker.id: worker.kind for worker in local.state.workers()}
        assert {kinds[each] for each in own["worker_ids"]} <= {"image", "text"}


async def test_an_account_asked_for_with_an_unknown_key_is_refused() -> None:
    async with LocalHorde() as local:
        answer = await local.call("GET", "/users/3", key="totally-wrong")
        assert (answer.status, answer.rc) == (401, "InvalidAPIKey")


async def test_users_are_listed_by_kudos() -> None:
    async with LocalHorde() as local:
        users = await local.get("/users", key=None)
        assert {(each["contact"], each["special"]) for each in users} == {(None, None)}
        names = [each["username"] for each in users]
        own = ("keeper", "rich", "service", "poor")
        assert [name for name in names if name.startswith(own)] == ["keeper#1", "rich#2"]
        assert names[:3] == ["amber lantern#1001", "Basalt#1002", "keeper#1"]
        assert [each["kudos"] for each in users] == sorted(
            (each["kudos"] for each in users), reverse=True
        )
        more = [each["username"] for each in await local.get("/users?page=2", key=None)]
        assert (len(names), len(more), more[-1]) == (25, 9, "poor#3")
        oldest = await local.get("/users/1001", key=None)
        assert oldest["records"]["fulfillment"]["image"] > 0
        for wanted in ("99999", "rich#2", "x"):
            answer = await local.call("GET", f"/users/{wanted.replace('#', '%23')}")
            assert (answer.status, answer.rc) == (404, "UserNotFound")


async def test_answers_about_users_are_kept_half_a_minute() -> None:
    async with LocalHorde() as local:
        await local.knobs(caches=True)
        before = (await local.get("/find_user", key=RICH))["kudos"]
        await local.post("/kudos/transfer", {"username": "poor#3", "amount": 100}, key=RICH)
        assert (await local.get("/find_user", key=RICH))["kudos"] == before
        await local.knobs(caches=False)
        assert (await local.get("/find_user", key=RICH))["kudos"] == before - 100


async def test_people_change_themselves() -> None:
    async with LocalHorde() as local:

        async def put(user: int, body: dict[str, Any], key: str) -> Any:
            answer = await local.call("PUT", f"/users/{user}", body, key=key)
            return answer.body if answer.status == 200 else answer.rc or answer.body["errors"]

        assert await put(3, {"username": "poor poet"}, POOR) == {"username": "poor poet"}
        assert await put(3, {"username": "ab"}, POOR) == {"username": "'ab' is too short"}
        assert await put(3, {"username": "x" * 31}, POOR) == "TooLongUserName"
        assert await put(3, {}, POOR) == "NoUserModSelected"
        assert await put(3, {"concurrency": 40}, POOR) == "NotModerator"
        assert await put(3, {"kudos": 100}, POOR) == "NotAdmin"
        assert await put(3, {"contact": "a@b.example"}, RICH) == "NotModerator"
        assert await put(0, {"username": "nobody"}, ANONYMOUS) == "AnonForbiddenUserMod"
        assert await put(3, {"concurrency": 40}, KEEPER) == {"concurrency": 40}
        assert (await local.get("/users/3"))["concurrency"] == 40
        assert await put(3, {"generate_proxy_passkey": True}, POOR) == "NonServiceForbidden"
        passkey = (await put(4, {"generate_proxy_passkey": True}, SERVICE))["proxy_passkey"]
        assert len(passkey) == 22


async def test_a_passkey_moves_the_limits_to_the_end_user() -> None:
    async with LocalHorde() as local:
        body = {"generate_proxy_passkey": True}
        passkey = (await local.call("PUT", "/users/4", body, key=SERVICE)).body["proxy_passkey"]
        await local.control("POST", "/timeout_ip", {"seconds": 60})
        blocked = await local.post("/generate/async", {"prompt": "x"}, key=SERVICE)
        assert blocked.rc == "TimeoutIP"
        passed = await local.post(
            "/generate/async",
            {"prompt": "x"},
            key=SERVICE,
            Proxy_Authorization=passkey,
            Proxied_For="10.1.2.3",
        )
        assert passed.status == 202


async def test_an_account_marks_itself_deleted() -> None:
    async with LocalHorde() as local:
        foreign = await local.call("DELETE", "/users/3", key=RICH)
        assert (foreign.status, foreign.rc) == (403, "NotUserOrMod")
        assert (await local.call("DELETE", "/users/3", key=POOR)).status == 200
        assert (await local.post("/generate/async", {"prompt": "x"}, key=POOR)).rc == "DeletedUser"
        again = await local.call("DELETE", "/users/3", key=POOR)
        assert again.rc == "CannotWipeActiveUser"


async def test_kudos_move() -> None:
    async with LocalHorde() as local:
        for name, amount in (("poor#3", 100), ("3", 10)):
            body = {"username": name, "amount": amount}
            answer = await local.post("/kudos/transfer", body, key=RICH)
            assert (answer.status, answer.body) == (200, {"transferred": float(amount)})
        assert (await local.get("/users/3"))["kudos"] == 135.0
        assert (await local.get("/users/2"))["kudos_details"]["gifted"] == -110.0
        assert (await local.get("/users/3"))["kudos_details"]["received"] == 110.0


@pytest.mark.parametrize(
    ("name", "amount", "key", "rc"),
    [
        ("poor#3", -5, RICH, "NegativeKudosTransfer"),
        ("poor#3", 0, RICH, "InvalidKudosTransferAmount"),
        ("poor#3", 99_999_999, RICH, "KudosTransferNotEnough"),
        ("rich#2", 1, POOR, "KudosTransferNotEnough"),  # the first 25 cannot be given away
        ("rich#2", 5, RICH, "KudosTransferToSelf"),
        ("Anonymous#0", 5, RICH, "KudosTransferToAnon"),
        ("rich#2", 5, ANONYMOUS, "KudosTransferFromAnon"),
        ("nobody#77", 5, RICH, "InvalidTargetUsername"),
    ],
)
async def test_transfers_that_are_refused(name: str, amount: int, key: str, rc: str) -> None:
    async with LocalHorde() as local:
        body = {"username": name, "amount": amount}
        answer = await local.post("/kudos/transfer", body, key=key)
        assert (answer.status, answer.rc) == (400, rc)


async def test_a_transfer_with_an_idempotency_key_happens_once() -> None:
    async with LocalHorde() as local:
        body = {"username": "poor#3", "amount": 7}
        for _ in range(2):
            answer = await local.post("/kudos/transfer", body, key=RICH, Idempotency_Key="abc-1")
            assert answer.body == {"transferred": 7.0}
        assert (await local.get("/users/3"))["kudos"] == 32.0
        other = await local.post(
            "/kudos/transfer", body | {"amount": 8}, key=RICH, Idempotency_Key="abc-1"
        )
        assert other.rc == "IdempotencyKeyConflict"


async def test_kudos_do_not_come_straight_back() -> None:
    async with LocalHorde() as local:
        await local.post("/kudos/transfer", {"username": "poor#3", "amount": 50}, key=RICH)
        back = await local.post("/kudos/transfer", {"username": "rich#2", "amount": 5}, key=POOR)
        assert back.rc == "TooFastKudosTransfers"


async def test_a_shared_key_lives_and_ends() -> None:
    async with LocalHorde() as local:
        wanted = {"kudos": 500, "expiry": 7, "name": "friends", "max_image_steps": 20}
        made = (await local.call("PUT", "/sharedkeys", wanted, key=RICH)).body
        assert made["username"] == "rich#2"
        assert (made["kudos"], made["utilized"], made["max_text_tokens"]) == (500, 0, -1)
        assert made["expiry"].endswith("-0000")
        path = f"/sharedkeys/{made['id']}"
        assert await local.get(path, key=None) == made
        me = await local.get("/find_user", key=made["id"])
        assert me["username"] == "rich#2 (Shared Key: friends)"
        assert "sharedkey_ids" not in me
        foreign = await local.call("PATCH", path, {"name": "mine"}, key=POOR)
        assert (foreign.status, foreign.rc) == (403, "Forbidden")
        empty = await local.call("PATCH", path, {}, key=RICH)
        assert empty.rc == "NoSharedKeyModSelected"
        changed = await local.call("PATCH", path, {"name": "renamed"}, key=RICH)
        assert changed.body["name"] == "renamed"
        assert (await local.call("DELETE", path, key=RICH)).status == 200
        gone = await local.call("GET", path)
        assert (gone.status, gone.rc) == (401, "InvalidAPIKey")


async def test_a_shared_key_pays_until_it_is_empty() -> None:
    async with LocalHorde() as local:

        async def key(**limits: int) -> str:
            body = {"name": "abc", **limits}
            return (await local.call("PUT", "/sharedkeys", body, key=RICH)).body["id"]

        purse = await key(kudos=12)
        request_id = await local.image(key=purse, params={"steps": 20})
        await local.done(request_id)
        assert (await local.get(f"/sharedkeys/{purse}"))["utilized"] == 9
        poor = await local.post("/generate/async", {"prompt": "x"}, key=purse)
        assert (poor.status, poor.rc) == (403, "SharedKeyInsufficientKudos")
        local.state.accounts.shared_keys[purse].utilized = 12
        body = {"prompt": "x"}
        assert (await local.post("/generate/async", body, key=purse)).rc == "SharedKeyEmpty"
        as_nobody = await local.post("/generate/async", body | {"allow_downgrade": True}, key=purse)
        assert as_nobody.status == 202
        assert local.state.requests[as_nobody.body["id"]].user.anonymous
        small = await key(kudos=5)
        await local.done(await local.image(key=small, allow_downgrade=True))
        assert (await local.get(f"/sharedkeys/{small}"))["kudos"] == 0  # never below
        old = await key(kudos=100, expiry=-2)
        assert (await local.post("/generate/async", body, key=old)).rc == "SharedKeyExpired"


async def test_limits_of_a_shared_key_crash_without_a_style() -> None:
    async with LocalHorde() as local:
        limits = {"name": "abc", "max_image_steps": 10, "max_text_tokens": 20}
        key = (await local.call("PUT", "/sharedkeys", limits, key=RICH)).body["id"]
        assert (await local.post("/generate/async", {"prompt": "x"}, key=key)).status == 500
        styled = {"prompt": "x", "style": "paper cut"}
        assert (await local.post("/generate/async", styled, key=key)).rc == "BadRequest"
        assert (await local.post("/generate/text/async", {"prompt": "x"}, key=key)).status == 500


async def test_only_so_many_shared_keys() -> None:
    async with LocalHorde() as local:
        for _ in range(3):
            assert (await local.call("PUT", "/sharedkeys", {"kudos": 10}, key=POOR)).status == 200
        fourth = await local.call("PUT", "/sharedkeys", {"kudos": 10}, key=POOR)
        assert (fourth.status, fourth.rc) == (403, "Forbidden")
        assert fourth.body["message"] == "You cannot have more than 3 shared keys."
        nobody = await local.call("PUT", "/sharedkeys", {"kudos": 10}, key=ANONYMOUS)
        assert nobody.rc == "AnonForbidden"
