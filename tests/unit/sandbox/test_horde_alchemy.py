"""Alchemy requests of the local Horde."""

import asyncio
import io
import xml.etree.ElementTree as ET
from typing import Any

from PIL import Image

from sandbox.horde.request_schemas import FORMS
from tests.support.credentials import ANONYMOUS, KEEPER, POOR, RICH
from tests.support.horde.local_horde import LocalHorde
from tests.support.horde.result_images import source_image


async def forms_submitted(
    local: LocalHorde, *forms: str, key: str = RICH, source: str | None = None
) -> str:
    body = {
        "source_image": source or source_image(size=(96, 64), colour="#ff8800"),
        "forms": [{"name": name} for name in forms],
    }
    answer = await local.post("/interrogate/async", body, key=key)
    assert answer.status == 202, answer
    assert answer.body.keys() == {"id"}
    return answer.body["id"]


async def results(local: LocalHorde, *forms: str, **kwargs: str) -> dict[str, Any]:
    request_id = await forms_submitted(local, *forms, **kwargs)
    status = await local.until(f"/interrogate/status/{request_id}", "state", "done")
    return {each["form"]: each["result"] for each in status["forms"]}


async def test_the_reading_forms_tell_true_things() -> None:
    async with LocalHorde() as local:
        found = await results(
            local, "caption", "describe", "nsfw", "interrogation", "palette", "aesthetic"
        )
        assert found["caption"]["caption"].startswith("a wide picture in orange")
        assert "96 by 64 pixels" in found["describe"]["describe"]
        assert found["nsfw"] == {"nsfw": False}
        groups = found["interrogation"]["interrogation"]
        assert groups.keys() == {
            "tags",
            "sites",
            "artists",
            "flavors",
            "mediums",
            "movements",
            "techniques",
        }
        assert groups["tags"][0]["text"] == "orange"
        assert groups["tags"][0]["confidence"] > groups["tags"][1]["confidence"]
        colour = found["palette"]["palette"][0]
        assert int(colour[1:3], 16) > 240
        assert 1 <= found["aesthetic"]["aesthetic"] <= 10


async def test_vectorize_gives_a_small_svg() -> None:
    async with LocalHorde() as local:
        svg = (await results(local, "vectorize"))["vectorize"]["vectorize"]
        root = ET.fromstring(svg)
        assert root.tag.endswith("svg")
        assert len(root) > 10
        assert len(svg) < 100_000


async def test_editing_forms_give_links_to_changed_pictures() -> None:
    async with LocalHorde() as local:
        found = await results(local, "RealESRGAN_x4plus", "strip_background", "GFPGAN")
        sizes = {}
        for form, result in found.items():
            raw = (await local.call("GET", result[form], key=None)).raw
            image = Image.open(io.BytesIO(raw))
            sizes[form] = (image.format, image.size, image.mode)
        assert sizes == {
            "RealESRGAN_x4plus": ("WEBP", (384, 256), "RGB"),
            "strip_background": ("WEBP", (96, 64), "RGBA"),
            "GFPGAN": ("WEBP", (96, 64), "RGB"),
        }


async def test_every_form_is_known_and_ends() -> None:
    async with LocalHorde() as local:
        assert (await results(local, *FORMS)).keys() == set(FORMS)


async def test_it_is_charged_by_the_tile() -> None:
    async with LocalHorde() as local:
        before = local.state.accounts.by_id[2].kudos
        await results(
            local,
            "RealESRGAN_x4plus",
            "caption",
            source=source_image(size=(600, 100), colour="#ff8800"),
        )
        # 3 for each of two tiles + 1 + 1, and 1 + 1 + 1
        assert before - local.state.accounts.by_id[2].kudos == 8 + 3


async def test_duplicates_are_made_and_no_forms_are_faulted() -> None:
    async with LocalHorde() as local:
        request_id = await forms_submitted(local, "caption", "caption")
        status = await local.until(f"/interrogate/status/{request_id}", "state", "done")
        assert [each["form"] for each in status["forms"]] == ["caption", "caption"]
        empty = await forms_submitted(local)
        assert await local.get(f"/interrogate/status/{empty}") == {"state": "faulted", "forms": []}


