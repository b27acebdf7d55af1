"""Buttons, selects and modals."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from tests.support.builders import png
from tests.support.discord.local_discord import LocalDiscord
from tests.support.json_types import Json

Handlers = dict[str, Callable[[discord.Interaction], Awaitable[object]]]


def by_custom_id(first: Callable[[discord.Interaction], Awaitable[object]], **more: Any) -> Any:
    """A `do` that sends the first card, then goes by custom_id."""

    async def do(interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        await more.get(data.get("custom_id"), first)(interaction)

    return do


async def send_card(interaction: discord.Interaction) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Again", custom_id="again", emoji="🎲"))
    view.add_item(discord.ui.Button(label="Off", custom_id="off", disabled=True))
    options = [discord.SelectOption(label=name, value=name) for name in ("a", "b", "c")]
    view.add_item(
        discord.ui.Select(custom_id="pick", options=options, max_values=2, placeholder="Pick")
    )
    view.add_item(discord.ui.UserSelect(custom_id="who"))
    await interaction.response.send_message("card", view=view)


async def test_a_button_updates_its_message(local: LocalDiscord) -> None:
    async def again(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content=f"pressed by {interaction.user.name}")

    await local.start(by_custom_id(send_card, again=again))
    shown = await local.act(name="do")
    message_id = shown["message_id"]
    row = (await local.message(message_id))["components"][0]["components"]
    assert row[0]["emoji"] == {"name": "🎲"}
    press: Json = {"message_id": message_id, "custom_id": "again"}
    done = await local.act("component", user_id=local.ben, **press)
    assert (done["type"], done["message_id"]) == (7, message_id)
    assert (await local.message(message_id))["content"] == "pressed by ben"
    assert "disabled" in await local.refused("component", message_id=message_id, custom_id="off")
    assert "no such component" in await local.refused(
        "component", message_id=message_id, custom_id="none"
    )


async def test_a_button_answers_with_a_message(local: LocalDiscord) -> None:
    async def again(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("new")

    await local.start(by_custom_id(send_card, again=again))
    message_id = (await local.act(name="do"))["message_id"]
    done = await local.act("component", message_id=message_id, custom_id="again")
    message = await local.message(done["message_id"])
    assert (message["type"], message["message_reference"]["message_id"]) == (19, message_id)
    assert message["interaction_metadata"]["interacted_message_id"] == message_id


async def test_a_deferred_update_edits_through_its_token(local: LocalDiscord) -> None:
    async def again(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="later", view=None)
        await interaction.followup.send("and more", ephemeral=True)

    bot = await local.start(by_custom_id(send_card, again=again))
    message_id = (await local.act(name="do"))["message_id"]
    done = await local.act("component", message_id=message_id, custom_id="again")
    assert (done["type"], bot.failed) == (6, [])
    message = await local.message(message_id)
    assert (message["content"], message["components"]) == ("later", [])
    assert len(await local.shown(viewer=local.ada)) == 2


async def test_selects(local: LocalDiscord) -> None:
    async def pick(interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        names = [user["username"] for user in data.get("resolved", {}).get("users", {}).values()]
        await interaction.response.send_message(f"{data['values']} {names}")

    await local.start(by_custom_id(send_card, pick=pick, who=pick))
    message_id = (await local.act(name="do"))["message_id"]
    press: Json = {"message_id": message_id, "custom_id": "pick"}
    done = await local.act("component", **press, values=["a", "c"])
    assert (await local.message(done["message_id"]))["content"] == "['a', 'c'] []"
    assert "1 to 2" in await local.refused("component", **press, values=["a", "b", "c"])
    assert "does not offer x" in await local.refused("component", **press, values=["x"])
    who: Json = {"message_id": message_id, "custom_id": "who"}
    done = await local.act("component", **who, values=[local.cleo])
    content = (await local.message(done["message_id"]))["content"]
    assert content == f"['{local.cleo}'] ['cleo']"


class Form(discord.ui.Modal, title="A form"):
    prompt = discord.ui.Label(
        text="Prompt",
        component=discord.ui.TextInput[Any](
            custom_id="prompt", style=discord.TextStyle.long, min_length=2, max_length=9
        ),
    )
    model = discord.ui.Label(
        text="Model",
        component=discord.ui.Select[Any](
            custom_id="model",
            required=False,
            options=[discord.SelectOption(label="SDXL"), discord.SelectOption(label="Flux")],
        ),
    )


async def test_a_modal_of_a_command(local: LocalDiscord) -> None:
    async def ask(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form(custom_id="form"))

    async def submitted(interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        parts = [row["component"] for row in data["components"]]
        said = {part["custom_id"]: part.get("value", part.get("values")) for part in parts}
        await interaction.response.send_message(str(said), ephemeral=True)

    await local.start(by_custom_id(ask, form=submitted))
    shown = await local.act(name="do")
    assert (shown["type"], shown["modal"]["title"]) == (9, "A form")
    submit: Json = {"custom_id": "form"}
    assert "2 to 9" in await local.refused("modal", **submit, fields={"prompt": "x"})
    assert "no field seed" in await local.refused("modal", **submit, fields={"seed": "1"})
    fields: Json = {"prompt": "a fox", "model": ["Flux"]}
    done = await local.act("modal", **submit, fields=fields)
    assert (done["acked"], done["ephemeral"]) == (True, True)
    content = (await local.message(done["message_id"]))["content"]
    assert content == "{'prompt': 'a fox', 'model': ['Flux']}"
    assert "no such modal" in await local.refused("modal", **submit, fields=fields)


async def test_a_modal_of_a_button_may_update_the_card(local: LocalDiscord) -> None:
    async def again(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form(custom_id="form"))

    async def submitted(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content="updated")

    await local.start(by_custom_id(send_card, again=again, form=submitted))
    message_id = (await local.act(name="do"))["message_id"]
    await local.act("component", message_id=message_id, custom_id="again")
    await local.act("modal", custom_id="form", fields={"prompt": "fox"}, message_id=message_id)
    assert (await local.message(message_id))["content"] == "updated"


async def test_a_private_card_is_pressed_by_its_reader_only(local: LocalDiscord) -> None:
    async def private(interaction: discord.Interaction) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Publish", custom_id="publish"))
        await interaction.response.send_message("card", view=view, ephemeral=True)

    async def publish(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content="published", view=None)

    await local.start(by_custom_id(private, publish=publish))
    press: Json = {"message_id": (await local.act(name="do"))["message_id"], "custom_id": "publish"}
    assert "sees no such" in await local.refused("component", user_id=local.ben, **press)
    assert (await local.act("component", **press))["type"] == 7


async def test_a_gallery_shows_a_file_of_another_message(local: LocalDiscord) -> None:
    upload = await local.upload("boat.png", png(30, 20))

    async def trays(interaction: discord.Interaction) -> None:
        view = discord.ui.LayoutView(timeout=None)
        links = [upload["url"], upload["url"] + "0", "https://elsewhere.example/a.png"]
        view.add_item(discord.ui.MediaGallery(*map(discord.MediaGalleryItem, links)))
        await interaction.response.send_message(view=view, ephemeral=True)

    await local.start(trays)
    shown = await local.message((await local.act(name="do"))["message_id"])
    media = [item["media"] for item in shown["components"][0]["items"]]
    assert [(one["width"], one["height"]) for one in media] == [
        (30, 20),
        (None, None),
        (None, None),
    ]
    assert media[0]["content_type"] == "image/png"
    assert media[0]["url"] == media[0]["proxy_url"] == upload["url"]
    assert "attachment_id" not in media[0]  # it is none of this message's
