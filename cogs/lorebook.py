"""/lorebook: texts that join a prompt when a conversation names their keys. Answers are private."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.card import Attachment, Card, Colour, TextBlock
from bot.client.bot import HordecordBot
from bot.domain.chat.conversations import LOREBOOKS_MAX
from bot.errors import UserError
from bot.i18n import _
from bot.i18n.formats import number
from bot.services.chat.character_files import BookForm
from bot.ui.characters import lorebooks
from bot.ui.components.answers import answer_with_card
from cogs import _characters
from cogs._characters import Name

Interaction = discord.Interaction[Any]


class LorebookCog(
    commands.GroupCog, group_name="lorebook", group_description="Lorebooks of conversations"
):
    """Imports, lists, uses, exports and deletes lorebooks."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command(name="import")
    @app_commands.describe(file="World info of SillyTavern, or a lorebook as JSON")
    async def import_(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Import a lorebook. One in a character card is imported with the card."""
        await interaction.response.defer(ephemeral=True)
        files, user_id = self._bot.services.character_files, interaction.user.id
        stored, unused = await files.import_lorebook(user_id, _characters.uploaded(file))
        said = _("The lorebook is imported. `/lorebook use` adds it to a conversation.")
        await answer_with_card(interaction, lorebooks.lorebook_card(stored, said, unused))

    @app_commands.command()
    async def list(self, interaction: Interaction) -> None:
        """List your lorebooks."""
        chat = self._bot.services.chat
        found = await chat.lorebooks.of(interaction.user.id)
        here = await chat.conversations.open_in(interaction.channel_id or 0)
        used = here.settings.lorebooks if here else ()
        await answer_with_card(interaction, lorebooks.lorebooks_card(found, used))

    @app_commands.command()
    @app_commands.describe(lorebook="Name of your lorebook")
    @app_commands.autocomplete(lorebook=_characters.own_lorebooks)
    async def show(self, interaction: Interaction, lorebook: Name) -> None:
        """Show a lorebook with its entries."""
        found = await lorebooks.find_lorebook(self._bot, interaction.user.id, lorebook)
        await answer_with_card(interaction, lorebooks.lorebook_card(found))

    @app_commands.command()
    @app_commands.describe(lorebook="Name of your lorebook")
    @app_commands.autocomplete(lorebook=_characters.own_lorebooks)
    async def use(self, interaction: Interaction, lorebook: Name) -> None:
        """Add a lorebook to the conversation in this channel, or remove it."""
        context, chat = await self._bot.context(interaction), self._bot.services.chat
        found = await lorebooks.find_lorebook(self._bot, context.user_id, lorebook)
        here = await chat.conversations.here(interaction.channel_id or 0)
        used = here.settings.lorebooks
        if found.id in used:
            kept = tuple(each for each in used if each != found.id)
            said = _("The lorebook is removed from the conversation here.")
        else:
            kept = (*used, found.id)
            said = _("The lorebook is used in the conversation here from the next answer on.")
        if len(kept) > LOREBOOKS_MAX:
            text = _("A conversation can use {most} lorebooks. Remove one first.")
            raise UserError(text.format(most=number(LOREBOOKS_MAX)))
        settings = here.settings.model_copy(update={"lorebooks": kept})
        await chat.conversations.put_settings(context, here, settings)
        await answer_with_card(interaction, lorebooks.lorebook_card(found, said))

    @app_commands.command()
    @app_commands.describe(
        lorebook="Name of your lorebook", form="Format of the file. Default: SillyTavern"
    )
    @app_commands.autocomplete(lorebook=_characters.own_lorebooks)
    async def export(
        self, interaction: Interaction, lorebook: Name, form: BookForm = "SillyTavern"
    ) -> None:
        """Download a lorebook for SillyTavern and other programs."""
        await interaction.response.defer(ephemeral=True)
        found = await lorebooks.find_lorebook(self._bot, interaction.user.id, lorebook)
        name, data = await self._bot.services.character_files.export_lorebook(found, form)
        blocks = (TextBlock(_("The lorebook with all its fields.")), Attachment(name, data=data))
        await answer_with_card(interaction, Card(Colour.QUIET, blocks))

    @app_commands.command()
    @app_commands.describe(lorebook="Name of your lorebook")
    @app_commands.autocomplete(lorebook=_characters.own_lorebooks)
    async def delete(self, interaction: Interaction, lorebook: Name) -> None:
        """Delete a lorebook, after a question."""
        found = await lorebooks.find_lorebook(self._bot, interaction.user.id, lorebook)
        await answer_with_card(interaction, lorebooks.delete_lorebook_question(found))


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    lorebooks.register(bot)
    await bot.add_cog(LorebookCog(bot))
