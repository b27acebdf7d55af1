"""A bot on unmodified discord.py that calls every endpoint a bot of ours could."""

import io
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

import discord
import discord.gateway
import discord.http
import yarl
from discord import app_commands, ui

from tests.support.builders import png
from tests.support.credentials import BOT_TOKEN


def teal_file(name: str) -> discord.File:
    return discord.File(io.BytesIO(png(8, 6)), name, description="a teal picture")


class EveryComponent(ui.LayoutView):
    """Every component that a message can have; `file` is the name of an attachment."""

    def __init__(self, file: str, said: str = "Working") -> None:
        super().__init__(timeout=None)
        link = ui.Button[Any](label="Help", url="https://example.com/help")
        again = ui.Button[Any](label="Again", custom_id="again", emoji="🔁")
        off = ui.Button[Any](label="Off", custom_id="off", disabled=True)
        rename = ui.Button[Any](label="Name it", custom_id="rename")
        choose = ui.Select[Any](
            custom_id="choose",
            placeholder="Which?",
            max_values=2,
            options=[discord.SelectOption(label=one, value=one) for one in ("fox", "owl")],
        )
        self.add_item(
            ui.Container(
                ui.TextDisplay(f"## {said}"),
                ui.Section[Any]("One", "Two", accessory=again),
                ui.Section[Any]("Three", accessory=ui.Thumbnail[Any](f"attachment://{file}")),
                ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{file}", description="x")),
                ui.File(f"attachment://{file}"),
                ui.Separator(spacing=discord.SeparatorSpacing.large),
                ui.ActionRow(link, rename, off),
                ui.ActionRow(choose),
                ui.ActionRow(ui.UserSelect[Any](custom_id="whom")),
                accent_colour=0x3355AA,
            )
        )


class Naming(ui.Modal):
    """Every component that a modal can have."""

    def __init__(self) -> None:
        super().__init__(title="Name it", custom_id="naming")
        name = ui.TextInput[Any](custom_id="name", max_length=20, placeholder="Rex")
        kinds = ui.Select[Any](
            custom_id="kind",
            options=[discord.SelectOption(label="Fox"), discord.SelectOption(label="Owl")],
        )
        self.add_item(ui.TextDisplay("What is it called?"))
        self.add_item(ui.Label(text="Name", description="as it hears it", component=name))
        self.add_item(ui.Label(text="Kind", component=kinds))
        upload = ui.FileUpload[Any](custom_id="photo", required=False, min_values=0)
        self.add_item(ui.Label(text="Photo", component=upload))


class EveryEndpointBot(discord.Client):
    """Answers each command in another way; keeps the gateway events it was sent."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, members=True, messages=True, message_content=True)
        super().__init__(intents=intents, enable_debug_events=True, guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        self.events: list[tuple[str, Any]] = []
        self.failures: list[BaseException | None] = []
        self.tree.error(self._failed)
        add_commands(self.tree)

    async def setup_hook(self) -> None:
        await self.tree.sync()
        await self.tree.fetch_commands()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Not the five seconds that Discord asks for between two."""

    async def on_socket_raw_receive(self, message: str) -> None:
        event = json.loads(message)
        if event["op"] == 0:
            self.events.append((event["t"], event["d"]))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        kind, data = interaction.type, cast("dict[str, Any]", interaction.data or {})
        if kind is discord.InteractionType.component:
            await self._pressed(interaction, data["custom_id"])
        elif kind is discord.InteractionType.modal_submit and interaction.message:
            await interaction.response.edit_message(view=EveryComponent("b.png", "Named"))
        elif kind is discord.InteractionType.modal_submit:
            await interaction.response.send_message("Thank you", ephemeral=True)

    async def _pressed(self, interaction: discord.Interaction, custom_id: str) -> None:
        if custom_id == "rename":
            await interaction.response.send_modal(Naming())
        elif custom_id == "again":
            await interaction.response.edit_message(
                attachments=[teal_file("b.png")], view=EveryComponent("b.png", "Again")
            )
        else:
            await interaction.response.defer()
            await interaction.edit_original_response(view=EveryComponent("a.png", "Chosen"))
            await interaction.followup.send("Chosen.", ephemeral=True)

    async def _failed(self, _: discord.Interaction, error: app_commands.AppCommandError) -> None:
        self.failures.append(error)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        self.failures.append(sys.exc_info()[1])


