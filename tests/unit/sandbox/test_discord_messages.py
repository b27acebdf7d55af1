"""Messages: posted, edited, with files, layouts and mentions."""

import io
import re
from typing import Any

import discord
import pytest

from sandbox.discord.messages import attachments
from sandbox.discord.messages.stored_components import MessageFiles, stored_components
from tests.support.builders import png
from tests.support.discord.local_discord import LocalDiscord, png_file


def layout(*items: discord.ui.Item[Any]) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.Container[Any](*items))
    return view


def attached_gallery(*names: str) -> discord.ui.MediaGallery[Any]:
    return discord.ui.MediaGallery[Any](
        *(discord.MediaGalleryItem(f"attachment://{n}") for n in names)
    )


async def test_defer_then_edit(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        loading = await interaction.original_response()
        assert loading.flags.loading
        await interaction.edit_original_response(content="done", attachments=[png_file()])

    await local.start(do)
    done = await local.act(name="do")
    assert done["type"] == 5
    message = await local.message(done["message_id"])
    assert (message["content"], message["flags"], message["edits"]) == ("done", 0, 1)
    assert message["edited_timestamp"] is None
    assert [version["body"]["content"] for version in message["history"]] == ["", "done"]
    attachment = message["attachments"][0]
    assert (attachment["filename"], attachment["width"], attachment["height"]) == ("a.png", 4, 3)
    assert await local.fetch(attachment["url"]) == (200, png(4, 3))
    bare, _, _ = attachment["url"].partition("?")
    assert (await local.fetch(bare))[0] == 404


async def test_the_first_follow_up_after_a_deferral_is_the_response(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send("one")
        await interaction.followup.send("two", ephemeral=True)

    await local.start(do)
    done = await local.act(name="do")
    texts = [message["content"] for message in await local.shown(viewer=local.ada)]
    assert texts == ["one", "two"]
    assert (await local.message(done["message_id"]))["ephemeral_for"] == local.ada
    assert await local.shown(viewer=local.ben) == []


async def test_a_layout_with_a_gallery(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("wait")
        text = discord.ui.TextDisplay[Any]("two foxes")
        view = layout(text, attached_gallery("a.png", "b.png"))
        files = [png_file("a.png"), png_file("b.png", png(9, 8))]
        edited = await interaction.edit_original_response(
            content=None, view=view, attachments=files
        )
        assert edited.flags.components_v2

    bot = await local.start(do)
    message = await local.message((await local.act(name="do"))["message_id"])
    assert bot.failed == []
    # Discord leaves out of attachments what the components show.
    assert (message["content"], message["attachments"]) == ("", [])
    container = message["components"][0]
    assert [part["type"] for part in container["components"]] == [10, 12]
    media = [item["media"] for item in container["components"][1]["items"]]
    assert [(one["width"], one["content_type"]) for one in media] == [
        (4, "image/png"),
        (9, "image/png"),
    ]
    assert (await local.fetch(media[1]["url"]))[1] == png(9, 8)
    ids = [container["id"], *(part["id"] for part in container["components"])]
    assert ids == [1, 2, 3]


async def test_becoming_a_layout_needs_the_old_text_gone(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("text")
        await interaction.edit_original_response(view=layout(discord.ui.TextDisplay[Any]("x")))

    bot = await local.start(do)
    await local.act(name="do")
    error = bot.failed[0]
    assert isinstance(error, discord.HTTPException)
    assert (error.status, error.code) == (400, 50035)


async def test_attachments_decide_what_stays(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(files=[png_file("a.png"), png_file("b.png")])
        sent = await interaction.original_response()
        await sent.edit(attachments=[sent.attachments[1], png_file("c.png")])

    bot = await local.start(do)
    message = await local.message((await local.act(name="do"))["message_id"])
    assert bot.failed == []
    assert [one["filename"] for one in message["attachments"]] == ["b.png", "c.png"]
    await local.rest(
        "PATCH", f"/channels/{local.general}/messages/{message['id']}", json={"content": "kept"}
    )
    message = await local.message(message["id"])
    assert message["content"] == "kept"
    assert [one["filename"] for one in message["attachments"]] == ["b.png", "c.png"]


async def test_an_embed_takes_its_picture(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        embed = discord.Embed(title="a fox").set_image(url="attachment://a.png")
        await interaction.response.send_message(embed=embed, file=png_file())

    await local.start(do)
    message = await local.message((await local.act(name="do"))["message_id"])
    image = message["embeds"][0]["image"]
    assert (image["width"], image["height"], message["attachments"]) == (4, 3, [])
    assert (await local.fetch(image["url"]))[1] == png(4, 3)


async def test_alt_text_and_spoiler_are_kept(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        picture = discord.File(io.BytesIO(png(4, 3)), "a.png", description="a fox", spoiler=True)
        await interaction.response.send_message(file=picture)

    await local.start(do)
    message = await local.message((await local.act(name="do"))["message_id"])
    attachment = message["attachments"][0]
    assert (attachment["description"], attachment["filename"]) == ("a fox", "SPOILER_a.png")
    assert attachment["flags"] == 1 << 3


async def test_private_replies_and_direct_messages(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here")
        await interaction.followup.send("secret", ephemeral=True)
        await interaction.user.send("by mail", file=png_file())

    await local.start(do)
    done = await local.act(name="do")
    assert [m["content"] for m in await local.shown(viewer=local.ben)] == ["here"]
    own = await local.shown(viewer=local.ada)
    assert [m["content"] for m in own] == ["here", "secret"]
    assert own[1]["message_reference"]["message_id"] == done["message_id"]
    origin = own[1]["interaction_metadata"]
    assert origin["original_response_message_id"] == done["message_id"]
    assert [m["content"] for m in await local.shown(local.dm, local.ada)] == ["by mail"]
    assert await local.shown(local.dm, local.ben) == []
    status, body, _ = await local.rest("GET", f"/channels/{local.general}/messages/{own[1]['id']}")
    assert (status, body["code"]) == (404, 10008)


async def test_too_large_a_file(local: LocalDiscord) -> None:
    await local.control.post("knobs", upload_limit=1000)
    limits: list[int] = []

    async def do(interaction: discord.Interaction) -> None:
        limits.append(interaction.filesize_limit)
        await interaction.response.send_message(file=png_file(data=bytes(1001)))

    bot = await local.start(do)
    await local.control.post("knobs", ack_timeout=0.2)
    done = await local.act(name="do")
    assert done["acked"] is False
    error = bot.failed[0]
    assert isinstance(error, discord.HTTPException)
    assert (limits, error.status, error.code) == ([1000], 413, 40005)


async def test_mentions_obey_the_bot(local: LocalDiscord) -> None:
    text = f"<@{local.ben}> @everyone"

    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(text)
        users = discord.AllowedMentions(users=True, everyone=True)
        await interaction.followup.send(text, allowed_mentions=users)

    await local.start(do)
    await local.act(name="do")
    quiet, loud = await local.shown()
    assert (quiet["mentions"], quiet["mention_everyone"]) == ([], False)
    assert [user["id"] for user in loud["mentions"]] == [local.ben]
    assert loud["mention_everyone"] is True


async def test_the_same_nonce_posts_once(local: LocalDiscord) -> None:
    bot = await local.start()
    channel = bot.get_channel(int(local.general))
    assert isinstance(channel, discord.TextChannel)
    first = await channel.send("once", nonce="request-1")
    path = f"/channels/{local.general}/messages"
    again = {"content": "twice", "nonce": "request-1", "enforce_nonce": True}
    status, body, _ = await local.rest("POST", path, json=again)
    assert (status, body["id"]) == (200, str(first.id))
    other = again | {"enforce_nonce": False}
    status, body, _ = await local.rest("POST", path, json=other)
    assert body["id"] != str(first.id)


async def test_an_empty_message(local: LocalDiscord) -> None:
    status, body, _ = await local.rest("POST", f"/channels/{local.general}/messages", json={})
    assert (status, body["code"]) == (400, 50006)


async def test_an_edit_that_leaves_nothing(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("card", file=png_file())
        await interaction.edit_original_response(content=None)
        await interaction.edit_original_response(attachments=[])

    bot = await local.start(do)
    done = await local.act(name="do")
    error = bot.failed[0]
    assert isinstance(error, discord.HTTPException)
    assert (error.status, error.code) == (400, 50006)
    message = await local.message(done["message_id"])
    assert (message["content"], len(message["attachments"])) == ("", 1)


async def test_a_link_ends(local: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "LINK_LIFE", -1)
    ended = (await local.upload())["url"]
    monkeypatch.setattr(attachments, "LINK_LIFE", 60)
    good = (await local.upload())["url"]
    later = re.sub(r"ex=\w+", "ex=ffffffff", good)
    assert [(await local.fetch(link))[0] for link in (ended, later, good)] == [404, 404, 200]


def test_default_values_of_a_select_are_answered_as_text() -> None:
    menu = {
        "type": 8,
        "custom_id": "a",
        "default_values": [{"id": 1576879889234001922, "type": "channel"}],
    }
    (stored,) = stored_components([menu], MessageFiles([]))
    assert stored["default_values"] == [{"id": "1576879889234001922", "type": "channel"}]
