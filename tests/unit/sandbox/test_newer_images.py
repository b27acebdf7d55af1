"""Image requests of the newer server: parameters, rules, prices, and what a dry run resolves."""

import base64
import io
from typing import Any

import pytest
from PIL import Image

from sandbox.horde.newer.versions import NEWER, OLDER, HordeVersion
from sandbox.horde.workers.image_processing import open_image
from tests.support.credentials import KEEPER, POOR, RICH
from tests.support.horde.local_horde import LocalHorde

XL, FLUX = "SDXL 1.0", "Flux.1-Schnell fp8 (Compact)"
CASCADE = "Stable Cascade 1.0"
# The parameters, the model, and the code that refuses them.
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"sampler_name": "ddpm", "sampler_eta": 1}, XL, "SamplerKnobInapplicable"),
    ({"sampler_name": "k_euler", "sampler_eta": 1}, XL, "SamplerKnobInapplicable"),
    ({"sampler_name": "euler_ancestral_cfg_pp", "sampler_eta": 2}, XL, "SamplerKnobOutOfRange"),
    ({"sampler_name": "deis", "sampler_order": 2.5}, XL, "SamplerKnobOutOfRange"),
    ({"sampler_name": "k_heun", "sampler_s_tmax": -1}, XL, "SamplerKnobOutOfRange"),
    ({"sampler_name": "seeds_2", "sampler_solver_type": "heun"}, XL,
     "SamplerSolverTypeUnsupported"),
    ({"sampler_name": "dpmpp_3m_sde", "scheduler": "normal"}, XL, "SamplerSchedulerMismatch"),
    ({"sampler_name": "dpmpp_3m_sde", "karras": False}, XL, "SamplerSchedulerMismatch"),
    ({"scheduler": "gits"}, FLUX, "SchedulerBaselineMismatch"),
    ({"flow_shift": 3}, XL, "FlowShiftInapplicable"),
    ({"flow_shift": 101}, FLUX, "FlowShiftOutOfRange"),
    ({"hires_fix": True}, FLUX, "HiResMismatch"),
    ({"transparent": True}, CASCADE, "InvalidTransparencyModel"),
    ({"control_type": "mlsd"}, XL, "ControlNetMismatch"),
    ({"control_type": "mlsd"}, "Deliberate", "ControlNetSourceMissing"),
    ({"control_strength": 1}, XL, "ControlStrengthWithoutControlType"),
    ({"control_type": "teed", "control_strength": 3.5}, "Deliberate", "ControlStrengthOutOfRange"),
    ({"workflow": "qr_code"}, FLUX, "ControlNetMismatch."),
]  # fmt: skip
ACCEPTED: list[tuple[dict[str, Any], str]] = [
    ({"sampler_name": "heunpp2", "sampler_s_churn": 2, "sampler_s_tmax": 900}, XL),
    ({"sampler_name": "dpmpp_3m_sde", "scheduler": "karras", "karras": False}, XL),
    ({"sampler_name": "seeds_2", "sampler_solver_type": "phi_2"}, XL),
    ({"scheduler": "align_your_steps"}, "Deliberate"),
    ({"flow_shift": 3.5, "steps": 4}, FLUX),
]


@pytest.mark.parametrize(("params", "model", "rc"), REFUSED)
async def test_parameter_that_does_not_fit_is_refused(
    params: dict[str, Any], model: str, rc: str
) -> None:
    async with LocalHorde(version=NEWER) as local:
        body = {"prompt": "x", "params": params, "models": [model]}
        answer = await local.post("/generate/async", body, key=RICH)
        assert (answer.status, answer.rc) == (400, rc)


@pytest.mark.parametrize(("params", "model"), ACCEPTED)
async def test_new_parameter_is_accepted_and_read_back(params: dict[str, Any], model: str) -> None:
    async with LocalHorde(version=NEWER) as local:
        request_id = await local.image(params=params, models=[model])
        sent = await local.get(f"/generate/request/{request_id}", key=RICH)
        assert sent["params"].items() >= params.items()
        await local.done(request_id)


async def test_older_server_refuses_new_names_and_ignores_new_keys() -> None:
    async with LocalHorde(version=OLDER) as local:
        body: dict[str, Any] = {"prompt": "x", "params": {"sampler_name": "uni_pc"}}
        answer = await local.post("/generate/async", body)
        assert (answer.status, answer.body["errors"].keys()) == (400, {"params.sampler_name"})
        body["params"] = {"scheduler": "no such scheduler", "flow_shift": 900}
        assert (await local.post("/generate/async", body)).status == 202


async def test_unknown_scheduler_is_a_validation_error() -> None:
    async with LocalHorde(version=NEWER) as local:
        body = {"prompt": "x", "params": {"scheduler": "no such scheduler"}}
        answer = await local.post("/generate/async", body)
        assert answer.body["errors"].keys() == {"params.scheduler"}


