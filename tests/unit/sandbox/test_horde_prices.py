"""What pictures cost, and what is needed in hand for them."""

from typing import Any

from tests.support.horde.local_horde import ANONYMOUS, POOR, RICH, Lab
from tests.support.horde.result_images import picture, pictures


async def test_dry_runs_cost_nothing_and_are_remembered_without_a_key() -> None:
    async with Lab() as lab:
        body = {"prompt": "a red fox", "dry_run": True, "params": {"n": 2}}
        unknown = await lab.post("/generate/async", body, key="nobody")
        assert unknown.status == 401
        first = await lab.post("/generate/async", body)
        assert (first.status, first.body) == (200, {"kudos": 18.0})
        again = await lab.post("/generate/async", body | {"prompt": "a cat"}, key="nobody")
        assert (again.status, again.body) == (200, {"kudos": 18.0})
        big = {"models": ["SDXL 1.0"], "params": {"width": 1024, "height": 1024}}
        assert (await lab.post("/generate/async", body | big)).body == {"kudos": 45.0}
        assert not lab.horde.requests


async def test_recorded_prices_are_met() -> None:
    async with Lab() as lab:

        async def price(width: int, height: int, steps: int) -> float:
            params = {"width": width, "height": height, "steps": steps}
            body = {"prompt": "x", "params": params, "models": ["SDXL 1.0"]}
            return (await lab.post("/generate/async", body, key=RICH)).body["kudos"]

        assert await price(512, 512, 5) == 4.0
        assert await price(512, 512, 30) == 8.0
        assert await price(512, 768, 20) == 7.0
        assert await price(1024, 1024, 20) == 16.0


async def test_an_sdxl_picture_is_charged_twice_its_price() -> None:
    async with Lab() as lab:
        before = lab.horde.accounts.by_id[2].kudos
        body: dict[str, Any] = {
            "models": ["SDXL 1.0"],
            "params": {"width": 1024, "height": 1024, "steps": 20},
        }
        status = await lab.done(await lab.image(**body))
        assert status["kudos"] == 36.0
        assert round(before - lab.horde.accounts.by_id[2].kudos) == 36


async def test_large_requests_need_kudos_beforehand() -> None:
    async with Lab() as lab:
        body = {"prompt": "x", "params": {"width": 1536, "height": 1536}}
        refused = await lab.post("/generate/async", body, key=POOR)
        assert (refused.status, refused.rc) == (403, "KudosUpfront")
        assert "requires 59.08 kudos" in refused.body["message"]
        accepted = await lab.post("/generate/async", body, key=RICH)
        assert accepted.status == 202
        many_steps = {"prompt": "x", "params": {"steps": 60}}
        assert (await lab.post("/generate/async", many_steps, key=POOR)).rc == "KudosUpfront"
        hurry = {"prompt": "x", "slow_workers": False}
        assert (await lab.post("/generate/async", hurry, key=ANONYMOUS)).rc == "KudosUpfront"


async def test_allow_downgrade_shrinks_in_silence() -> None:
    async with Lab() as lab:
        params = {"width": 1536, "height": 1536, "steps": 60}
        status = await lab.done(await lab.image(key=POOR, params=params, allow_downgrade=True))
        (image,) = await pictures(lab, status)
        assert image.size == (1024, 1024)


async def test_extra_source_images_are_taxed() -> None:
    async with Lab() as lab:
        await lab.knobs(workers={"image": 0})
        request_id = await lab.image(
            models=["Stable Cascade 1.0"],
            source_processing="remix",
            source_image=picture(),
            extra_source_images=[{"image": picture()}, {"image": picture(), "strength": 0.5}],
        )
        assert (await lab.get(f"/generate/check/{request_id}"))["kudos"] == 13.0
