"""/server chat: rules of conversations with characters."""

import discord
from discord import app_commands

from bot.client.bot import HordecordBot
from bot.rules.guild_settings import CHARACTER_MAX
from bot.ui.components.answers import answer_with_card
from bot.ui.server.changes import change, managed_guild
from bot.ui.server.chat_rules import chat_rules_card
from cogs import _autocomplete
from cogs.server.lists import Lists, Name, listed_names, with_names


class ChatCommands(Lists, group_name="server"):
    """Conversations with characters."""

    @app_commands.command()
    @app_commands.describe(
        model="Text model that conversations can use, besides those already listed",
        remove_model="Text model to remove from the list",
        character="Shared character that answers when a member mentions the bot",
    )
    @app_commands.autocomplete(
        model=_autocomplete.text_models, remove_model=listed_names("chat_models")
    )
    async def chat(
        self,
        interaction: discord.Interaction[HordecordBot],
        model: Name = "",
        remove_model: Name = "",
        character: app_commands.Range[str, 1, CHARACTER_MAX] = "",
    ) -> None:
        """Set where and for whom characters converse, and which models they use."""
        managed_guild(interaction)
        if not (model or remove_model or character):
            return await answer_with_card(interaction, await chat_rules_card(interaction))
        changed = await change(
            interaction,
            lambda rules: with_names(rules, "chat_models", (model,), remove_model).model_copy(
                update={"chat_character": character.strip() or rules.chat_character}
            ),
        )
        return await answer_with_card(interaction, changed.card)
