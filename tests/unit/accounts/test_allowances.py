"""What a shared key allows is asked before a send, once a minute at most."""

from typing import cast

import pytest

from bot.accounts.allowances import Allowances, allowance_refusal
from bot.backends.base import Backend
from bot.backends.values import Allowance
from bot.domain.requests import ImageRequest, Request, TextRequest
from bot.errors import BackendDown, RequestRejected
from tests.support.builders import CAPTION_REQUEST
from tests.support.fakes.backend import FakeHorde

SHARED_KEY_ID = "0f4a2d1c-1111-4222-8333-444455556666"
LARGE_REQUEST = ImageRequest(prompt="a fox", width=1024, height=1024, steps=30)
TALE = TextRequest(prompt="once", max_length=240)


@pytest.mark.parametrize(
    ("allowance", "request_", "words"),
    [
        (Allowance(), LARGE_REQUEST, ""),
        (Allowance(kudos=1, expires_at=101, pixels=1024**2, steps=30), LARGE_REQUEST, ""),
        (Allowance(expires_at=100), LARGE_REQUEST, "expired"),
        (Allowance(kudos=0), LARGE_REQUEST, "no kudos left"),
        (Allowance(kudos=-3), TALE, "no kudos left"),
        (Allowance(pixels=1024**2 - 1), LARGE_REQUEST, "1,048,575 pixels"),
        (Allowance(steps=29), LARGE_REQUEST, "29 steps"),
        (Allowance(tokens=239), TALE, "239 tokens"),
        (Allowance(tokens=240, pixels=0, steps=0), TALE, ""),
        (Allowance(tokens=1), CAPTION_REQUEST, ""),
    ],
    ids=str,
)
def test_why_a_key_cannot_pay(allowance: Allowance, request_: Request, words: str) -> None:
    said = str(allowance_refusal(allowance, request_, now=100) or "")
    assert words in said
    assert bool(words) == bool(said)


async def test_it_is_asked_once_a_minute() -> None:
    horde, now = FakeHorde(), [1_000.0]
    allowances = Allowances(cast("Backend", horde), lambda: now[0])
    horde.allowances[SHARED_KEY_ID] = Allowance(steps=20)
    with pytest.raises(RequestRejected, match="20 steps") as refused:
        await allowances.check(SHARED_KEY_ID, LARGE_REQUEST)
    assert refused.value.private
    assert SHARED_KEY_ID not in str(refused.value)
    horde.allowances[SHARED_KEY_ID] = Allowance(steps=50)
    now[0] += 59
    with pytest.raises(RequestRejected):
        await allowances.check(SHARED_KEY_ID, LARGE_REQUEST)
    now[0] += 2
    await allowances.check(SHARED_KEY_ID, LARGE_REQUEST)
    assert horde.count("allowance") == 2


async def test_where_it_is_not_said_the_send_will_tell() -> None:
    horde = FakeHorde()
    allowances = Allowances(cast("Backend", horde))
    horde.allowances[SHARED_KEY_ID] = Allowance(steps=20)
    horde.fail("allowance", BackendDown("out"), RequestRejected("unknown", private=True))
    await allowances.check(SHARED_KEY_ID, LARGE_REQUEST)
    with pytest.raises(RequestRejected, match="unknown"):
        await allowances.check(SHARED_KEY_ID, LARGE_REQUEST)
    await allowances.check("a key of an account", LARGE_REQUEST)
