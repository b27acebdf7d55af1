"""/preset: named settings of a user or of a server."""

from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.card import Card, Colour, TextBlock
from bot.client.bot import HordecordBot
from bot.domain.people import Scope
from bot.domain.requests import ImageChoices, ImageRequest, merged
from bot.errors import BadOption
from bot.i18n import _
from bot.parameters import saved_choices
from bot.parameters.flags import parse
from bot.rules.place_checks import check_owner
from bot.services.model_names import checked
from bot.ui.account.presets import flags_of, preset_card, preset_name, presets_card
from bot.ui.actions.picture_actions import NO_SUCH_PICTURE
from bot.ui.components.answers import answer_with_card
from bot.ui.server.changes import managed_guild
from cogs import _autocomplete, _options


class PresetCog(commands.GroupCog, group_name="preset", group_description="Saved parameters"):
    """All answers are private, except for images made with a preset."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        name="Name of the preset. An existing preset of that name is replaced",
        extra=_options.EXTRA,
        request="Number of one of your requests: saves its parameters without the prompt",
    )
    @app_commands.autocomplete(name=_autocomplete.presets, extra=_autocomplete.extras)
    async def save(
        self,
        interaction: discord.Interaction[Any],
        name: _options.PresetName,
        extra: _options.Extra = "",
        request: app_commands.Range[int, 1] | None = None,
    ) -> None:
        """Save parameters as a preset, to use them again with other prompts."""
        rules = (await self._bot.context(interaction)).rules
        choices = checked(self._bot.services.catalog, parse(extra), rules)
        if request is not None:
            choices = merged(choices, await self._made_with(interaction.user.id, request))
        preset = await self._bot.services.presets.save(interaction.user.id, name, choices)
        said = _("Saved as {name}. Use it with `/preset use` or the option `preset`.")
        said = said.format(name=preset_name(preset.name))
        await _show(interaction, Card(Colour.DONE, (TextBlock(said), *flags_of(choices))))

    async def _made_with(self, user_id: int, number: int) -> ImageChoices:
        record = await self._bot.services.history.get(number)
        check_owner(record, user_id)
        if not isinstance(record.request, ImageRequest):
            raise BadOption(NO_SUCH_PICTURE)
        return saved_choices.choices_of_request(record.request)

    @app_commands.command()
    @app_commands.describe(
        name="Name of the preset",
        prompt=_options.OPTIONS["prompt"],
        image=_options.OPTIONS["image"],
        count=_options.OPTIONS["count"],
        private=_options.PRIVATE,
    )
    @app_commands.autocomplete(name=_autocomplete.presets)
    async def use(
        self,
        interaction: discord.Interaction[Any],
        name: _options.PresetName,
        prompt: _options.Prompt,
        image: discord.Attachment | None = None,
        count: _options.Count | None = None,
        private: bool = False,
    ) -> None:
        """Create an image with a preset. /imagine has an option for presets too."""
        options = _options.image_choices(interaction.namespace)
        chosen = merged(ImageChoices(preset=name), options)
        await self._bot.submit(interaction, await self._bot.context(interaction), chosen)

    @app_commands.command()
    @app_commands.describe(name="Name of the preset")
    @app_commands.autocomplete(name=_autocomplete.presets)
    async def show(self, interaction: discord.Interaction[Any], name: _options.PresetName) -> None:
        """Show the parameters of a preset, as flags."""
        services = self._bot.services
        preset = await services.presets.get(interaction.user.id, interaction.guild_id, name)
        await _show(interaction, preset_card(preset))

    @app_commands.command()
    async def list(self, interaction: discord.Interaction[Any]) -> None:
        """List your presets and those of this server."""
        found = await self._bot.services.presets.every(interaction.user.id, interaction.guild_id)
        await _show(interaction, presets_card(found))

    @app_commands.command()
    @app_commands.describe(
        name="Name of your preset",
        to="this server: for all members (needs Manage Server). text: to copy and paste",
    )
    @app_commands.autocomplete(name=_autocomplete.presets)
    async def share(
        self,
        interaction: discord.Interaction[Any],
        name: _options.PresetName,
        to: Literal["this server", "text"] = "text",
    ) -> None:
        """Share a preset with other people."""
        services, user_id = self._bot.services, interaction.user.id
        if to == "this server":
            preset = await services.presets.share(user_id, managed_guild(interaction), name)
            said = _("All members of this server can now use {name}.")
            said = said.format(name=preset_name(preset.name))
            return await _show(interaction, Card(Colour.DONE, (TextBlock(said),)))
        preset = await services.presets.get(user_id, interaction.guild_id, name)
        said = _("To use this preset, paste it into the option `extra`:")
        blocks = (TextBlock(said), *flags_of(saved_choices.load_choices(preset.choices)))
        return await _show(interaction, Card(Colour.QUIET, blocks))

    @app_commands.command()
    @app_commands.describe(
        name="Name of the preset",
        whose="Presets of the server need the Manage Server permission",
    )
    @app_commands.autocomplete(name=_autocomplete.presets)
    async def delete(
        self,
        interaction: discord.Interaction[Any],
        name: _options.PresetName,
        whose: Literal["mine", "this server's"] = "mine",
    ) -> None:
        """Delete a preset."""
        owner = (Scope.USER, interaction.user.id)
        if whose == "this server's":
            owner = (Scope.GUILD, managed_guild(interaction))
        await self._bot.services.presets.drop(*owner, name)
        said = _("The preset {name} is deleted.").format(name=preset_name(name))
        await _show(interaction, Card(Colour.QUIET, (TextBlock(said),)))


async def _show(interaction: discord.Interaction[Any], card: Card) -> None:
    await answer_with_card(interaction, card)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(PresetCog(bot))
