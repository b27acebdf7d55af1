"""The Horde refuses prompts: the member is told and paused, and other members go on."""

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control

pytestmark = pytest.mark.wire
MODEL = "Hassaku XL"


async def test_repeated_refusals_pause_one_member_only(
    newer: BotProcess, newer_control: Control
) -> None:
    newer.start_bot()
    ada, ben = [await newer_control.person(name) for name in ("ada", "ben")]
    for prompt in ("zorpling", "zorpling zorpling"):
        refused = await ada.result(await ada.command("imagine", prompt=prompt, model=MODEL))
        assert "filter of the Horde refused" in refused.text
    assert "After another refusal" in (await ada.told("After another refusal")).text
    paused = await ada.command("imagine", prompt="a tame fox", model=MODEL)
    said = (await newer_control.message(paused.message_id)).text
    assert "sends no images and texts for you until" in said
    again = await ben.command("imagine", prompt="zorpling", model=MODEL)
    said = (await newer_control.message(again.message_id)).text
    assert "refused this prompt before" in said
    done = await ben.result(await ben.command("imagine", prompt="a tame fox", model=MODEL))
    assert len(done.pictures) == 1
