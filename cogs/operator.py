"""/operator: for the owners of the bot. Hidden from others, and checked again here."""

import asyncio
import platform
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import formatting
from bot.client.bot import HordecordBot
from bot.i18n import _, ngettext
from bot.services.user_bans import EVERYWHERE, REASON_MAX
from bot.storage.backup import KEPT, back_up
from bot.ui.components.answers import answer_with_card
from bot.ui.operator import blocked_people, broadcast_buttons, broadcast_sender, guild_list
from bot.ui.operator.permissions import owners_only
from bot.ui.operator.stats import stats_card
from bot.version import __version__
from cogs._permissions import blockable


@app_commands.default_permissions()  # hidden from all; Discord still shows it to admins and in DMs
class Operator(
    commands.GroupCog, group_name="operator", group_description="For operators of the bot"
):
    """Commands for the owners of the bot. All answers are private."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def stats(self, interaction: discord.Interaction[Any]) -> None:
        """Show the state of the bot: queue, open requests, outages, memory."""
        await self._admit(interaction)
        versions = [
            f"Hordecord {__version__}",
            f"discord.py {discord.__version__}",
            f"Python {platform.python_version()}",
        ]
        facts = await self._bot.services.health.look()
        card = stats_card(facts, formatting.DOT.join(versions))
        await answer_with_card(interaction, card)

    @app_commands.command()
    @app_commands.describe(state="on: stop taking new requests. off: take them again")
    async def drain(
        self, interaction: discord.Interaction[Any], state: Literal["on", "off"] | None = None
    ) -> None:
        """Stop taking new requests before a restart. Without an option: show the current state."""
        await self._admit(interaction)
        if state is not None:
            self._bot.services.submission.draining = state == "on"
        if self._bot.services.submission.draining:
            said = await self._draining()
        elif state:
            said = _("The bot takes new requests again.")
        else:
            said = _("The bot takes new requests. `/operator drain` with `state:on` stops it.")
        await interaction.followup.send(said, ephemeral=True)

    async def _draining(self) -> str:
        """The effect of a drain, and the number of open requests."""
        count = sum((await self._bot.services.health.look()).open.values())
        state = _(
            "The bot takes no new requests until `/operator drain` with `state:off`, or until it "
            "restarts."
        )
        still_open = _("Open requests: {count}. They continue after a restart.")
        if not count:
            still_open = _("No request is open, so the bot can be restarted now.")
        return f"{state}\n{still_open.format(count=formatting.decimal(count))}"

    @app_commands.command()
    async def guilds(self, interaction: discord.Interaction[Any]) -> None:
        """List the servers of the bot and leave one."""
        await self._admit(interaction)
        await answer_with_card(interaction, guild_list.guild_page_card(self._bot, 0))

    @app_commands.command()
    @app_commands.describe(
        person="The member", reason="Reason, visible only to operators of the bot"
    )
    async def block(
        self,
        interaction: discord.Interaction[Any],
        person: discord.User,
        reason: app_commands.Range[str, 1, REASON_MAX] = "",
    ) -> None:
        """Block a user on every server and cancel their open requests."""
        await self._admit(interaction)
        user_id = await blockable(interaction, person, here=False)
        bans = self._bot.services.bans
        stopped = await bans.block(EVERYWHERE, user_id, interaction.user.id, reason)
        said = blocked_people.blocked(user_id, stopped, everywhere=True)
        await interaction.followup.send(said, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(person="The member")
    async def unblock(self, interaction: discord.Interaction[Any], person: discord.User) -> None:
        """Unblock a user. Blocks of single servers remain."""
        await self._admit(interaction)
        await self._bot.services.bans.unblock(EVERYWHERE, person.id)
        said = blocked_people.unblocked(person.id, everywhere=True)
        await interaction.followup.send(said, ephemeral=True)

    @app_commands.command()
    async def blocked(self, interaction: discord.Interaction[Any]) -> None:
        """List the users blocked on every server, with the reasons."""
        await self._admit(interaction)
        found = await self._bot.services.bans.of(EVERYWHERE)
        await answer_with_card(interaction, blocked_people.blocked_card(found, everywhere=True))

    @app_commands.command()
    async def broadcast(self, interaction: discord.Interaction[Any]) -> None:
        """Send a message to the log channels of all servers. Asks for confirmation first."""
        await owners_only(interaction)
        if await self._bot.services.broadcasts.current() is None:
            await interaction.response.send_modal(broadcast_buttons.broadcast_modal())
        else:
            await answer_with_card(interaction, broadcast_buttons.sending_card())

    @app_commands.command()
    async def backup(self, interaction: discord.Interaction[Any]) -> None:
        """Back up the database and check the copy."""
        await self._admit(interaction)
        file = await asyncio.to_thread(back_up, self._bot.settings.store.path)
        said = _backed_up(file.name, file.stat().st_size)
        await interaction.followup.send(said, ephemeral=True)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Continue a broadcast that a restart interrupted."""
        await broadcast_sender.resume(self._bot)

    async def _admit(self, interaction: discord.Interaction[Any]) -> None:
        """Defer first, since Discord may have to be asked for the owners."""
        await interaction.response.defer(ephemeral=True)
        await owners_only(interaction)


def _backed_up(name: str, size: int) -> str:
    """The name and the size of a backup, and how to use it."""
    made = _("Backup made and checked: `{file}` ({size} MB), in the folder of the database.")
    kept = ngettext(
        "The {count} newest backup is kept; `hordecord restore` restores it.",
        "The {count} newest backups are kept; `hordecord restore` restores one.",
        KEPT,
    )
    key = _("Keep a copy of the key file or of `secret_keys` in another place.")
    lines = [
        made.format(file=name, size=formatting.decimal(round(size / 1_000_000, 1))),
        kept.format(count=KEPT),
        key,
    ]
    return "\n".join(lines)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    guild_list.register(bot)
    broadcast_buttons.register(bot)
    guilds = [discord.Object(one) for one in bot.settings.discord.operator_guild_ids]
    if guilds:
        await bot.add_cog(Operator(bot), guilds=guilds)
    else:
        await bot.add_cog(Operator(bot))
