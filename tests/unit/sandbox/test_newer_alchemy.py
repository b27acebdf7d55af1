"""Alchemy of the newer server: annotations."""

import base64
import io
from typing import Any

from PIL import Image

from sandbox.horde.newer.control_types import ANNOTATION_TYPES
from sandbox.horde.newer.versions import NEWER, OLDER
from sandbox.horde.workers.image_processing import open_image
from tests.support.credentials import RICH
from tests.support.horde.local_horde import LocalHorde


def annotation(control: str) -> dict[str, Any]:
    return {"name": "annotation", "payload": {"control_type": control}}


def body(*forms: dict[str, Any]) -> dict[str, Any]:
    picture = io.BytesIO()
    Image.radial_gradient("L").save(picture, "PNG")
    source = base64.b64encode(picture.getvalue()).decode()
    return {"source_image": source, "forms": list(forms)}


async def test_each_annotation_is_delivered_with_its_control_type() -> None:
    async with LocalHorde(version=NEWER) as local:
        user = local.state.accounts.by_id[2]
        before = user.kudos
        sent = body(annotation("canny"), annotation("normal"), annotation("canny"))
        request_id = (await local.post("/interrogate/async", sent, key=RICH)).body["id"]
        status = await local.until(f"/interrogate/status/{request_id}", "state", "done")
        found = {each["payload"]["control_type"]: each for each in status["forms"]}
        assert sorted(found) == ["canny", "normal"]
        assert len(status["forms"]) == 2
        for each in found.values():
            assert each["form"] == "annotation"
            link = await local.call("GET", each["result"]["annotation"], key=None)
            assert open_image(link.raw).size == (256, 256)
        assert before - user.kudos == 3 + 2 + 8 + 2


async def test_unknown_control_type_is_refused() -> None:
    async with LocalHorde(version=NEWER) as local:
        for form in ({"name": "annotation"}, annotation("hough"), annotation("nothing")):
            answer = await local.post("/interrogate/async", body(form), key=RICH)
            assert (answer.status, answer.rc) == (400, "InvalidControlType")


async def test_older_server_does_not_know_the_form() -> None:
    async with LocalHorde(version=OLDER) as local:
        answer = await local.post("/interrogate/async", body(annotation("canny")), key=RICH)
        assert answer.body["errors"].keys() == {"forms.0.name"}


async def test_workers_announce_annotations() -> None:
    async with LocalHorde(version=NEWER) as local:
        for worker in await local.get("/workers?type=interrogation"):
            assert worker["annotation_types"] == list(ANNOTATION_TYPES)
            assert "annotation" in worker["forms"]
        extended = {each["extended_controlnet"] for each in await local.get("/workers?type=image")}
        assert extended == {True, False}
