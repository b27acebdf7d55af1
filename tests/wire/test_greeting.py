"""A direct message that is no command."""

import pytest

from tests.support.discord.chat import bot_messages, edit_message, next_bot_message, write
from tests.support.discord.client import Control

pytestmark = pytest.mark.wire


async def test_a_direct_message_is_answered_once(control: Control) -> None:
    cleo = await control.person("cleo", "dm")
    said = await write(cleo.channel_id, cleo, "hello, make me a picture of a fox")
    await next_bot_message(cleo.channel_id, cleo, said, "Type `/imagine`")
    await write(cleo.channel_id, cleo, "please")
    await edit_message(cleo, said, "hello")
    await cleo.result(await cleo.command("imagine", prompt="a fox for cleo"))
    seen = await bot_messages(cleo.channel_id, cleo, said)
    assert sum("Type `/imagine`" in message.text for message in seen) == 1


async def test_a_message_in_a_server_is_left_alone(control: Control) -> None:
    ben = await control.person("ben")
    said = await write(ben.channel_id, ben, "hello everybody", mention=True)
    await ben.result(await ben.command("imagine", prompt="a fox for ben"))
    seen = await bot_messages(ben.channel_id, ben, said)
    assert not any("Type `/imagine`" in message.text for message in seen)
