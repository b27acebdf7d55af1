"""/chat: conversations with characters."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.cards.card import OPTION_MAX, OPTIONS_MAX
from bot.cards.markdown import clean, line
from bot.client.bot import HordecordBot
from bot.domain.chat.characters import StoredCharacter
from bot.domain.chat.conversations import ChatSettings, Conversation, Opening
from bot.domain.requests import PROMPT_MAX, Kind
from bot.errors import UserError
from bot.i18n import _
from bot.rules.chat_checks import check_join, check_start
from bot.rules.request_context import RequestContext
from bot.services.model_names import resolve_names
from bot.ui.chat import chat_files
from bot.ui.chat.beginning import Wish, post_first, start
from bot.ui.chat.message_buttons import fork, say_as_member
from bot.ui.chat.panel import memory_card
from bot.ui.chat.places import check_reachable
from bot.ui.chat.settings_panel import settings_card
from bot.ui.chat.shown import post_newest, refresh_message
from bot.ui.components.answers import answer_with_card
from cogs import _autocomplete

PLACES = [
    Choice(name="This channel", value=Opening.CHANNEL.value),
    Choice(name="New thread", value=Opening.THREAD.value),
    Choice(name="Direct message", value=Opening.DM.value),
]
CHARACTER = "A character of yours or of this server. Default: the bot itself"
Interaction = discord.Interaction[Any]


async def characters(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Autocomplete of the characters that the member may use there."""
    bot: HordecordBot = interaction.client
    context, wanted = await bot.context(interaction), typed.casefold().strip()
    usable = await bot.services.chat.characters.usable(interaction.user.id, interaction.guild_id)
    fit = (
        each
        for each in usable
        if wanted in each.name.casefold() and (context.nsfw or not each.adult)
    )
    return [
        Choice(name=clean(each.name, OPTION_MAX) or "?", value=f"#{each.id}")
        for each in list(fit)[:OPTIONS_MAX]
    ]


