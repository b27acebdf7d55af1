"""Every refusal with a cause that a client can bring about, for image requests."""

import base64
import io
from typing import Any

import pytest
from PIL import Image

from tests.sandbox.horde_kit import ANONYMOUS, KEEPER, POOR, RICH, SERVICE, Lab

CASCADE = {"models": ["Stable Cascade 1.0"], "source_processing": "remix"}
FLUX = "Flux.1-Schnell fp8 (Compact)"


def pixel() -> str:
    out = io.BytesIO()
    Image.new("RGB", (64, 64)).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


RULES: list[tuple[dict[str, Any], int, str]] = [
    ({"params": {"cfg_scale": 7.123}}, 400, "BadCFGDecimals"),
    ({"params": {"control_type": "canny"}}, 400, "ControlNetSourceMissing"),
    (
        {"params": {"control_type": "canny"}, "models": ["SDXL 1.0"], "source_image": pixel()},
        400,
        "ControlNetMismatch",
    ),
    (
        {
            "params": {"control_type": "canny"},
            "source_image": pixel(),
            "source_processing": "inpainting",
        },
        400,
        "ControlNetInpaintingMismatch",
    ),
    ({"params": {"return_control_map": True}}, 400, "ControlNetInvalidPayload"),
    (CASCADE | {"extra_source_images": [{"image": "a"}] * 2}, 400, "MoreThanMinExtraSourceImage."),
    (CASCADE | {"extra_source_images": [{"image": "a"}] * 6}, 400, "TooManyExtraSourceImages."),
    ({"extra_source_images": [{"image": "a"}]}, 400, "InvalidExtraSourceImages."),
    (
        {"params": {"extra_texts": [{"text": "x", "reference": "qr_code"}]}},
        400,
        "InvalidExtraTexts.",
    ),
    ({"params": {"workflow": "qr_code"}}, 400, "MissingExtraTexts."),
    ({"params": {"hires_fix": True}, "models": [FLUX]}, 400, "HiResMismatch"),
    ({"params": {"transparent": True}, "models": [FLUX]}, 400, "InvalidTransparencyModel"),
    (
        {"params": {"transparent": True, "control_type": "hed"}, "source_image": pixel()},
        400,
        "InvalidTransparencyCN",
    ),
    ({"params": {"loras": [{"name": "abc", "is_version": True}]}}, 400, "BadLoraVersion"),
    ({"params": {"loras": [{"name": str(i)} for i in range(6)]}}, 400, "TooManyLoras"),
    ({"params": {"tis": [{"name": str(i)} for i in range(21)]}}, 400, "TooManyTIs"),
    ({"params": {"post_processing": ["RealESRGAN_x4plus", "NMKD_Siax"]}}, 400, "TooManyUpscalers"),
    ({"params": {"special": {"a": 1}}}, 400, "BadRequest"),
    ({"source_processing": "remix"}, 400, "InvalidRemix"),
    ({"source_mask": "abc"}, 400, "SourceMaskUnnecessary"),
    ({"models": ["RealESRGAN_x4plus"]}, 400, "UnexpectedModelName"),
    ({"models": ["stable_diffusion_inpainting"]}, 400, "SourceImageRequiredForModel"),
    ({"proxied_account": "discord:123"}, 400, "OnlyServiceAccountProxy"),
    ({"disable_batching": True, "params": {"n": 2}}, 400, "RequiresTrust"),
    ({"workers": ["00000000-0000-0000-0000-000000000000"]}, 404, "WorkerNotFound"),
    ({"style": "no such style"}, 404, "StyleNotFound"),
    ({"style": "bedtime story"}, 400, "BadRequest"),
    ({"webhook": "http://127.0.0.1:1/hook"}, 400, "BadRequest"),
    ({"source_image": "data:image/png;base64,AAAA"}, 400, "ImageValidationFailed"),
    ({"params": {"n": 20}, "prompt": "w " * 7501}, 400, "InvalidPromptSize"),
    ({"prompt": "a\0b"}, 400, "NulByteInPayload"),
]


@pytest.mark.parametrize(("body", "status", "rc"), RULES, ids=lambda value: str(value)[:40])
async def test_a_rule_is_kept(body: dict[str, Any], status: int, rc: str) -> None:
    async with Lab() as lab:
        answer = await lab.post("/generate/async", {"prompt": "a red fox", **body}, key=POOR)
        assert (answer.status, answer.rc) == (status, rc)
        assert answer.body.keys() == {"message", "rc"}


