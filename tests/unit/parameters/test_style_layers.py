"""Requests with a style of the Horde that has a policy or fields, and with a collection."""

from typing import Any

import pytest

from bot.backends.horde.payloads import dry_run_input, image_input
from bot.catalog import Catalog
from bot.domain.compatibility import dropped_by_style
from bot.domain.requests import ImageChoices, ImageRequest, TemplateText, merged
from bot.domain.style_declarations import MissingFields
from bot.errors import BadOption
from bot.horde.style_editing.style_collections import CollectedStyle, Collection
from bot.horde.style_editing.style_contract import StyleContract
from bot.horde.styles import ImageStyle, ImageStyleParams, ParameterPolicy, TemplateField
from bot.parameters.flags import parse
from bot.parameters.layers import compose
from bot.rules.guild_settings import NO_RULES
from bot.services.styles.style_checks import check_declarations
from tests.support.catalogs import catalog_with_styles

MODEL = "SDXL 1.0"
STAMP = ImageStyle(
    id="00000000-0000-4000-8000-00000000000a",
    name="stamp",
    prompt="{p} of {country}, {value}{np}",
    models=(MODEL,),
    params=ImageStyleParams(steps=20, sampler_name="k_euler"),
    parameter_policy=ParameterPolicy(
        override="listed", overridable=("width", "height", "steps"), ceilings={"steps": 30, "n": 2}
    ),
    template_fields=(
        TemplateField(name="country", description="The country", required=True),
        TemplateField(name="value"),
    ),
)
SEAL = ImageStyle(
    id="00000000-0000-4000-8000-00000000000b",
    name="seal",
    models=(MODEL,),
    parameter_policy=ParameterPolicy(),
    template_fields=(TemplateField(name="letters", required=True),),
)
PLAIN = ImageStyle(id="00000000-0000-4000-8000-00000000000c", name="plain", models=(MODEL,))
FOX = ImageChoices(prompt="a fox")
NORWAY = "--field country=Norway"


def known(*members: ImageStyle, unlisted: bool = False) -> Catalog:
    """A catalog of a newer Horde; the collection is named "both"."""
    catalog = catalog_with_styles(STAMP, SEAL, PLAIN)
    styles = catalog._public._horde_styles
    assert styles is not None
    styles.contract = StyleContract(schema_version=1)
    inside = [CollectedStyle(id=each.id) for each in members]
    inside += [CollectedStyle(id="private")] * unlisted
    both = Collection(id="both-id", name="both", styles=tuple(inside))
    styles._take((STAMP, SEAL, PLAIN), (both,))
    return catalog


def request_of(
    style: str,
    extra: str = "",
    *,
    catalog: Catalog | None = None,
    standing: tuple[ImageChoices, ...] = (),
) -> ImageRequest:
    chosen = merged(FOX, ImageChoices(style=style) if style else FOX, parse(extra))
    return compose(catalog or known(STAMP, SEAL), chosen, standing=standing)


def params_of(request: ImageRequest) -> dict[str, Any]:
    return image_input(request).params.model_dump(exclude_none=True)


def check(request: ImageRequest, catalog: Catalog | None = None) -> None:
    catalog = catalog or known(STAMP, SEAL)
    offered = catalog.style_contract is not None
    check_declarations(request, catalog.styles_inside(request, NO_RULES), offered=offered)


def test_listed_values_are_sent_and_others_are_named() -> None:
    request = request_of("stamp", f"--steps 25 --cfg 9 --sampler lcm --seed 7 {NORWAY}")
    assert params_of(request) == {"steps": 25, "n": 1}
    assert dropped_by_style(request) == ("cfg_scale", "sampler", "seed")
    assert (request.steps, request.sampler, request.cfg_scale) == (25, "k_euler", 5.0)
    assert (request.width, request.height) == (512, 512)  # of the Horde, where nothing is said


def test_only_chosen_values_are_sent_beside_a_policy() -> None:
    defaults = ImageChoices(steps=28, width=768, height=768, clip_skip=2)
    request = request_of("stamp", NORWAY, standing=(defaults,))
    assert params_of(request) == {"n": 1}
    assert request.steps == 20


def test_shape_is_sent_as_sides_where_both_are_open() -> None:
    request = request_of("stamp", f"--shape wide {NORWAY}")
    assert params_of(request) == {"width": request.width, "height": request.height, "n": 1}
    assert request.width > request.height
    request = request_of("seal", "--shape wide --field letters=AB")
    assert params_of(request) == {"n": 1}
    assert dropped_by_style(request) == ("shape",)


def test_style_without_a_policy_is_sent_as_before() -> None:
    request = request_of("plain", "--steps 25 --size 768x512")
    assert (params_of(request)["width"], params_of(request)["steps"]) == (768, 30)
    assert dropped_by_style(request) == ("steps",)


