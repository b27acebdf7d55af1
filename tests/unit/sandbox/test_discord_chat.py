"""What members write, and what the bot gets of it."""

from typing import Any

import discord

from tests.support.credentials import BOT_TOKEN
from tests.support.discord.chat import (
    bot_messages,
    delete_message,
    delete_messages,
    edit_message,
    next_bot_message,
    write,
)
from tests.support.discord.client import Person
from tests.support.discord.local_discord import LocalDiscord
from tests.support.discord.messages import Message
from tests.support.json_types import Json
from tests.support.waiting import until

WITHOUT_CONTENT = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
WITH_CONTENT = discord.Intents(
    guilds=True, guild_messages=True, dm_messages=True, message_content=True
)


def person(local: LocalDiscord, user_id: str = "", channel_id: str = "") -> Person:
    return Person(local.control, user_id or local.ben, channel_id or local.general)


async def post(local: LocalDiscord, body: Any, channel: str = "") -> tuple[int, Any]:
    path = f"/channels/{channel or local.general}/messages"
    status, answer, _ = await local.rest("POST", path, json=body)
    return status, answer


async def posted(local: LocalDiscord, text: str = "hello") -> Message:
    status, answer = await post(local, {"content": text})
    assert status == 200, answer
    return Message(answer)


async def test_reply_with_a_ping_carries_its_content(local: LocalDiscord) -> None:
    bot = await local.start(intents=WITHOUT_CONTENT)
    ben, question = person(local), await posted(local)
    await write(local.general, ben, "pinged", reply_to=question)
    await write(local.general, ben, "silent", reply_to=question, ping=False)
    await until(lambda: len(bot.heard) == 3)
    pinged, silent = bot.heard[1:]
    assert (pinged.content, silent.content) == ("pinged", "")
    assert [user.id for user in pinged.mentions] == [int(bot.user.id if bot.user else 0)]
    assert silent.mentions == []
    for reply in (pinged, silent):
        assert reply.type is discord.MessageType.reply
        assert reply.reference is not None
        assert reply.reference.message_id == int(question.id)
        assert isinstance(reply.reference.resolved, discord.Message)
        assert reply.reference.resolved.content == "hello"


