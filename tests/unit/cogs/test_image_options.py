"""What options become, before anything is asked."""

import inspect
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.domain.requests import NO_CHOICES, Embedding, ImageChoices, Lora, Source
from bot.errors import BadOption, NotAllowed
from bot.ui.server.changes import managed_guild
from cogs import _options
from cogs.advanced import Advanced
from cogs.estimate import EstimateCog
from cogs.image import Image


class Upload(discord.Attachment):
    """One that no interaction brought."""

    def __init__(self, content_type: str) -> None:
        self.url, self.filename, self.size = "https://cdn/x", "x", 5
        self._flags = 0
        self.content_type, self.width, self.height = content_type, 64, 64


def interaction(guild: int | None, *, manages: bool) -> Any:
    permissions = SimpleNamespace(manage_guild=manages)
    return cast("Any", SimpleNamespace(guild_id=guild, permissions=permissions))


def parameters_of(cog: type[Any], name: str) -> set[str]:
    command = getattr(cog, name)
    return set(inspect.signature(command.callback).parameters) - {"self", "interaction"}


def test_image_choices_hold_what_was_used_alone() -> None:
    used = {"prompt": "a fox", "model": "Deliberate", "count": 3, "cfg": 0.0, "tiling": False}
    assert _options.image_choices((used | {"seed": "", "post": "GFPGAN"}).items()) == ImageChoices(
        prompt="a fox", models=("Deliberate",), n=3, cfg_scale=0.0, tiling=False
    )


def test_image_choices_of_an_option_outweigh_those_of_a_flag() -> None:
    given = {"count": 2, "extra": "--count 4 --steps 9"}
    assert _options.image_choices(given.items()) == ImageChoices(n=2, steps=9)


def test_image_choices_beyond_a_limit_are_refused() -> None:
    with pytest.raises(BadOption, match="`steps`"):
        _options.image_choices([("steps", 501)])


@pytest.mark.parametrize(("cog", "name"), [(Image, "imagine"), (EstimateCog, "estimate")])
def test_every_option_of_a_simple_command_is_a_choice(cog: type[Any], name: str) -> None:
    assert parameters_of(cog, name) - {"extra", "seconds"} <= _options.FIELDS.keys()
    assert set(_options.FIELDS.values()) <= ImageChoices.model_fields.keys()


def test_an_upload_becomes_a_source_or_says_which_option_is_wrong() -> None:
    chosen = _options.image_choices([("image", Upload("image/png"))])
    assert chosen == ImageChoices(
        source=Source(url="https://cdn/x", filename="x", size=5, width=64, height=64)
    )
    with pytest.raises(BadOption, match="`image`"):
        _options.image_choices([("image", Upload("text/plain"))])


@pytest.mark.parametrize(("pixels", "rounded"), [(64, 64), (500, 512), (95, 64), (3072, 3072)])
def test_sides_are_rounded_to_what_the_horde_takes(pixels: int, rounded: int) -> None:
    assert _options.image_choices([("width", pixels)]) == ImageChoices(width=rounded)


def test_addons_have_their_strength_behind_a_colon() -> None:
    assert _options.addons(
        "12345:0.8", "Add More Details:-0.5", "7808:1.2@negprompt"
    ) == ImageChoices(
        loras=(Lora(name="12345", model=0.8), Lora(name="Add More Details", model=-0.5)),
        embeddings=(Embedding(name="7808", inject="negprompt", strength=1.2),),
    )
    assert _options.addons("", "", "") == NO_CHOICES
    with pytest.raises(BadOption, match="strength"):
        _options.addons("12345:strong", "", "")
    with pytest.raises(BadOption, match=r"^`lora2`: A strength .* Here: `--lora foo:«bar»`$"):
        _options.addons("12345", "foo:bar", "")
    assert _options.addons("a", "", "b --steps 7").steps == 7  # as anywhere in `extra`


def test_estimate_takes_what_imagine_takes() -> None:
    assert parameters_of(Image, "imagine") - parameters_of(EstimateCog, "estimate") == {"private"}
    assert len(parameters_of(Advanced, "advanced")) == 25


def test_who_may_change_a_server() -> None:
    assert managed_guild(interaction(5, manages=True)) == 5
    with pytest.raises(NotAllowed, match="Manage Server"):
        managed_guild(interaction(5, manages=False))
    with pytest.raises(NotAllowed, match="servers only"):
        managed_guild(interaction(None, manages=True))


@pytest.mark.parametrize("word", ["-1", " -1 ", "\N{MINUS SIGN}1", "random", "Random", "none", " "])
def test_seed_option_of_a_word_for_a_new_seed_sends_none(word: str) -> None:
    assert _options.image_choices({"seed": word}.items()).seed == ""


@pytest.mark.parametrize(("typed", "sent"), [("0", "0"), (" 12 ", "12"), ("-12", "-12")])
def test_seed_option_of_a_number_keeps_it(typed: str, sent: str) -> None:
    assert _options.image_choices({"seed": typed}.items()).seed == sent
