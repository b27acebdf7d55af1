"""Text requests of the newer server: the context that a prompt gets, and prices."""

from typing import Any

import pytest

from sandbox.horde.newer import lease
from sandbox.horde.newer.versions import NEWER, OLDER
from tests.support.credentials import RICH
from tests.support.horde.local_horde import LocalHorde

STHENO = "koboldcpp/L3-8B-Stheno-v3.2"


async def quote(local: LocalHorde, length: int, **body: Any) -> Any:
    """The answer to a dry run with a prompt of so many characters."""
    sent = {"prompt": "x" * length, "dry_run": True, "models": [STHENO], **body}
    return (await local.post("/generate/text/async", sent, key=RICH)).body


async def test_prompt_is_estimated_at_three_characters_for_a_token() -> None:
    async with LocalHorde(version=NEWER) as local:
        resolved = (await quote(local, 301))["resolved"]
        assert (resolved["estimated_prompt_tokens"], resolved["context_fit"]) == (101, "ignore")
        assert resolved["style"] is None


async def test_overlong_prompt_is_cut_refused_or_given_more_context() -> None:
    async with LocalHorde(version=NEWER) as local:
        characters = 3 * 2_000  # with 80 tokens to write it is longer than the usual context
        assert "kudos" in await quote(local, characters)
        refused = await quote(local, characters, context_fit="reject")
        assert refused["rc"] == "PromptExceedsContext"
        assert "kudos" in await quote(local, 3 * 1_968, context_fit="reject")
        grown = await quote(local, characters, context_fit="grow")
        assert grown["resolved"]["params"]["max_context_length"] == 4096
        assert grown["kudos"] > (await quote(local, characters))["kudos"]


async def test_context_grows_no_further_than_the_workers_allow() -> None:
    async with LocalHorde(version=NEWER) as local:
        grown = await quote(local, 3 * 16_000, context_fit="grow")
        assert grown["resolved"]["params"]["max_context_length"] == 16384
        refused = await quote(local, 3 * 16_400, context_fit="grow")
        assert refused["rc"] == "PromptExceedsContext"
        nowhere = await quote(local, 3 * 2_000, context_fit="grow", models=["unserved/model"])
        assert nowhere["rc"] == "PromptExceedsContext"


async def test_unknown_model_has_a_price_on_the_newer_server_only() -> None:
    for version, status in ((OLDER, 500), (NEWER, 200)):
        async with LocalHorde() as local:
            await local.knobs(version=version)
            body = {"prompt": "x", "dry_run": True, "models": ["unserved/model"]}
            answer = await local.post("/generate/text/async", body, key=RICH)
            assert answer.status == status


async def test_older_server_ignores_the_mode() -> None:
    async with LocalHorde(version=OLDER) as local:
        body = {"prompt": "x" * 9_000, "context_fit": "reject"}
        assert (await local.post("/generate/text/async", body, key=RICH)).status == 202


# Side, steps, sampler, control type, family; the examples of the reference.
LIMITS: list[tuple[int, int, str, bool, str, int]] = [
    (1024, 30, "k_euler", False, "stable_diffusion_xl", 270),
    (1024, 30, "k_heun", False, "stable_diffusion_xl", 510),
    (1024, 30, "k_euler", False, "flux_1", 810),
    (1024, 30, "k_euler", True, "flux_1", 1620),
    (512, 20, "k_euler", False, "stable_diffusion_1", 150),
    (512, 500, "k_dpm_adaptive", False, "stable_diffusion_1", 150),
]


@pytest.mark.parametrize(("side", "steps", "sampler", "control", "family", "seconds"), LIMITS)
def test_job_time_limit_follows_the_servers_formula(
    side: int, steps: int, sampler: str, control: bool, family: str, seconds: int
) -> None:
    found = lease.image_seconds(
        side, side, steps, sampler=sampler, control=control, baseline=family, by_work=True
    )
    assert found == seconds