async def test_reply_to_an_interaction_response_carries_no_content(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("response")
        await interaction.followup.send("follow-up")

    bot = await local.start(do, intents=WITHOUT_CONTENT)
    await local.act(name="do")
    response, follow_up = await bot_messages(local.general, person(local))
    await write(local.general, person(local), "to the response", reply_to=response)
    await write(local.general, person(local), "to the follow-up", reply_to=follow_up)
    await write(local.general, person(local), "both", reply_to=response, mention=True)
    await until(lambda: len(bot.heard) == 5)
    texts = [message.content for message in bot.heard[2:]]
    assert texts[:2] == ["", "to the follow-up"]
    assert texts[2].endswith("both")
    assert bot.heard[2].mentions == []


async def test_reply_that_mentions_the_bot_hides_what_it_replies_to(local: LocalDiscord) -> None:
    bot = await local.start(intents=WITHOUT_CONTENT)
    said = await write(local.general, person(local), "between us")
    ada = person(local, local.ada)
    await write(local.general, ada, "read that", reply_to=said, mention=True)
    await until(lambda: len(bot.heard) == 2)
    reference = bot.heard[1].reference
    assert reference is not None
    assert isinstance(reference.resolved, discord.Message)
    assert (bot.heard[1].content.endswith("read that"), reference.resolved.content) == (True, "")


async def test_message_content_intent_must_be_allowed(local: LocalDiscord) -> None:
    assert await close_code_of_login(local, WITH_CONTENT) == 4014
    await local.control.post("knobs", message_content=True)
    bot = await local.start(intents=WITH_CONTENT)
    await write(local.general, person(local), "heard")
    await until(lambda: len(bot.heard) == 1)
    assert bot.heard[0].content == "heard"
    assert bot.application_flags.gateway_message_content_limited


async def close_code_of_login(local: LocalDiscord, intents: discord.Intents) -> int:
    async with local.socket() as socket:
        await socket.receive_json()
        body = {"token": BOT_TOKEN, "intents": intents.value}
        await socket.send_json({"op": 2, "d": body})
        await socket.receive()
        return socket.close_code


async def test_history_hides_content_without_the_intent(local: LocalDiscord) -> None:
    said = await write(local.general, person(local), "between us")
    path = f"/channels/{local.general}/messages"
    for allowed, seen in ((False, ""), (True, "between us")):
        await local.control.post("knobs", message_content=allowed)
        _, one, _ = await local.rest("GET", f"{path}/{said.id}")
        _, many, _ = await local.rest("GET", path)
        assert (one["content"], many[0]["content"]) == (seen, seen)


async def test_edits_and_deletions_of_members_are_sent(local: LocalDiscord) -> None:
    bot = await local.start(intents=WITHOUT_CONTENT)
    heard: list[tuple[str, Any]] = []

    async def on_edit(event: discord.RawMessageUpdateEvent) -> None:
        heard.append(("edit", event.data["content"]))

    async def on_delete(event: discord.RawMessageDeleteEvent) -> None:
        heard.append(("delete", event.message_id))

    async def on_bulk(event: discord.RawBulkMessageDeleteEvent) -> None:
        heard.append(("bulk", event.message_ids))

    vars(bot).update(
        on_raw_message_edit=on_edit,
        on_raw_message_delete=on_delete,
        on_raw_bulk_message_delete=on_bulk,
    )
    ben, ada = person(local), person(local, local.ada)
    said = [await write(local.general, ben, f"fox {n}", mention=True) for n in range(4)]
    await edit_message(ben, said[0], f"<@{local.world['bot']['id']}> owl")
    await edit_message(ben, said[0], "silent owl")
    await delete_message(ben, said[0])
    await delete_message(ada, said[1])
    await delete_messages(ada, said[2:])
    await until(lambda: len(heard) == 5)
    assert heard[0][1].endswith(" owl")
    assert heard[1:] == [
        ("edit", ""),
        ("delete", int(said[0].id)),
        ("delete", int(said[1].id)),
        ("bulk", {int(said[2].id), int(said[3].id)}),
    ]


async def test_edit_of_a_reply_keeps_its_mention(local: LocalDiscord) -> None:
    ben, question = person(local), await posted(local)
    reply = await write(local.general, ben, "pinged", reply_to=question)
    edited = await edit_message(ben, reply, "changed")
    assert [user["id"] for user in edited.raw["mentions"]] == [local.world["bot"]["id"]]
    await delete_message(person(local, local.ada), question)
    assert (await local.message(reply.id))["referenced_message"] is None


async def test_what_members_cannot_write(local: LocalDiscord) -> None:
    said = await write(local.general, person(local), "fox")
    dark = await write(local.dark, person(local), "fox")
    body = {"user_id": local.ben, "channel_id": local.general}
    control = local.control
    wrong: list[tuple[str, str, Any]] = [
        ("POST", "messages", body | {"content": "x" * 2001}),
        ("POST", "messages", body | {"content": "x", "reply_to": dark.id}),
        ("POST", "messages", body | {"content": "x", "reply_to": "1"}),
        ("PATCH", f"messages/{said.id}", {"user_id": local.cleo, "content": "x"}),
        ("PATCH", f"messages/{said.id}", {"user_id": local.ben, "content": " "}),
        ("DELETE", f"messages/{said.id}?user_id={local.cleo}", None),
        ("POST", "messages/bulk-delete", {"channel_id": local.dark, "message_ids": [said.id]}),
    ]
    for method, path, sent in wrong:
        status, answer = await control.request(method, path, json=sent)
        assert status in (400, 404), (path, sent, answer)


async def test_bot_replies_with_a_reference(local: LocalDiscord) -> None:
    said = await write(local.general, person(local), "fox")
    reference = {"message_id": said.id}
    silent = {"allowed_mentions": {"replied_user": False}}
    cases: list[tuple[Json, list[str]]] = [({}, [local.ben]), (silent, [])]
    for rules, mentions in cases:
        status, body = await post(local, {"content": "x", "message_reference": reference, **rules})
        assert (status, body["type"]) == (200, 19)
        assert [user["id"] for user in body["mentions"]] == mentions
        assert body["referenced_message"]["id"] == said.id
    answer = await next_bot_message(local.general, person(local), after=said)
    assert answer.raw["message_reference"]["message_id"] == said.id


async def test_bot_reply_to_a_deleted_message(local: LocalDiscord) -> None:
    said = await write(local.general, person(local), "fox")
    await delete_message(person(local), said)
    for fails, expected in ((True, 400), (False, 200)):
        reference = {"message_id": said.id, "fail_if_not_exists": fails}
        status, body = await post(local, {"content": "x", "message_reference": reference})
        assert status == expected
        assert body.get("type", 0) == 0
        assert "message_reference" not in body


async def test_bot_reply_needs_to_read_the_history(local: LocalDiscord) -> None:
    said = await write(local.general, person(local), "fox")
    deny = ["READ_MESSAGE_HISTORY"]
    await local.control.post("permissions", channel_id=local.general, deny=deny)
    body = {"content": "x", "message_reference": {"message_id": said.id}}
    status, answer = await post(local, body)
    assert (status, answer["code"]) == (400, 160002)


async def test_one_enforced_nonce_posts_one_message(local: LocalDiscord) -> None:
    bodies = [{"content": str(n), "nonce": 77, "enforce_nonce": True} for n in range(2)]
    ids = {(await post(local, body))[1]["id"] for body in bodies}
    assert len(ids) == 1
    assert (await post(local, bodies[0], local.dark))[1]["id"] not in ids