def test_unlisted_style_names_all_that_it_may_decide() -> None:
    request = request_of("private-one", "--steps 25 --size 768x512 --cfg 9 --count 2")
    assert dropped_by_style(request) == ("width", "height", "steps", "cfg_scale")
    assert params_of(request).keys() == {"width", "height", "steps", "cfg_scale", "n"}
    older = catalog_with_styles(STAMP)
    request = request_of("private-one", "--steps 25", catalog=older)
    assert dropped_by_style(request) == ("steps",)
    assert "sampler_name" in params_of(request)


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("--steps 31", "The style **stamp** allows `steps` up to 30. You chose 31."),
        ("--count 3", "allows `n` up to 2"),
        ("--field town=Oslo", "has no field `town`. Its fields are `country` and `value`."),
    ],
)
def test_refused_value_is_one_sentence(extra: str, said: str) -> None:
    with pytest.raises(BadOption) as error:
        check(request_of("stamp", f"{NORWAY} {extra}"))
    assert said in str(error.value)


def test_ceiling_itself_and_ignored_values_are_not_refused() -> None:
    check(request_of("stamp", f"--steps 30 --count 2 {NORWAY}"))
    check(request_of("stamp", NORWAY, standing=(ImageChoices(n=4),)))


def test_missing_required_field_is_asked_for_before_the_others() -> None:
    with pytest.raises(MissingFields, match="needs a text for the field `country`") as error:
        check(request_of("stamp", "--field value=5c"))
    assert [field.name for field in error.value.fields] == ["country"]
    assert error.value.given == (TemplateText(name="value", text="5c"),)
    with pytest.raises(MissingFields) as error:
        check(request_of("stamp"))
    assert [field.name for field in error.value.fields] == ["country", "value"]


def test_fields_need_a_style_that_has_them() -> None:
    with pytest.raises(BadOption, match="need a style of the Horde"):
        check(request_of("", NORWAY))
    with pytest.raises(BadOption, match="has no fields"):
        check(request_of("plain", NORWAY))
    with pytest.raises(BadOption, match="This Horde has no fields of styles"):
        check(request_of("private-one", NORWAY), catalog_with_styles(STAMP))
    check(request_of("private-one", NORWAY))


def test_words_of_all_fields_are_counted_as_the_horde_does() -> None:
    texts = tuple(
        TemplateText(name=name, text="a " * 1_999 + "a") for name in ("a", "b", "c", "country")
    )
    request = request_of("stamp").model_copy(update={"template_fields": texts})
    with pytest.raises(BadOption, match="take 7,500 words together"):
        check(request)


def test_texts_of_a_preset_for_another_style_are_left_out() -> None:
    catalog, preset = known(), parse(f'--style stamp {NORWAY} --field value="5 c"')
    kept = compose(catalog, FOX, preset)
    assert {each.name for each in kept.template_fields} == {"country", "value"}
    other = compose(catalog, merged(FOX, ImageChoices(style="seal")), preset)
    assert not other.template_fields
    assert not compose(catalog, merged(FOX, ImageChoices(style="")), preset).template_fields


def test_texts_are_sent_and_a_price_request_hides_them() -> None:
    request = request_of("stamp", '--field country="New Zealand"')
    assert image_input(request).template_fields == {"country": "New Zealand"}
    assert dry_run_input(request).template_fields == {"country": "price"}
    assert image_input(request_of("plain")).template_fields is None


# Collections


def test_collection_is_named_and_only_chosen_values_are_sent() -> None:
    request = request_of("collection::Both", f"--steps 25 --cfg 9 {NORWAY}")
    assert (request.style, request.collection, request.style_name) == ("both-id", "both", "")
    assert params_of(request) == {"steps": 25, "cfg_scale": 9.0, "n": 1}
    assert dropped_by_style(request) == ("steps", "cfg_scale")
    with_plain = request_of("both", catalog=known(STAMP, PLAIN))
    assert params_of(with_plain).keys() == {"width", "height", "n"}


@pytest.mark.parametrize("extra", [NORWAY, "--field letters=AB"])
def test_collection_takes_the_texts_of_one_of_its_styles(extra: str) -> None:
    check(request_of("both", extra))


def test_collection_asks_for_the_fields_of_all_its_styles() -> None:
    with pytest.raises(MissingFields, match="Give those of one style") as error:
        check(request_of("both"))
    assert {field.name for field in error.value.fields} == {"country", "value", "letters"}
    assert not any(field.required for field in error.value.fields)
    assert "`country` and `value`; `letters`" in str(error.value)


def test_collection_refuses_texts_that_no_style_takes_together() -> None:
    with pytest.raises(BadOption, match="No style of the collection"):
        check(request_of("both", f"{NORWAY} --field letters=AB"))


def test_collection_refuses_what_a_fitting_style_refuses() -> None:
    with pytest.raises(BadOption, match="A style of the collection"):
        check(request_of("both", f"{NORWAY} --steps 31"))
    check(request_of("both", "--field letters=AB --steps 31"))


def test_collection_with_an_unlisted_style_is_left_to_the_horde() -> None:
    catalog = known(STAMP, unlisted=True)
    check(request_of("both", catalog=catalog), catalog)


def test_collection_with_a_style_without_fields_needs_no_text() -> None:
    catalog = known(STAMP, PLAIN)
    check(request_of("both", catalog=catalog), catalog)
