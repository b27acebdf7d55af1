"""The adapter against the local Horde when the Horde itself is in trouble, or refuses."""

import asyncio

import pytest

from bot.backends.base import Backend
from bot.domain.requests import Kind
from bot.domain.results import Phase
from bot.errors import (
    BackendDown,
    BackendPaused,
    RateLimited,
    RequestGone,
    RequestRejected,
    TooManyPrompts,
)
from bot.horde.downloads import SIZE_MAX
from sandbox.horde import HordeServer
from tests.support.credentials import ANONYMOUS, RICH
from tests.support.horde.requests import finished_request, image, outcome_of
from tests.support.horde.routes import SUBMIT_IMAGE


async def test_gone_in_mid_way(local: Backend):
    with pytest.raises(RequestGone):
        await finished_request(local, image("[sandbox:expire]"))


async def test_a_request_that_is_an_error(local: Backend):
    with pytest.raises(BackendDown) as caught:
        await local.submit(image("[sandbox:error500]"), RICH)
    assert (caught.value.status, caught.value.in_doubt) == (500, False)
    assert (await local.health()).ok


async def test_an_unknown_key(local: Backend):
    for attempt in (local.submit(image(), "nobody"), local.account("nobody")):
        with pytest.raises(RequestRejected) as caught:
            await attempt
        assert caught.value.private


async def test_accounts(local: Backend):
    rich, nobody = await local.account(RICH), await local.account(ANONYMOUS)
    assert rich.trusted
    assert (rich.balance or 0) > (nobody.balance or 0)
    assert nobody.username == "Anonymous#0"


async def test_models(local: Backend):
    assert {model.kind for model in await local.models(Kind.IMAGE)} == {Kind.IMAGE}
    assert all(model.workers > 0 for model in await local.models(Kind.TEXT))


async def test_waiting_places(server: HordeServer, local: Backend):
    server.state.worker_pools["image"].replace_workers([])
    server.state.accounts.by_key[RICH].concurrency = 3
    await local.submit(image(n=2), RICH)
    with pytest.raises(TooManyPrompts):
        await local.submit(image(n=2), RICH)


async def test_limits(server: HordeServer, local: Backend):
    server.state.rate_limiter.enabled = True
    at_once = [local.submit(image(), ANONYMOUS) for _ in range(8)]
    refused = [r for r in await asyncio.gather(*at_once, return_exceptions=True)
               if isinstance(r, RateLimited)]  # fmt: skip
    assert len(refused) >= 4  # 2 in a second, and at most one second ended meanwhile
    assert all(error.retry_after is not None for error in refused)
    assert local.seen_rate == {Kind.IMAGE: 2}


async def test_a_trusted_key_lifts_the_limits(server: HordeServer, local: Backend):
    server.state.rate_limiter.enabled = True
    await local.submit(image(), RICH)
    await local.submit(image(), RICH)
    assert local.seen_rate == {Kind.IMAGE: 10}


async def test_maintenance(server: HordeServer, local: Backend):
    server.state.settings.maintenance = True
    with pytest.raises(BackendPaused):
        await local.submit(image(), RICH)
    health = await local.health()
    assert health.ok
    assert health.maintenance


async def test_an_outage(server: HordeServer, local: Backend):
    server.state.settings.outage = True
    with pytest.raises(BackendDown):
        await local.submit(image(), RICH)
    assert not (await local.health()).ok


async def test_an_answer_that_was_lost_can_be_found(server: HordeServer, local: Backend):
    server.state.worker_pools["image"].replace_workers([])
    server.faults.add({"server": "horde", "route": SUBMIT_IMAGE, "kind": "drop_after", "times": 1})
    with pytest.raises(BackendDown) as caught:
        await local.submit(image(), RICH)
    assert caught.value.in_doubt
    (found,) = (await local.account(RICH)).active[Kind.IMAGE]
    assert (await local.status(found, Kind.IMAGE, n=1)).phase is Phase.WAITING


@pytest.mark.parametrize("kind", ["truncate", "html", "garbage"])
async def test_a_broken_answer(kind: str, server: HordeServer, local: Backend):
    rule = {"server": "horde", "route": "GET /generate/check/{id}", "kind": kind, "times": 1}
    receipt = await local.submit(image(), RICH)
    server.faults.add(rule)
    with pytest.raises(BackendDown):
        await local.status(receipt.remote_id, Kind.IMAGE, n=1)
    assert (await outcome_of(local, receipt.remote_id, image())).phase is Phase.DONE


async def test_a_picture_whose_connection_breaks(server: HordeServer, local: Backend):
    status = await finished_request(local, image())
    rule = {"server": "horde", "route": "GET /r2/{object}", "kind": "drop", "times": 1}
    server.faults.add(rule)
    assert await local.fetch(status.pictures[0].url, SIZE_MAX)