INVALID: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"params": {}}, {"prompt": "'prompt' is a required property"}),
    ({"prompt": ""}, {"prompt": "'' is too short"}),
    (
        {"prompt": "x", "params": {"steps": 501, "n": 21, "width": 500}},
        {
            "params.width": "500 is not a multiple of 64",
            "params.steps": "501 is greater than the maximum of 500",
            "params.n": "21 is greater than the maximum of 20",
        },
    ),
    (
        {"prompt": "x", "params": {"seed": None}, "webhook": None},
        {
            "params.seed": "None is not of type 'string'",
            "webhook": "None is not of type 'string'",
        },
    ),
    ({"prompt": "x", "params": {"seed": 5}}, {"params.seed": "5 is not of type 'string'"}),
    ({"prompt": "x", "webhook": "https://"}, {"webhook": "'https://' is too short"}),
    (
        {"prompt": "x", "params": {"post_processing": ["GFPGAN", "GFPGAN"]}},
        {"params.post_processing": "['GFPGAN', 'GFPGAN'] has non-unique elements"},
    ),
    (
        {"prompt": "x", "params": {"loras": [{"model": 9}]}},
        {
            "params.loras.0.name": "'name' is a required property",
            "params.loras.0.model": "9 is greater than the maximum of 5.0",
        },
    ),
    ({"prompt": "x", "nsfw": 1}, {"nsfw": "1 is not of type 'boolean'"}),
]


@pytest.mark.parametrize(("body", "errors"), INVALID, ids=lambda value: str(value)[:40])
async def test_the_schema_comes_before_the_key(body: Any, errors: dict[str, str]) -> None:
    async with Lab() as lab:
        for key in ("no such key", None):
            answer = await lab.post("/generate/async", body, key=key)
            assert answer.status == 400
            assert answer.body == {"errors": errors, "message": "Input payload validation failed"}


async def test_a_missing_key_is_a_validation_error_and_an_unknown_one_a_401() -> None:
    async with Lab() as lab:
        missing = await lab.post("/generate/async", {"prompt": "x"}, key=None)
        assert missing.status == 400
        assert missing.body["errors"].keys() == {"apikey"}
        unknown = await lab.post("/generate/async", {"prompt": "x"}, key="nobody")
        assert (unknown.status, unknown.rc) == (401, "InvalidAPIKey")


async def test_what_is_no_json_is_not_understood() -> None:
    async with Lab() as lab:
        for data, kind in (
            (b"{", "application/json"),
            (b"{}", "text/plain"),
            (b"", "application/json"),
            (b'{"prompt": NaN}', "application/json"),
            (b"[" * 100_000, "application/json"),
        ):
            async with lab.http.post(
                f"{lab.server.url}/generate/async",
                data=data,
                headers={"Content-Type": kind, "apikey": ANONYMOUS},
            ) as response:
                assert response.status == 400
                body = await response.json()
                assert body.keys() == {"message"}
                assert body["message"].startswith("The browser (or proxy) sent a request")


async def test_maintenance_is_a_400() -> None:
    async with Lab() as lab:
        await lab.knobs(maintenance=True)
        for path, body in (
            ("/generate/async", {"prompt": "x"}),
            ("/generate/text/async", {"prompt": "x"}),
            ("/interrogate/async", {"source_image": pixel(), "forms": [{"name": "caption"}]}),
        ):
            answer = await lab.post(path, body)
            assert (answer.status, answer.rc) == (400, "MaintenanceMode")
        assert (await lab.get("/status/modes", key=None))["maintenance_mode"] is True
        await lab.knobs(maintenance=False)
        assert (await lab.post("/generate/async", {"prompt": "x"})).status == 202


async def test_the_filter_rewrites_or_puts_the_address_in_timeout() -> None:
    async with Lab() as lab:
        prompt = "a zorpling quibbled ### ugly"
        request_id = await lab.image(prompt)
        changed = lab.horde.requests[request_id].prompt
        assert "zorpling" not in changed
        assert "underage" in changed
        body = {"prompt": prompt, "replacement_filter": False}
        assert (await lab.post("/generate/async", body)).rc == "CorruptPrompt"
        for path in ("/generate/async", "/generate/text/async"):
            blocked = await lab.post(path, {"prompt": "an innocent flower"}, key=RICH)
            assert (blocked.status, blocked.rc) == (403, "TimeoutIP")
            assert "for 179 more seconds" in blocked.body["message"]
        alchemy = {"source_image": pixel(), "forms": [{"name": "caption"}]}
        assert (await lab.post("/interrogate/async", alchemy)).status == 202
        await lab.control("POST", "/timeout_ip", {"seconds": 0})
        long = {"prompt": "zorpling quibbled " + "x" * 7000}
        assert (await lab.post("/generate/async", long)).rc == "BadRequest"


