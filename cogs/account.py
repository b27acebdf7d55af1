"""/account: a user's API key, and the stored data about that user. All answers are private."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import labels
from bot.cards.custom_ids import LOGIN_MODAL
from bot.cards.markdown import safe_line
from bot.client.bot import HordecordBot
from bot.client.commands.command_tree import FOR_ALL
from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.i18n import N_, _
from bot.rules.request_context import RequestContext
from bot.ui.account import forget_buttons, kudos_lines
from bot.ui.account.key_texts import not_logged_in
from bot.ui.account.login_modal import log_in, login_modal
from bot.ui.components.answers import answer_with_card
from bot.ui.components.modal_router import add_modal
from cogs._backend_option import backends_with_keys, chosen_backend

THINGS = {
    Kind.IMAGE: N_("Images"),
    Kind.TEXT: N_("Texts"),
    Kind.ALCHEMY: N_("Alchemy"),
    Kind.VIDEO: N_("Videos"),
}


class AccountCog(
    commands.GroupCog, group_name="account", group_description="Your key and your kudos"
):
    """A user's own key and data."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(backend="Backend of the key. Default: the one that is used here")
    @app_commands.autocomplete(backend=backends_with_keys)
    async def login(self, interaction: discord.Interaction[Any], backend: str = "") -> None:
        """Use your own API key: your requests are paid with it, and wait less at a Horde."""
        found = await chosen_backend(interaction, backend)
        await interaction.response.send_modal(login_modal(found.name, found.capabilities))

    @app_commands.command(extras={FOR_ALL: True})
    @app_commands.describe(backend="Backend of the key. Default: the one that is used here")
    @app_commands.autocomplete(backend=backends_with_keys)
    async def logout(self, interaction: discord.Interaction[Any], backend: str = "") -> None:
        """Remove your API key from the bot."""
        found = await chosen_backend(interaction, backend)
        able, credentials = found.capabilities, self._bot.services.credentials
        forgotten = await credentials.logout(Payer.USER, interaction.user.id, found.name)
        said = not_logged_in(able)
        if forgotten:
            said = _("The bot has deleted your key for {backend}. Your account is unchanged.")
            said = said.format(backend=able.title)
        await interaction.response.send_message(said, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(backend="Backend of the key. Default: the one that is used here")
    @app_commands.autocomplete(backend=backends_with_keys)
    async def status(self, interaction: discord.Interaction[Any], backend: str = "") -> None:
        """Show your account at a backend, its balance, and whose key pays here."""
        await interaction.response.defer(ephemeral=True)  # the backend is called
        context, credentials = await self._bot.context(interaction), self._bot.services.credentials
        found = self._bot.services.backends[context.backend]
        if backend or context.capabilities.keys != "none":
            found = await chosen_backend(interaction, backend)
        able = found.capabilities
        account = await credentials.account(Payer.USER, interaction.user.id, found.name)
        lines = [not_logged_in(able)]
        if account is not None:
            title = safe_line(able.title, 40)
            lines = [f"{title}: {kudos_lines.account_line(account, able)}"]
        kinds = [kind for kind in Kind if kind in context.capabilities.kinds]
        if context.capabilities.keys != "none":
            lines += [""] + [await self._pays(context, kind) for kind in kinds]
        if account is not None and account.shared:
            lines.append(kudos_lines.is_shared_key())
        await interaction.followup.send("\n".join(lines), ephemeral=True)

    @app_commands.command(extras={FOR_ALL: True})
    async def export(self, interaction: discord.Interaction[Any]) -> None:
        """Download everything the bot stores about you, as a file."""
        await interaction.response.defer(ephemeral=True)  # it may take long
        made = await self._bot.services.privacy.export(
            interaction.user.id, interaction.filesize_limit
        )
        said = _(
            "This file has all data that the bot stores about you, as JSON. "
            "Its beginning lists the data that is left out."
        )
        with made.file:
            file = discord.File(made.file, filename=made.name)
            await interaction.followup.send(said, file=file, ephemeral=True)

    @app_commands.command(extras={FOR_ALL: True})
    async def forget(self, interaction: discord.Interaction[Any]) -> None:
        """Erase everything the bot stores about you. Asks for confirmation first."""
        await answer_with_card(interaction, forget_buttons.forget_question())

    async def _pays(self, context: RequestContext, kind: Kind) -> str:
        payer = await self._bot.services.payment.payer(context, kind)
        said = _("{kind}: {payer}")
        return said.format(kind=_(THINGS[kind]), payer=labels.own_payer(payer))


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    forget_buttons.register(bot)
    add_modal(bot, LOGIN_MODAL, log_in)
    await bot.add_cog(AccountCog(bot))
