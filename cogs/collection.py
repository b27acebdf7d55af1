"""/collection: collections of styles, for their owners. All answers are private."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.horde.style_editing.style_collections import Collection
from bot.i18n import _
from bot.ui.components.answers import answer_with_card
from bot.ui.styles import buttons, forms
from bot.ui.styles.cards import collection_card, owned_delete_question
from cogs._styles import collections, listed_styles

OPTIONS = {
    "styles": "Names or ids of styles, separated by commas",
    "public": "Whether the collection is listed. Default: yes",
}
CollectionName = app_commands.Range[str, 1, 300]
Styles = app_commands.Range[str, 1, 2_000]


class CollectionCog(
    commands.GroupCog, group_name="collection", group_description="Your collections of styles"
):
    """A request with a collection gets one of its styles by chance."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(**OPTIONS)
    @app_commands.autocomplete(styles=listed_styles)
    async def create(
        self, interaction: discord.Interaction[Any], styles: Styles, public: bool = True
    ) -> None:
        """Create a collection of styles. A form asks for its name."""
        bot, user_id, number = self._bot, interaction.user.id, str(interaction.id)
        await bot.services.own_styles.collections.check_key(user_id)
        forms.keep_new_collection(bot.drafts, user_id, number, styles, public=public)
        await buttons.open_style_form(interaction, "collection", number)

    @app_commands.command()
    @app_commands.describe(collection="Name or id of the collection", **OPTIONS)
    @app_commands.autocomplete(collection=collections, styles=listed_styles)
    async def edit(
        self,
        interaction: discord.Interaction[Any],
        collection: CollectionName,
        styles: Styles = "",
        public: bool | None = None,
    ) -> None:
        """Change the styles of your collection. Its texts are changed with Edit texts."""
        await interaction.response.defer(ephemeral=True)  # the Horde is called
        user_id, owned = interaction.user.id, self._bot.services.own_styles.collections
        found, said = await owned.find(collection), ""
        if styles or public is not None:
            await owned.change(user_id, found, styles=styles, public=public)
            found, said = await owned.find(found.id), _("The collection is changed.")
        await self._show(interaction, found, said)

    @app_commands.command()
    @app_commands.describe(collection="Name or id of the collection")
    @app_commands.autocomplete(collection=collections)
    async def show(self, interaction: discord.Interaction[Any], collection: CollectionName) -> None:
        """Show a collection and its styles."""
        await interaction.response.defer(ephemeral=True)  # the Horde is called
        found = await self._bot.services.own_styles.collections.find(collection)
        await self._show(interaction, found)

    @app_commands.command()
    @app_commands.describe(collection="Name or id of the collection")
    @app_commands.autocomplete(collection=collections)
    async def delete(
        self, interaction: discord.Interaction[Any], collection: CollectionName
    ) -> None:
        """Delete your collection. Its styles stay. Asks for confirmation first."""
        await interaction.response.defer(ephemeral=True)  # the Horde is called
        owned = self._bot.services.own_styles.collections
        await owned.check_key(interaction.user.id)
        found = await owned.find(collection)
        question = owned_delete_question("collection", found.id, found.name)
        await answer_with_card(interaction, question)

    async def _show(
        self, interaction: discord.Interaction[Any], found: Collection, said: str = ""
    ) -> None:
        forms.keep_collection(self._bot.drafts, interaction.user.id, found)
        await answer_with_card(interaction, collection_card(found, said))


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(CollectionCog(bot))
