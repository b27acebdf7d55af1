"""/style: the Horde's own styles, for their owners. All answers are private."""

from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.domain.requests import Kind
from bot.errors import BadOption
from bot.horde.styles import ImageStyle
from bot.i18n import _
from bot.parameters.flags import parse
from bot.rules.guild_settings import GuildSettings
from bot.services.model_names import checked, resolve_names
from bot.services.styles.style_bodies import Style, kind_of, style_texts
from bot.services.styles.style_values import StyleKind, StyleValues
from bot.ui.components.answers import answer_with_card
from bot.ui.styles import buttons, forms
from bot.ui.styles.cards import examples_card, owned_delete_question, style_card
from cogs import _autocomplete, _options
from cogs._styles import models, own_image_styles, own_styles

KINDS = {"image": Kind.IMAGE, "text": Kind.TEXT}
OPTIONS = {
    "model": "Model of the style. Up to five names, separated by commas",
    "extra": "Parameters of an image style as flags: --steps 24 --size 832x1216",
    "temperature": "Temperature of a text style",
    "nsfw": "Whether the results are NSFW",
    "public": "Whether the style is listed. Default: yes",
    "changeable": "Parameters that a request may change: none, all or names. For AI Horde 5.1.13",
    "ceilings": "Largest values of parameters, as steps=30, width=1024. For AI Horde 5.1.13",
}
DISCORD_FILES = ("https://cdn.discordapp.com/", "https://media.discordapp.net/")
StyleName = app_commands.Range[str, 1, 300]
Names = app_commands.Range[str, 1, 600]
Temperature = app_commands.Range[float, 0.0, 5.0]


class StyleCog(commands.GroupCog, group_name="style", group_description="Your styles at the Horde"):
    """The styles of the account whose key the user has stored."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(kind="What the style is for", **OPTIONS)
    @app_commands.autocomplete(model=models, extra=_autocomplete.extras)
    async def create(
        self,
        interaction: discord.Interaction[Any],
        kind: Literal["image", "text"],
        model: Names = "",
        extra: _options.Extra = "",
        temperature: Temperature | None = None,
        nsfw: bool = False,
        public: bool = True,
        changeable: Names = "",
        ceilings: Names = "",
    ) -> None:
        """Create a style of your own. A form asks for its name and its prompt."""
        bot, user_id, number = self._bot, interaction.user.id, str(interaction.id)
        await bot.services.own_styles.check_key(user_id)
        values = await self._values(interaction, kind)
        if not values.models and not values.choices.models:
            raise BadOption(_("A style needs a model. Add one with the option `model`."))
        forms.keep_new_style(bot.drafts, user_id, number, values)
        await buttons.open_style_form(interaction, kind, number)

    @app_commands.command()
    @app_commands.describe(style="Name or id of your style", **OPTIONS)
    @app_commands.autocomplete(style=own_styles, model=models, extra=_autocomplete.extras)
    async def edit(
        self,
        interaction: discord.Interaction[Any],
        style: StyleName,
        model: Names = "",
        extra: _options.Extra = "",
        temperature: Temperature | None = None,
        nsfw: bool | None = None,
        public: bool | None = None,
        changeable: Names = "",
        ceilings: Names = "",
    ) -> None:
        """Change values of your style. Its texts are changed with Edit texts."""
        await interaction.response.defer(ephemeral=True)  # the Horde is called
        user_id, styles = interaction.user.id, self._bot.services.own_styles
        found, said = await styles.find(user_id, style), ""
        values = await self._values(interaction, kind_of(found))
        if values.given:
            texts = style_texts(found, newer=False)
            found = (await styles.change(user_id, found, values, texts)).style
            said = _("The style is changed.")
        await self._show(interaction, found, said)

    @app_commands.command()
    @app_commands.describe(style="Name or id of your style")
    @app_commands.autocomplete(style=own_styles)
    async def show(self, interaction: discord.Interaction[Any], style: StyleName) -> None:
        """Show a style with all its values."""
        await interaction.response.defer(ephemeral=True)  # the Horde is called
        found = await self._bot.services.own_styles.find(interaction.user.id, style)
        await self._show(interaction, found)

    @app_commands.command()
    @app_commands.describe(
        style="Name or id of your image style",
        add="Address of an image to add, which begins with https://",
        delete="Number or address of an example to delete",
        first="Whether the added example is the first one",
    )
    @app_commands.autocomplete(style=own_image_styles)
    async def examples(
        self,
        interaction: discord.Interaction[Any],
        style: StyleName,
        add: app_commands.Range[str, 1, 1_000] = "",
        delete: app_commands.Range[str, 1, 1_000] = "",
        first: bool = False,
    ) -> None:
        """Show, add and delete the example images of your style."""
        await interaction.response.defer(ephemeral=True)  # the Horde is called
        user_id, styles = interaction.user.id, self._bot.services.own_styles
        found = await styles.find(user_id, style)
        if not isinstance(found, ImageStyle):
            raise BadOption(_("Only image styles have examples. Choose an image style."))
        said: list[str] = []
        if delete:
            found = await styles.delete_example(user_id, found, delete.strip())
            said.append(_("The example is deleted."))
        if add:
            found = await styles.add_example(user_id, found, add.strip(), primary=first)
            said.append(_("The example is added."))
            if add.strip().startswith(DISCORD_FILES):
                ends = _("Links of files on Discord end after a day. Other addresses last longer.")
                said.append(ends)
        await answer_with_card(interaction, examples_card(found, "\n".join(said)))

    @app_commands.command()
    @app_commands.describe(style="Name or id of your style")
    @app_commands.autocomplete(style=own_styles)
    async def delete(self, interaction: discord.Interaction[Any], style: StyleName) -> None:
        """Delete your style from the Horde. Asks for confirmation first."""
        await interaction.response.defer(ephemeral=True)  # the Horde is called
        found = await self._bot.services.own_styles.find(interaction.user.id, style)
        question = owned_delete_question(kind_of(found), found.id, found.name)
        await answer_with_card(interaction, question)

    async def _show(
        self, interaction: discord.Interaction[Any], style: Style, said: str = ""
    ) -> None:
        forms.keep_style(self._bot.drafts, interaction.user.id, style)
        await answer_with_card(interaction, style_card(style, said))

    async def _values(self, interaction: discord.Interaction[Any], kind: StyleKind) -> StyleValues:
        """The options about values. Raises BadOption."""
        given = {name: value for name, value in interaction.namespace if name in OPTIONS}
        rules = GuildSettings(backend=(await self._bot.context(interaction)).rules.backend)
        catalog = self._bot.services.catalog
        names = [each.strip() for each in given.pop("model", "").split(",") if each.strip()]
        chosen = checked(catalog, parse(given.pop("extra", "")), rules)
        found = resolve_names(catalog, KINDS[kind], names, rules)
        return StyleValues(kind=kind, models=found, choices=chosen, **given)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    buttons.register(bot)
    await bot.add_cog(StyleCog(bot))
