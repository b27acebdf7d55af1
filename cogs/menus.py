"""Context menus: the entries under Apps in the menu of a message or of a user."""

import discord
from discord.app_commands import ContextMenu
from discord.ext import commands

from bot.cards.card import MODAL_TITLE_MAX
from bot.cards.markdown import line
from bot.client.bot import HordecordBot
from bot.domain.requests import Source
from bot.errors import UserError
from bot.i18n import _
from bot.ui.account import gift_modal
from bot.ui.actions import context_menus, moderation, remix_modal
from bot.ui.actions.message_sources import record_of_message, sources_of, unusable_in
from bot.ui.actions.source_form import About
from bot.ui.chat.actions_menu import chosen_message, show_actions

AVATAR_SIDE = 1024  # pixels; Discord enlarges no avatar
NAME_MAX = 20


class Menus(commands.Cog):
    """At most five for messages and five for people (docs of 2026-08)."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot
        self._menus = (
            ContextMenu(name="Remix", callback=self.remix),
            ContextMenu(name="Describe", callback=self.describe),
            ContextMenu(name="Upscale", callback=self.upscale),
            ContextMenu(name="Animate", callback=self.animate),
            ContextMenu(name="Generation info", callback=self.info),
            ContextMenu(name="Remix avatar", callback=self.remix_avatar),
            ContextMenu(name="Gift kudos", callback=self.gift),
        )

    async def cog_load(self) -> None:
        """Register the context menus: discord.py does not find them in a class."""
        for menu in self._menus:
            self._bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Remove the context menus."""
        for menu in self._menus:
            self._bot.tree.remove_command(menu.name, type=menu.type)

    async def remix(
        self, interaction: discord.Interaction[HordecordBot], message: discord.Message
    ) -> None:
        """Submit a picture with this one as its source."""
        await self._begin(interaction, message, context_menus.REMIX)

    async def describe(
        self, interaction: discord.Interaction[HordecordBot], message: discord.Message
    ) -> None:
        """Describe the picture in words."""
        await self._begin(interaction, message, context_menus.DESCRIBE)

    async def upscale(
        self, interaction: discord.Interaction[HordecordBot], message: discord.Message
    ) -> None:
        """Upscale the picture."""
        await self._begin(interaction, message, context_menus.UPSCALE)

    async def animate(
        self, interaction: discord.Interaction[HordecordBot], message: discord.Message
    ) -> None:
        """Create a video that begins with the picture."""
        await self._begin(interaction, message, context_menus.ANIMATE)

    async def info(
        self, interaction: discord.Interaction[HordecordBot], message: discord.Message
    ) -> None:
        """Show the requester and the prompt; to moderators also their actions.

        Of an answer in a conversation: what can be done with it.
        """
        view = await chosen_message(self._bot, interaction.channel_id or 0, message)
        if view is not None:
            await show_actions(interaction, message, view)
        else:
            await moderation.inform(interaction, message)

    async def remix_avatar(
        self, interaction: discord.Interaction[HordecordBot], person: discord.User | discord.Member
    ) -> None:
        """Submit a picture with a user's avatar as its source."""
        if person.display_avatar == person.default_avatar:
            raise UserError(_("This user has no avatar that the bot can use."))
        avatar = person.display_avatar.replace(size=AVATAR_SIDE, static_format="png", format="png")
        source = Source(url=avatar.url, filename="avatar.png")
        name = line(person.display_name, NAME_MAX)
        title = _("Remix the avatar of {name}").format(name=name)[:MODAL_TITLE_MAX]
        await remix_modal.open_remix(interaction, About(source, title))

    async def gift(
        self, interaction: discord.Interaction[HordecordBot], person: discord.User | discord.Member
    ) -> None:
        """Send kudos to a user, also to one without an AI Horde account."""
        if person.bot:
            raise UserError(_("A bot has no Horde account. Choose a member."))
        name = line(person.display_name, NAME_MAX)
        await interaction.response.send_modal(gift_modal.member_gift_modal(person.id, name))

    async def _begin(
        self, interaction: discord.Interaction[HordecordBot], message: discord.Message, act: str
    ) -> None:
        record = await record_of_message(self._bot, message)
        sources = sources_of(message, record)
        if not sources and (reason := unusable_in(message)):
            raise UserError(reason)
        await context_menus.begin(
            interaction,
            act,
            sources,
            private=message.flags.ephemeral,  # a private message has a private result
            record=record,
        )


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Menus(bot))