async def test_no_models_means_any_model_or_stable_diffusion() -> None:
    expected: dict[HordeVersion, tuple[str, ...]] = {OLDER: (), NEWER: ("stable_diffusion",)}
    for version, models in expected.items():
        async with LocalHorde(version=version) as local:
            request_id = await local.image(models=[])
            assert local.state.requests[request_id].models == models


async def test_dry_run_resolves_the_request() -> None:
    async with LocalHorde(version=NEWER) as local:
        body = {"prompt": "a fox###fog", "dry_run": True, "models": ["Deliberate"]}
        for _ in range(2):  # the second answer is remembered
            answer = await local.post("/generate/async", body, key=RICH)
            assert answer.body["resolved"]["prompt"] == "a fox"
            assert answer.body["resolved"]["negative_prompt"] == "fog"
            assert answer.body["resolved"]["style"] is None
        styled = body | {"style": "oil painting"}
        resolved = (await local.post("/generate/async", styled, key=RICH)).body["resolved"]
        assert resolved["style"]["name"] == "oil painting"
        assert resolved["params"]["steps"] == 20


async def test_taxes_of_the_newer_server_are_lower() -> None:
    paid: dict[str, float] = {}
    for version in (OLDER, NEWER):
        async with LocalHorde(version=version) as local:
            user = local.state.accounts.by_id[1]
            before = user.kudos
            await local.done(await local.image(key=KEEPER))
            paid[version] = before - user.kudos
    assert paid[OLDER] - paid[NEWER] == pytest.approx(2)  # pyright: ignore[reportUnknownMemberType] its stubs


async def test_style_of_another_account_costs_two_kudos_and_pays_its_owner() -> None:
    async with LocalHorde(version=NEWER) as local:
        owner = local.state.accounts.by_id[2]
        before = owner.kudos
        await local.image(key=KEEPER, style="oil painting")
        assert owner.kudos == before + 2
        assert (await local.get("/find_user", key=RICH))["kudos_details"]["styled"] == 2.0


async def test_adaptive_sampler_cannot_be_downgraded() -> None:
    async with LocalHorde(version=NEWER) as local:
        body: dict[str, Any] = {
            "prompt": "x",
            "params": {"sampler_name": "k_dpm_adaptive", "width": 2048, "height": 2048},
            "allow_downgrade": True,
        }
        answer = await local.post("/generate/async", body, key=POOR)
        assert (answer.status, answer.rc) == (403, "KudosUpfront")
        body["params"]["sampler_name"] = "k_euler"
        assert (await local.post("/generate/async", body, key=POOR)).status == 202


async def test_large_scale_with_a_cfg_pp_sampler_is_warned_of() -> None:
    async with LocalHorde(version=NEWER) as local:
        params = {"sampler_name": "euler_cfg_pp", "cfg_scale": 5}
        answer = await local.post("/generate/async", {"prompt": "x", "params": params}, key=RICH)
        assert "CfgPPScaleTooLarge" in {each["code"] for each in answer.body["warnings"]}


async def test_unpaired_surrogate_is_refused() -> None:
    async with LocalHorde(version=NEWER) as local:
        async with local.http.post(
            f"{local.server.url}/generate/async",
            data=b'{"prompt": "a \\ud800 fox"}',
            headers={"Content-Type": "application/json", "apikey": RICH},
        ) as response:
            assert response.status == 400
            assert (await response.json())["rc"] == "InvalidPromptEncoding"


async def test_prompt_emptied_for_an_nsfw_model_times_the_address_out_after_five() -> None:
    async with LocalHorde(version=NEWER) as local:
        body = {"prompt": "zorpling", "models": ["Hassaku XL"]}
        codes = [(await local.post("/generate/async", body, key=RICH)).rc for _ in range(7)]
        assert codes == ["CorruptPrompt"] * 6 + ["TimeoutIP"]
        assert (await local.post("/generate/async", {"prompt": "x"}, key=POOR)).rc == "TimeoutIP"


async def test_older_server_never_times_out_for_emptied_prompts() -> None:
    async with LocalHorde(version=OLDER) as local:
        body = {"prompt": "zorpling", "models": ["Hassaku XL"]}
        codes = {(await local.post("/generate/async", body, key=RICH)).rc for _ in range(8)}
        assert codes == {"CorruptPrompt"}
        kept = await local.image("a zorpling fox", models=["Hassaku XL"])
        assert local.state.requests[kept].prompt.startswith("a fox###child")


async def test_new_control_type_draws_from_the_source() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (512, 512), "red").save(picture, "PNG")
    async with LocalHorde(version=NEWER) as local:
        request_id = await local.image(
            source_image=base64.b64encode(picture.getvalue()).decode(),
            params={"control_type": "depth_anything_v2", "control_strength": 0.5},
            models=["Deliberate"],
            r2=True,
        )
        workers = {each["worker_name"] for each in (await local.done(request_id))["generations"]}
        assert "Attic GPU" not in workers
        name = f"{(await local.done(request_id))['generations'][0]['id']}.webp"
        data = await local.state.object_storage.read(name)
        assert data is not None
        assert open_image(data).size == (512, 512)
