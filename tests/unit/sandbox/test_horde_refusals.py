"""Bodies that are refused, in the order in which they are looked at."""

from typing import Any

import pytest

from tests.support.credentials import ANONYMOUS, POOR
from tests.support.horde.local_horde import LocalHorde
from tests.support.horde.result_images import source_image

CASCADE = {"models": ["Stable Cascade 1.0"], "source_processing": "remix"}
FLUX = "Flux.1-Schnell fp8 (Compact)"


REFUSAL_RULES: list[tuple[dict[str, Any], int, str]] = [
    ({"params": {"cfg_scale": 7.123}}, 400, "BadCFGDecimals"),
    ({"params": {"control_type": "canny"}}, 400, "ControlNetSourceMissing"),
    (
        {
            "params": {"control_type": "canny"},
            "models": ["SDXL 1.0"],
            "source_image": source_image(),
        },
        400,
        "ControlNetMismatch",
    ),
    (
        {
            "params": {"control_type": "canny"},
            "source_image": source_image(),
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
        {"params": {"transparent": True, "control_type": "hed"}, "source_image": source_image()},
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


@pytest.mark.parametrize(("body", "status", "rc"), REFUSAL_RULES, ids=lambda value: str(value)[:40])
async def test_a_rule_is_kept(body: dict[str, Any], status: int, rc: str) -> None:
    async with LocalHorde() as local:
        answer = await local.post("/generate/async", {"prompt": "a red fox", **body}, key=POOR)
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
    async with LocalHorde() as local:
        for key in ("no such key", None):
            answer = await local.post("/generate/async", body, key=key)
            assert answer.status == 400
            assert answer.body == {"errors": errors, "message": "Input payload validation failed"}


async def test_a_missing_key_is_a_validation_error_and_an_unknown_one_a_401() -> None:
    async with LocalHorde() as local:
        missing = await local.post("/generate/async", {"prompt": "x"}, key=None)
        assert missing.status == 400
        assert missing.body["errors"].keys() == {"apikey"}
        unknown = await local.post("/generate/async", {"prompt": "x"}, key="nobody")
        assert (unknown.status, unknown.rc) == (401, "InvalidAPIKey")


async def test_what_is_no_json_is_not_understood() -> None:
    async with LocalHorde() as local:
        for data, kind in (
            (b"{", "application/json"),
            (b"{}", "text/plain"),
            (b"", "application/json"),
            (b'{"prompt": NaN}', "application/json"),
            (b"[" * 100_000, "application/json"),
        ):
            async with local.http.post(
                f"{local.server.url}/generate/async",
                data=data,
                headers={"Content-Type": kind, "apikey": ANONYMOUS},
            ) as response:
                assert response.status == 400
                body = await response.json()
                assert body.keys() == {"message"}
                assert body["message"].startswith("The browser (or proxy) sent a request")
