"""The two versions of the local Horde: routes, codes and documents."""

from typing import Any

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.horde.newer.versions import NEWER, OLDER, VERSIONS, HordeVersion
from tests.support.credentials import RICH
from tests.support.horde.local_horde import LocalHorde

NEWER_PATHS = (
    "/generate/request/00000000-0000-0000-0000-000000000000",
    "/generate/text/request/00000000-0000-0000-0000-000000000000",
    "/status/sampler_constraints",
    "/status/style_contract",
)


@pytest.mark.parametrize("path", NEWER_PATHS)
async def test_newer_route_on_older_server_is_an_html_404(path: str) -> None:
    async with LocalHorde(version=OLDER) as local:
        answer = await local.call("GET", path, key=RICH)
        assert (answer.status, answer.body) == (404, None)
        assert b"<title>404 Not Found</title>" in answer.raw


@pytest.mark.parametrize("version", VERSIONS)
async def test_version_is_in_heartbeat_and_header(version: HordeVersion) -> None:
    async with Sandbox(horde_version=version) as box, aiohttp.ClientSession() as http:
        async with http.get(f"{box.urls.horde}/status/heartbeat") as answer:
            assert (await answer.json())["version"] == version
            assert answer.headers["Horde-Node"].endswith(f":{version}")


async def test_version_changes_while_the_server_runs() -> None:
    async with LocalHorde() as local:
        assert (await local.call("GET", "/status/style_contract")).status == 404
        await local.knobs(version=NEWER)
        assert (await local.get("/status/style_contract"))["schema_version"] == 1


RENAMED: list[tuple[dict[str, Any], str]] = [
    ({"source_processing": "remix", "extra_source_images": [{"image": "a"}] * 6},
     "TooManyExtraSourceImages"),
    ({"extra_source_images": [{"image": "a"}]}, "InvalidExtraSourceImages"),
    ({"params": {"extra_texts": [{"text": "a", "reference": "qr_code"}]}}, "InvalidExtraTexts"),
    ({"params": {"workflow": "qr_code"}}, "MissingExtraTexts"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "rc"), RENAMED)
async def test_renamed_code_has_no_dot_on_the_newer_server(body: dict[str, Any], rc: str) -> None:
    async with LocalHorde() as local:
        answer = await local.post("/generate/async", {"prompt": "x", **body}, key=RICH)
        assert answer.rc == f"{rc}."
        await local.knobs(version=NEWER)
        answer = await local.post("/generate/async", {"prompt": "x", **body}, key=RICH)
        assert (answer.status, answer.rc) == (400, rc)


async def test_example_client_agent_has_another_code() -> None:
    codes: dict[HordeVersion, str] = {OLDER: "BannedClientAgent", NEWER: "BadClientAgent"}
    for version, rc in codes.items():
        async with LocalHorde(version=version) as local:
            answer = await local.post(
                "/generate/async",
                {"prompt": "x"},
                key=RICH,
                Client_Agent="My-Project:v0.0.1:My-Contact",
            )
            assert (answer.status, answer.rc) == (403, rc)


async def test_sampler_constraints_describe_41_samplers() -> None:
    async with LocalHorde(version=NEWER) as local:
        document = await local.get("/status/sampler_constraints", key=None)
        samplers = document["samplers"]
        assert len(samplers) == 41
        assert samplers["k_dpm_adaptive"]["work_profile"]["kind"] == "adaptive"
        assert samplers["deis"]["accepted_settings"]["sampler_order"] == {
            "minimum": 2.0, "maximum": 4.0, "default": 3.0, "integer_only": True,
        }  # fmt: skip
        assert document["hard_constraints"]["rejected_sampler_scheduler_pairings"] == [
            {"sampler": "dpmpp_3m_sde", "scheduler": "normal"}
        ]


async def test_style_contract_has_the_counts_of_the_real_one() -> None:
    async with LocalHorde(version=NEWER) as local:
        document = await local.get("/status/style_contract", key=None)
        assert len(document["text"]["overridable_parameters"]) == 23
        assert len(document["image"]["overridable_parameters"]) == 34
        assert document["image"]["ceiling_parameters"]["steps"] == {"minimum": 1, "maximum": 500}
        assert document["text"]["context_fit_modes"] == ["ignore", "reject", "grow"]