async def test_the_example_agent_is_banned() -> None:
    async with Lab() as lab:
        answer = await lab.post(
            "/generate/async", {"prompt": "x"}, Client_Agent="My-Project:v0.0.1:My-Contact"
        )
        assert (answer.status, answer.rc) == (403, "BannedClientAgent")


async def test_deleted_accounts_are_refused() -> None:
    async with Lab() as lab:
        user = await lab.control("POST", "/users", {"username": "gone", "deleted": True})
        answer = await lab.post("/generate/async", {"prompt": "x"}, key=user["api_key"])
        assert (answer.status, answer.rc) == (403, "DeletedUser")


async def test_concurrency_counts_what_no_worker_has_taken() -> None:
    async with Lab() as lab:
        await lab.knobs(workers={"image": 0, "text": 0})
        assert await lab.image(key=POOR, params={"n": 20})
        refused = await lab.post("/generate/async", {"prompt": "x", "params": {"n": 11}}, key=POOR)
        assert (refused.status, refused.rc) == (429, "TooManyPrompts")
        assert await lab.image(key=POOR, params={"n": 10})
        assert await lab.text(key=POOR, params={"n": 20})  # counted apart


async def test_anonymous_concurrency_is_counted_by_model() -> None:
    async with Lab() as lab:
        await lab.knobs(workers={"image": 0})
        for _ in range(25):
            await lab.image(key=ANONYMOUS, params={"n": 20}, models=["Deliberate"])
        full = {"prompt": "x", "models": ["Deliberate"]}
        assert (await lab.post("/generate/async", full)).rc == "TooManyPrompts"
        assert await lab.image(key=ANONYMOUS, models=["SDXL 1.0"])


async def test_service_accounts_may_speak_for_others() -> None:
    async with Lab() as lab:
        assert await lab.image(key=SERVICE, proxied_account="discord:123")
        assert await lab.image(key=KEEPER, disable_batching=True, params={"n": 2})


async def test_a_collection_breaks_the_real_server() -> None:
    async with Lab() as lab:
        body = {"prompt": "x", "style": "sandbox picks"}
        answer = await lab.post("/generate/async", body, key=RICH)
        assert (answer.status, answer.body) == (500, {"message": "Internal Server Error"})


async def test_unknown_routes_are_html_and_wrong_methods_json() -> None:
    async with Lab() as lab:
        lost = await lab.call("GET", "/nosuchroute")
        assert lost.status == 404
        assert lost.headers["Content-Type"] == "text/html; charset=utf-8"
        assert lost.raw.startswith(b"<!doctype html>")
        wrong = await lab.post("/status/heartbeat", {})
        assert wrong.status == 405
        assert wrong.body == {"message": "The method is not allowed for the requested URL."}
        assert "GET" in wrong.headers["Allow"]
        for answer in (lost, wrong):
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Horde-Node"].endswith(":5.1.5")


async def test_requests_that_are_not_there() -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    async with Lab() as lab:
        text_id = await lab.text()
        for method, path in (
            ("GET", f"/generate/check/{nobody}"),
            ("GET", f"/generate/status/{nobody}"),
            ("DELETE", f"/generate/status/{nobody}"),
            ("GET", f"/generate/check/{text_id}"),
            ("GET", "/generate/text/status/not-a-uuid"),
            ("DELETE", f"/interrogate/status/{nobody}"),
        ):
            answer = await lab.call(method, path, key=None)
            assert (answer.status, answer.rc) == (404, "RequestNotFound")


async def test_a_nameless_client_in_timeout_may_not_even_check() -> None:
    async with Lab() as lab:
        request_id = await lab.image()
        await lab.control("POST", "/timeout_ip", {"seconds": 60})
        path = f"/generate/check/{request_id}"
        assert (await lab.call("GET", path)).status == 200
        nameless = await lab.call("GET", path, Client_Agent="unknown:0:unknown")
        assert (nameless.status, nameless.rc) == (403, "Forbidden")


async def test_education_accounts_are_kept_safe() -> None:
    async with Lab() as lab:
        body = {"username": "school", "education": True}
        key = (await lab.control("POST", "/users", body))["api_key"]
        request = lab.horde.requests[await lab.image(key=key, nsfw=True)]
        assert (request.nsfw, request.trusted_workers) == (False, True)