def add_commands(tree: app_commands.CommandTree[EveryEndpointBot]) -> None:
    account = app_commands.Group(name="account", description="The account")

    @tree.command(description="A card at once")
    @app_commands.describe(prompt="What to see", count="How many")
    @app_commands.choices(style=[app_commands.Choice(name="Oil", value="oil")])
    async def imagine(
        interaction: discord.Interaction,
        prompt: app_commands.Range[str, 1, 100],
        style: str | None = None,
        count: app_commands.Range[int, 1, 4] = 1,
        strength: app_commands.Range[float, 0.0, 1.0] = 0.5,
        private: bool = False,
        image: discord.Attachment | None = None,
        who: discord.Member | None = None,
        where: discord.TextChannel | None = None,
    ) -> None:
        assert image is None or await image.read()
        await interaction.response.send_message(
            view=EveryComponent("a.png", prompt),
            file=teal_file("a.png"),
            ephemeral=private,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        original = await interaction.original_response()
        await interaction.edit_original_response(view=EveryComponent("a.png", f"{prompt}!"))
        later = await interaction.followup.send("And then?", wait=True, embed=an_embed())
        await later.edit(content="And then!")
        await interaction.followup.fetch_message(later.id)
        await later.delete()
        assert original.id

    @imagine.autocomplete("prompt")
    async def prompts(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current} fox", value="fox")]

    @tree.command(description="Later")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def later(interaction: discord.Interaction, private: bool = False) -> None:
        await interaction.response.defer(ephemeral=private, thinking=True)
        await interaction.edit_original_response(content="Here", embed=an_embed())

    @account.command(description="A form")
    async def login(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Naming())

    @tree.context_menu(name="Describe")
    async def describe(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"It says {message.content}", ephemeral=True)
        await interaction.delete_original_response()

    @tree.context_menu(name="Gift kudos")
    async def gift(interaction: discord.Interaction, user: discord.User) -> None:
        await interaction.response.send_message(f"{user.mention} gets some")

    tree.add_command(account)


def an_embed() -> discord.Embed:
    embed = discord.Embed(
        title="A title", description="Words", colour=0x112233, url="https://a.b/c"
    )
    embed.timestamp = discord.utils.utcnow()
    embed.add_field(name="n", value="v", inline=False)
    embed.set_footer(text="foot", icon_url="https://example.com/f.png")
    embed.set_author(name="someone").set_thumbnail(url="https://example.com/t.png")
    return embed


async def call_every_endpoint(bot: EveryEndpointBot, channel_id: int, user_id: int) -> None:
    """The calls that a bot makes by itself, without an interaction."""
    channel = cast("discord.TextChannel", await bot.fetch_channel(channel_id))
    async with channel.typing():
        sent = await channel.send(view=EveryComponent("a.png"), file=teal_file("a.png"), nonce="n1")
    await sent.edit(view=EveryComponent("c.png"), attachments=[teal_file("c.png")])
    reply = await channel.send("hello @everyone", reference=sent, embeds=[an_embed()])
    await reply.edit(content=None, embed=an_embed(), suppress=True)
    assert [message async for message in channel.history(limit=5)]
    await channel.fetch_message(sent.id)
    await reply.delete()
    guild = await bot.fetch_guild(channel.guild.id)
    await guild.fetch_member(user_id)
    await guild.fetch_channels()
    user = await bot.fetch_user(user_id)
    direct = await user.send("just you")
    await direct.edit(content="only you")
    await bot.application_info()
    await bot.fetch_guild(guild.id, with_counts=True)
    assert [one async for one in bot.fetch_guilds()]
    await bot.http.get_bot_gateway()


@asynccontextmanager
async def logged_in(api: str, gateway: str) -> AsyncGenerator[EveryEndpointBot]:
    """The bot, logged in and ready at that Discord."""
    routes, sockets = discord.http.Route, discord.gateway.DiscordWebSocket
    before = routes.BASE, sockets.DEFAULT_GATEWAY
    routes.BASE, sockets.DEFAULT_GATEWAY = api, yarl.URL(gateway)
    bot = EveryEndpointBot()
    try:
        await bot.login(BOT_TOKEN)
        running = bot.loop.create_task(bot.connect())
        await bot.wait_until_ready()
        yield bot
        await bot.close()
        await running
    finally:
        await bot.close()
        routes.BASE, sockets.DEFAULT_GATEWAY = before
