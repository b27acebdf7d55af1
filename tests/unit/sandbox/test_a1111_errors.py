"""The local web UI: refusals, credentials, and the errors of its versions."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.optional_servers import LocalServer, local_server

API = "/sdapi/v1"


@pytest.fixture
async def webui() -> AsyncIterator[LocalServer]:
    async with local_server("a1111", settings={}) as server:
        yield server


@pytest.mark.parametrize(
    ("kind", "body", "status", "detail"),
    [
        ("txt2img", {"sampler_name": "none such"}, 400, "Sampler not found"),
        ("txt2img", {"alwayson_scripts": {"none such": {}}}, 422, "Script 'none such' not found"),
        ("img2img", {}, 404, "Init image not found"),
        ("img2img", {"init_images": ["AAAA"]}, 500, "Invalid encoded image"),
        ("img2img", {"init_images": ["https://example.org/a.png"]}, 500, "Requests not allowed"),
        ("interrogate", {"image": None}, 404, "Image not found"),
    ],
)
async def test_refusal_names_its_reason_in_detail(
    webui: LocalServer, kind: str, body: dict[str, Any], status: int, detail: str
) -> None:
    expected = {"error": "HTTPException", "detail": detail, "body": "", "errors": ""}
    assert await webui.post(f"{API}/{kind}", **body) == (status, expected)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"steps": None}, "TypeError"),
        ({"width": 0}, "RuntimeError"),
        ({"enable_hr": True, "hr_upscaler": "none such"}, "Exception"),
        ({"width": 4096, "height": 4096, "batch_size": 2}, "OutOfMemoryError"),
    ],
)
async def test_failed_job_is_an_error_with_a_text(
    webui: LocalServer, body: dict[str, Any], error: str
) -> None:
    status, answer = await webui.post(f"{API}/txt2img", **body)
    assert (status, answer["error"], answer["detail"]) == (500, error, "")
    assert answer["errors"]
    assert (await webui.jobs())["jobs"][0]["state"] == "failed"
    assert (await webui.post(f"{API}/txt2img", width=64, height=64))[0] == 200


@pytest.mark.parametrize("behaviour", ["out_of_memory", "nans"])
async def test_prompt_can_ask_for_a_failure(webui: LocalServer, behaviour: str) -> None:
    status, _ = await webui.post(f"{API}/txt2img", prompt=f"a cat [sandbox:{behaviour}]")
    assert status == 500


async def test_unknown_checkpoint_in_options_is_an_error(webui: LocalServer) -> None:
    status, answer = await webui.post(f"{API}/options", sd_model_checkpoint="none such")
    assert (status, answer["errors"]) == (500, "model 'none such' not found")


async def test_wrong_type_is_a_validation_error(webui: LocalServer) -> None:
    status, answer = await webui.post(f"{API}/txt2img", steps="many", cfg_scale="7")
    assert status == 422
    assert [each["loc"] for each in answer["detail"]] == [["body", "steps"]]
    async with webui.http.post(f"{webui.url}{API}/txt2img", data=b"{") as malformed:
        assert malformed.status == 422
    assert (await webui.call("POST", f"{API}/options", ["samples_format"]))[0] == 422


async def test_old_name_of_a_sampler_is_known(webui: LocalServer) -> None:
    body = {"sampler_name": "DPM++ 2M Karras", "width": 64, "height": 64}
    status, answer = await webui.post(f"{API}/txt2img", **body)
    assert status == 200
    assert answer["parameters"]["scheduler"] == "Karras"


@pytest.mark.parametrize("name", ["none such", "DPM++ 2M Karras"])
async def test_older_version_answers_404_for_a_sampler(webui: LocalServer, name: str) -> None:
    await webui.knobs(version="1.9")
    assert (await webui.post(f"{API}/txt2img", sampler_name=name))[0] == 404


async def test_forge_answers_bare_errors_and_has_modules(webui: LocalServer) -> None:
    await webui.knobs(version="forge")
    expected = (400, {"detail": "Sampler not found"})
    assert await webui.post(f"{API}/txt2img", sampler_name="none such") == expected
    async with webui.http.post(f"{webui.url}{API}/txt2img", json={"width": 0}) as failed:
        assert (failed.status, await failed.text()) == (500, "Internal Server Error")
    assert (await webui.get(f"{API}/sd-vae"))[0] == 404
    assert (await webui.get(f"{API}/sd-modules"))[0] == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("Bearer x", 401),
        ("Basic !", 401),
        (f"Basic {base64.b64encode(b'me:wrong').decode()}", 401),
        (f"Basic {base64.b64encode(b'me:secret').decode()}", 200),
    ],
)
async def test_credentials_are_checked_when_they_are_set(
    webui: LocalServer, header: str | None, status: int
) -> None:
    await webui.knobs(auth="me:secret")
    headers = {"Authorization": header} if header else {}
    async with webui.http.get(f"{webui.url}{API}/options", headers=headers) as answer:
        assert answer.status == status
        assert (answer.headers.get("WWW-Authenticate") == "Basic") == (status == 401)
