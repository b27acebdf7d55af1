"""/party: a thread in which images are rewarded with kudos for a while."""

import time
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.domain.kudos.parties import Party
from bot.errors import NotAllowed, UserError
from bot.i18n import _
from bot.ui.account.party_messages import beginning
from cogs import _autocomplete

HOUR = 3_600.0
AWARD_MAX, PAY_MAX, HOURS_MAX, EACH_MAX = 10_000, 10_000_000, 168, 1_000
IMAGES = 50  # that the kudos of a party suffice for, unless `pay` is given
THREAD_LIFE = 1_440  # minutes without a message until Discord archives the thread


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class PartyCog(
    commands.GroupCog, group_name="party", group_description="Reward the images of a thread"
):
    """Parties."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        name="Name of the party and its thread",
        award="Kudos for each image. You pay them",
        duration="Hours until the party ends",
        style="Reward only images with this style. Default: all images",
        pay="Maximum kudos of all rewards. Default: 50 images",
        each="Maximum rewarded images of one member. Default: 10",
    )
    @app_commands.autocomplete(style=_autocomplete.styles)
    async def start(
        self,
        interaction: discord.Interaction[Any],
        name: app_commands.Range[str, 1, 100],
        award: app_commands.Range[int, 1, AWARD_MAX],
        duration: app_commands.Range[int, 1, HOURS_MAX],
        style: app_commands.Range[str, 1, 100] | None = None,
        pay: app_commands.Range[int, 1, PAY_MAX] | None = None,
        each: app_commands.Range[int, 1, EACH_MAX] = 10,
    ) -> None:
        """Start a thread in which you reward each image of other members with kudos."""
        await interaction.response.defer(ephemeral=True)  # Discord is called
        parties, context = self._bot.services.parties, await self._bot.context(interaction)
        found = self._bot.services.catalog.style(style, context.rules) if style else None
        if style and found is None:
            raise UserError(_("There is no such style. Choose one of the suggested styles."))
        await parties.check(interaction.user.id)
        thread, now = await _thread(interaction, name), time.time()
        party = Party(
            thread_id=thread.id,
            guild_id=thread.guild.id,
            owner_id=interaction.user.id,
            name=name,
            style=found.name if found else "",
            award=award,
            budget=pay or award * IMAGES,
            each_max=award * each,
            language=context.shared_language.code,
            created_at=now,
            ends_at=now + duration * HOUR,
        )
        await parties.start(party)
        await thread.send(beginning(party))
        said = _("The party has started in {thread}.").format(thread=thread.mention)
        await interaction.followup.send(said, ephemeral=True)

    @app_commands.command()
    async def end(self, interaction: discord.Interaction[Any]) -> None:
        """End your party, or as a manager of the server the party of this thread."""
        user_id, place, guild = interaction.user.id, interaction.channel_id, interaction.guild_id
        manages = interaction.permissions.manage_guild
        party = await self._bot.services.parties.stop(
            user_id, place or 0, guild or 0, manages=manages
        )
        said = _("The party ends in {thread}. Images that were finished are still rewarded.")
        said = said.format(thread=f"<#{party.thread_id}>")
        await interaction.response.send_message(said, ephemeral=True)


async def _thread(interaction: discord.Interaction[Any], name: str) -> discord.Thread:
    """A new public thread in the channel of the command. Raises UserError."""
    channel, can = interaction.channel, interaction.permissions
    if not isinstance(channel, discord.TextChannel):
        raise UserError(_("Use this in a text channel: the party gets a thread there."))
    if not (can.create_public_threads or can.manage_guild):
        raise NotAllowed(_("You need the permission **Create Public Threads** in this channel."))
    kind = discord.ChannelType.public_thread
    try:
        return await channel.create_thread(name=name, type=kind, auto_archive_duration=THREAD_LIFE)
    except discord.Forbidden:
        raise UserError(
            _("The bot needs the permission **Create Public Threads** in this channel.")
        ) from None


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(PartyCog(bot))
