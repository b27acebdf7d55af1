"""What the local Horde says of itself, its models, its workers and its teams."""

import pytest

from tests.support.credentials import ANONYMOUS, KEEPER, POOR, RICH
from tests.support.horde.local_horde import LocalHorde


async def test_image_models() -> None:
    async with LocalHorde() as local:
        models = {each["name"]: each for each in await local.get("/status/models")}
        assert models["AlbedoBase XL (SDXL)"].keys() == {
            "performance",
            "queued",
            "jobs",
            "eta",
            "type",
            "name",
            "count",
        }
        # A newcomer's picture needs a well served SDXL model.
        assert models["AlbedoBase XL (SDXL)"]["count"] >= 3
        assert {each["type"] for each in models.values()} == {"image"}
        few = await local.get("/status/models?min_count=5")
        assert {each["count"] >= 5 for each in few} == {True}
        assert 0 < len(few) < len(models)


async def test_text_models_and_single_ones() -> None:
    async with LocalHorde() as local:
        names = {each["name"] for each in await local.get("/status/models?type=text")}
        assert "koboldcpp/L3-8B-Stheno-v3.2" in names
        (one,) = await local.get("/status/models/Deliberate")
        assert one["name"] == "Deliberate"
        assert await local.get("/status/models/nonexistent") == []
        assert (await local.call("GET", "/status/models/a%2Fb")).status == 404


async def test_queued_jobs_show_in_models_and_performance() -> None:
    async with LocalHorde(job_seconds=(2, 2)) as local:
        await local.knobs(workers={"image": 1})
        request_id = await local.image(params={"n": 10}, models=["SDXL 1.0"])
        await local.until(f"/generate/check/{request_id}", "processing", 4)
        (model,) = await local.get("/status/models/SDXL%201.0")
        assert model["jobs"] == 6.0  # two threads took two each
        assert model["eta"] > 0
        performance = await local.get("/status/performance")
        assert performance["queued_requests"] == 10
        assert performance["worker_count"] == 1
        assert performance["thread_count"] == 2
        assert performance["queued_megapixelsteps"] > 0
        heart = await local.get("/status/heartbeat")
        assert (heart["message"], heart["version"]) == ("OK", "5.1.5")


async def test_models_are_kept_two_seconds() -> None:
    async with LocalHorde(real=True) as local:
        before = await local.get("/status/models")
        await local.knobs(workers={"image": 1})
        assert await local.get("/status/models") == before
        assert await local.get("/status/models?type=image") != before


async def test_modes_know_moderators() -> None:
    async with LocalHorde() as local:
        assert await local.get("/status/modes", key=None) == {
            "maintenance_mode": False,
            "invite_only_mode": False,
        }
        assert "raid_mode" in await local.get("/status/modes", key=KEEPER)
        assert (await local.call("GET", "/status/modes", key=POOR)).rc == "NotModerator"


async def test_news_documents_and_statistics() -> None:
    async with LocalHorde() as local:
        (first, *_) = await local.get("/status/news")
        assert first.keys() == {
            "date_published",
            "newspiece",
            "importance",
            "tags",
            "title",
            "more_info_urls",
        }
        for name in ("terms", "privacy", "sponsors"):
            text = await local.get(f"/documents/{name}?format=markdown")
            assert text["markdown"].startswith("# ")
            assert (await local.get(f"/documents/{name}"))["html"].startswith("<h1>")
        images, texts = await local.get("/stats/img/totals"), await local.get("/stats/text/totals")
        assert images["minute"]["images"] < images["day"]["images"] < images["total"]["images"]
        by_model = await local.get("/stats/img/models")
        await local.done(await local.image(models=["Deliberate"]))
        await local.written(await local.text())
        more = await local.get("/stats/img/totals")
        assert more["total"]["images"] == images["total"]["images"] + 1
        more = await local.get("/stats/img/models")
        assert more["day"]["Deliberate"] == by_model["day"]["Deliberate"] + 1
        more = await local.get("/stats/text/totals")
        assert more["day"]["requests"] == texts["day"]["requests"] + 1
        assert more["day"]["tokens"] == texts["day"]["tokens"] + 80
        assert sum((await local.get("/stats/text/models"))["total"].values()) > 100_000_000
        assert (await local.get("/status/performance"))["past_minute_tokens"] == 80.0


