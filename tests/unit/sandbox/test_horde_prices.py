"""Prices of pictures, and the kudos needed in advance."""

from typing import Any

import pytest

from tests.support.credentials import ANONYMOUS, POOR, RICH
from tests.support.horde.local_horde import LocalHorde
from tests.support.horde.result_images import source_image


async def test_dry_runs_cost_nothing_and_are_remembered_without_a_key() -> None:
    async with LocalHorde() as local:
        body = {"prompt": "a red fox", "dry_run": True, "params": {"n": 2}}
        unknown = await local.post("/generate/async", body, key="nobody")
        assert unknown.status == 401
        first = await local.post("/generate/async", body)
        assert (first.status, first.body) == (200, {"kudos": 18.0})
        again = await local.post("/generate/async", body | {"prompt": "a cat"}, key="nobody")
        assert (again.status, again.body) == (200, {"kudos": 18.0})
        big = {"models": ["SDXL 1.0"], "params": {"width": 1024, "height": 1024}}
        assert (await local.post("/generate/async", body | big)).body == {"kudos": 45.0}
        assert not local.state.requests


async def test_recorded_prices_are_met() -> None:
    async with LocalHorde() as local:

        async def price(width: int, height: int, steps: int) -> float:
            params = {"width": width, "height": height, "steps": steps}
            body = {"prompt": "x", "params": params, "models": ["SDXL 1.0"]}
            return (await local.post("/generate/async", body, key=RICH)).body["kudos"]

        assert await price(512, 512, 5) == 4.0
        assert await price(512, 512, 30) == 8.0
        assert await price(512, 768, 20) == 7.0
        assert await price(1024, 1024, 20) == 16.0


async def test_an_sdxl_picture_is_charged_twice_its_price() -> None:
    async with LocalHorde() as local:
        before = local.state.accounts.by_id[2].kudos
        body: dict[str, Any] = {
            "models": ["SDXL 1.0"],
            "params": {"width": 1024, "height": 1024, "steps": 20},
        }
        status = await local.done(await local.image(**body))
        assert status["kudos"] == 36.0
        assert round(before - local.state.accounts.by_id[2].kudos) == 36


async def test_large_requests_need_kudos_beforehand() -> None:
    async with LocalHorde() as local:
        body = {"prompt": "x", "params": {"width": 1536, "height": 1536}}
        refused = await local.post("/generate/async", body, key=POOR)
        assert (refused.status, refused.rc) == (403, "KudosUpfront")
        assert "requires 59.08 kudos" in refused.body["message"]
        accepted = await local.post("/generate/async", body, key=RICH)
        assert accepted.status == 202
        many_steps = {"prompt": "x", "params": {"steps": 60}}
        assert (await local.post("/generate/async", many_steps, key=POOR)).rc == "KudosUpfront"
        hurry = {"prompt": "x", "slow_workers": False}
        assert (await local.post("/generate/async", hurry, key=ANONYMOUS)).rc == "KudosUpfront"


SD, XL = "Deliberate", "DreamShaper XL"


@pytest.mark.parametrize(
    ("models", "params", "made"),
    [
        ([SD], {"steps": 80}, (512, 512, 30)),
        ([SD], {"steps": 40}, (512, 512, 40)),
        ([SD], {"steps": 30, "sampler_name": "k_heun"}, (512, 512, 15)),
        ([SD], {"steps": 20, "sampler_name": "k_heun"}, (512, 512, 20)),
        ([SD], {"steps": 30, "sampler_name": "lcm"}, (512, 512, 10)),
        ([SD], {"steps": 30, "loras": [{"name": "216190"}]}, (512, 512, 10)),
        ([SD], {"steps": 30, "loras": [{"name": "246747", "is_version": True}]}, (512, 512, 10)),
        ([SD], {"width": 1280, "height": 1280, "sampler_name": "k_dpm_adaptive"}, (1024, 1024, 4)),
        ([SD], {"width": 1600, "height": 1600, "steps": 40}, (1024, 1024, 30)),
        ([SD], {"width": 1536, "height": 768}, (1408, 704, 30)),
        (["Flux.1-Schnell fp8 (Compact)"], {"steps": 12}, (512, 512, 8)),
        (["Stable Cascade 1.0"], {"steps": 35}, (512, 512, 30)),
        ([XL], {"steps": 6, "sampler_name": "k_dpmpp_sde"}, (512, 512, 4)),
        ([XL], {"steps": 3, "sampler_name": "k_dpmpp_sde"}, (512, 512, 3)),
        ([SD, XL], {"steps": 20}, (512, 512, 6)),
    ],
)
async def test_a_downgrade_reduces_size_and_steps_in_silence(
    models: list[str], params: dict[str, Any], made: tuple[int, int, int]
) -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"image": 0})
        request_id = await local.image(key=POOR, models=models, params=params, allow_downgrade=True)
        request = local.state.requests[request_id]
        assert (request.width, request.height, request.steps) == made
        (shown,) = (await local.get(f"{local.control_url}/requests"))["requests"]
        assert tuple(shown["made"][name] for name in ("width", "height", "steps")) == made


async def test_a_wish_for_fast_workers_is_dropped_with_steps_above_the_downgrade() -> None:
    async with LocalHorde() as local:
        body: dict[str, Any] = {
            "models": [SD],
            "slow_workers": False,
            "params": {"steps": 35},
        }
        request_id = await local.image(key=POOR, allow_downgrade=True, **body)
        assert local.state.requests[request_id].steps == 30


async def test_a_downgrade_without_models_is_a_server_error() -> None:
    async with LocalHorde() as local:
        body: dict[str, Any] = {
            "prompt": "x",
            "models": [],
            "params": {"width": 2048, "height": 2048},
        }
        answer = await local.post("/generate/async", body | {"allow_downgrade": True}, key=POOR)
        assert answer.status == 500
        assert (await local.post("/generate/async", body, key=POOR)).rc == "KudosUpfront"


async def test_a_dry_run_needs_the_kudos_too_until_somebody_has_asked() -> None:
    async with LocalHorde() as local:
        body: dict[str, Any] = {
            "prompt": "x",
            "models": [SD],
            "dry_run": True,
            "params": {"width": 1600, "height": 1600},
        }
        refused = await local.post("/generate/async", body, key=POOR)
        assert (refused.status, refused.rc) == (403, "KudosUpfront")
        smaller = await local.post("/generate/async", body | {"allow_downgrade": True}, key=POOR)
        assert smaller.body["kudos"] < 30  # the price of the smaller picture, and remembered
        again = await local.post("/generate/async", body, key=POOR)
        assert again.body == smaller.body


async def test_extra_source_images_are_taxed() -> None:
    async with LocalHorde() as local:
        await local.knobs(workers={"image": 0})
        request_id = await local.image(
            models=["Stable Cascade 1.0"],
            source_processing="remix",
            source_image=source_image(),
            extra_source_images=[
                {"image": source_image()},
                {"image": source_image(), "strength": 0.5},
            ],
        )
        assert (await local.get(f"/generate/check/{request_id}"))["kudos"] == 13.0
