"""A request that waits for overloaded workers: the card warns at a newer Horde only."""

import asyncio

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control

pytestmark = pytest.mark.wire
WORDS = "too much work"


async def test_card_request_might_stall_newer_horde_warns(
    newer: BotProcess, newer_control: Control
) -> None:
    newer.start_bot()
    ada = await newer_control.person("ada")
    answer = await ada.command("imagine", prompt="a slow snail [sandbox:stall]")
    await ada.sees(answer.message_id, lambda m: WORDS in m.text, "the warning", wait=60)


async def test_card_request_might_stall_older_horde_says_nothing(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="a slow snail [sandbox:stall]")
    await asyncio.sleep(25)
    assert WORDS not in (await own_control.message(answer.message_id)).text
