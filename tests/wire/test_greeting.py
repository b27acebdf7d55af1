"""Messages to the bot where no conversation is open."""

import pytest

from tests.support.discord.chat import bot_messages, edit_message, next_bot_message, write
from tests.support.discord.client import Control

pytestmark = pytest.mark.wire
HINT = "/chat start"


async def test_a_direct_message_is_answered_once(control: Control) -> None:
    cleo = await control.person("cleo", "dm")
    said = await write(cleo.channel_id, cleo, "hello, make me a picture of a fox")
    hint = await next_bot_message(cleo.channel_id, cleo, said, HINT)
    assert "/imagine" in hint.text
    assert "Start a conversation" in hint.buttons
    await write(cleo.channel_id, cleo, "please")
    await edit_message(cleo, said, "hello")
    await cleo.result(await cleo.command("imagine", prompt="a fox for cleo"))
    seen = await bot_messages(cleo.channel_id, cleo, said)
    assert sum(HINT in message.text for message in seen) == 1


async def test_a_mention_is_answered_once(control: Control) -> None:
    ben = await control.person("ben", "after-dark")
    said = await write(ben.channel_id, ben, "hello", mention=True)
    await next_bot_message(ben.channel_id, ben, said, HINT)
    await write(ben.channel_id, ben, "are you there?", mention=True)
    await ben.result(await ben.command("imagine", prompt="a fox for ben"))
    seen = await bot_messages(ben.channel_id, ben, said)
    assert sum(HINT in message.text for message in seen) == 1


async def test_a_message_in_a_server_is_left_alone(control: Control) -> None:
    ben = await control.person("ben")
    said = await write(ben.channel_id, ben, "hello everybody")
    await ben.result(await ben.command("imagine", prompt="a fox for ben"))
    seen = await bot_messages(ben.channel_id, ben, said)
    assert not any(HINT in message.text for message in seen)


async def test_a_hint_starts_a_conversation(control: Control) -> None:
    ada = await control.person("ada", "dm")
    said = await write(ada.channel_id, ada, "hello")
    hint = await next_bot_message(ada.channel_id, ada, said, HINT)
    await ada.press(hint, "Start a conversation")
    greeting = await next_bot_message(ada.channel_id, ada, hint, "What would you like")
    assert "free, no account" in greeting.text
    await ada.ask("chat end", "has ended")
