"""Choices: chosen and not chosen fields."""

import pytest
from pydantic import ValidationError

from bot.domain.requests import NO_CHOICES, ImageChoices, ImageRequest, merged


def test_choices_tell_an_unset_field_from_a_default() -> None:
    assert ImageChoices(tiling=False).names == {"tiling"}
    assert ImageChoices(tiling=False) != NO_CHOICES
    assert not NO_CHOICES
    assert ImageChoices(clip_skip=None)


def test_merged_choices_take_the_strongest_of_each_field() -> None:
    found = merged(ImageChoices(steps=1), ImageChoices(steps=2, n=3), ImageChoices(n=4))
    assert found == ImageChoices(steps=1, n=3)
    assert hash(found) == hash(ImageChoices(n=3, steps=1))


def test_merged_choices_of_one_side_drop_a_weaker_shape() -> None:
    assert merged(ImageChoices(width=512), ImageChoices(shape="wide")).names == {"width"}


def test_choices_without_a_field_leave_it_unset() -> None:
    both = ImageChoices(steps=9, seed="1")
    assert both.without(["seed"]) == both.only_of(["steps", "n"]) == ImageChoices(steps=9)


@pytest.mark.parametrize("wrong", [{"steps": 501}, {"stesp": 9}, {"shape": "round"}])
def test_choices_that_no_request_takes_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ImageChoices.model_validate(wrong)


def test_choices_have_every_field_of_a_request() -> None:
    assert ImageRequest.model_fields.keys() - ImageChoices.model_fields.keys() == {
        "kind",
        "size_chosen",
        "sampling_chosen",
        "fit",
        "ignored",
    }
