"""/server gifts: the emoji whose reactions give kudos."""

import re

import discord
from discord import app_commands

from bot.accounts.own_account import NO_HORDE
from bot.client.bot import HordecordBot
from bot.errors import BadOption, UserError
from bot.i18n import _
from bot.rules.guild_settings import EMOJI, GIFT_MAX, GIFTS_MAX
from bot.ui.components.answers import answer_with_card
from bot.ui.server.cards import some_card
from bot.ui.server.changes import managed_guild, set_rules
from cogs.server.lists import Lists

AMOUNT = 5  # kudos of a reaction unless another amount is set
RULES = ("gift_emoji", "gift_amount", "gift_daily")


class GiftCommands(Lists, group_name="server"):
    """Gifts by reactions."""

    @app_commands.command()
    @app_commands.describe(
        emoji="Emoji of a reaction that gives kudos",
        amount="Kudos that one reaction gives",
        daily="Maximum reactions per day with which one member gives kudos",
        off="Turn gifts by reactions off",
    )
    async def gifts(
        self,
        interaction: discord.Interaction[HordecordBot],
        emoji: app_commands.Range[str, 1, 60] | None = None,
        amount: app_commands.Range[int, 1, GIFT_MAX] | None = None,
        daily: app_commands.Range[int, 1, GIFTS_MAX] | None = None,
        off: bool = False,
    ) -> None:
        """Set an emoji: a reaction with it sends kudos of the member who reacts to the author."""
        services, guild_id = interaction.client.services, managed_guild(interaction)
        if not services.hordes:
            raise UserError(_(NO_HORDE))
        rules = await services.guilds.rules(guild_id)
        given = {"gift_emoji": emoji, "gift_amount": amount, "gift_daily": daily}
        wanted: dict[str, object] = {k: v for k, v in given.items() if v is not None}
        if off:
            wanted = {"gift_emoji": "", "gift_amount": 0}
        if not wanted:
            hint = _(
                "A reaction with this emoji sends kudos of a member who uses `/account login` to "
                "the author of the message. Each message counts once for each member."
            )
            return await answer_with_card(interaction, some_card(rules, RULES, f"-# {hint}"))
        if emoji is not None:
            wanted["gift_emoji"] = _checked(emoji)
            wanted.setdefault("gift_amount", rules.gift_amount or AMOUNT)
        elif not off and not rules.gift_emoji:
            raise BadOption(_("No emoji is set. Set one with `emoji`."))
        return await answer_with_card(interaction, (await set_rules(interaction, **wanted)).card)


def _checked(typed: str) -> str:
    if re.fullmatch(EMOJI, typed.strip()) is None:
        raise BadOption(_("This is not an emoji. Choose one emoji from the list of Discord."))
    return typed.strip()
