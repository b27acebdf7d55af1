"""What the Horde refuses, and in which words that reaches a person."""

import inspect
from typing import Any

import pytest

import bot.errors
from bot.errors import (
    BackendPaused,
    RateLimited,
    RequestGone,
    RequestRejected,
    SharedKeyLow,
    TooManyPrompts,
)
from bot.horde import error_codes
from bot.horde.client import HordeClient
from bot.horde.error_mapping import refusal_of
from tests.support.horde.endpoint import ID, MIRA
from tests.support.horde.endpoints import call_error
from tests.support.horde.scripted_server import Scripted


@pytest.mark.parametrize(
    ("header", "seconds"), [("3", 3.0), ("1e9", 3600.0), ("-1", None), ("nan", None), ("x", None)]
)
async def test_limiter(header: str, seconds: float | None, horde: Scripted, client: HordeClient):
    horde.say({"message": "2 per 1 second"}, 429, Retry_After=header)
    error = await call_error(client)
    assert type(error) is RateLimited
    assert error.retry_after == seconds


async def test_waiting_places_taken(horde: Scripted, client: HordeClient):
    body = {"message": "Parallel requests (45) exceeded user limit (30).", "rc": "TooManyPrompts"}
    horde.say(body, 429, Retry_After="1")
    error = await call_error(client)
    assert type(error) is TooManyPrompts
    assert error.retry_after is None  # the header belongs to the limiter


@pytest.mark.parametrize("status", [400, 503])
async def test_maintenance(status: int, horde: Scripted, client: HordeClient):
    horde.say({"message": "entered maintenance", "rc": "MaintenanceMode"}, status)
    assert type(await call_error(client)) is BackendPaused


async def test_address_in_time_out(horde: Scripted, client: HordeClient):
    message = "Your IP address has been put into timeout for 179 more seconds."
    horde.say({"message": message, "rc": "TimeoutIP"}, 403)
    error = await call_error(client)
    assert isinstance(error, BackendPaused)
    assert error.retry_after == 179.0


async def test_request_gone(horde: Scripted, client: HordeClient):
    horde.say({"message": f"with ID '{ID}' not found", "rc": "RequestNotFound"}, 404)
    for method in ("check_image", "get_image_status", "cancel_image", "get_text_status",
                   "cancel_text", "get_alchemy_status", "cancel_alchemy"):  # fmt: skip
        assert type(await call_error(client, method)) is RequestGone


@pytest.mark.parametrize(
    ("status", "rc", "ours", "private"),
    [
        (401, "InvalidAPIKey", "InvalidAPIKey", True),
        (403, "KudosUpfront", "KudosUpfront", True),
        (403, "SharedKeyEmpty", "SharedKeyEmpty", True),
        (403, "DeletedUser", "DeletedUser", True),
        (400, "CorruptPrompt", "CorruptPrompt", False),
        (400, "InvalidExtraTexts.", "InvalidExtraTexts", False),
        (404, "Image styleNotFound", "Image styleNotFound", False),
        (423, "Locked", "Locked", False),
        (403, "BannedClientAgent", "BannedClientAgent", False),
        (403, "BadClientAgent", "BannedClientAgent", False),
        (400, "InvalidRemix", "InvalidRemix", False),
        (400, "InvalidRemixModel", "InvalidRemix", False),
        (400, "ControlNetMismatch.", "ControlNetMismatch", False),
        (400, "TooManyExtraSourceImages", "TooManyExtraSourceImages", False),
        (400, "TooManyExtraSourceImages.", "TooManyExtraSourceImages", False),
        (400, "StyleMismatch", "StyleMismatch", False),
        (403, "NotRequestOwner", "NotRequestOwner", True),
    ],
)
async def test_refused(
    status: int, rc: str, ours: str, private: bool, horde: Scripted, client: HordeClient
):
    horde.say({"message": "the server's words", "rc": rc}, status)
    error = await call_error(client)
    assert isinstance(error, RequestRejected)
    assert (error.rc, error.status, error.private) == (ours, status, private)
    assert str(error) == error_codes.meaning(ours).sentence
    assert "server's words" not in str(error)


@pytest.mark.parametrize("rc", ["SharedKeyEmpty", "SharedKeyInsufficientKudos"])
def test_too_few_kudos_of_a_shared_key_have_their_own_error(rc: str):
    assert isinstance(refusal_of(403, {"message": "x", "rc": rc}), SharedKeyLow)


def test_a_shared_key_that_expired_is_not_one_that_ran_low():
    assert not isinstance(refusal_of(403, {"message": "x", "rc": "SharedKeyExpired"}), SharedKeyLow)


def test_the_price_is_named():
    message = "The client needs kudos. This request requires 59.08 kudos to fulfil."
    error = refusal_of(403, {"message": message, "rc": "KudosUpfront"})
    assert isinstance(error, RequestRejected)
    assert "60 kudos in advance" in str(error)
    for way_out in ("smaller", "fewer steps", "/account login"):
        assert way_out in str(error)
    assert error.private


