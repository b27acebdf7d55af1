"""Workers over HTTP: they ask for jobs, return results, and lose jobs that they keep too long."""

import base64
import io
from typing import Any

from PIL import Image

from tests.support.credentials import ANONYMOUS, POOR, RICH
from tests.support.horde.local_horde import LocalHorde

IMAGE_WORKER: dict[str, Any] = {
    "name": "My Worker", "models": ["Deliberate"], "nsfw": True, "max_pixels": 1024 * 1024,
}  # fmt: skip
TEXT_WORKER: dict[str, Any] = {"name": "My Scribe", "models": ["My Model"]}
ALCHEMIST: dict[str, Any] = {"name": "My Alchemist", "forms": ["caption", "GFPGAN"], "amount": 2}


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(out, "PNG")
    return out.getvalue()


async def test_image_job_is_taken_uploaded_and_delivered() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"image": 0})
        empty = await local.post("/generate/pop", IMAGE_WORKER, key=POOR)
        assert (empty.body["id"], empty.body["ids"]) == (None, [])
        request_id = await local.image(params={"n": 2, "steps": 20}, models=["Deliberate"])
        job = (await local.post("/generate/pop", IMAGE_WORKER | {"amount": 2}, key=POOR)).body
        assert (len(job["ids"]), job["model"], job["ttl"]) == (2, "Deliberate", 150)
        assert (job["payload"]["ddim_steps"], job["payload"]["prompt"]) == (20, "a fox")
        assert (await local.get(f"/generate/check/{request_id}"))["processing"] == 2
        for job_id, link in zip(job["ids"], job["r2_uploads"], strict=True):
            async with local.http.put(link, data=png()) as uploaded:
                assert uploaded.status == 200
            body = {"id": job_id, "generation": "R2", "seed": 7}
            done = await local.post("/generate/submit", body, key=POOR)
            assert done.body["reward"] > 0
        status = await local.done(request_id)
        assert {each["worker_name"] for each in status["generations"]} == {"My Worker"}
        picture = await local.call("GET", status["generations"][0]["img"], key=None)
        assert picture.raw == png()
        body = {"id": job["id"], "generation": "R2", "seed": 7}
        again = await local.post("/generate/submit", body, key=POOR)
        assert (again.status, again.rc) == (400, "DuplicateGen")
        assert (await local.get("/workers/name/My%20Worker"))["requests_fulfilled"] == 2


async def test_picture_as_base64_and_censorship_are_passed_on() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"image": 0})
        request_id = await local.image(models=["Deliberate"])
        job = (await local.post("/generate/pop", IMAGE_WORKER, key=POOR)).body
        sent = base64.b64encode(png()).decode()
        body = {"id": job["id"], "generation": sent, "seed": 7, "state": "censored"}
        await local.post("/generate/submit", body, key=POOR)
        (generation,) = (await local.done(request_id))["generations"]
        assert generation["censored"] is True
        assert generation["seed"] == "7"


async def test_faulted_and_late_jobs_wait_again() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"image": 0})
        request_id = await local.image(models=["Deliberate"])
        job = (await local.post("/generate/pop", IMAGE_WORKER, key=POOR)).body
        body = {"id": job["id"], "seed": 7, "state": "faulted"}
        assert (await local.post("/generate/submit", body, key=POOR)).body == {"reward": 0.0}
        check = await local.get(f"/generate/check/{request_id}")
        assert (check["restarted"], check["waiting"], check["processing"]) == (1, 1, 0)
        await local.knobs(lease_factor=0.0001)
        job = (await local.post("/generate/pop", IMAGE_WORKER, key=POOR)).body
        await local.until(f"/generate/check/{request_id}", "restarted", 2)
        late = await local.post("/generate/submit", {"id": job["id"], "seed": 7}, key=POOR)
        assert (late.status, late.rc) == (400, "AbortedGen")