async def test_waiting_forms_have_no_result_and_cancelled_ones_are_partial() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"alchemy": 0})
        request_id = await forms_submitted(local, "caption", "nsfw")
        path = f"/interrogate/status/{request_id}"
        before = await local.get(path)
        assert before["state"] == "waiting"
        assert all(each.keys() == {"form", "state"} for each in before["forms"])
        after = (await local.call("DELETE", path, key=None)).body
        assert after["state"] == (await local.get(path))["state"] == "partial"
        assert {each["state"] for each in after["forms"]} == {"cancelled"}
        assert local.state.accounts.by_id[2].waiting["alchemy"] == 0


async def test_a_cancelled_form_that_a_worker_had_is_charged() -> None:
    async with LocalHorde(job_seconds=(0.3, 0.3)) as local:
        before = local.state.accounts.by_id[2].kudos
        request_id = await forms_submitted(local, "caption")
        path = f"/interrogate/status/{request_id}"
        await local.until(path, "state", "processing")
        answer = (await local.call("DELETE", path, key=None)).body
        assert answer["state"] == "partial"
        assert answer["forms"] == [{"form": "caption", "state": "cancelled"}]
        await asyncio.sleep(0.5)
        assert local.state.accounts.by_id[2].kudos == before - 3
        assert (await local.get(path))["forms"] == answer["forms"]


async def test_raid_mode_breaks_alchemy_for_the_untrusted_and_is_shown_to_moderators() -> None:
    async with LocalHorde() as local:
        await local.knobs(raid_mode=True)
        body = {
            "source_image": source_image(size=(96, 64), colour="#ff8800"),
            "forms": [{"name": "caption"}],
        }
        assert (await local.post("/interrogate/async", body, key=POOR)).status == 500
        assert (await local.post("/interrogate/async", body, key=RICH)).status == 202
        assert "raid_mode" not in await local.get("/status/modes", key=None)
        assert (await local.get("/status/modes", key=KEEPER))["raid_mode"] is True


async def test_refusals() -> None:
    async with LocalHorde() as local:

        async def refused(body: dict[str, Any], key: str = RICH) -> tuple[int, str | None]:
            answer = await local.post("/interrogate/async", body, key=key)
            return answer.status, answer.rc

        caption = [{"name": "caption"}]
        assert await refused({"source_image": "zzz", "forms": caption}) == (
            400,
            "ImageValidationFailed",
        )
        away = {"source_image": "https://example.org/a.png", "forms": caption}
        assert await refused(away) == (400, "SourceImageUrlInvalid")
        hook = {
            "source_image": source_image(size=(96, 64), colour="#ff8800"),
            "webhook": "http://bot.example/x",
        }
        assert await refused(hook) == (400, "BadRequest")
        good = {"source_image": source_image(size=(96, 64), colour="#ff8800"), "forms": caption}
        assert await refused(good, "nobody") == (401, "InvalidAPIKey")
        shared = await local.call("PUT", "/sharedkeys", {"name": "abc"}, key=RICH)
        assert await refused(good, shared.body["id"]) == (401, "InvalidAPIKey")
        crowd = {
            "source_image": source_image(size=(96, 64), colour="#ff8800"),
            "forms": caption * 301,
        }
        assert await refused(crowd) == (429, "TooManyPrompts")


async def test_the_schema_names_the_forms() -> None:
    async with LocalHorde() as local:
        body = {
            "source_image": source_image(size=(96, 64), colour="#ff8800"),
            "forms": [{"name": "dance"}],
        }
        answer = await local.post("/interrogate/async", body, key=ANONYMOUS)
        assert answer.status == 400
        assert answer.body["errors"]["forms.0.name"].startswith("'dance' is not one of ['caption',")
        missing = await local.post("/interrogate/async", {"forms": []}, key=ANONYMOUS)
        assert missing.body["errors"].keys() == {"source_image"}


async def test_a_link_can_be_the_source() -> None:
    async with LocalHorde() as local:
        status = await local.done(await local.image(params={"width": 192, "height": 128}))
        found = await results(local, "describe", source=status["generations"][0]["img"])
        assert "192 by 128 pixels" in found["describe"]["describe"]
