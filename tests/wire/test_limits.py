"""Caps on what one person may have under way."""

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control

pytestmark = pytest.mark.wire


async def test_the_seventh_request_is_refused_in_private(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    await own_control.post("horde/knobs", job_seconds=[30, 30])
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    for number in range(6):
        answer = await ada.command("imagine", prompt=f"wish {number}")
        assert not (await own_control.message(answer.message_id)).is_private
    refused = await own_control.message(
        (await ada.command("imagine", prompt="one more")).message_id
    )
    assert refused.is_private
    assert "/queue" in refused.text
    other = await ben.command("imagine", prompt="mine")
    assert not (await own_control.message(other.message_id)).is_private


async def test_a_server_may_have_a_limit_too(own: BotProcess, own_control: Control) -> None:
    own.start_bot(HORDECORD_LIMITS__OPEN_PER_SERVER="1")
    await own_control.post("horde/knobs", job_seconds=[30, 30])
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    await ada.command("imagine", prompt="the first")
    refused = await own_control.message((await ben.command("imagine", prompt="second")).message_id)
    assert refused.is_private
    assert "This server has" in refused.text
