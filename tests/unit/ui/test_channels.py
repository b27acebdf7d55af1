"""Routes to a message, and the meaning of a failed call for a route."""

from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.domain.records import MessageAccess, Record
from bot.domain.requests import ImageRequest
from bot.errors import Undeliverable
from bot.ui.delivery.channels import DeliveryRoute, RouteError, routes_of, verdict_of, with_retries
from tests.support import builders
from tests.support.builders import FOX_REQUEST, PRIVATE_FOX
from tests.support.discord.http_errors import http_error

# Routes


def doors(record: Record, now: float = 0.0, *, is_open: bool = False) -> list[DeliveryRoute]:
    return routes_of(record, is_open=is_open, now=now)


def placed(reach: MessageAccess, request: ImageRequest = FOX_REQUEST, **ref: Any) -> Record:
    record = builders.record(request=request)
    return replace(record, messages=(replace(record.messages[0], reach=reach, **ref),))


FAR_FUTURE = 1e12


@pytest.mark.parametrize(
    ("record", "alive", "dead"),
    [
        (
            placed(MessageAccess.GUILD),
            [DeliveryRoute.TOKEN, DeliveryRoute.CHANNEL, DeliveryRoute.POST],
            [DeliveryRoute.CHANNEL, DeliveryRoute.POST],
        ),
        (
            placed(MessageAccess.DM),
            [DeliveryRoute.TOKEN, DeliveryRoute.CHANNEL, DeliveryRoute.POST],
            [DeliveryRoute.CHANNEL, DeliveryRoute.POST],
        ),
        (
            placed(MessageAccess.USER_INSTALL),
            [DeliveryRoute.TOKEN, DeliveryRoute.DM],
            [DeliveryRoute.DM],
        ),
        (
            placed(MessageAccess.GUILD, PRIVATE_FOX, ephemeral=True),
            [DeliveryRoute.TOKEN, DeliveryRoute.DM],
            [DeliveryRoute.DM],
        ),
        (
            placed(MessageAccess.GUILD, PRIVATE_FOX),
            [DeliveryRoute.TOKEN, DeliveryRoute.DM],
            [DeliveryRoute.DM],
        ),
        (
            placed(MessageAccess.DM, PRIVATE_FOX, ephemeral=True),
            [DeliveryRoute.TOKEN, DeliveryRoute.DM],
            [DeliveryRoute.DM],
        ),
        # moved into a DM before: that message is edited
        (
            placed(MessageAccess.DM, PRIVATE_FOX, token=""),
            [DeliveryRoute.CHANNEL, DeliveryRoute.POST],
            [DeliveryRoute.CHANNEL, DeliveryRoute.POST],
        ),
    ],
)
def test_routes_of_an_outcome(
    record: Record, alive: list[DeliveryRoute], dead: list[DeliveryRoute]
) -> None:
    assert doors(record) == alive
    assert doors(record, FAR_FUTURE) == dead


@pytest.mark.parametrize("reach", list(MessageAccess))
@pytest.mark.parametrize("request_", [FOX_REQUEST, PRIVATE_FOX])
def test_progress_makes_no_new_message(reach: MessageAccess, request_: ImageRequest) -> None:
    found = doors(placed(reach, request_), FAR_FUTURE, is_open=True)
    assert not {DeliveryRoute.POST, DeliveryRoute.DM} & set(found)


class Reply:
    """As much of a reply as discord.py's errors look at."""

    def __init__(self, status: int) -> None:
        self.status, self.reason = status, "because"


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (http_error(404, 10008), RouteError.GONE),
        (http_error(404, 10003), RouteError.GONE),
        (http_error(403, 50001), RouteError.GONE),
        (http_error(403, 50013), RouteError.GONE),
        (http_error(401, 50027), RouteError.SHUT),
        (http_error(404, 10015), RouteError.SHUT),
        (http_error(400, 30046), RouteError.SHUT),
        (http_error(403, 50007), RouteError.SHUT),
        (http_error(400, 50083), RouteError.SHUT),
        (http_error(413, 40005), RouteError.TOO_LARGE),
        (http_error(413, 0), RouteError.TOO_LARGE),
        (http_error(400, 50035), RouteError.MALFORMED),
        (http_error(429, 0), RouteError.LATER),
        (http_error(503, 0), RouteError.LATER),
        (aiohttp.ServerDisconnectedError(), RouteError.LATER),
        (TimeoutError(), RouteError.LATER),
        (KeyError("interaction"), RouteError.LATER),
    ],
)
def test_what_a_failed_call_means(error: Exception, verdict: RouteError) -> None:
    assert verdict_of(error) is verdict


@pytest.mark.parametrize("code", [50001, 50013])
def test_a_token_that_is_refused_access_shuts_only_its_route(code: int) -> None:
    assert verdict_of(http_error(403, code), DeliveryRoute.TOKEN) is RouteError.SHUT


async def test_patience_has_an_end() -> None:
    async def fails() -> None:
        raise aiohttp.ServerDisconnectedError

    with pytest.raises(Undeliverable) as caught:
        await with_retries(fails, 0.05)
    assert not caught.value.gone
