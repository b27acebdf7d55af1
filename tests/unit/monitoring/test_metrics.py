"""Counted events, without any data about a user."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from bot.backends.base import Backend
from bot.backends.horde.backend import HordeBackend
from bot.backends.timing import CallTimer, timed
from bot.backends.values import Account, Health, Receipt
from bot.domain.generations import ImageGeneration
from bot.domain.request_images import Pictures
from bot.domain.requests import ImageRequest, Kind
from bot.domain.results import Phase, Status
from bot.errors import BackendDown, RateLimited, TooManyPrompts, Undeliverable
from bot.monitoring import metrics as module
from bot.monitoring.metrics import Metrics
from tests.support import builders
from tests.support.builders import FOX_REQUEST
from tests.support.metrics import sample_value

SECRET_KEY = "a-very-secret-key"
GENERATION = ImageGeneration(id="1", file="1-1.webp")
DONE_STATUS = Status(phase=Phase.DONE, generations=(GENERATION,))


class Answering:
    """A backend whose calls give the answer of a test, timed as those of the Horde."""

    name = "horde"
    answer: Any = None

    def __init__(self, metrics: Metrics) -> None:
        self.timer: CallTimer = metrics.call
        self.asked: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    async def call(self, name: str, *args: Any, **more: Any) -> Any:
        @timed(LABELLED.get(name, name))
        async def method(backend: "Answering", *args: Any, **more: Any) -> Any:
            backend.asked.append((name, args, more))
            if isinstance(backend.answer, Exception):
                raise backend.answer
            return backend.answer

        return await method(self, *args, **more)


BACKEND_CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any], Any, str]] = [
    (
        "submit",
        (FOX_REQUEST, SECRET_KEY),
        {"pictures": Pictures(b"x"), "webhook": "https://h"},
        Receipt("id"),
        "image",
    ),
    ("estimate", (FOX_REQUEST, SECRET_KEY), {}, 12.5, "image"),
    ("free_side", (), {}, 1024, ""),
    ("free_tokens", (), {}, 512, ""),
    ("status", ("id", Kind.TEXT), {"n": 2, "full": True}, DONE_STATUS, "text"),
    ("has_content", ("id", FOX_REQUEST, SECRET_KEY), {"webhook": "https://h"}, True, "image"),
    ("cancel", ("id", Kind.ALCHEMY), {"n": 1}, DONE_STATUS, "alchemy"),
    ("fetch", ("https://r2/x",), {}, b"bytes", ""),
    ("models", (Kind.IMAGE,), {}, (), "image"),
    ("account", (SECRET_KEY,), {}, Account("ada#1", 5.0), ""),
    ("allowance", (SECRET_KEY,), {}, None, ""),
    ("health", (), {}, Health(ok=True, message=""), ""),
]
# Of a Horde: its `save` is a `fetch`, and its names are in the catalog.
CALL_NOTHING = {"is_shared_key", "resume", "forget", "drain", "close", "save", "names"}
LABELLED = {"free_side": "load", "free_tokens": "load", "has_content": "content"}


def test_every_call_of_a_backend_is_measured() -> None:
    protocol = {name for name in vars(Backend) if not name.startswith("_")}
    calls = protocol - {*Backend.__annotations__} - CALL_NOTHING
    assert {name for name, *_ in BACKEND_CALLS} == calls
    for name in calls:
        assert hasattr(getattr(HordeBackend, name), "__wrapped__")


@pytest.mark.parametrize(
    ("name", "args", "more", "answer", "kind"), BACKEND_CALLS, ids=lambda c: str(c)[:9]
)
async def test_a_call_goes_through_as_it_is(
    name: str, args: tuple[Any, ...], more: dict[str, Any], answer: Any, kind: str
) -> None:
    backend = Answering(metrics := Metrics())
    backend.answer = answer
    assert await backend.call(name, *args, **more) is answer
    assert backend.asked == [(name, args, more)]
    labels = {"backend": "horde", "call": LABELLED.get(name, name), "kind": kind}
    assert sample_value(metrics, "backend_call_seconds_count", **labels) == 1
    assert SECRET_KEY not in metrics.text().decode()


@pytest.mark.parametrize(
    ("error", "limit"),
    [(BackendDown("x"), ""), (RateLimited("x"), "rate"), (TooManyPrompts("x"), "places")],
)
async def test_errors_are_counted_by_class(error: Exception, limit: str) -> None:
    backend = Answering(metrics := Metrics())
    backend.answer = error
    with pytest.raises(type(error)):
        await backend.call("submit", FOX_REQUEST, SECRET_KEY)
    labels = {"backend": "horde", "kind": "image"}
    name = type(error).__name__
    assert sample_value(metrics, "backend_errors_total", call="submit", error=name, **labels) == 1
    for one in ("rate", "places"):
        assert sample_value(metrics, "backend_429_total", limit=one, **labels) == (one == limit)


async def test_an_outcome_that_was_shown_is_delivered() -> None:
    metrics, record = Metrics(), builders.record()
    record = replace(record, created_at=record.created_at - 30, outcome_at=record.created_at - 5)
    with metrics.card(record, DONE_STATUS):
        pass
    assert sample_value(metrics, "delivered_total", kind="image", phase="done") == 1
    assert sample_value(metrics, "request_seconds_sum", kind="image", phase="done") >= 30
    assert 5 <= sample_value(metrics, "outcome_shown_seconds_sum", kind="image") < 20
    assert metrics.delivered == {Kind.IMAGE: 1}


async def test_an_end_without_a_result_is_no_delivery_for_people() -> None:
    metrics = Metrics()
    outcome = Status(phase=Phase.REJECTED)
    with metrics.card(builders.record(), outcome):
        pass
    assert sample_value(metrics, "delivered_total", kind="image", phase="rejected") == 1
    assert metrics.delivered[Kind.IMAGE] == 0


async def test_progress_is_no_delivery() -> None:
    metrics = Metrics()
    with metrics.card(builders.record(), Status(phase=Phase.WAITING)):
        pass
    assert sample_value(metrics, "card_seconds_count", kind="image", end="no") == 1
    assert "hordecord_delivered_total{" not in metrics.text().decode()


@pytest.mark.parametrize("gone", [True, False])
async def test_what_could_not_be_shown_is_counted_and_not_delivered(gone: bool) -> None:
    metrics = Metrics()
    with pytest.raises(Undeliverable), metrics.card(builders.record(), DONE_STATUS):
        raise Undeliverable("x", gone=gone)
    assert sample_value(
        metrics, "undelivered_total", kind="image", end="yes", gone="yes" if gone else "no"
    )
    assert not metrics.delivered


async def test_nothing_of_a_person_gets_into_the_text() -> None:
    metrics = Metrics()
    asked = ImageRequest(prompt="a very private wish", seed="4711")
    record = builders.record(request=asked, id=123456, user_id=777888999, guild_id=111222333)
    with metrics.card(record, DONE_STATUS):
        pass
    backend = Answering(metrics)
    backend.answer = BackendDown("https://r2/signed?token=very-secret")
    with pytest.raises(BackendDown):
        await backend.call("fetch", "https://r2/signed?token=very-secret")
    text = metrics.text().decode()
    for secret in ("private wish", "4711", "123456", "777888999", "111222333", "very-secret"):
        assert secret not in text


def test_two_apps_do_not_share_figures() -> None:
    one, other = Metrics(), Metrics()
    one.guilds.set(5)
    assert sample_value(one, "guilds") == 5
    assert sample_value(other, "guilds") == 0


async def test_a_late_event_loop_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LAG_EVERY", 0.01)
    metrics = Metrics()
    asyncio.get_running_loop().call_later(0.02, time.sleep, 0.2)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(metrics.watch_loop(), 0.4)
    late = sample_value(metrics, "loop_lag_seconds_count") - sample_value(
        metrics, "loop_lag_seconds_bucket", le="0.1"
    )
    assert late >= 1
    assert sample_value(metrics, "loop_lag_seconds_sum") > 0.15
