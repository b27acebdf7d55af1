"""The parameters of styles as choices."""

from bot.catalog.model_reference.style_parser import StyleParams, choices_of_style
from bot.domain.requests import ImageChoices


def test_scheduler_of_a_style_wins_over_karras() -> None:
    params = StyleParams.model_validate({"scheduler": "beta", "karras": True})
    assert choices_of_style(params, ()) == ImageChoices(scheduler="beta")
    params = StyleParams.model_validate({"karras": False})
    assert choices_of_style(params, ()) == ImageChoices(karras=False)


def test_unknown_scheduler_of_a_style_is_left_out() -> None:
    params = StyleParams.model_validate({"scheduler": "of next year", "steps": 12})
    assert choices_of_style(params, ()) == ImageChoices(steps=12)
