"""Messages: posted, edited, with files, layouts and mentions."""

import io
import re
from typing import Any

import discord
import pytest

from sandbox.discord.messages import attachments
from tests.support.discord.local_discord import Lab, file, png


def layout(*items: discord.ui.Item[Any]) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.Container[Any](*items))
    return view


def gallery(*names: str) -> discord.ui.MediaGallery[Any]:
    return discord.ui.MediaGallery[Any](
        *(discord.MediaGalleryItem(f"attachment://{n}") for n in names)
    )


async def test_defer_then_edit(lab: Lab) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        loading = await interaction.original_response()
        assert loading.flags.loading
        await interaction.edit_original_response(content="done", attachments=[file()])

    await lab.start(do)
    done = await lab.act(name="do")
    assert done["type"] == 5
    message = await lab.message(done["message_id"])
    assert (message["content"], message["flags"], message["edits"]) == ("done", 0, 1)
    assert message["edited_timestamp"] is None
    assert [version["body"]["content"] for version in message["history"]] == ["", "done"]
    attachment = message["attachments"][0]
    assert (attachment["filename"], attachment["width"], attachment["height"]) == ("a.png", 4, 3)
    assert await lab.fetch(attachment["url"]) == (200, png())
    bare, _, _ = attachment["url"].partition("?")
    assert (await lab.fetch(bare))[0] == 404


async def test_the_first_follow_up_after_a_deferral_is_the_response(lab: Lab) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send("one")
        await interaction.followup.send("two", ephemeral=True)

    await lab.start(do)
    done = await lab.act(name="do")
    texts = [message["content"] for message in await lab.shown(viewer=lab.ada)]
    assert texts == ["one", "two"]
    assert (await lab.message(done["message_id"]))["ephemeral_for"] == lab.ada
    assert await lab.shown(viewer=lab.ben) == []


async def test_a_layout_with_a_gallery(lab: Lab) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("wait")
        text = discord.ui.TextDisplay[Any]("two foxes")
        view = layout(text, gallery("a.png", "b.png"))
        files = [file("a.png"), file("b.png", png((9, 8)))]
        edited = await interaction.edit_original_response(
            content=None, view=view, attachments=files
        )
        assert edited.flags.components_v2

    bot = await lab.start(do)
    message = await lab.message((await lab.act(name="do"))["message_id"])
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
    assert (await lab.fetch(media[1]["url"]))[1] == png((9, 8))
    ids = [container["id"], *(part["id"] for part in container["components"])]
    assert ids == [1, 2, 3]


async def test_becoming_a_layout_needs_the_old_text_gone(lab: Lab) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("text")
        await interaction.edit_original_response(view=layout(discord.ui.TextDisplay[Any]("x")))

    bot = await lab.start(do)
    await lab.act(name="do")
    error = bot.failed[0]
    assert isinstance(error, discord.HTTPException)
    assert (error.status, error.code) == (400, 50035)


async def test_attachments_decide_what_stays(lab: Lab) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(files=[file("a.png"), file("b.png")])
        sent = await interaction.original_response()
        await sent.edit(attachments=[sent.attachments[1], file("c.png")])

    bot = await lab.start(do)
    message = await lab.message((await lab.act(name="do"))["message_id"])
    assert bot.failed == []
    assert [one["filename"] for one in message["attachments"]] == ["b.png", "c.png"]
    await lab.rest(
        "PATCH", f"/channels/{lab.general}/messages/{message['id']}", json={"content": "kept"}
    )
    message = await lab.message(message["id"])
    assert message["content"] == "kept"
    assert [one["filename"] for one in message["attachments"]] == ["b.png", "c.png"]


async def test_an_embed_takes_its_picture(lab: Lab) -> None:
    async def do(interaction: discord.Interaction) -> None:
        embed = discord.Embed(title="a fox").set_image(url="attachment://a.png")
        await interaction.response.send_message(embed=embed, file=file())

    await lab.start(do)
    message = await lab.message((await lab.act(name="do"))["message_id"])
    image = message["embeds"][0]["image"]
    assert (image["width"], image["height"], message["attachments"]) == (4, 3, [])
    assert (await lab.fetch(image["url"]))[1] == png()