async def test_an_unknown_rc_says_its_name_only(horde: Scripted, client: HordeClient):
    horde.say({"message": f"secret {MIRA}", "rc": "ANewRc"}, 400)
    assert str(await call_error(client)) == "The Horde refused the request (ANewRc)."


@pytest.mark.parametrize("rc", [5, None, "x" * 80, "<script>", f"{MIRA}\n", {}, "..."])
def test_an_rc_that_is_none(rc: Any):
    error = refusal_of(400, {"message": "?", "rc": rc})
    assert isinstance(error, RequestRejected)
    assert error.rc == ""
    assert str(error) == "The Horde did not accept the request (400)."


@pytest.mark.parametrize(
    ("field", "message", "sentence"),
    [
        (
            "params.steps",
            "501 is greater than the maximum of 500",
            "value of `steps`. The maximum is 500.",
        ),
        ("params.n", "0 is less than the minimum of 1", "value of `n`. The minimum is 1."),
        (
            "params.width",
            "500 is not a multiple of 64",
            "value of `width`. It must be a multiple of 64.",
        ),
        ("prompt", "'prompt' is a required property", "needs a value of `prompt`."),
        ("prompt", "'' should be non-empty", "value of `prompt` must not be empty."),
        ("webhook", "'https://' is too short", "value of `webhook` is too short"),
        (
            "forms.0.name",
            "'dance' is not one of ['a']",
            "does not know this value of `forms.0.name`.",
        ),
        ("params.seed", "None is not of type 'string'", "this value of `seed`."),
        ("`<@1>`", "x", "one of the options."),
    ],
)
def test_a_wrong_field_is_named(field: str, message: str, sentence: str):
    body = {"errors": {field: message}, "message": "Input payload validation failed"}
    error = refusal_of(400, body)
    assert isinstance(error, RequestRejected)
    assert sentence in str(error)
    assert error.rc == ""


def test_a_missing_key_is_the_accounts_matter():
    errors = {"apikey": "Missing required parameter in the HTTP headers"}
    error = refusal_of(400, {"errors": errors, "message": "Input payload validation failed"})
    assert isinstance(error, RequestRejected)
    assert error.private


def test_every_sentence_is_one():
    said = [error_codes.meaning(rc).sentence for rc in error_codes._CODES]
    assert all(text.endswith((".", "!", "?")) and text[0].isupper() for text in said)
    assert all(len(text) <= 160 for text in said)


def test_private_ones_are_about_accounts():
    for rc in ("InvalidAPIKey", "KudosUpfront", "SharedKeyExpired", "KudosTransferNotEnough"):
        assert error_codes.meaning(rc).private
    assert not error_codes.meaning("WorkerNotFound").private


def test_all_our_errors_are_bot_errors():
    classes = [c for _, c in inspect.getmembers(bot.errors, inspect.isclass)]
    assert all(issubclass(c, bot.errors.BotError) for c in classes)


@pytest.mark.parametrize(
    "rc",
    [
        *("RequiresTrust", "MoreThanMinExtraSourceImage", "CorruptPrompt", "WorkerNotFound"),
        *("HiResMismatch", "BadRequest", "Forbidden", "ControlNetMismatch", "KudosUpfront"),
    ],
)
def test_what_makers_of_pictures_meet_says_what_to_do(rc: str) -> None:
    what, _, to_do = error_codes.meaning(rc).sentence.partition(". ")
    assert what
    assert to_do.endswith(".")


NEWER_CODES = """SamplerKnobInapplicable SamplerKnobOutOfRange SamplerSolverTypeUnsupported
SamplerSchedulerMismatch SchedulerBaselineMismatch FlowShiftInapplicable FlowShiftOutOfRange
ControlStrengthWithoutControlType ControlStrengthOutOfRange InvalidControlType NotRequestOwner
InvalidPromptEncoding PromptExceedsContext StyleMismatch StyleGetMistmatch StylePromptMissingVars
StylePromptFieldInvalid StylePolicyOverridableMisplaced StyleParameterAboveCeiling
StyleDeclarationInvalid TemplateFieldsRequireStyle TemplateFieldUnknown TemplateFieldMissing
TemplateFieldsMatchNoCollectionStyle SharedKeyInvalid TooManyStyleExamples
ExampleURLAlreadyInUse""".split()  # noqa: SIM905


@pytest.mark.parametrize("rc", NEWER_CODES)
def test_code_of_a_newer_server_has_a_sentence(rc: str):
    assert rc not in error_codes.meaning(rc).sentence


def test_name_that_the_model_reference_does_not_have():
    error = refusal_of(404, {"detail": "Text model 'x' not found."})
    assert type(error) is RequestGone
    assert "'x'" not in str(error)
