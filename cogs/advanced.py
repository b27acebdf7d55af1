"""/advanced: the most used parameters, each as an option.

Discord allows 25 options. These are the ones on the first page of other Stable Diffusion
interfaces: prompts, model, sides, sampling, LoRAs, an embedding, post-processing, a source.
`shape`, `style` and `preset` are in /imagine; rarely used parameters (transparent, control types,
workers by name ...) have a flag in `extra`.
"""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import HordecordBot
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.compatibility import POST_PROCESSORS
from bot.domain.requests import (
    IMAGES_MAX,
    NO_CHOICES,
    SIDE_MAX,
    SIDE_MIN,
    ImageChoices,
    build,
    merged,
)
from cogs import _autocomplete, _options

POSTS = [app_commands.Choice(name=FORMS[name].label, value=name) for name in POST_PROCESSORS]
ADDON_MAX = 255
# docs/horde-api.md#image-requests
STEPS_MAX, CFG_MAX, CLIP_SKIP_MAX = 500, 100.0, 12


class Advanced(commands.Cog):
    """Pictures, parameter by parameter."""

    def __init__(self, bot: HordecordBot) -> None:
        self._bot = bot

    @app_commands.command()
    @app_commands.describe(
        prompt=_options.OPTIONS["prompt"],
        negative=_options.OPTIONS["negative"],
        model=_options.OPTIONS["model"],
        width="Pixels, rounded to a multiple of 64",
        height="Pixels, rounded to a multiple of 64",
        count=_options.OPTIONS["count"],
        steps="Number of sampler steps. More than 40 may need kudos in your account",
        cfg="How closely the image follows the prompt (CFG scale)",
        sampler="Sampler: the algorithm that turns noise into an image",
        scheduler="Noise schedule: how fast the noise decreases",
        seed=_options.OPTIONS["seed"],
        clip_skip="Skip this many of CLIP's last layers",
        lora="A CivitAI LoRA, by name or ID, with an optional strength: 12345:0.8",
        lora2="A second LoRA",
        embedding="A CivitAI embedding (textual inversion), by name or ID: 7808:1.2@negprompt",
        post="Post-processing of the finished image",
        post2="A second post-processing step",
        face_strength="Strength of the face fixer chosen in post",
        hires_fix="Create a small image first, then enlarge it and add detail",
        tiling="Create a seamless image that can be tiled",
        image=_options.OPTIONS["image"],
        strength=_options.OPTIONS["strength"],
        trusted="Use trusted workers only",
        extra=_options.EXTRA,
        private=_options.PRIVATE,
    )
    @app_commands.choices(post=POSTS, post2=POSTS)
    @app_commands.autocomplete(
        model=_autocomplete.image_models,
        sampler=_autocomplete.samplers,
        scheduler=_autocomplete.schedulers,
        lora=_autocomplete.loras,
        lora2=_autocomplete.loras,
        embedding=_autocomplete.embeddings,
        extra=_autocomplete.extras,
    )
    async def advanced(
        self,
        interaction: discord.Interaction[Any],
        prompt: _options.Prompt,
        negative: _options.Prompt = "",
        model: str = "",
        width: app_commands.Range[int, SIDE_MIN, SIDE_MAX] | None = None,
        height: app_commands.Range[int, SIDE_MIN, SIDE_MAX] | None = None,
        count: app_commands.Range[int, 1, IMAGES_MAX] | None = None,
        steps: app_commands.Range[int, 1, STEPS_MAX] | None = None,
        cfg: app_commands.Range[float, 0.0, CFG_MAX] | None = None,
        sampler: str = "",
        scheduler: str = "",
        seed: _options.Seed = "",
        clip_skip: app_commands.Range[int, 1, CLIP_SKIP_MAX] | None = None,
        lora: app_commands.Range[str, 1, ADDON_MAX] = "",
        lora2: app_commands.Range[str, 1, ADDON_MAX] = "",
        embedding: app_commands.Range[str, 1, ADDON_MAX] = "",
        post: str = "",
        post2: str = "",
        face_strength: app_commands.Range[float, 0.0, 1.0] | None = None,
        hires_fix: bool | None = None,
        tiling: bool | None = None,
        image: discord.Attachment | None = None,
        strength: _options.Strength | None = None,
        trusted: bool | None = None,
        extra: _options.Extra = "",
        private: bool = False,
    ) -> None:
        """Create an image with the most useful parameters of the AI Horde."""
        posts = tuple(filter(None, (post, post2)))
        chosen = merged(
            _options.addons(lora, lora2, embedding),
            build(ImageChoices, post=posts) if posts else NO_CHOICES,
            _options.image_choices(interaction.namespace),
        )
        context = await self._bot.context(interaction)
        await self._bot.submit(interaction, context, chosen)


async def setup(bot: HordecordBot) -> None:
    """Called by discord.py when the module is loaded."""
    await bot.add_cog(Advanced(bot))