@pytest.mark.parametrize("kind", ["image", "text", "interrogation"])
async def test_workers(kind: str) -> None:
    async with LocalHorde() as local:
        workers = await local.get(f"/workers?type={kind}")
        assert workers
        assert {each["type"] for each in workers} == {kind}
        one = await local.get(f"/workers/{workers[0]['id']}")
        assert one == workers[0]
        assert await local.get(f"/workers/name/{one['name']}") == one
        assert await local.get(f"/workers?name={one['name'].upper()}") == [one]
        assert ("forms" in one) == (kind == "interrogation")
        everybody = await local.get("/workers?type=")
        assert len(everybody) > len(workers)
        assert everybody == await local.get("/workers")


async def test_workers_that_are_not_there() -> None:
    async with LocalHorde() as local:
        for path in ("/workers/00000000-0000-0000-0000-000000000000", "/workers/name/nobody"):
            answer = await local.call("GET", path)
            assert (answer.status, answer.rc) == (404, "WorkerNotFound")


async def test_owners_manage_their_workers() -> None:
    async with LocalHorde() as local:
        worker = (await local.get("/workers?type=image"))[0]
        path = f"/workers/{worker['id']}"
        assert "owner" not in worker
        assert (await local.get(path, key=RICH))["owner"] == "rich#2"
        for body, key, rc in (
            ({"maintenance": True}, POOR, "NotOwner"),
            ({}, RICH, "NoWorkerModSelected"),
            ({"paused": True}, RICH, "NotModerator"),
            ({"name": "Attic GPU"}, RICH, "WorkerNameAlreadyExists"),
            ({"team": "no such team"}, RICH, "TeamNotFound"),
        ):
            assert (await local.call("PUT", path, body, key=key)).rc == rc
        team = (await local.get("/teams"))[0]
        changed = await local.call("PUT", path, {"maintenance": True, "team": team["id"]}, key=RICH)
        assert changed.body == {"maintenance": True, "team": team["name"]}
        assert (await local.get(path))["maintenance_mode"] is True
        assert (await local.get(f"/teams/{team['id']}", key=None))["worker_count"] == 1


async def test_a_worker_in_maintenance_takes_nothing() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"image": 1})
        (worker,) = local.state.worker_pools["image"].workers
        await local.call("PUT", f"/workers/{worker.id}", {"maintenance": True}, key=RICH)
        answer = await local.post("/generate/async", {"prompt": "x"})
        assert "NoAvailableWorker" in str(answer.body)
        await local.call("PUT", f"/workers/{worker.id}", {"maintenance": False}, key=RICH)
        await local.done(answer.body["id"])


async def test_teams() -> None:
    async with LocalHorde() as local:
        anonymous = await local.post("/teams", {"name": "Nope Team"}, key=ANONYMOUS)
        assert anonymous.rc == "AnonForbidden"
        assert (
            await local.post("/teams", {"name": "Nope"}, key=POOR)
        ).rc == "UntrustedTeamCreation"
        made = await local.post("/teams", {"name": "Yes Team", "info": "a team"}, key=RICH)
        path = f"/teams/{made.body['id']}"
        assert (await local.get(path, key=None))["creator"] == "rich#2"
        assert (await local.call("GET", path, key=RICH)).rc == "NotModerator"
        changed = await local.call("PATCH", path, {"info": "new info"}, key=RICH)
        assert changed.body == {"info": "new info"}
        assert (await local.call("PATCH", path, {}, key=RICH)).rc == "NoTeamModSelected"
        gone = await local.call("GET", "/teams/00000000-0000-0000-0000-000000000000", key=None)
        assert (gone.status, gone.rc) == (404, "TeamNotFound")


