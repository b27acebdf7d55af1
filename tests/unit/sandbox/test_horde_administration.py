"""What moderators and the administrator may do: filters, timeouts, modes, awards."""

from typing import Any

import pytest

from tests.support.credentials import KEEPER, POOR, RICH
from tests.support.horde.local_horde import LocalHorde

NEW: dict[str, Any] = {"regex": "snark(s)?", "filter_type": 21, "description": "a hunt"}


async def test_filter_is_added_changed_tested_and_deleted() -> None:
    async with LocalHorde() as local:
        made = (await local.call("PUT", "/filters", NEW, key=KEEPER)).body
        assert made == {**NEW, "id": "3", "replacement": "", "user": "keeper#1"}
        path = f"/filters/{made['id']}"
        assert await local.get(path, key=KEEPER) == made
        changed = await local.call("PATCH", path, {"replacement": "boojum"}, key=KEEPER)
        assert changed.body["replacement"] == "boojum"
        tested = await local.post("/filters", {"prompt": "a zorpling Snark"}, key=KEEPER)
        assert tested.body == {"suspicion": "2", "matches": ["zorpling", "Snark"]}
        assert [each["id"] for each in await local.get("/filters?contains=snark", key=KEEPER)] == [
            "3"
        ]
        rows = await local.get("/filters/regex?filter_type=21", key=KEEPER)
        assert rows == [{"filter_type": 21, "regex": "snark(s)?"}]
        assert (await local.call("DELETE", path, key=KEEPER)).body == {"message": "OK"}
        assert (await local.call("GET", path, key=KEEPER)).rc == "FilterNotFound"


REFUSED: list[tuple[str, str, Any, str]] = [
    ("GET", "/filters", None, RICH),
    ("GET", "/filters/regex", None, RICH),
    ("PUT", "/filters", NEW, POOR),
    ("GET", "/operations/ipaddr", None, RICH),
    ("POST", "/operations/ipaddr", {"ipaddr": "10.0.0.1", "hours": 1}, RICH),
    ("PUT", "/status/modes", {"raid_mode": True}, RICH),
]


@pytest.mark.parametrize(("method", "path", "body", "key"), REFUSED)
async def test_others_are_refused(method: str, path: str, body: Any, key: str) -> None:
    async with LocalHorde() as local:
        answer = await local.call(method, path, body, key=key)
        assert (answer.status, answer.rc) == (403, "NotModerator")


async def test_empty_and_invalid_filters_are_refused() -> None:
    async with LocalHorde() as local:
        assert (await local.call("PATCH", "/filters/1", {}, key=KEEPER)).rc == "NoFilterModSelected"
        broken = NEW | {"regex": "("}
        assert (await local.call("PUT", "/filters", broken, key=KEEPER)).rc == "BadRequest"
        answer = await local.call("PUT", "/filters", NEW | {"filter_type": 5}, key=KEEPER)
        assert answer.body["errors"].keys() == {"filter_type"}


async def test_address_is_put_into_timeout_and_released() -> None:
    async with LocalHorde() as local:
        body = {"ipaddr": "127.0.0.1", "hours": 1}
        assert (await local.post("/operations/ipaddr", body, key=KEEPER)).status == 200
        (row,) = await local.get("/operations/ipaddr", key=KEEPER)
        assert (row["ipaddr"], 3590 < row["seconds"] <= 3600) == ("127.0.0.1", True)
        assert await local.get("/operations/ipaddr/127.0.0.1", key=KEEPER) == [row]
        assert await local.get("/operations/ipaddr/10.0.0.9", key=KEEPER) == []
        assert (await local.post("/generate/async", {"prompt": "x"})).rc == "TimeoutIP"
        gone = {"ipaddr": "127.0.0.1"}
        assert (await local.call("DELETE", "/operations/ipaddr", gone, key=KEEPER)).status == 200
        assert (await local.post("/generate/async", {"prompt": "x"})).status == 202
        wrong = {"ipaddr": "no address", "hours": 1}
        assert (await local.post("/operations/ipaddr", wrong, key=KEEPER)).rc == "BadRequest"


async def test_workers_address_is_blocked_and_unblocked() -> None:
    async with LocalHorde() as local:
        worker = local.state.worker_pools["image"].workers[0]
        path = f"/operations/block_worker_ipaddr/{worker.id}"
        assert (await local.call("PUT", path, {"days": 2}, key=KEEPER)).status == 200
        assert worker.id in local.state.blocked_workers
        assert (await local.call("PUT", path, {"days": 31}, key=KEEPER)).status == 400
        assert (await local.call("DELETE", path, key=KEEPER)).status == 200
        assert worker.id not in local.state.blocked_workers


async def test_modes_are_changed() -> None:
    async with LocalHorde() as local:
        body = {"invite_only_mode": True, "maintenance_mode": True}
        assert (await local.call("PUT", "/status/modes", body, key=KEEPER)).body == body
        assert await local.get("/status/modes", key=None) == body
        assert (await local.post("/generate/async", {"prompt": "x"})).rc == "MaintenanceMode"
        empty = await local.call("PUT", "/status/modes", {}, key=KEEPER)
        assert (empty.status, empty.rc) == (400, "NoHordeModSelected")


async def test_only_the_first_account_awards_kudos() -> None:
    async with LocalHorde() as local:
        poor = local.state.accounts.by_id[3]
        before = poor.kudos
        body = {"username": "poor#3", "amount": 250}
        assert (await local.post("/kudos/award", body, key=KEEPER)).body == {"awarded": 250.0}
        assert poor.kudos == before + 250
        assert (await local.get("/users/3"))["kudos_details"]["awarded"] == 250.0
        for name, key, status, rc in (
            ("poor#3", RICH, 403, "NotAllowedAwards"),
            ("nothing#99", KEEPER, 400, "InvalidAwardUsername"),
            ("Anonymous#0", KEEPER, 400, "KudosAwardToAnon"),
        ):
            answer = await local.post("/kudos/award", {"username": name, "amount": 1}, key=key)
            assert (answer.status, answer.rc) == (status, rc)
