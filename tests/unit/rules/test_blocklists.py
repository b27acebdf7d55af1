"""A server's lists of names: blocked in every spelling."""

import pytest

from bot.domain.alchemy.alchemy_forms import BEST_UPSCALER, UPSCALERS
from bot.domain.requests import NO_CHOICES, AlchemyRequest, ImageChoices, Lora, Source, TextRequest
from bot.errors import NotAllowed
from bot.rules.blocklists import (
    check_names,
    folded,
    form_allowed,
    is_blocked,
    permitted,
    usual_upscaler,
)
from bot.rules.guild_settings import NO_RULES, GuildSettings
from tests.support.builders import FOX_BY_DELIBERATE

PHOTO = Source(url="https://x/y.png")


@pytest.mark.parametrize(
    "name",
    [
        "Add Details",
        "ADD details",
        " add  details ",
        "add\u200b details",  # a space of no width
        "a\ufe0fdd details",  # a selector of a variant
        "ａｄｄ details",  # noqa: RUF001 - the wide forms are the point
        "a\u0336dd details",  # struck through
    ],
)
def test_a_name_is_the_same_however_it_is_written(name: str) -> None:
    assert is_blocked(name, ("add details",))
    assert is_blocked("add details", (name,))
    assert not is_blocked(name, ("add detail",))
    assert not is_blocked(name, ())


def test_a_number_is_the_same_with_zeros_before_it() -> None:
    assert is_blocked("00123", ("123",))
    assert is_blocked("１２３", ("123",))  # noqa: RUF001 - the wide forms are the point
    assert not is_blocked("1230", ("123",))


def test_letters_of_their_own_stay_what_they_are() -> None:
    assert folded("CAFE\u0301") == "caf\u00e9"
    assert folded("\u0939\u093f\u0928") == "\u0939\u093f\u0928"  # vowel signs make the word


def test_upscalers_are_models_too() -> None:
    rules = GuildSettings(models_blocked=("RealESRGAN_x4plus", "gfpgan"))
    for name in ("RealESRGAN_x4plus", "GFPGAN"):
        with pytest.raises(NotAllowed, match="does not allow"):
            check_names(AlchemyRequest(source=PHOTO, forms=(name,)), rules)
        with pytest.raises(NotAllowed, match="does not allow"):
            check_names(FOX_BY_DELIBERATE.model_copy(update={"post": (name,)}), rules)
        assert not form_allowed(name, rules)
    check_names(AlchemyRequest(source=PHOTO, forms=("caption",)), rules)
    assert permitted(ImageChoices(post=("GFPGAN",), steps=3), rules) == ImageChoices(steps=3)


def test_a_version_that_stands_somewhere_is_passed_over_where_loras_are_blocked() -> None:
    layer = ImageChoices(loras=(Lora(name="5", is_version=True),))
    assert permitted(layer, GuildSettings(loras_blocked=("7",))) == NO_CHOICES
    assert permitted(layer, NO_RULES) == layer


def test_models_of_a_style_are_not_taken_for_chosen_ones() -> None:
    rules = GuildSettings(models_blocked=("Deliberate",))
    check_names(FOX_BY_DELIBERATE.model_copy(update={"style": "the-id"}), rules)
    with pytest.raises(NotAllowed, match="deliberate"):
        check_names(TextRequest(prompt="once", models=("deliberate",)), rules)


def test_a_blocked_upscaler_is_not_chosen() -> None:
    assert usual_upscaler(NO_RULES) == BEST_UPSCALER
    blocked = GuildSettings(models_blocked=(BEST_UPSCALER.upper(),))
    assert usual_upscaler(blocked) in {form.name for form in UPSCALERS} - {BEST_UPSCALER}
    every = GuildSettings(models_blocked=tuple(form.label for form in UPSCALERS))
    with pytest.raises(NotAllowed, match="no upscalers"):
        usual_upscaler(every)