async def test_alt_text_and_spoiler_are_kept(lab: Lab) -> None:
    async def do(interaction: discord.Interaction) -> None:
        picture = discord.File(io.BytesIO(png()), "a.png", description="a fox", spoiler=True)
        await interaction.response.send_message(file=picture)

    await lab.start(do)
    message = await lab.message((await lab.act(name="do"))["message_id"])
    attachment = message["attachments"][0]
    assert (attachment["description"], attachment["filename"]) == ("a fox", "SPOILER_a.png")
    assert attachment["flags"] == 1 << 3


async def test_private_replies_and_direct_messages(lab: Lab) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("here")
        await interaction.followup.send("secret", ephemeral=True)
        await interaction.user.send("by mail", file=file())

    await lab.start(do)
    done = await lab.act(name="do")
    assert [m["content"] for m in await lab.shown(viewer=lab.ben)] == ["here"]
    own = await lab.shown(viewer=lab.ada)
    assert [m["content"] for m in own] == ["here", "secret"]
    assert own[1]["message_reference"]["message_id"] == done["message_id"]
    origin = own[1]["interaction_metadata"]
    assert origin["original_response_message_id"] == done["message_id"]
    assert [m["content"] for m in await lab.shown(lab.dm, lab.ada)] == ["by mail"]
    assert await lab.shown(lab.dm, lab.ben) == []
    status, body, _ = await lab.rest("GET", f"/channels/{lab.general}/messages/{own[1]['id']}")
    assert (status, body["code"]) == (404, 10008)


async def test_too_large_a_file(lab: Lab) -> None:
    await lab.post("/knobs", upload_limit=1000)
    limits: list[int] = []

    async def do(interaction: discord.Interaction) -> None:
        limits.append(interaction.filesize_limit)
        await interaction.response.send_message(file=file(data=bytes(1001)))

    bot = await lab.start(do)
    await lab.post("/knobs", ack_timeout=0.2)
    done = await lab.act(name="do")
    assert done["acked"] is False
    error = bot.failed[0]
    assert isinstance(error, discord.HTTPException)
    assert (limits, error.status, error.code) == ([1000], 413, 40005)


async def test_mentions_obey_the_bot(lab: Lab) -> None:
    text = f"<@{lab.ben}> @everyone"

    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(text)
        users = discord.AllowedMentions(users=True, everyone=True)
        await interaction.followup.send(text, allowed_mentions=users)

    await lab.start(do)
    await lab.act(name="do")
    quiet, loud = await lab.shown()
    assert (quiet["mentions"], quiet["mention_everyone"]) == ([], False)
    assert [user["id"] for user in loud["mentions"]] == [lab.ben]
    assert loud["mention_everyone"] is True


async def test_the_same_nonce_posts_once(lab: Lab) -> None:
    bot = await lab.start()
    channel = bot.get_channel(int(lab.general))
    assert isinstance(channel, discord.TextChannel)
    first = await channel.send("once", nonce="request-1")
    path = f"/channels/{lab.general}/messages"
    again = {"content": "twice", "nonce": "request-1", "enforce_nonce": True}
    status, body, _ = await lab.rest("POST", path, json=again)
    assert (status, body["id"]) == (200, str(first.id))
    other = again | {"enforce_nonce": False}
    status, body, _ = await lab.rest("POST", path, json=other)
    assert body["id"] != str(first.id)


async def test_an_empty_message(lab: Lab) -> None:
    status, body, _ = await lab.rest("POST", f"/channels/{lab.general}/messages", json={})
    assert (status, body["code"]) == (400, 50006)


async def test_an_edit_that_leaves_nothing(lab: Lab) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("card", file=file())
        await interaction.edit_original_response(content=None)
        await interaction.edit_original_response(attachments=[])

    bot = await lab.start(do)
    done = await lab.act(name="do")
    error = bot.failed[0]
    assert isinstance(error, discord.HTTPException)
    assert (error.status, error.code) == (400, 50006)
    message = await lab.message(done["message_id"])
    assert (message["content"], len(message["attachments"])) == ("", 1)


async def test_a_link_ends(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "LINK_LIFE", -1)
    ended = (await lab.upload())["url"]
    monkeypatch.setattr(attachments, "LINK_LIFE", 60)
    good = (await lab.upload())["url"]
    later = re.sub(r"ex=\w+", "ex=ffffffff", good)
    assert [(await lab.fetch(link))[0] for link in (ended, later, good)] == [404, 404, 200]
