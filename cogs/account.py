"""/account: whose key pays, and what is stored about somebody. Everything here is private."""

import asyncio
import gzip
from io import BytesIO
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import FOR_ALL, HordecordBot
from bot.errors import UserError
from bot.origin import origin_of
from bot.requests import Kind
from bot.ui import forgetting, people_words, sentences, words
from bot.ui.markdown import safe_line
from bot.ui.modals import login_modal

THINGS = {Kind.IMAGE: "Pictures", Kind.TEXT: "Texts", Kind.ALCHEMY: "Alchemy"}


class Account(commands.GroupCog, group_name="account", group_description="Your key and your kudos"):
    """A person's own key, and their own data."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def login(self, interaction: discord.Interaction[Any]) -> None:
        """Use your own AI Horde key: shorter waits, and alchemy on your kudos."""
        await interaction.response.send_modal(login_modal())

    @app_commands.command(extras={FOR_ALL: True})
    async def logout(self, interaction: discord.Interaction[Any]) -> None:
        """Make this bot forget your key."""
        forgotten = await self._bot.service.logins.logout(interaction.user.id)
        said = sentences.LOGGED_OUT if forgotten else sentences.NOT_LOGGED_IN
        await interaction.response.send_message(said, ephemeral=True)

    @app_commands.command()
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Who you are at the Horde, your kudos, and whose key pays here."""
        await interaction.response.defer(ephemeral=True)  # it asks the network
        account = await self._bot.service.logins.account(interaction.user.id)
        lines = [sentences.NOT_LOGGED_IN]
        if account is not None:
            lines = [
                sentences.ACCOUNT.format(
                    username=safe_line(account.username, 100),
                    kudos=words.kudos(account.kudos),
                    trusted=" · trusted" if account.trusted else "",
                )
            ]
        lines += [""] + [await self._pays(interaction, kind) for kind in Kind]
        lines += [sentences.SHARED_KEY] if account is not None and account.shared else []
        await interaction.followup.send("\n".join(lines), ephemeral=True)

    @app_commands.command(extras={FOR_ALL: True})
    async def export(self, interaction: discord.Interaction[Any]) -> None:
        """All that is stored here about you, as a file."""
        await interaction.response.defer(ephemeral=True)  # it may be much
        data = await self._bot.privacy.export(interaction.user.id)
        file = await asyncio.to_thread(_fitting, data, interaction.filesize_limit)
        await interaction.followup.send(people_words.EXPORTED, file=file, ephemeral=True)

    @app_commands.command(extras={FOR_ALL: True})
    async def forget(self, interaction: discord.Interaction[Any]) -> None:
        """Erase all that is stored here about you; it asks first."""
        await interaction.response.send_message(view=forgetting.question(), ephemeral=True)

    async def _pays(self, interaction: discord.Interaction[Any], kind: Kind) -> str:
        payer = await self._bot.service.paying.payer(origin_of(interaction, private=True), kind)
        return sentences.PAYS.format(things=THINGS[kind], payer=words.PAYERS[payer])


def _fitting(data: bytes, limit: int) -> discord.File:
    """The file as it is, else packed. Raises UserError when Discord takes neither."""
    if len(data) <= limit:
        return discord.File(BytesIO(data), filename="hordecord-account.json")
    packed = gzip.compress(data)
    if len(packed) <= limit:
        return discord.File(BytesIO(packed), filename="hordecord-account.json.gz")
    size = f"{len(data) / 1_000_000:,.0f}"
    raise UserError(people_words.EXPORT_TOO_LARGE.format(size=size))


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    bot.add_dynamic_items(forgetting.Forget, forgetting.Keep)
    await bot.add_cog(Account(bot))
