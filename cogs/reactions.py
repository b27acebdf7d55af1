"""No command: reactions that give kudos, in servers that configured an emoji."""

import logging

import discord
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.errors import BotError
from bot.services.gifts import Reaction

log = logging.getLogger(__name__)


class ReactionListener(commands.Cog):
    """Passes the reactions of members on."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """A member reacted to a message, in a server or in a direct message."""
        member, author_id = event.member, event.message_author_id
        if member is None or member.bot or author_id is None or event.guild_id is None:
            return
        reaction = Reaction(
            guild_id=event.guild_id,
            message_id=event.message_id,
            giver_id=event.user_id,
            author_id=author_id,
            own=author_id == self._bot.application_id,
            emoji=str(event.emoji),
            locale=member.guild.preferred_locale.value,
        )
        try:
            await self._bot.services.reaction_gifts.react(reaction, self._is_member)
        except BotError as error:
            log.warning("a reaction was not turned into a gift: %s", error)

    async def _is_member(self, user_id: int) -> bool:
        try:
            user = self._bot.get_user(user_id) or await self._bot.fetch_user(user_id)
        except discord.NotFound:  # a webhook
            return False
        except discord.HTTPException as error:
            log.info("the author of a message is unknown: %s", error)
            return False
        return not (user.bot or user.system)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(ReactionListener(bot))
