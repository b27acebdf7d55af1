"""A submit whose answer is lost is found by its content at a newer Horde."""

import aiohttp
import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control
from tests.support.horde.routes import SUBMIT_IMAGE
from tests.support.json_types import Json

pytestmark = pytest.mark.wire
ACCOUNT: Json = {"username": "ada", "kudos": 5000}


async def elsewhere(bot: BotProcess, key: str) -> None:
    """Another program submits the same prompt with the same key."""
    body = {"prompt": "a lost glove", "params": {"n": 1}, "models": ["Deliberate"], "r2": True}
    async with aiohttp.ClientSession(headers={"apikey": key}) as http:
        answer = await http.post(f"{bot.urls.horde}/generate/async", json=body)
        assert answer.status == 202


async def test_lost_submit_newer_horde_is_adopted_by_its_content(
    newer: BotProcess, newer_control: Control
) -> None:
    """Two unknown requests of the account have one result each; only the seed tells them apart."""
    await newer_control.post("horde/knobs", job_seconds=[4, 4])
    account = await newer_control.post("horde/users", **ACCOUNT)
    newer.start_bot(HORDECORD_BACKENDS__HORDE__API_KEY=account["api_key"])
    await elsewhere(newer, account["api_key"])
    await newer_control.post(
        "faults", server="horde", route=SUBMIT_IMAGE, kind="drop_after", times=1
    )
    ada = await newer_control.person("ada")
    done = await ada.result(await ada.command("imagine", prompt="a lost glove"))
    assert len(done.pictures) == 1
    assert "sent again" not in done.text
    assert len(await newer_control.horde_requests()) == 2


async def test_lost_submit_anonymous_says_that_it_may_run_twice(
    newer: BotProcess, newer_control: Control
) -> None:
    newer.start_bot()
    await newer_control.post(
        "faults", server="horde", route=SUBMIT_IMAGE, kind="drop_after", times=1
    )
    ada = await newer_control.person("ada")
    done = await ada.result(await ada.command("imagine", prompt="a lost glove"))
    assert len(done.pictures) == 1
    assert "It may run twice" in done.text