class ChatCog(
    commands.GroupCog, group_name="chat", group_description="Conversations with characters"
):
    """Conversations. Answers are private; the messages of characters are not."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        character=CHARACTER,
        model="Text model. Default: any available model",
        where="Where the conversation takes place. Default: this channel",
    )
    @app_commands.choices(where=PLACES)
    @app_commands.autocomplete(character=characters, model=_autocomplete.text_models)
    async def start(
        self,
        interaction: Interaction,
        character: app_commands.Range[str, 1, OPTION_MAX] | None = None,
        model: str = "",
        where: str = Opening.CHANNEL.value,
    ) -> None:
        """Start a conversation with a character."""
        context = await self._bot.context(interaction)
        cast = (await self._character(interaction, character),)
        names = resolve_names(
            self._bot.services.catalog, Kind.TEXT, (model,) if model else (), context.rules
        )
        settings = ChatSettings(model=names[0] if names else "")
        wish = Wish(cast, interaction.user.display_name, settings, Opening(where))
        await start(interaction, wish)

    @app_commands.command()
    @app_commands.describe(text="What you want to say")
    async def say(
        self, interaction: Interaction, text: app_commands.Range[str, 1, PROMPT_MAX]
    ) -> None:
        """Say something in the conversation of this channel, without a message of your own."""
        context, conversation = await self._here(interaction)
        await interaction.response.defer(ephemeral=True)
        await say_as_member(interaction, context, conversation, text)
        await interaction.delete_original_response()

    @app_commands.command()
    async def settings(self, interaction: Interaction) -> None:
        """Change the model, the length, the memory and more of the conversation here."""
        context, conversation = await self._own(interaction)
        await answer_with_card(interaction, await settings_card(interaction, context, conversation))

    @app_commands.command()
    async def memory(self, interaction: Interaction) -> None:
        """Show and change what the conversation here remembers of its beginning."""
        _context, conversation = await self._own(interaction)
        await answer_with_card(interaction, memory_card(conversation))

    @app_commands.command()
    async def reset(self, interaction: Interaction) -> None:
        """Begin the conversation here again, with the same characters and settings."""
        context, conversation = await self._own(interaction)
        await interaction.response.defer(ephemeral=True)
        chat, member = self._bot.services.chat, interaction.user.display_name
        await self._without_buttons(context, conversation)
        again = await chat.conversations.reset(context, conversation, member=member)
        cast = await chat.characters.cast(again.cast)
        await post_first(self._bot, context, again, cast)
        said = _("The conversation begins again. The old one can no longer be continued.")
        await interaction.followup.send(said, ephemeral=True)

    @app_commands.command()
    async def fork(self, interaction: Interaction) -> None:
        """Copy the conversation here into a new thread, and go on there too."""
        context, conversation = await self._here(interaction)
        newest = await self._bot.services.chat.messages.newest(conversation)
        if newest is None:
            raise UserError(_("This conversation has no messages yet."))
        await fork(interaction, context, newest)

    @app_commands.command()
    async def export(self, interaction: Interaction) -> None:
        """Download the conversation here, for SillyTavern and as text."""
        _context, conversation = await self._here(interaction)
        await interaction.response.defer(ephemeral=True)
        card = await chat_files.export_card(interaction, conversation)
        await answer_with_card(interaction, card)

    @app_commands.command(name="import")
    @app_commands.describe(
        file="A chat of SillyTavern or of /chat export (JSONL)", character=CHARACTER
    )
    @app_commands.autocomplete(character=characters)
    async def import_(
        self,
        interaction: Interaction,
        file: discord.Attachment,
        character: app_commands.Range[str, 1, OPTION_MAX] | None = None,
    ) -> None:
        """Start a conversation here with the messages of a file."""
        context = await self._bot.context(interaction)
        check_start(context)
        check_reachable(context)
        cast = (await self._character(interaction, character),)
        await interaction.response.defer(ephemeral=True)
        log = await chat_files.import_log(interaction, file)
        conversation = await chat_files.imported(interaction, context, log, cast)
        await post_newest(self._bot, context, conversation)
        said = _("The conversation was imported. It goes on from its last message.")
        await interaction.followup.send(said, ephemeral=True)

    @app_commands.command()
    async def end(self, interaction: Interaction) -> None:
        """End the conversation here."""
        context, conversation = await self._own(interaction)
        await self._bot.services.chat.conversations.end(context, conversation)
        said = _("The conversation has ended. `/chat start` starts another one.")
        await interaction.response.send_message(said, ephemeral=True)
        await self._without_buttons(context, conversation)

    async def _character(self, interaction: Interaction, name: str | None) -> StoredCharacter:
        """The character of that name, or the bot itself. Raises UserError."""
        found = self._bot.services.chat.characters
        if name is None:
            return found.assistant
        return await found.find(interaction.user.id, interaction.guild_id, name)

    async def _here(self, interaction: Interaction) -> tuple[RequestContext, Conversation]:
        """The conversation of this channel, in which the member may write. Raises UserError."""
        context = await self._bot.context(interaction)
        check_join(context)
        conversations = self._bot.services.chat.conversations
        return context, await conversations.here(interaction.channel_id or 0)

    async def _own(self, interaction: Interaction) -> tuple[RequestContext, Conversation]:
        """The same for the member who may change it. Raises UserError."""
        context, conversation = await self._here(interaction)
        self._bot.services.chat.conversations.check_owner(context, conversation)
        return context, conversation

    async def _without_buttons(self, context: RequestContext, conversation: Conversation) -> None:
        """Remove the buttons of the newest message, which does nothing any more."""
        newest = await self._bot.services.chat.messages.newest(conversation)
        if newest is not None:
            await refresh_message(self._bot, context, newest, buttons=False)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    if bot.user is not None:  # None in tests without a login
        bot.services.chat.characters.assistant_name = line(bot.user.display_name, 80)
    await bot.add_cog(ChatCog(bot))
