"""/server: rules of a server. For its managers, which is checked again here."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

import discord
from discord import app_commands

from bot.cards.card import Card, Colour, TextBlock
from bot.cards.formatting import listed
from bot.cards.markdown import inline_code
from bot.client.bot import HordecordBot
from bot.domain.people import Scope
from bot.domain.records import Payer
from bot.errors import BadOption
from bot.i18n import _
from bot.ui.account import kudos_lines
from bot.ui.account.presets import flags_of
from bot.ui.components.answers import answer_with_card
from bot.ui.server import buttons, changes, import_export, panel
from bot.ui.server.backend_facts import backend_lines, choice_label, limits_of
from bot.ui.server.cards import rules_card, some_card
from bot.ui.server.changes import NO_DEFAULTS
from bot.ui.server.known_ids import CHANNELS, PRESSERS, ROLES, present
from cogs import _options
from cogs.server.chat import ChatCommands
from cogs.server.gifts import GiftCommands
from cogs.server.key import ServerKey

STEPS_MAX, SIDE_MAX, COUNT_MAX = 500, 3072, 20  # limits of the Horde


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)
class Server(
    ChatCommands, GiftCommands, group_name="server", group_description="Rules of this server"
):
    """Everything here is private."""

    key = ServerKey()

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def setup(self, interaction: discord.Interaction[HordecordBot]) -> None:
        """Set up the bot for this server in five optional steps."""
        await answer_with_card(interaction, await buttons.step_card(interaction, 1))

    @app_commands.command()
    async def show(self, interaction: discord.Interaction[HordecordBot]) -> None:
        """Show all rules of this server."""
        guild_id = changes.managed_guild(interaction)
        card = rules_card(await self._bot.services.guilds.rules(guild_id))
        await answer_with_card(interaction, card)

    @app_commands.command()
    async def channels(self, interaction: discord.Interaction[HordecordBot]) -> None:
        """Set the channels in which the bot may be used."""
        guild_id = changes.managed_guild(interaction)
        rules = await self._bot.services.guilds.rules(guild_id)
        card = panel.channels_card(*present(interaction, rules, CHANNELS))
        await answer_with_card(interaction, card)

    @app_commands.command()
    async def roles(self, interaction: discord.Interaction[HordecordBot]) -> None:
        """Set the roles that may use the bot."""
        guild_id = changes.managed_guild(interaction)
        rules = await self._bot.services.guilds.rules(guild_id)
        card = panel.roles_card(*present(interaction, rules, ROLES))
        await answer_with_card(interaction, card)

    @app_commands.command()
    async def buttons(self, interaction: discord.Interaction[HordecordBot]) -> None:
        """Set who may use the buttons under results of other members."""
        guild_id = changes.managed_guild(interaction)
        rules = await self._bot.services.guilds.rules(guild_id)
        card = panel.press_roles_card(*present(interaction, rules, PRESSERS))
        await answer_with_card(interaction, card)

    @app_commands.command()
    @app_commands.describe(
        steps="Maximum steps per image. 0: no limit",
        side="Longest side of an image, in pixels. 0: no limit",
        count="Maximum results per request. 0: no limit",
    )
    async def limits(
        self,
        interaction: discord.Interaction[HordecordBot],
        steps: app_commands.Range[int, 0, STEPS_MAX] | None = None,
        side: app_commands.Range[int, 0, SIDE_MAX] | None = None,
        count: app_commands.Range[int, 0, COUNT_MAX] | None = None,
    ) -> None:
        """Set limits for each request. Without options: show the limits and the key's budget."""
        given = {"most_steps": steps, "most_side": side, "most_count": count}
        if all(value is None for value in given.values()):
            return await _show(interaction, given, *await _budget(interaction))
        return await _change(interaction, **{k: v for k, v in given.items() if v is not None})

    @app_commands.command()
    @app_commands.describe(
        where="Where NSFW content is allowed", spoiler="Hide every image behind a spoiler"
    )
    async def nsfw(
        self,
        interaction: discord.Interaction[HordecordBot],
        where: Literal["age-restricted channels", "nowhere"] | None = None,
        spoiler: bool | None = None,
    ) -> None:
        """Set where NSFW content is allowed and whether images are hidden behind a spoiler."""
        nsfw = "off" if where == "nowhere" else "age" if where else None
        given = {"nsfw": nsfw, "spoiler": spoiler}
        if where is None and spoiler is None:
            return await _show(interaction, given)
        return await _change(interaction, **{k: v for k, v in given.items() if v is not None})

    @app_commands.command()
    @app_commands.describe(channel="Log channel", off="Turn the log off")
    async def log(
        self,
        interaction: discord.Interaction[HordecordBot],
        channel: discord.TextChannel | None = None,
        off: bool = False,
    ) -> None:
        """Set the channel in which changes made with /server are logged."""
        if channel is not None and off:
            raise BadOption(_one_of("channel", "off"))
        if channel is None and not off:
            return await _show(interaction, ["log_channel"])
        return await _change(interaction, log_channel=channel.id if channel else 0)

    @app_commands.command()
    @app_commands.describe(name="Name of the backend", usual="Use the bot's default backend")
    async def backend(
        self,
        interaction: discord.Interaction[HordecordBot],
        name: str = "",
        usual: bool = False,
    ) -> None:
        """Choose the backend that processes the requests of this server."""
        if name and usual:
            raise BadOption(_one_of("name", "usual"))
        known = interaction.client.services.backends
        if not name and not usual:
            able = {each: backend.capabilities for each, backend in known.items()}
            return await _show(interaction, ["backend"], *backend_lines(able))
        if name and name not in known:
            names = listed(inline_code(each, 40) for each in known)
            text = _("There is no backend {name}. Available backends: {names}.")
            raise BadOption(text.format(name=inline_code(name, 40), names=names))
        card = (await changes.set_rules(interaction, backend=name)).card
        chosen = known[name] if name else next(iter(known.values()))
        if lost := limits_of(chosen.capabilities):
            card = replace(card, blocks=(*card.blocks, TextBlock(f"-# {lost}")))
        return await answer_with_card(interaction, card)

    @app_commands.command()
    @app_commands.describe(language="Language of the messages that everyone sees")
    @app_commands.choices(language=_options.LANGUAGES)
    async def language(
        self, interaction: discord.Interaction[HordecordBot], language: str = ""
    ) -> None:
        """Set the language of this server. Default: the server's language on Discord."""
        if not language:
            return await _show(interaction, ["language"])
        chosen = _options.chosen_language(language)
        return await _change(interaction, language=chosen.code if chosen else "")

    @backend.autocomplete("name")
    async def _backends(
        self, interaction: discord.Interaction[HordecordBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        known = interaction.client.services.backends
        found = [name for name in known if typed.casefold() in name.casefold()][:25]
        return [
            app_commands.Choice(name=choice_label(name, known[name].capabilities), value=name)
            for name in found
        ]

    @app_commands.command()
    async def defaults(self, interaction: discord.Interaction[HordecordBot]) -> None:
        """Show the defaults of this server and how to set them."""
        guild_id = changes.managed_guild(interaction)
        defaults = await self._bot.services.defaults.get(Scope.GUILD, guild_id)
        title = "### " + _("Defaults of this server")
        text = _(
            "Set them with `/defaults set where:this server`, remove them with `/defaults clear`. "
            "`where:this channel` sets defaults of a channel and its threads, which come first."
        )
        shown = flags_of(defaults) if defaults else (TextBlock(_(NO_DEFAULTS)),)
        card = Card(Colour.QUIET, (TextBlock(f"{title}\n{text}"), *shown))
        await answer_with_card(interaction, card)

    @app_commands.command()
    async def export(self, interaction: discord.Interaction[HordecordBot]) -> None:
        """Download the rules and defaults of this server as a file, without its key."""
        await answer_with_card(interaction, await import_export.export(interaction))

    @app_commands.command(name="import")
    @app_commands.describe(file="A file made with /server export on this or another server")
    async def import_(
        self, interaction: discord.Interaction[HordecordBot], file: discord.Attachment
    ) -> None:
        """Import rules and defaults from a file. Shows the changes first."""
        changes.managed_guild(interaction)
        found = await import_export.read_file(interaction, file)
        card = await import_export.import_question(interaction, found)
        await answer_with_card(interaction, panel.with_confirm_button(card))


def _one_of(name: str, other: str) -> str:
    return _("Use either `{name}` or `{other}`, not both.").format(name=name, other=other)


async def _change(interaction: discord.Interaction[HordecordBot], **fields: object) -> None:
    changed = await changes.set_rules(interaction, **fields)
    await answer_with_card(interaction, changed.card)


async def _show(
    interaction: discord.Interaction[HordecordBot], names: Iterable[str], *more: str
) -> None:
    """The current values of those rules, without a change."""
    guild_id = changes.managed_guild(interaction)
    rules = await interaction.client.services.guilds.rules(guild_id)
    await answer_with_card(interaction, some_card(rules, names, *more))


async def _budget(interaction: discord.Interaction[HordecordBot]) -> list[str]:
    """The budget of the server's key and the kudos spent today, if it has a budget."""
    services, guild_id = interaction.client.services, changes.managed_guild(interaction)
    context = await interaction.client.context(interaction)
    if context.capabilities.keys == "none":
        return []
    hint = "-# " + _("`/server key budget` limits what the key of this server pays.")
    if await services.credentials.find(Payer.GUILD, guild_id, context.backend) is None:
        return [hint]
    share = await services.payment.share(context)
    return [
        "",
        *kudos_lines.budget_lines(share.budget),
        *kudos_lines.share_lines(share),
        hint,
    ]
