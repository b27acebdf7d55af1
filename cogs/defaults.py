"""/defaults: default choices of a user, a channel or a server."""

from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.card import Block, Card, Colour, TextBlock
from bot.client.bot import HordecordBot
from bot.client.interaction_context import home_of, origin_of
from bot.domain.people import Notify, Scope
from bot.domain.requests import NO_CHOICES, ImageChoices, Shape
from bot.i18n import N_, _, set_language
from bot.services.model_names import checked
from bot.ui.account.presets import flags_of
from bot.ui.components.answers import answer_with_card
from bot.ui.server.changes import managed_guild, tell_defaults
from cogs import _autocomplete, _options

TITLES = (  # the strongest first
    N_("Style of the party in this thread"),
    N_("Your defaults"),
    N_("Defaults of this channel"),
    N_("Defaults of this server"),
)
NOTIFY = {
    Notify.OFF: N_("Notifications are off. Turn them on with `notify` of `/defaults set`."),
    Notify.MENTION: N_("A mention notifies you when a request took longer than a minute."),
    Notify.DM: N_("A direct message notifies you when a request took longer than a minute."),
}

Where = Literal["mine", "this channel", "this server"]
FLAGS_MAX = 1_200  # characters shown of each of the three


class DefaultsCog(
    commands.GroupCog, group_name="defaults", group_description="Defaults for your requests"
):
    """All answers are private."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Show the defaults that apply to you, in order of priority."""
        await self._show(interaction)

    @app_commands.command()
    @app_commands.describe(
        model=_options.OPTIONS["model"],
        style=_options.OPTIONS["style"],
        shape=_options.OPTIONS["shape"],
        count=_options.OPTIONS["count"],
        negative=_options.OPTIONS["negative"],
        extra=_options.EXTRA,
        notify="How to tell you about a result that took longer than a minute",
        language="Language in which the bot answers you. Default: that of your Discord client",
        dm_nsfw="I am an adult and want uncensored results in direct messages with this bot",
        where=_options.WHERE,
    )
    @app_commands.choices(language=_options.LANGUAGES)
    @app_commands.autocomplete(
        model=_autocomplete.image_models, style=_autocomplete.styles, extra=_autocomplete.extras
    )
    async def set(
        self,
        interaction: discord.Interaction[Any],
        model: str = "",
        style: str = "",
        shape: Shape | None = None,
        count: _options.Count | None = None,
        negative: _options.Prompt = "",
        extra: _options.Extra = "",
        notify: Literal["off", "mention", "dm"] | None = None,
        language: str = "",
        dm_nsfw: bool | None = None,
        where: Where = "mine",
    ) -> None:
        """Set defaults for your next requests. Options left out stay unchanged."""
        scope, scope_id = _place(interaction, where)
        chosen = _options.image_choices(interaction.namespace)
        services, rules = self._bot.services, (await self._bot.context(interaction)).rules
        choices = checked(services.catalog, chosen, rules)
        note = ""
        if choices:
            guild = interaction.guild_id if scope is not Scope.USER else None
            if guild is not None:
                services.defaults.check(choices, rules)
            standing = await services.defaults.save(scope, scope_id, choices, guild_id=guild)
            note = await _told(interaction, scope, scope_id, standing)
        if notify is not None:
            await services.people.save_notify(interaction.user.id, Notify(notify))
        if language:
            await services.people.save_language(
                interaction.user.id, _options.chosen_language(language)
            )
            locale = interaction.locale.value
            set_language(await services.languages.of_member(interaction.user.id, locale))
        if dm_nsfw is not None:
            await services.people.save_nsfw_in_dms(interaction.user.id, dm_nsfw)
        await self._show(interaction, note)

    @app_commands.command()
    @app_commands.describe(where=_options.WHERE)
    async def clear(self, interaction: discord.Interaction[Any], where: Where = "mine") -> None:
        """Delete the defaults set with /defaults set."""
        place, services = _place(interaction, where), self._bot.services
        await services.defaults.clear(*place)
        if place[0] is Scope.USER:
            await services.people.save_notify(interaction.user.id, Notify.OFF)
            await services.people.save_language(interaction.user.id, None)
            await services.people.save_nsfw_in_dms(interaction.user.id, False)
        await self._show(interaction, await _told(interaction, *place, NO_CHOICES))

    async def _show(self, interaction: discord.Interaction[Any], note: str = "") -> None:
        services = self._bot.services
        layers = await services.defaults.layers(origin_of(interaction))
        lines = [note] if note else []
        lines += await self._personal(interaction.user.id)
        blocks: list[Block] = [TextBlock("### " + _("Defaults"))]
        for title, choices in zip(TITLES, layers, strict=True):
            if choices:
                blocks += [TextBlock(f"**{_(title)}**"), *flags_of(choices, FLAGS_MAX)]
        if not any(layers):
            said = _(
                "No defaults are set, so the model's own settings apply. "
                "Set defaults with `/defaults set`."
            )
            blocks.append(TextBlock(said))
        blocks.append(TextBlock("\n".join(f"-# {line}" for line in lines)))
        await answer_with_card(interaction, Card(Colour.QUIET, tuple(blocks)))

    async def _personal(self, user_id: int) -> list[str]:
        """Lines about the settings that only a user has."""
        people = self._bot.services.people
        lines = [_(NOTIFY[await people.notify(user_id)])]
        if await people.nsfw_in_dms(user_id):
            lines.append(_("You chose uncensored results in direct messages with the bot."))
        if language := await people.language(user_id):
            said = _("The bot answers you in this language: {language}.")
            lines.append(said.format(language=language.name))
        return lines


def _place(interaction: discord.Interaction[Any], where: Where) -> tuple[Scope, int]:
    """The scope of the change. Raises NotAllowed for a member who must not change it."""
    if where == "mine":
        return Scope.USER, interaction.user.id
    guild = managed_guild(interaction)
    return (Scope.GUILD, guild) if where == "this server" else (Scope.CHANNEL, home_of(interaction))


async def _told(
    interaction: discord.Interaction[Any], scope: Scope, scope_id: int, standing: ImageChoices
) -> str:
    """Tell the server's log channel, if it has one. Returns the error, or ""."""
    if scope is Scope.USER:
        return ""
    return await tell_defaults(interaction, standing, scope_id if scope is Scope.CHANNEL else 0)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(DefaultsCog(bot))
