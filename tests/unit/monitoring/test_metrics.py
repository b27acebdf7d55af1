"""What is counted, and that nothing of a person gets into it."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from bot.backends.base import Account, Backend, Health, Receipt
from bot.domain.records import MessageRef, Record
from bot.domain.request_images import Pictures
from bot.domain.requests import ImageRequest, Kind
from bot.domain.results import ImageGeneration, Phase, Status
from bot.errors import BackendDown, RateLimited, TooManyPrompts, Undeliverable
from bot.monitoring import metrics as module
from bot.monitoring.instrumentation import MeasuredBackend, MeasuredPresenter
from bot.monitoring.metrics import Metrics
from tests.support.fakes.submission import FOX, record_of
from tests.support.metrics import value

KEY = "a-very-secret-key"
PICTURE = ImageGeneration(id="1", file="1-1.webp")
DONE = Status(phase=Phase.DONE, generations=(PICTURE,))


class Answering:
    """A backend that gives the answer it is told to, and remembers what it was asked."""

    name = "horde"
    request_lifetime = 1200.0
    limits = capabilities = client = object()

    def __init__(self) -> None:
        self.seen_rate = {Kind.IMAGE: 2}
        self.asked: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.answer: Any = None

    def __getattr__(self, name: str) -> Any:
        async def call(*args: Any, **more: Any) -> Any:
            self.asked.append((name, args, more))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

        return call


CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any], Any, str]] = [
    (
        "submit",
        (FOX, KEY),
        {"pictures": Pictures(b"x"), "webhook": "https://h"},
        Receipt("id"),
        "image",
    ),
    ("estimate", (FOX, KEY), {}, 12.5, "image"),
    ("free_side", (), {}, 1024, ""),
    ("status", ("id", Kind.TEXT), {"n": 2, "full": True}, DONE, "text"),
    ("cancel", ("id", Kind.ALCHEMY), {"n": 1}, DONE, "alchemy"),
    ("fetch", ("https://r2/x",), {}, b"bytes", ""),
    ("models", (Kind.IMAGE,), {}, (), "image"),
    ("account", (KEY,), {}, Account("ada#1", 5.0), ""),
    ("allowance", (KEY,), {}, None, ""),
    ("health", (), {}, Health(ok=True, message=""), ""),
]
NAMED = {"free_side": "load"}


def test_every_call_of_a_backend_is_measured() -> None:
    protocol = {name for name in vars(Backend) if not name.startswith("_")}
    assert {name for name, *_ in CALLS} == protocol - set(Backend.__annotations__)


@pytest.mark.parametrize(
    ("name", "args", "more", "answer", "kind"), CALLS, ids=lambda c: str(c)[:9]
)
async def test_a_call_goes_through_as_it_is(
    name: str, args: tuple[Any, ...], more: dict[str, Any], answer: Any, kind: str
) -> None:
    inner: Any = Answering()
    inner.answer, metrics = answer, Metrics()
    assert await getattr(MeasuredBackend(inner, metrics), name)(*args, **more) is answer
    assert inner.asked == [(name, args, more)]
    labels = {"backend": "horde", "call": NAMED.get(name, name), "kind": kind}
    assert value(metrics, "backend_call_seconds_count", **labels) == 1
    assert KEY not in metrics.text().decode()


def test_what_a_backend_says_of_itself_is_passed_on() -> None:
    inner: Any = Answering()
    outer = MeasuredBackend(inner, Metrics())
    for name in ("name", "request_lifetime", "limits", "capabilities", "seen_rate", "client"):
        assert getattr(outer, name) is getattr(inner, name)
    inner.seen_rate[Kind.IMAGE] = 10
    assert outer.seen_rate[Kind.IMAGE] == 10


@pytest.mark.parametrize(
    ("error", "limit"),
    [(BackendDown("x"), ""), (RateLimited("x"), "rate"), (TooManyPrompts("x"), "places")],
)
async def test_errors_are_counted_by_class(error: Exception, limit: str) -> None:
    inner: Any = Answering()
    inner.answer, metrics = error, Metrics()
    with pytest.raises(type(error)):
        await MeasuredBackend(inner, metrics).submit(FOX, KEY)
    labels = {"backend": "horde", "kind": "image"}
    name = type(error).__name__
    assert value(metrics, "backend_errors_total", call="submit", error=name, **labels) == 1
    for one in ("rate", "places"):
        assert value(metrics, "backend_429_total", limit=one, **labels) == (one == limit)


class Showing:
    """A presenter that does what it is told to."""

    def __init__(self, does: Exception | None = None) -> None:
        self.does = does
        self.moved = MessageRef(channel_id=9)

    async def show(self, record: Record, status: Status) -> MessageRef | None:
        if self.does is not None:
            raise self.does
        return self.moved

    async def tell(self, record: Record, text: str) -> None:
        self.told = text

    async def card_exists(self, record: Record) -> MessageRef | None:
        return self.moved


async def test_an_outcome_that_was_shown_is_delivered() -> None:
    metrics, inner = Metrics(), Showing()
    record = record_of(FOX)
    record = replace(record, created_at=record.created_at - 30, outcome_at=record.created_at - 5)
    assert await MeasuredPresenter(inner, metrics).show(record, DONE) is inner.moved
    assert value(metrics, "delivered_total", kind="image", phase="done") == 1
    assert value(metrics, "request_seconds_sum", kind="image", phase="done") >= 30
    assert 5 <= value(metrics, "outcome_shown_seconds_sum", kind="image") < 20
    assert metrics.delivered == {Kind.IMAGE: 1}


async def test_an_end_without_a_result_is_no_delivery_for_people() -> None:
    metrics = Metrics()
    outcome = Status(phase=Phase.REJECTED)
    await MeasuredPresenter(Showing(), metrics).show(record_of(FOX), outcome)
    assert value(metrics, "delivered_total", kind="image", phase="rejected") == 1
    assert metrics.delivered[Kind.IMAGE] == 0


async def test_progress_is_no_delivery() -> None:
    metrics = Metrics()
    await MeasuredPresenter(Showing(), metrics).show(record_of(FOX), Status(phase=Phase.WAITING))
    assert value(metrics, "card_seconds_count", kind="image", end="no") == 1
    assert "hordecord_delivered_total{" not in metrics.text().decode()


@pytest.mark.parametrize("gone", [True, False])
async def test_what_could_not_be_shown_is_counted_and_not_delivered(gone: bool) -> None:
    metrics = Metrics()
    presenter = MeasuredPresenter(Showing(Undeliverable("x", gone=gone)), metrics)
    with pytest.raises(Undeliverable):
        await presenter.show(record_of(FOX), DONE)
    assert value(
        metrics, "undelivered_total", kind="image", end="yes", gone="yes" if gone else "no"
    )
    assert not metrics.delivered


async def test_the_rest_of_a_presenter_is_passed_on() -> None:
    inner = Showing()
    presenter = MeasuredPresenter(inner, Metrics())
    await presenter.tell(record_of(FOX), "a word")
    assert inner.told == "a word"
    assert await presenter.card_exists(record_of(FOX)) is inner.moved


async def test_nothing_of_a_person_gets_into_the_text() -> None:
    metrics = Metrics()
    asked = ImageRequest(prompt="a very private wish", seed="4711")
    record = record_of(asked, id=123456, user_id=777888999, guild_id=111222333)
    await MeasuredPresenter(Showing(), metrics).show(record, DONE)
    inner: Any = Answering()
    inner.answer = BackendDown("https://r2/signed?token=very-secret")
    with pytest.raises(BackendDown):
        await MeasuredBackend(inner, metrics).fetch("https://r2/signed?token=very-secret")
    text = metrics.text().decode()
    for secret in ("private wish", "4711", "123456", "777888999", "111222333", "very-secret"):
        assert secret not in text


def test_two_apps_do_not_share_figures() -> None:
    one, other = Metrics(), Metrics()
    one.guilds.set(5)
    assert value(one, "guilds") == 5
    assert value(other, "guilds") == 0


async def test_a_late_event_loop_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LAG_EVERY", 0.01)
    metrics = Metrics()
    asyncio.get_running_loop().call_later(0.02, time.sleep, 0.2)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(metrics.watch_loop(), 0.4)
    late = value(metrics, "loop_lag_seconds_count") - value(
        metrics, "loop_lag_seconds_bucket", le="0.1"
    )
    assert late >= 1
    assert value(metrics, "loop_lag_seconds_sum") > 0.15