async def test_preflight_requests_are_answered() -> None:
    async with LocalHorde() as local:
        answer = await local.call("OPTIONS", "/generate/async", key=None)
        assert answer.status == 200
        assert "apikey" in answer.headers["Access-Control-Allow-Headers"]


async def test_nothing_can_be_rated() -> None:
    async with LocalHorde() as local:
        request_id = await local.image()
        answer = await local.post(f"/generate/rate/{request_id}", {"best": "x"})
        assert (answer.status, answer.rc) == (400, "AestheticsNotPublic")


async def test_messages_to_workers() -> None:
    async with LocalHorde() as local:
        worker = (await local.get("/workers?type=image"))[0]["id"]
        body = {"worker_id": worker, "message": "please update", "expiry": 2}
        foreign = await local.post("/workers/messages", body, key=POOR)
        assert (foreign.status, foreign.rc) == (403, "MessagesOnlyOwnWorkers")
        made = (await local.post("/workers/messages", body, key=RICH)).body
        assert (made["message"], made["worker_id"]) == ("please update", worker)
        assert await local.get(f"/workers/messages/{made['id']}") == made
        assert await local.get("/workers/messages", key=RICH) == [made]
        assert await local.get("/workers/messages", key=POOR) == []
        path = f"/workers/messages/{made['id']}"
        assert (await local.call("DELETE", path, key=POOR)).rc == "NotOwner"
        assert (await local.call("DELETE", path, key=KEEPER)).status == 200
        assert (await local.call("GET", path)).rc == "WorkermessageNotFound"


async def test_a_worker_is_repeated_for_a_while_after_a_change() -> None:
    async with LocalHorde(real=True) as local:
        worker = local.state.worker_pools["text"].workers[0]
        path, owner = f"/workers/{worker.id}", local.state.accounts.by_id[worker.owner].api_key
        team = (await local.get(path, key=owner))["team"]
        assert team["id"]
        left = await local.call("PUT", path, {"team": ""}, key=owner)
        assert left.body == {"team": "None"}
        assert (await local.get(path, key=owner))["team"] == team
        local.now += 31
        assert (await local.get(path, key=owner))["team"] == {"name": None, "id": None}
        joined = await local.call("PUT", path, {"team": team["id"]}, key=owner)
        assert joined.body == {"team": team["name"]}


async def test_a_worker_is_deleted_unless_it_has_worked() -> None:
    async with LocalHorde() as local:
        worker = local.state.worker_pools["text"].workers[0]
        path = f"/workers/{worker.id}"
        assert (await local.call("DELETE", path, key=POOR)).rc == "NotModerator"
        worker.fulfilled = 1
        locked = await local.call("DELETE", path, key=RICH)
        assert (locked.status, locked.rc) == (423, "Locked")
        worker.fulfilled = 0
        gone = await local.call("DELETE", path, key=RICH)
        assert gone.body == {"deleted_id": worker.id, "deleted_name": worker.name}
        assert (await local.call("GET", path)).rc == "WorkerNotFound"


async def test_a_team_is_deleted_by_its_creator() -> None:
    async with LocalHorde() as local:
        team = (await local.get("/teams"))[0]
        path = f"/teams/{team['id']}"
        assert (await local.call("DELETE", path, key=POOR)).rc == "NotOwner"
        gone = await local.call("DELETE", path, key=RICH)
        assert gone.body == {"deleted_id": team["id"], "deleted_name": team["name"]}
        assert team["id"] not in {each["id"] for each in await local.get("/teams")}


async def test_teams_have_workers_models_and_creators() -> None:
    async with LocalHorde() as local:
        teams = {each["name"]: each for each in await local.get("/teams")}
        night = teams["Night Shift"]
        assert {each["name"] for each in night["workers"]} == {"Night Owl", "Storyteller"}
        assert night["creator"] == "amber lantern#1001"
        assert {"name": "SDXL 1.0", "count": 1} in night["models"]
