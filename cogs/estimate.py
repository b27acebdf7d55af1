"""/estimate: the price of an image or a video, before it is paid."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.domain.requests import Kind, Shape, VideoRequest, build
from bot.domain.requests.video import SECONDS_MAX, SECONDS_MIN
from bot.errors import BadOption
from bot.i18n import _
from bot.i18n.formats import list_and
from bot.rules.request_context import RequestContext
from bot.services.model_names import resolve_names
from bot.ui.account.estimate_card import estimate_card
from bot.ui.components.answers import answer_with_card
from cogs import _autocomplete, _options
from cogs._attachments import source_of_upload

# Options that a video has, besides its duration.
OF_VIDEOS = frozenset({"prompt", "model", "negative", "image", "seed", "seconds"})


async def _models(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Autocomplete of the video models if a duration was given, else of the image models."""
    video = getattr(interaction.namespace, "seconds", None) is not None
    complete = _autocomplete.video_models if video else _autocomplete.image_models
    return await complete(interaction, typed)


class EstimateCog(commands.Cog):
    """Prices."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        **_options.OPTIONS,
        extra=_options.EXTRA,
        seconds="Duration of a video, to estimate one instead of an image",
    )
    @app_commands.autocomplete(**{**_autocomplete.COMPLETED, "model": _models})
    async def estimate(
        self,
        interaction: discord.Interaction[Any],
        prompt: _options.Prompt,
        style: str = "",
        model: str = "",
        shape: Shape | None = None,
        count: _options.Count | None = None,
        negative: _options.Prompt = "",
        image: discord.Attachment | None = None,
        strength: _options.Strength | None = None,
        seed: _options.Seed = "",
        preset: _options.PresetName = "",
        extra: _options.Extra = "",
        seconds: app_commands.Range[int, SECONDS_MIN, SECONDS_MAX] | None = None,
    ) -> None:
        """Estimate the cost of an image or a video and show whose key would pay."""
        services, context = self._bot.services, await self._bot.context(interaction)
        if seconds is None:
            chosen = _options.image_choices(interaction.namespace)
            request = await services.composer.compose(context, chosen)
        else:
            request = self._video(context, dict(iter(interaction.namespace)))
        await interaction.response.defer(ephemeral=True)  # the backend is called
        found = await services.submission.estimate(context, request)
        await answer_with_card(interaction, estimate_card(request, found, context.capabilities))

    def _video(self, context: RequestContext, options: dict[str, Any]) -> VideoRequest:
        """The video with these options of the command. Raises UserError."""
        services = self._bot.services
        services.composer.check_kind(context, Kind.VIDEO)
        if others := options.keys() - OF_VIDEOS:
            names = list_and(f"`{name}`" for name in sorted(others))
            text = _("A video does not have these options: {names}. Leave them or `seconds` out.")
            raise BadOption(text.format(names=names))
        image, model = options.get("image"), options.get("model")
        models = resolve_names(
            services.catalog, Kind.VIDEO, (model,) if model else (), context.rules
        )
        return build(
            VideoRequest,
            prompt=options["prompt"],
            negative=options.get("negative", ""),
            models=models,
            source=source_of_upload(image) if image is not None else None,
            seconds=options["seconds"],
            seed=options.get("seed", ""),
        )


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(EstimateCog(bot))
