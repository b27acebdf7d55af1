"""Two more commands of the demo bot: everything that a message can be made of."""

import io
from typing import Any

import discord
from discord import app_commands, ui

from tests.support.builders import png

DemoInteraction = discord.Interaction[discord.Client]
Registered = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu

NUMBERS_FILE = "\n".join(str(number) for number in range(400)).encode()


def picture_file(colour: str, size: tuple[int, int] = (320, 200)) -> discord.File:
    """A PNG of one colour, named after it."""
    return discord.File(io.BytesIO(png(*size, colour)), f"{colour}.png")


class PersonSelect(ui.ActionRow["Everything"]):
    @ui.select(cls=ui.UserSelect[Any], custom_id="who", placeholder="Pick a person")
    async def who(self, interaction: DemoInteraction, select: ui.UserSelect[Any]) -> None:
        await interaction.response.send_message(f"picked {select.values[0]}", ephemeral=True)


class SizeSelect(ui.ActionRow["Everything"]):
    @ui.select(
        custom_id="sizes",
        placeholder="Pick two",
        min_values=2,
        max_values=2,
        options=[discord.SelectOption(label=size) for size in ("Small", "Medium", "Large")],
    )
    async def sizes(self, interaction: DemoInteraction, select: ui.Select[Any]) -> None:
        text = " and ".join(select.values)
        await interaction.response.send_message(f"picked {text}", ephemeral=True)


class Everything(ui.LayoutView):
    def __init__(self, jump: str, files: list[discord.File]) -> None:
        super().__init__(timeout=None)
        first, *others, text = files
        thumbnail = ui.Thumbnail["Everything"](first, description="a small one")
        self.add_item(ui.Section("### Title", "beside a picture", accessory=thumbnail))
        items = [discord.MediaGalleryItem(one, description=one.filename) for one in others]
        items[0].spoiler = True
        self.add_item(ui.Container(ui.MediaGallery(*items), accent_colour=0x3366CC))
        self.add_item(ui.Separator())
        self.add_item(ui.File(text))
        self.add_item(ui.Container(ui.TextDisplay("behind a cover"), spoiler=True))
        links = ui.ActionRow["Everything"]()
        links.add_item(ui.Button(label="First", url=jump))
        links.add_item(ui.Button(label="Website", url="https://example.org/"))
        links.add_item(ui.Button(label="Off", disabled=True))
        self.add_item(links)
        self.add_item(PersonSelect())
        self.add_item(SizeSelect())


@app_commands.command()
async def showcase(interaction: DemoInteraction, jump: str) -> None:
    """Every component."""
    files = [picture_file(name) for name in ("red", "navy", "tan", "plum", "teal", "gold")]
    files.append(discord.File(io.BytesIO(NUMBERS_FILE), "numbers.txt"))
    await interaction.response.send_message(view=Everything(jump, files), files=files)


@app_commands.command()
async def embeds(interaction: DemoInteraction) -> None:
    """The older kind of card."""
    embed = discord.Embed(
        title="A title", url="https://example.org/", description="**bold**", colour=0x7C5CFF
    )
    embed.set_author(name="An author").set_footer(text="a footer")
    embed.add_field(name="One", value="1").add_field(name="Two", value="2")
    embed.set_image(url="attachment://tan.png")
    await interaction.response.send_message("with an embed", embed=embed, file=picture_file("tan"))


SHOWCASE: list[Registered] = [showcase, embeds]
