"""Where the bot may write and which events it gets; which messages are stored."""

import discord
import pytest

from sandbox.discord import interactions
from sandbox.discord.messages import message_store
from tests.support.discord.local_discord import LocalDiscord, png_file
from tests.support.waiting import until


async def test_only_asked_for_messages_are_heard(local: LocalDiscord) -> None:
    deaf = await local.start()
    intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    hearing = await local.start(intents=intents)
    say = {"user_id": local.ben, "channel_id": local.general}
    await local.control.post("messages", **say, content="to nobody")
    await local.control.post("messages", **say, content=f"<@{local.world['bot']['id']}> to you")
    await local.control.post(
        "messages", user_id=local.ada, channel_id=local.dm, content="in private"
    )
    await until(lambda: len(hearing.heard) == 3)
    texts = [message.content for message in hearing.heard]
    assert texts[0] == ""  # no message content intent
    assert texts[1].endswith("to you")
    assert texts[2] == "in private"
    assert deaf.heard == []


@pytest.mark.parametrize(
    ("deny", "files", "code"),
    [
        (["VIEW_CHANNEL"], False, 50001),
        (["SEND_MESSAGES"], False, 50013),
        (["ATTACH_FILES"], True, 50013),
    ],
)
async def test_denied_permissions(
    local: LocalDiscord, deny: list[str], files: bool, code: int
) -> None:
    bot = await local.start()
    channel = bot.get_channel(int(local.general))
    assert isinstance(channel, discord.TextChannel)
    await local.control.post("permissions", channel_id=local.general, deny=deny)
    with pytest.raises(discord.Forbidden) as refused:
        await channel.send("x", files=[png_file()] if files else [])
    assert refused.value.code == code


async def test_closed_direct_messages(local: LocalDiscord) -> None:
    bot = await local.start()
    await local.control.post("permissions", channel_id=local.dm, deny=["SEND_MESSAGES"])
    user = await bot.fetch_user(int(local.ada))
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("hello")
    assert refused.value.code == 50007


async def test_gone_messages_and_channels(local: LocalDiscord) -> None:
    bot = await local.start()
    channel = bot.get_channel(int(local.general))
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("x")
    assert (await local.control.request("DELETE", f"messages/{message.id}"))[0] == 204
    with pytest.raises(discord.NotFound) as gone:
        await message.edit(content="y")
    assert gone.value.code == 10008
    assert (await local.message(str(message.id)))["deleted"] is True
    await local.control.request("DELETE", f"channels/{local.general}")
    with pytest.raises(discord.NotFound) as gone:
        await channel.send("x")
    assert gone.value.code == 10003


async def test_only_the_newest_messages_are_kept(
    local: LocalDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_store, "KEPT_MESSAGES", 3)
    monkeypatch.setattr(message_store, "KEPT_VERSIONS", 2)
    said = {"user_id": local.ben, "channel_id": local.general}
    ids = [(await local.control.post("messages", **said, content=str(n)))["id"] for n in range(5)]
    assert [message["content"] for message in await local.shown()] == ["2", "3", "4"]
    assert (await local.control.request("GET", f"messages/{ids[0]}"))[0] == 404
    message = local.state.messages.get(ids[-1])
    assert message is not None
    for text in ("5", "6", "7"):
        local.state.edit(message, {"content": text}, [])
    history = (await local.message(ids[-1]))["history"]
    assert [version["body"]["content"] for version in history] == ["6", "7"]


async def test_only_the_newest_interactions_are_kept(
    local: LocalDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactions, "KEPT_INTERACTIONS", 2)

    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("x")

    await local.start(do)
    done = [await local.act(name="do") for _ in range(3)]
    assert len((await local.control.get("secrets"))["tokens"]) == 2
    assert (await local.control.request("GET", f"interactions/{done[0]['interaction_id']}"))[
        0
    ] == 404
    assert (await local.control.get(f"interactions/{done[2]['interaction_id']}"))["acked"]


async def test_history_pages(local: LocalDiscord) -> None:
    await local.control.post("knobs", message_content=True)
    bot = await local.start()
    for number in range(5):
        said = {"user_id": local.ben, "channel_id": local.general, "content": str(number)}
        await local.control.post("messages", **said)
    channel = bot.get_channel(int(local.general))
    assert isinstance(channel, discord.TextChannel)
    newest = [message async for message in channel.history(limit=2)]
    assert [message.content for message in newest] == ["4", "3"]
    before = [message async for message in channel.history(limit=2, before=newest[1])]
    assert [message.content for message in before] == ["2", "1"]
    after = [message async for message in channel.history(limit=2, after=before[1])]
    assert [message.content for message in after] == ["2", "3"]
