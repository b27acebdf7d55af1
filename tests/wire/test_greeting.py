"""A direct message that is no command."""

import pytest

from tests.support.discord.actions import post_message
from tests.support.discord.client import Control

pytestmark = pytest.mark.wire


async def test_a_direct_message_is_answered_once(control: Control) -> None:
    cleo = await control.person("cleo", "dm")
    await post_message(cleo, content="hello, make me a picture of a fox")
    await cleo.hears("Type `/imagine`")
    await post_message(cleo, content="please")
    await cleo.result(await cleo.command("imagine", prompt="a fox for cleo"))
    seen = await control.messages(cleo.channel_id, cleo.id)
    assert sum("Type `/imagine`" in message.text for message in seen) == 1


async def test_a_message_in_a_server_is_left_alone(control: Control) -> None:
    ben = await control.person("ben")
    await post_message(ben, content="hello everybody")
    await ben.result(await ben.command("imagine", prompt="a fox for ben"))
    seen = await control.messages(ben.channel_id, ben.id)
    assert not any("Type `/imagine`" in message.text for message in seen)
