"""What stands under Apps in the menu of a message or of a person."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import HordecordBot
from bot.errors import UserError
from bot.requests import Source
from bot.ui import modals, moderating, pointed, remix_form, sentences
from bot.ui.markdown import line
from bot.ui.sheets import TITLE_MAX
from bot.ui.targets import record_of, sources_of

AVATAR_SIDE = 1024  # pixels; Discord makes avatars no larger than they were uploaded
NAME_MAX = 20


class Menus(commands.Cog):
    """At most five for messages and five for people (docs of 2026-08)."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot
        menu = app_commands.ContextMenu
        self._menus = (
            menu(name="Remix", callback=self.remix),
            menu(name="Describe", callback=self.describe),
            menu(name="Upscale", callback=self.upscale),
            menu(name="Generation info", callback=self.info),
            menu(name="Remix avatar", callback=self.remix_avatar),
        )

    async def cog_load(self) -> None:
        """discord.py does not find context menus in a class by itself."""
        for menu in self._menus:
            self._bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """As they came."""
        for menu in self._menus:
            self._bot.tree.remove_command(menu.name, type=menu.type)

    async def remix(
        self, interaction: discord.Interaction[HordecordBot], message: discord.Message
    ) -> None:
        """Another picture that starts from this one."""
        await self._begin(interaction, message, pointed.REMIX)

    async def describe(
        self, interaction: discord.Interaction[HordecordBot], message: discord.Message
    ) -> None:
        """What is on it, in words."""
        await self._begin(interaction, message, pointed.DESCRIBE)

    async def upscale(
        self, interaction: discord.Interaction[HordecordBot], message: discord.Message
    ) -> None:
        """The same, larger."""
        await self._begin(interaction, message, pointed.UPSCALE)

    async def info(
        self, interaction: discord.Interaction[HordecordBot], message: discord.Message
    ) -> None:
        """Who asked for it and with what; for moderators what they may do about it."""
        await moderating.inform(interaction, message)

    async def remix_avatar(
        self, interaction: discord.Interaction[HordecordBot], person: discord.User | discord.Member
    ) -> None:
        """A picture that starts from somebody's avatar."""
        if person.display_avatar == person.default_avatar:
            raise UserError(sentences.NO_AVATAR)
        avatar = person.display_avatar.replace(size=AVATAR_SIDE, static_format="png", format="png")
        source = Source(url=avatar.url, filename="avatar.png")
        name = line(person.display_name, NAME_MAX)
        title = sentences.REMIX_AVATAR_TITLE.format(name=name)[:TITLE_MAX]
        await remix_form.ask(interaction, source, title=title)

    async def _begin(
        self, interaction: discord.Interaction[HordecordBot], message: discord.Message, act: str
    ) -> None:
        record = await record_of(self._bot, message)
        await pointed.begin(
            interaction,
            act,
            sources_of(message, record),
            private=message.flags.ephemeral,  # what one person sees stays with that person
            record=record,
        )


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    pointed.register(bot)
    modals.ACTS[remix_form.NAME] = remix_form.submitted
    await bot.add_cog(Menus(bot))
