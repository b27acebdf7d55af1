"""Which doors lead to a message, and what a failed call says about one."""

from dataclasses import replace
from typing import Any

import aiohttp
import discord
import pytest

from bot.domain.records import Reach, Record
from bot.domain.requests import ImageRequest
from bot.errors import Undeliverable
from bot.ui.delivery.channels import Door, Verdict, doors_of, patiently, verdict_of
from tests.fake_service import FOX, record_of

PRIVATE = FOX.model_copy(update={"private": True})


# Which doors


def doors(record: Record, now: float = 0.0, *, is_open: bool = False) -> list[Door]:
    return doors_of(record, is_open=is_open, now=now)


def placed(reach: Reach, request: ImageRequest = FOX, **ref: Any) -> Record:
    record = record_of(request)
    return replace(record, messages=(replace(record.messages[0], reach=reach, **ref),))


LATE = 1e12


@pytest.mark.parametrize(
    ("record", "alive", "dead"),
    [
        (placed(Reach.GUILD), [Door.TOKEN, Door.CHANNEL, Door.POST], [Door.CHANNEL, Door.POST]),
        (placed(Reach.DM), [Door.TOKEN, Door.CHANNEL, Door.POST], [Door.CHANNEL, Door.POST]),
        (placed(Reach.USER_INSTALL), [Door.TOKEN, Door.DM], [Door.DM]),
        (placed(Reach.GUILD, PRIVATE, ephemeral=True), [Door.TOKEN, Door.DM], [Door.DM]),
        (placed(Reach.GUILD, PRIVATE), [Door.TOKEN, Door.DM], [Door.DM]),
        (placed(Reach.DM, PRIVATE, ephemeral=True), [Door.TOKEN, Door.DM], [Door.DM]),
        # moved into a DM before: that message is edited
        (placed(Reach.DM, PRIVATE, token=""), [Door.CHANNEL, Door.POST], [Door.CHANNEL, Door.POST]),
    ],
)
def test_doors_of_an_outcome(record: Record, alive: list[Door], dead: list[Door]) -> None:
    assert doors(record) == alive
    assert doors(record, LATE) == dead


@pytest.mark.parametrize("reach", list(Reach))
@pytest.mark.parametrize("request_", [FOX, PRIVATE])
def test_progress_makes_no_new_message(reach: Reach, request_: ImageRequest) -> None:
    found = doors(placed(reach, request_), LATE, is_open=True)
    assert not {Door.POST, Door.DM} & set(found)


class Reply:
    """As much of a reply as discord.py's errors look at."""

    def __init__(self, status: int) -> None:
        self.status, self.reason = status, "because"


def refusal(status: int, code: int) -> discord.HTTPException:
    body: Any = {"code": code, "message": "no"}
    return discord.HTTPException(Reply(status), body)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (refusal(404, 10008), Verdict.GONE),
        (refusal(404, 10003), Verdict.GONE),
        (refusal(403, 50001), Verdict.GONE),
        (refusal(403, 50013), Verdict.GONE),
        (refusal(401, 50027), Verdict.SHUT),
        (refusal(404, 10015), Verdict.SHUT),
        (refusal(400, 30046), Verdict.SHUT),
        (refusal(403, 50007), Verdict.SHUT),
        (refusal(400, 50083), Verdict.SHUT),
        (refusal(413, 40005), Verdict.TOO_LARGE),
        (refusal(413, 0), Verdict.TOO_LARGE),
        (refusal(400, 50035), Verdict.MALFORMED),
        (refusal(429, 0), Verdict.LATER),
        (refusal(503, 0), Verdict.LATER),
        (aiohttp.ServerDisconnectedError(), Verdict.LATER),
        (TimeoutError(), Verdict.LATER),
        (KeyError("interaction"), Verdict.LATER),
    ],
)
def test_what_a_failed_call_means(error: Exception, verdict: Verdict) -> None:
    assert verdict_of(error) is verdict


@pytest.mark.parametrize("code", [50001, 50013])
def test_a_token_that_is_refused_access_shuts_only_its_door(code: int) -> None:
    assert verdict_of(refusal(403, code), Door.TOKEN) is Verdict.SHUT


async def test_patience_has_an_end() -> None:
    async def fails() -> None:
        raise aiohttp.ServerDisconnectedError

    with pytest.raises(Undeliverable) as caught:
        await patiently(fails, 0.05)
    assert not caught.value.gone
