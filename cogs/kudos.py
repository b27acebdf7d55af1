"""/kudos: balance, shared keys, transfers. All answers are private."""

import time
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.custom_ids import GIFT_MODAL, MEMBER_GIFT_MODAL
from bot.cards.markdown import safe_line
from bot.client.bot import HordecordBot
from bot.domain.records import Payer
from bot.horde.accounts import SharedKeyInput
from bot.i18n import _
from bot.ui.account import gift_modal, kudos_lines
from bot.ui.account.key_texts import not_logged_in
from bot.ui.components.modal_router import add_modal

UNLIMITED = -1  # no limit, in the Horde's API
SIDE_MAX = 2048  # of the largest square that a shared key can be limited to, in pixels
SHOWN = 10  # shared keys in one message; most accounts may have three


class Kudos(
    commands.GroupCog, group_name="kudos", group_description="Kudos: balance, shared keys, gifts"
):
    """A user's kudos, and the rest of a server's budget. All answers are private."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def balance(self, interaction: discord.Interaction[Any]) -> None:
        """Show your kudos and your remaining share of this server's key today."""
        await interaction.response.defer(ephemeral=True)  # the backend is called
        services, context = self._bot.services, await self._bot.context(interaction)
        horde = services.backends[services.shared_keys.horde_name()]
        able, user_id = horde.capabilities, interaction.user.id
        account = await services.credentials.account(Payer.USER, user_id, horde.name)
        lines = [not_logged_in(able)]
        if account is not None:
            lines = [kudos_lines.account_line(account, able)]
        if account is not None and account.shared:
            lines.append(kudos_lines.is_shared_key())
        guild_id = context.guild_id or 0
        server = (Payer.GUILD, guild_id, context.backend)
        has_kudos = context.capabilities.has_kudos
        if has_kudos and await services.credentials.find(*server) is not None:
            share = await services.payment.share(context)
            lines += ["", *kudos_lines.budget_lines(share.budget), *kudos_lines.share_lines(share)]
        await interaction.followup.send("\n".join(lines), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(
        name="Name of the shared key",
        kudos="Kudos that the key may spend. Default: 5,000",
        days="Days until the key expires. Default: never",
        largest="Longest side of a square image, in pixels",
        steps="Maximum steps per image",
        tokens="Maximum tokens per text",
    )
    async def share(
        self,
        interaction: discord.Interaction[Any],
        name: app_commands.Range[str, 3, 100],
        kudos: app_commands.Range[int, 1, 50_000_000] = 5_000,
        days: app_commands.Range[int, 1, 3650] | None = None,
        largest: app_commands.Range[int, 64, SIDE_MAX] | None = None,
        steps: app_commands.Range[int, 1, 500] | None = None,
        tokens: app_commands.Range[int, 16, 500] | None = None,
    ) -> None:
        """Create a shared key. Anyone who has it can spend your kudos, within its limits."""
        await interaction.response.defer(ephemeral=True)
        wanted = SharedKeyInput(
            name=" ".join(name.split()),
            kudos=kudos,
            expiry=days or UNLIMITED,
            max_image_pixels=largest**2 if largest else UNLIMITED,
            max_image_steps=steps or UNLIMITED,
            max_text_tokens=tokens or UNLIMITED,
        )
        key = await self._bot.services.shared_keys.share(interaction.user.id, wanted)
        said = _(
            "The shared key {name} is shown only once, so copy it now:\n```\n{key}\n```\n"
            "Anyone who has it can make images and texts with your kudos, within its limits. "
            "Give it to a server with `/server key set`; `/kudos revoke` revokes it."
        )
        said = said.format(name=f"**{safe_line(name, 100)}**", key=key)
        await interaction.followup.send(said, ephemeral=True)

    @app_commands.command()
    async def keys(self, interaction: discord.Interaction[Any]) -> None:
        """List your shared keys with their limits and what they have spent."""
        await interaction.response.defer(ephemeral=True)
        lent = await self._bot.services.shared_keys.lent(interaction.user.id)
        lines = [kudos_lines.shared_line(each, time.time()) for each in lent[:SHOWN]]
        said = "\n".join(lines) or _("You have no shared keys. Create one with `/kudos share`.")
        await interaction.followup.send(said, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(name="Name of the shared key. /kudos keys lists them")
    async def revoke(
        self, interaction: discord.Interaction[Any], name: app_commands.Range[str, 1, 255]
    ) -> None:
        """Delete one of your shared keys permanently."""
        await interaction.response.defer(ephemeral=True)
        ended = await self._bot.services.shared_keys.revoke(interaction.user.id, name)
        said = _("The shared key {name} is revoked and cannot be used any more.")
        said = said.format(name=f"**{safe_line(ended.name, 100)}**")
        await interaction.followup.send(said, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(
        to="AI Horde name of the recipient, for example name#123", kudos="Amount of kudos"
    )
    async def send(
        self,
        interaction: discord.Interaction[Any],
        to: app_commands.Range[str, 3, gift_modal.NAME_MAX],
        kudos: app_commands.Range[int, 1, gift_modal.GIFT_MAX],
    ) -> None:
        """Send kudos to another AI Horde user. Asks for confirmation first."""
        await interaction.response.send_modal(gift_modal.gift_modal(to, kudos))


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    add_modal(bot, GIFT_MODAL, gift_modal.give)
    add_modal(bot, MEMBER_GIFT_MODAL, gift_modal.give_to_member)
    await bot.add_cog(Kudos(bot))
