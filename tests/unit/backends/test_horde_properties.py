"""Whatever the Horde answers, with whatever status, is a valid value or a typed error."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, cast

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.backends.horde.backend import HordeBackend
from bot.domain.request_images import Pictures
from bot.domain.requests import Kind
from bot.domain.results import Phase, Status
from bot.errors import BackendError
from bot.horde.client import HordeClient
from bot.horde.missing_features import REMEMBERED
from bot.horde.model_reference.client import ModelReferenceClient
from tests.support.horde.endpoints import ENDPOINTS
from tests.support.horde.model_reference_endpoints import MODEL_REFERENCE_ENDPOINTS
from tests.support.horde.requests import LIGHTHOUSE_REQUEST, LINKED_CAPTION_REQUEST, ONCE_REQUEST
from tests.support.horde.scripted_server import Scripted, sample, scripted

RESPONSE_WORDS = """id kudos message warnings code finished processing restarted waiting done
faulted wait_time queue_position is_possible generations img seed censored gen_metadata type value
ref state text forms form result caption nsfw interrogation tags confidence username rc errors
apikey active_generations image name count eta params models items""".split()  # noqa: SIM905

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["\ud800", "\x00", "N/A", "done", "https://x.test/", 10**400, 2**63, -1])
)
loose = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(RESPONSE_WORDS), inner, max_size=8)
    ),
    max_leaves=20,
)


@st.composite
def bent(draw: st.DrawFn, name: str) -> Any:
    """A true answer in which some values were replaced."""
    body = sample(name)
    for _ in range(draw(st.integers(0, 4))):
        _bend(draw, body)
    return body


def _bend(draw: st.DrawFn, where: Any) -> None:
    if not where or not isinstance(where, dict | list):
        return
    inside = cast("dict[Any, Any]", where)  # a list is bent by its indexes
    key = draw(st.sampled_from(list(inside) if isinstance(where, dict) else range(len(inside))))
    if draw(st.booleans()):
        _bend(draw, inside[key])
    else:
        inside[key] = draw(loose)


statuses = st.sampled_from([302, 400, 401, 403, 404, 423, 429, 500, 502, 503]) | (
    st.integers(200, 599).filter(lambda status: status not in {204, 205, 304})
)

Ask = Callable[["ScriptedHorde"], Awaitable[Any]]
LOOKS = {
    Kind.IMAGE: ["check", "image_status", "image_cancelled"],
    Kind.TEXT: ["text_status", "text_cancelled"],
    Kind.ALCHEMY: ["alchemy_status", "alchemy_done", "alchemy_cancelled"],
}
ASKS: list[tuple[str, Ask]] = [
    ("submitted_image", lambda b: b.backend.submit(LIGHTHOUSE_REQUEST, "k")),
    ("submitted_text", lambda b: b.backend.submit(ONCE_REQUEST, "k")),
    (
        "submitted_alchemy",
        lambda b: b.backend.submit(LINKED_CAPTION_REQUEST, "k", pictures=Pictures(b"x")),
    ),
    *(
        (name, lambda b, kind=kind, full=full: b.backend.status("id", kind, n=2, full=full))
        for kind, names in LOOKS.items()
        for name in names
        for full in (False, True)
    ),
    *(
        (name, lambda b, kind=kind: b.backend.cancel("id", kind, n=2))
        for kind, names in LOOKS.items()
        for name in names
    ),
    ("models", lambda b: b.backend.models(Kind.IMAGE)),
    ("user", lambda b: b.backend.account("k")),
    ("heartbeat", lambda b: b.backend.health()),
    *((e.sample, lambda b, e=e: e.call(b.backend.client)) for e in ENDPOINTS),
    *((e.sample, lambda b, e=e: e.call(b.reference)) for e in MODEL_REFERENCE_ENDPOINTS),
]


@st.composite
def answers(draw: st.DrawFn) -> tuple[Ask, int, bytes]:
    """A call and its answer: near the truth, any JSON, or any bytes; half of them a success."""
    name, ask = draw(st.sampled_from(ASKS))
    status = draw(st.sampled_from([200, 202]) | statuses)
    written = st.one_of(bent(name), bent(name), loose).map(lambda v: json.dumps(v).encode())
    return ask, status, draw(st.one_of(written, written, st.binary(max_size=60)))


class ScriptedHorde:
    """A scripted Horde and its client, run by hand: hypothesis wants tests that are not async."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._stack = contextlib.AsyncExitStack()
        self.horde: Scripted
        self.backend: HordeBackend
        self.reference: ModelReferenceClient
        self._runner.run(self._open())

    async def _open(self) -> None:
        self.horde = await self._stack.enter_async_context(scripted())
        session = await self._stack.enter_async_context(aiohttp.ClientSession())
        hours = itertools.count(0.0, REMEMBERED)  # no missing function is remembered
        parts: Any = {"client_agent": "a", "clock": lambda: next(hours)}
        self.backend = HordeBackend("h", HordeClient(session, self.horde.url, **parts))
        self.reference = ModelReferenceClient(session, self.horde.url, **parts)

    def close(self) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()

    def outcome(self, ask: Ask, status: int, body: bytes) -> Any:
        """The value of a call, or its typed error; any other exception fails the test."""
        self.horde.say(body, status)
        self.horde.calls.clear()

        async def attempt() -> Any:
            try:
                return await ask(self)
            except BackendError as error:
                return error

        return self._runner.run(attempt())


@pytest.fixture(scope="module")
def scripted_horde() -> Iterator[ScriptedHorde]:
    opened = ScriptedHorde()
    yield opened
    opened.close()


@settings(max_examples=300, deadline=None)
@given(answers())
def test_any_answer(scripted_horde: ScriptedHorde, answer: tuple[Ask, int, bytes]):
    result = scripted_horde.outcome(*answer)
    assert scripted_horde.horde.calls
    if isinstance(result, BackendError):
        assert 0 < len(str(result)) < 300
    if isinstance(result, Status):
        assert Status.model_validate_json(result.model_dump_json()) == result
        assert result.generations or result.phase is not Phase.DONE


@settings(max_examples=100, deadline=None)
@given(status=st.just(200) | statuses, body=st.binary(max_size=60), link=st.text(max_size=30))
def test_any_download(scripted_horde: ScriptedHorde, status: int, body: bytes, link: str):
    result = scripted_horde.outcome(
        lambda b: b.backend.fetch(f"{scripted_horde.horde.url}/{link}"), status, body
    )
    assert isinstance(result, BackendError) or result == body
