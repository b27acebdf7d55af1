"""/persona: how characters see a member. All answers are private."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.card import quiet_card
from bot.client.bot import HordecordBot
from bot.i18n import _
from bot.ui.characters import personas
from bot.ui.components.answers import answer_with_card
from cogs import _characters
from cogs._characters import Name

Interaction = discord.Interaction[Any]


class PersonaCog(
    commands.GroupCog, group_name="persona", group_description="How characters see you"
):
    """Makes, changes, uses, lists and deletes personas."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def create(self, interaction: Interaction) -> None:
        """Make a persona: a name and what characters know about you."""
        await interaction.response.send_modal(personas.persona_form())

    @app_commands.command()
    @app_commands.describe(persona="Name of your persona")
    @app_commands.autocomplete(persona=_characters.own_personas)
    async def edit(self, interaction: Interaction, persona: Name) -> None:
        """Change a persona."""
        found = await personas.find_persona(self._bot, interaction.user.id, persona)
        await interaction.response.send_modal(personas.persona_form(found))

    @app_commands.command()
    @app_commands.describe(persona="Name of your persona. Default: no persona, only your name")
    @app_commands.autocomplete(persona=_characters.own_personas)
    async def use(self, interaction: Interaction, persona: Name | None = None) -> None:
        """Use a persona in your next messages to characters."""
        user_id, service = interaction.user.id, self._bot.services.chat.personas
        if persona is None:
            await service.use(user_id, 0)
            said = _("You use no persona now. Characters know only your name.")
            return await answer_with_card(interaction, quiet_card(said))
        found = await personas.find_persona(self._bot, user_id, persona)
        await service.use(user_id, found.id)
        said = _("Characters see you like this from your next message on.")
        return await answer_with_card(interaction, personas.persona_card(found, said))

    @app_commands.command()
    async def list(self, interaction: Interaction) -> None:
        """List your personas."""
        found = await self._bot.services.chat.personas.of(interaction.user.id)
        await answer_with_card(interaction, personas.personas_card(found))

    @app_commands.command()
    @app_commands.describe(persona="Name of your persona")
    @app_commands.autocomplete(persona=_characters.own_personas)
    async def delete(self, interaction: Interaction, persona: Name) -> None:
        """Delete a persona, after a question."""
        found = await personas.find_persona(self._bot, interaction.user.id, persona)
        await answer_with_card(interaction, personas.delete_persona_question(found))


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    personas.register(bot)
    await bot.add_cog(PersonaCog(bot))
