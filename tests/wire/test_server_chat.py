"""/server chat over the wire: its panel and its lists."""

import pytest

from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Answer, Message

pytestmark = pytest.mark.wire


async def pick(person: Person, message: Message, rule: str, *values: str) -> Answer:
    custom_id = f"hcs:pick:{rule}:0"
    assert any(part.get("custom_id") == custom_id for part in message.parts)
    return await person.act(
        "component", message_id=message.id, custom_id=custom_id, values=list(values)
    )


async def test_the_panel_of_conversations_sets_every_rule(control: Control) -> None:
    ada = await control.person("ada")
    panel = await control.message((await ada.command("server chat")).message_id)
    assert panel.is_private
    assert "**Conversations with characters**: yes" in panel.text
    await pick(ada, panel, "chat_channels", ada.channel_id)
    await pick(ada, panel, "chat_start_roles")
    for label in ("Use names and avatars", "Let only managers share characters"):
        await ada.press(await control.message(panel.id), label)
    panel = await control.message(panel.id)
    assert "**Names and avatars of characters**: yes" in panel.text
    assert "**Members can share characters**: no" in panel.text
    await ada.ask("server chat", "Ada Lovelace", character="Ada Lovelace", model="koboldcpp/One")
    rules = (await ada.ask("server show")).text
    assert f"**Channels of new conversations**: <#{ada.channel_id}>" in rules
    assert "**Models of conversations**: `koboldcpp/One`" in rules
    await ada.ask("server chat", "removed", remove_model="koboldcpp/One")
    panel = await control.message((await ada.command("server chat")).message_id)
    await ada.press(panel, "Do not answer mentions")
    await ada.press(await control.message(panel.id), "Turn conversations off")
    shown = (await control.message(panel.id)).text
    assert "**Conversations with characters**: no" in shown
    assert "**Character that answers mentions**: not set" in shown
    panel = await control.message((await ada.command("server chat")).message_id)
    await pick(ada, panel, "chat_channels")
    for label in ("Allow conversations", "Do not use names", "Let members share characters"):
        await ada.press(await control.message(panel.id), label)
    assert "conversations" not in (await ada.ask("server show")).text.lower()
