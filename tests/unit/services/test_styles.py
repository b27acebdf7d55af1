"""What the owner of a style enters becomes what the Horde takes."""

import pytest

from bot.domain.requests import ImageChoices
from bot.errors import BadOption
from bot.horde.styles import ImageStyle, TemplateField
from bot.parameters.flags import parse
from bot.services.styles.style_bodies import image_body, image_style_of, style_texts, text_body
from bot.services.styles.style_values import (
    StyleTexts,
    StyleValues,
    declared_fields,
    policy_of,
    tags_of,
)

TEXTS = StyleTexts(name="glass", info="Windows of glass.", prompt="{p}, glass{np}", tags="a, b")
VALUES = StyleValues(kind="image", models=("SDXL 1.0",), choices=parse("--steps 22 --post GFPGAN"))
BEFORE = ImageStyle(
    id="1", name="old", prompt="{p}{np}", models=("Deliberate",), public=False, nsfw=True
)


def test_a_new_image_style_has_the_flags_as_parameters() -> None:
    body = image_body(VALUES, TEXTS, None)
    assert body.params is not None
    assert body.params.model_dump(exclude_none=True) == {
        "steps": 22,
        "post_processing": ("GFPGAN",),
    }
    assert (body.public, body.nsfw, body.tags) == (True, False, ("a", "b"))


def test_a_change_is_whole_but_keeps_the_parameters() -> None:
    body = image_body(StyleValues(kind="image"), TEXTS, BEFORE)
    assert (body.models, body.public, body.nsfw) == (("Deliberate",), False, True)
    assert body.params is None
    assert image_style_of(body, BEFORE, "1").name == "glass"


@pytest.mark.parametrize("flags", ["--seed 7", "--count 2", "--style x", "--private"])
def test_a_flag_that_no_style_can_have_is_named(flags: str) -> None:
    try:
        choices = parse(flags)
    except BadOption:
        return  # no flag at all
    with pytest.raises(BadOption, match="A style cannot set"):
        image_body(VALUES.model_copy(update={"choices": choices}), TEXTS, None)


def test_the_values_survive_the_draft_of_the_form() -> None:
    again = StyleValues.model_validate_json(VALUES.model_dump_json(exclude_unset=True))
    assert again == VALUES
    assert again.choices.names == {"steps", "post"}
    assert not StyleValues(kind="text").given
    assert StyleValues(kind="text", nsfw=False).given


@pytest.mark.parametrize("prompt", ["words", "{p} alone"])
def test_a_prompt_without_its_places_is_refused(prompt: str) -> None:
    texts = TEXTS.model_copy(update={"prompt": prompt})
    with pytest.raises(BadOption, match=r"\{np\}"):
        image_body(VALUES, texts, None)


def test_a_text_style_needs_a_model_and_no_flags() -> None:
    texts = TEXTS.model_copy(update={"prompt": "About {p}:"})
    with pytest.raises(BadOption, match="needs a model"):
        text_body(StyleValues(kind="text"), texts, None)
    with pytest.raises(BadOption, match="no flags"):
        StyleValues(kind="text", models=("m",), choices=ImageChoices(steps=3))


def test_an_image_style_has_no_temperature() -> None:
    with pytest.raises(BadOption, match="no temperature"):
        StyleValues(kind="image", models=("m",), temperature=0.7)


def test_fields_are_read_from_lines_and_written_back() -> None:
    country, value = declared_fields("country*: The country\n\nvalue\n")
    assert (country.name, country.description, country.required) == ("country", "The country", True)
    assert (value.name, value.description, value.required) == ("value", "value", False)
    style = BEFORE.model_copy(
        update={"template_fields": (TemplateField(name="a", description="An a", required=True),)}
    )
    assert style_texts(style, newer=True).fields == "a*: An a"
    assert style_texts(style, newer=False).fields is None


@pytest.mark.parametrize("text", ["Country: x", "p: the prompt", "a\na: twice", "9: x"])
def test_a_wrong_field_is_explained(text: str) -> None:
    with pytest.raises(BadOption):
        declared_fields(text)


def test_a_policy_is_read_from_two_options() -> None:
    assert policy_of("", "") is None
    listed = policy_of("steps, seed", "steps=30")
    assert listed is not None
    assert listed.model_dump(exclude_none=True) == {
        "override": "listed",
        "overridable": ("steps", "seed"),
        "ceilings": {"steps": 30},
    }
    every = policy_of("All", "")
    assert every is not None
    assert every.override == "all"


@pytest.mark.parametrize(("changeable", "ceilings"), [("steps!", ""), ("all", "steps")])
def test_a_wrong_policy_is_explained(changeable: str, ceilings: str) -> None:
    with pytest.raises(BadOption):
        policy_of(changeable, ceilings)


def test_too_many_tags_are_refused() -> None:
    with pytest.raises(BadOption, match="10 tags"):
        tags_of(",".join(map(str, range(11))))
