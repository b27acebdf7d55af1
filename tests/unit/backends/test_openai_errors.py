"""Every refusal of a server with OpenAI's API becomes a typed error."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.openai.error_mapping import (
    BAD_KEY,
    CODES,
    NoSuchRoute,
    facts_of,
    openai_refusal,
)
from bot.errors import BackendDown, BackendError, RateLimited, RequestRejected


def refused(status: int, body: Any = None, retry_after: float | None = None) -> BackendError:
    return openai_refusal("Ollama", status, facts_of(body), retry_after=retry_after)


def error(message: str = "", **fields: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", **fields}}


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, error("Incorrect API key"), "does not accept the API key"),
        (403, {"detail": "Forbidden"}, "does not accept the API key"),
        (403, error("requires moderation", code=403), "filter of Ollama"),
        (402, error("Insufficient credits", code=402), "no credit left"),
        (429, error("You exceeded your quota", code="insufficient_quota"), "no credit left"),
    ],
)
def test_refusal_of_an_account_is_private(status: int, body: Any, words: str) -> None:
    found = refused(status, body)
    assert isinstance(found, RequestRejected)
    assert found.private
    assert words in str(found)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (404, error("The model `x` does not exist", code="model_not_found"), "have this model"),
        (404, {"error": "model 'x' not found"}, "have this model"),
        (400, error("maximum context length is 2048 tokens"), "too long for this model"),
        (400, error("too much", type="exceed_context_size_error"), "too long for this model"),
        (413, None, "too long for this model"),
        (400, error("x", code="content_policy_violation"), "filter of Ollama"),
        (422, error("unknown size"), "did not accept the request (422)"),
    ],
)
def test_refusal_of_a_request_is_shown(status: int, body: Any, words: str) -> None:
    found = refused(status, body)
    assert isinstance(found, RequestRejected)
    assert not found.private
    assert words in str(found)


def test_rate_limit_keeps_its_seconds() -> None:
    found = refused(429, error("slow down"), 7.0)
    assert isinstance(found, RateLimited)
    assert found.retry_after == 7.0


@pytest.mark.parametrize(
    ("status", "in_doubt"), [(500, True), (502, True), (504, True), (503, False), (521, False)]
)
def test_failure_of_the_server_is_in_doubt_unless_it_never_arrived(
    status: int, in_doubt: bool
) -> None:
    found = refused(status, error("overloaded"))
    assert isinstance(found, BackendDown)
    assert (found.in_doubt, found.status) == (in_doubt, status)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, None),
        (405, None),
        (404, error("Invalid URL (POST /v1/chat/completions)")),
        (400, error("default chat template is no longer allowed")),
    ],
)
def test_missing_chat_is_told_apart(status: int, body: Any) -> None:
    assert isinstance(refused(status, body), NoSuchRoute)


@pytest.mark.parametrize("body", [None, [], "x", {"error": 7}, {"error": {"code": [1]}}, {}])
def test_odd_bodies_are_refusals_too(body: Any) -> None:
    assert isinstance(refused(400, body), RequestRejected)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)
CODE = st.sampled_from(("CorruptPrompt", "SharedKeyEmpty", "InvalidAPIKey\n", "sk-key")) | ANY


@given(
    st.integers(300, 599),
    ANY
    | st.fixed_dictionaries(
        {"error": st.fixed_dictionaries({"message": ANY, "code": CODE, "type": CODE, "param": ANY})}
    ),
)
def test_no_refusal_passes_on_words_of_the_server(status: int, body: Any) -> None:
    found = refused(status, body)
    assert found.rc in CODES | {"", BAD_KEY}
    assert "sk-key" not in str(found)
    assert (found.rc == BAD_KEY) <= (status in {401, 403})


@pytest.mark.parametrize("status", [401, 403])
def test_refused_key_has_the_name_that_the_bot_knows(status: int) -> None:
    assert refused(status, error("no", code="invalid_api_key")).rc == BAD_KEY