async def test_text_job_is_taken_and_delivered() -> None:
    async with LocalHorde() as local:
        request_id = await local.text(models=["My Model"])
        job = (await local.post("/generate/text/pop", TEXT_WORKER, key=POOR)).body
        assert job["payload"]["prompt"] == "Once"
        body = {"id": job["id"], "generation": "upon a time"}
        await local.post("/generate/text/submit", body, key=POOR)
        (generation,) = (await local.written(request_id))["generations"]
        assert (generation["text"], generation["model"]) == ("upon a time", "My Model")


async def test_alchemy_forms_are_taken_and_delivered() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"alchemy": 0})
        source = base64.b64encode(png()).decode()
        forms = [{"name": "caption"}, {"name": "GFPGAN"}]
        sent = await local.post(
            "/interrogate/async", {"source_image": source, "forms": forms}, key=RICH
        )
        path = f"/interrogate/status/{sent.body['id']}"
        taken = (await local.post("/interrogate/pop", ALCHEMIST, key=POOR)).body["forms"]
        links = {each["form"]: each for each in taken}
        assert set(links) == {"caption", "GFPGAN"}
        async with local.http.get(links["caption"]["source_image"]) as picture:
            assert picture.status == 200
        async with local.http.put(links["GFPGAN"]["r2_upload"], data=png()) as uploaded:
            assert uploaded.status == 200
        for name, result in (("caption", "a green square"), ("GFPGAN", "R2")):
            body = {"id": links[name]["id"], "result": {name: result}, "state": "ok"}
            assert (await local.post("/interrogate/submit", body, key=POOR)).status == 200
        status = await local.until(path, "state", "done")
        results = {each["form"]: each["result"][each["form"]] for each in status["forms"]}
        assert results["caption"] == "a green square"
        assert (await local.call("GET", results["GFPGAN"], key=None)).raw == png()


async def test_form_that_is_kept_too_long_waits_again() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"alchemy": 0}, lease_factor=0.0001)
        source = base64.b64encode(png()).decode()
        body = {"source_image": source, "forms": [{"name": "caption"}]}
        sent = await local.post("/interrogate/async", body, key=RICH)
        (form,) = (await local.post("/interrogate/pop", ALCHEMIST, key=POOR)).body["forms"]
        await local.until(f"/interrogate/status/{sent.body['id']}", "state", "waiting")
        answer = await local.post("/interrogate/submit", {"id": form["id"]}, key=POOR)
        assert (answer.status, answer.rc) == (400, "AbortedGen")


async def test_workers_belong_to_their_accounts() -> None:
    async with LocalHorde() as local:
        await local.post("/generate/pop", IMAGE_WORKER, key=POOR)
        cases: list[tuple[str, str, dict[str, Any], str, int, str]] = [
            ("generate/pop", ANONYMOUS, IMAGE_WORKER, "anonymous", 403, "AnonForbiddenWorker"),
            ("generate/pop", RICH, IMAGE_WORKER, "other owner", 403, "WrongCredentials"),
            ("generate/text/pop", POOR, IMAGE_WORKER, "other type", 400, "PolymorphicNameConflict"),
            ("generate/submit", POOR, {"id": "x", "seed": 1}, "no job", 404, "InvalidJobID"),
            ("interrogate/submit", POOR, {"id": "x"}, "no form", 404, "InvalidJobID"),
        ]
        for path, key, body, what, status, rc in cases:
            answer = await local.post(f"/{path}", body, key=key)
            assert (answer.status, answer.rc) == (status, rc), what
        worker = await local.get("/workers/name/My%20Worker")
        await local.call("PUT", f"/workers/{worker['id']}", {"maintenance": True}, key=POOR)
        answer = await local.post("/generate/pop", IMAGE_WORKER, key=POOR)
        assert (answer.status, answer.rc) == (403, "WorkerMaintenance")


async def test_no_new_worker_in_invite_only_mode() -> None:
    async with LocalHorde() as local:
        local.state.settings.invite_only = True
        answer = await local.post("/generate/pop", IMAGE_WORKER, key=POOR)
        assert (answer.status, answer.rc) == (403, "WorkerInviteOnly")
