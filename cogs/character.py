"""/character: the characters of a member. All answers are private."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.card import Attachment, Card, Colour, TextBlock
from bot.client.bot import HordecordBot
from bot.i18n import _
from bot.services.chat.character_files import CardForm
from bot.ui.characters import character_buttons, character_forms
from bot.ui.characters.character_cards import delete_character_question
from bot.ui.components.answers import answer_with_card
from cogs import _characters
from cogs._characters import Name

Interaction = discord.Interaction[Any]


class CharacterCog(
    commands.GroupCog, group_name="character", group_description="Characters of conversations"
):
    """Makes, imports, shows, shares, exports and deletes characters."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        adult="Only for age-restricted channels. Tags and texts for adults decide it too"
    )
    async def create(self, interaction: Interaction, adult: bool = False) -> None:
        """Make a character. A form asks for its texts."""
        await interaction.response.send_modal(character_forms.create_form(adult=adult))

    @app_commands.command(name="import")
    @app_commands.describe(
        file="A character card: PNG, JSON or CHARX",
        adult="Only for age-restricted channels. Tags and texts for adults decide it too",
    )
    async def import_(
        self, interaction: Interaction, file: discord.Attachment, adult: bool = False
    ) -> None:
        """Import a character card of SillyTavern and other programs."""
        await interaction.response.defer(ephemeral=True)
        files, user_id = self._bot.services.character_files, interaction.user.id
        found = await files.import_card(user_id, _characters.uploaded(file), adult=adult)
        said = _(
            "The card (version {version}) is imported. Start a conversation with `/chat start`."
        )
        said = said.format(version=found.format[1:])
        shown = character_buttons.shown_character(interaction, found.stored, said, found.unused)
        await answer_with_card(interaction, *await shown)

    @app_commands.command()
    @app_commands.describe(
        character="Name of your character",
        image="A new image of the character",
        adult="Only for age-restricted channels. Tags and texts for adults decide it too",
    )
    @app_commands.autocomplete(character=_characters.own_characters)
    async def edit(
        self,
        interaction: Interaction,
        character: Name,
        image: discord.Attachment | None = None,
        adult: bool | None = None,
    ) -> None:
        """Change a character. Without an option a form with its texts opens."""
        user_id, services = interaction.user.id, self._bot.services
        stored = await _characters.own_character(self._bot, user_id, character)
        if image is None and adult is None:
            return await character_buttons.open_form(interaction, character_forms.MAIN, stored.id)
        await interaction.response.defer(ephemeral=True)
        if image is not None:
            await services.character_files.put_avatar(
                user_id, stored.id, _characters.uploaded(image)
            )
        if adult is not None:
            context = await self._bot.context(interaction)
            await services.published_characters.change(context, stored.id, stored.character, adult)
        stored = await services.chat.characters.own(user_id, stored.id)
        said = _("The character is changed.")
        shown = character_buttons.shown_character(interaction, stored, said)
        return await answer_with_card(interaction, *await shown)

    @app_commands.command()
    async def list(self, interaction: Interaction) -> None:
        """List your characters and those of this server."""
        await interaction.response.defer(ephemeral=True)
        await answer_with_card(
            interaction, *await character_buttons.characters_page(interaction, 0)
        )

    @app_commands.command()
    @app_commands.describe(character="Name of the character")
    @app_commands.autocomplete(character=_characters.usable_characters)
    async def show(self, interaction: Interaction, character: Name) -> None:
        """Show a character with its texts and the buttons that change it."""
        await interaction.response.defer(ephemeral=True)
        context, characters = (
            await self._bot.context(interaction),
            self._bot.services.chat.characters,
        )
        found = await characters.find(context.user_id, context.guild_id, character)
        stored = await characters.get(context, found.id)
        await answer_with_card(
            interaction, *await character_buttons.shown_character(interaction, stored)
        )

    @app_commands.command()
    @app_commands.describe(
        character="Name of your character",
        stop="Stop sharing it. Managers of a server do this with /character show",
    )
    @app_commands.autocomplete(character=_characters.own_characters)
    async def share(self, interaction: Interaction, character: Name, stop: bool = False) -> None:
        """Share a character with this server: all members can use it."""
        await interaction.response.defer(ephemeral=True)
        context, services = await self._bot.context(interaction), self._bot.services
        stored = await _characters.own_character(self._bot, context.user_id, character)
        if stop:
            await services.chat.characters.unshare(context, stored.id)
            said = _("The server can no longer use it.")
        else:
            await services.published_characters.share(context, stored.id)
            said = _("All members of this server can now use it.")
        stored = await services.chat.characters.own(context.user_id, stored.id)
        shown = character_buttons.shown_character(interaction, stored, said)
        await answer_with_card(interaction, *await shown)

    @app_commands.command()
    @app_commands.describe(
        character="Name of your character",
        form="png: version 3, for most programs. png v2: for older ones. Default: png",
    )
    @app_commands.autocomplete(character=_characters.own_characters)
    async def export(
        self, interaction: Interaction, character: Name, form: CardForm = "png"
    ) -> None:
        """Download a character as a card for SillyTavern and other programs."""
        await interaction.response.defer(ephemeral=True)
        stored = await _characters.own_character(self._bot, interaction.user.id, character)
        name, data = await self._bot.services.character_files.export_card(stored, form)
        said = _("The card with all fields of the character.")
        blocks = (TextBlock(said), Attachment(name, data=data))
        await answer_with_card(interaction, Card(Colour.QUIET, blocks))

    @app_commands.command()
    @app_commands.describe(character="Name of your character")
    @app_commands.autocomplete(character=_characters.own_characters)
    async def delete(self, interaction: Interaction, character: Name) -> None:
        """Delete a character, after a question."""
        stored = await _characters.own_character(self._bot, interaction.user.id, character)
        await answer_with_card(interaction, delete_character_question(stored))


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    character_buttons.register(bot)
    await bot.add_cog(CharacterCog(bot))
