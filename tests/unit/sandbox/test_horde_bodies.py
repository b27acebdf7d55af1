"""Whatever is sent to the three submit endpoints, the answer has a documented shape."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.horde import request_schemas
from tests.support.credentials import ANONYMOUS, POOR, RICH
from tests.support.horde.bodies import bodies_of
from tests.support.horde.local_horde import HordeResponse, LocalHorde


def judge(answer: HordeResponse, body: Any) -> None:
    shape = set(answer.body)
    if answer.status == 202:
        assert {"id"} <= shape <= {"id", "kudos", "message", "warnings"}
    elif answer.status == 200:
        assert shape == {"kudos"}
    elif answer.status == 500:
        # The crashes of the real server that are reproduced: collections, unknown models in a
        # dry run, long webhooks of texts.
        assert answer.body == {"message": "Internal Server Error"}
        assert any(name in body for name in ("webhook", "dry_run", "style"))
    else:
        assert 400 <= answer.status < 500, answer
        assert shape in ({"message"}, {"message", "rc"}, {"message", "errors"})
        assert "errors" not in answer.body or answer.body["errors"]


async def fire(path: str, bodies: list[tuple[Any, str]]) -> None:
    async with LocalHorde() as local:
        for body, key in bodies:
            judge(await local.post(path, body, key=key), body)
            local.state.address_timeouts.clear()


PROFILE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
API_KEYS = st.sampled_from([ANONYMOUS, POOR, RICH, "nobody"])


def several(schema: dict[str, Any]) -> st.SearchStrategy[list[tuple[Any, str]]]:
    return st.lists(st.tuples(bodies_of(schema), API_KEYS), min_size=4, max_size=8)


@PROFILE
@given(several(request_schemas.IMAGE))
def test_images(bodies: list[tuple[Any, str]]) -> None:
    asyncio.run(fire("/generate/async", bodies))


@PROFILE
@given(several(request_schemas.TEXT))
def test_texts(bodies: list[tuple[Any, str]]) -> None:
    asyncio.run(fire("/generate/text/async", bodies))


@PROFILE
@given(several(request_schemas.ALCHEMY))
def test_alchemy(bodies: list[tuple[Any, str]]) -> None:
    asyncio.run(fire("/interrogate/async", bodies))


async def test_text_that_cannot_be_encoded_is_survived() -> None:
    async with LocalHorde() as local:
        raw = b'{"prompt": "a \\ud800 fox", "params": {"seed": "\\udfff"}, "r2": false}'
        async with local.http.post(
            f"{local.server.url}/generate/async",
            data=raw,
            headers={"Content-Type": "application/json", "apikey": RICH},
        ) as response:
            assert response.status == 202
            request_id = (await response.json())["id"]
        status = await local.done(request_id)
        assert len(status["generations"][0]["img"]) > 1000
        raw = b'{"prompt": "\\ud800", "params": {"stop_sequence": ["\\udfff"]}}'
        async with local.http.post(
            f"{local.server.url}/generate/text/async",
            data=raw,
            headers={"Content-Type": "application/json", "apikey": RICH},
        ) as response:
            assert response.status == 202
            text_id = (await response.json())["id"]
        assert (await local.written(text_id))["generations"][0]["text"]
