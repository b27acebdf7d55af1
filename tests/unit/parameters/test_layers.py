"""Who decides what: for every field and every pair of layers, the stronger one."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import Catalog, baseline, defaults_for, size_of_shape
from bot.domain.requests import NO_CHOICES, SHAPES, ImageChoices, ImageRequest, Source, merged
from bot.errors import BadOption
from bot.parameters.layers import OF_A_SOURCE, compose
from bot.parameters.upfront_kudos import steps_free
from bot.pictures.preparation import reshaped
from tests.support.layers import LAYER_VALUES, ModelCatalog, layer_of

# Options, extra and preset are chosen for the request; the others stand.
LAYERS = ("options", "extra", "preset", "person", "channel", "server")
CHOSEN = 3


LAYERS_CATALOG = cast("Catalog", ModelCatalog())


def composed(layers: Mapping[str, Mapping[str, Any]]) -> ImageRequest:
    every = [layer_of(layers.get(name, {})) for name in LAYERS]
    first = merged(every[0], ImageChoices(prompt="a fox"))
    return compose(LAYERS_CATALOG, first, *every[1:CHOSEN], standing=every[CHOSEN:])


@pytest.mark.parametrize("field", LAYER_VALUES)
@pytest.mark.parametrize(("strong", "weak"), list(combinations(LAYERS, 2)))
def test_the_stronger_of_two_layers_decides(field: str, strong: str, weak: str) -> None:
    one, other, _ = LAYER_VALUES[field]
    assert getattr(composed({strong: {field: one}, weak: {field: other}}), field) == one
    assert getattr(composed({strong: {field: other}, weak: {field: one}}), field) == other
    assert getattr(composed({weak: {field: other}}), field) == other


def test_sampling_that_was_chosen_for_the_request_is_remembered() -> None:
    one = composed(
        {"preset": {"steps": 9}, "options": {"sampler": "k_lms"}, "person": {"steps": 8}}
    )
    assert one.sampling_chosen == ("steps", "sampler")
    assert composed({"person": {"steps": 8}, "server": {"sampler": "k_lms"}}).sampling_chosen == ()


FIELD_LAYERS = st.fixed_dictionaries(
    {}, optional={field: st.sampled_from(values) for field, values in LAYER_VALUES.items()}
)


@given(st.fixed_dictionaries(dict.fromkeys(LAYERS, FIELD_LAYERS)))
def test_each_field_is_what_the_strongest_who_chose_it_said(
    layers: dict[str, dict[str, Any]],
) -> None:
    request = composed(layers)
    usual = defaults_for(next(iter(request.models)))
    for field in LAYER_VALUES:
        said = [layers[name][field] for name in LAYERS if field in layers[name]]
        if said:
            assert getattr(request, field) == said[0]
        elif field == "steps":  # another sampler or LoRA may allow fewer without kudos
            assert request.steps == min(usual.steps, steps_free(request) or usual.steps)
        elif field in {"cfg_scale", "sampler", "karras", "clip_skip"}:
            assert getattr(request, field) == getattr(usual, field)
        elif field != "models":
            assert getattr(request, field) == ImageRequest.model_fields[field].default


SIDES = st.sampled_from([64, 512, 1024])
NO_SIZE: dict[str, Any] = {}
SIZE_LAYERS = st.one_of(
    st.just(NO_SIZE),
    st.sampled_from(SHAPES).map(lambda name: {"shape": name}),
    st.fixed_dictionaries({}, optional={"width": SIDES, "height": SIDES}),
)
MODEL_LAYERS = st.fixed_dictionaries(
    {}, optional={"models": st.sampled_from([("Deliberate",), ("AlbedoBase XL (SDXL)",), ()])}
)


@given(st.lists(st.tuples(SIZE_LAYERS, MODEL_LAYERS), min_size=6, max_size=6))
def test_who_says_anything_about_the_size_says_all_of_it(
    said: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    layers = {name: size | model for name, (size, model) in zip(LAYERS, said, strict=True)}
    request = composed(layers)
    model = next(iter(request.models), "")
    usual = defaults_for(model or "Deliberate")
    size = next((size for size, _ in said if size), NO_SIZE)
    if "shape" in size:
        assert (request.width, request.height) == size_of_shape(
            size["shape"], baseline(model or "Deliberate")
        )
    else:
        assert request.width == size.get("width", usual.width)
        assert request.height == size.get("height", usual.height)


def test_a_shape_is_of_the_model_that_is_chosen_elsewhere() -> None:
    small = composed({"server": {"shape": "wide"}, "options": {"models": ("Deliberate",)}})
    assert (small.width, small.height) == (640, 384)
    large = composed({"options": {"shape": "wide"}, "person": {"models": ("SDXL 1.0",)}})
    assert (large.width, large.height) == (1344, 768)


def test_a_style_stands_between_a_preset_and_the_defaults() -> None:
    for who in ("options", "extra", "preset"):
        request = composed({who: {"style": "dusk"}, "person": {"steps": 30}})
        assert request.steps == 11
        assert request.sampler == "lcm"
        assert request.style == ""
        assert (request.prompt, request.negative) == ("dusk: a fox", "fog")
        weaker = composed({who: {"style": "dusk"}, "preset": {"steps": 30, "style": "dusk"}})
        assert weaker.steps == 30


def test_a_style_that_stands_is_weaker_than_who_named_it() -> None:
    request = composed({"channel": {"style": "dusk", "steps": 5}, "server": {"sampler": "DDIM"}})
    assert (request.steps, request.sampler) == (5, "lcm")
    stronger = composed({"person": {"sampler": "k_heun"}, "channel": {"style": "dusk"}})
    assert (stronger.steps, stronger.sampler) == (11, "k_heun")


def test_the_words_of_a_person_stand_inside_those_of_the_style() -> None:
    request = composed({"options": {"style": "dusk", "negative": "rain"}})
    assert request.prompt == "dusk: a fox"
    assert request.negative.startswith("fog")
    assert request.negative.endswith("rain")


def test_a_style_of_the_horde_outweighs_everything_as_it_does_there() -> None:
    request = composed({"options": {"style": "theirs", "steps": 30, "n": 3}})
    assert (request.style, request.steps, request.n) == ("the-id", 12, 3)
    assert request.style_name == "theirs"  # its id says nothing to people
    assert request.style_replaces == ("steps",)
    same = composed({"options": {"style": "theirs", "steps": 12}, "server": {"clip_skip": 2}})
    assert same.style_replaces == ()
    sized = composed({"options": {"style": "theirs", "width": 640, "seed": "5"}})
    assert (sized.width, sized.style_replaces) == (640, ("seed",))  # the style has no size
    assert composed({"options": {"style": "dusk"}}).style_name == "dusk"
    assert request.prompt == "a fox"


def test_no_style_is_a_choice_too() -> None:
    request = composed({"extra": {"style": ""}, "server": {"style": "dusk"}})
    assert (request.style, request.prompt) == ("", "a fox")


def test_a_style_that_nobody_lists() -> None:
    private = composed({"options": {"style": "some-private-id"}})
    assert private.style == "some-private-id"
    gone = composed({"server": {"style": "was there once", "steps": 9}})
    assert (gone.style, gone.steps) == ("", 9)


def test_a_picture_to_start_from_gives_its_shape_and_the_mode() -> None:
    source = Source(url="https://x/y.png", width=2000, height=1000)
    request = composed({"options": {"source": source}})
    assert request.mode is None  # its transparent parts decide, once it is there
    assert request.width > request.height
    ours = source.model_copy(update={"file": "1-0.webp"})
    assert composed({"options": {"source": ours}}).mode == "img2img"
    told = composed(
        {"options": {"source": source, "mode": "inpainting"}, "person": {"shape": "tall"}}
    )
    assert told.mode == "inpainting"
    assert told.width < told.height


@pytest.mark.parametrize("size", [{"shape": "square"}, {"width": 512, "height": 512}])
def test_chosen_square_stays_when_the_sides_of_the_source_become_known(
    size: dict[str, Any],
) -> None:
    unknown = Source(url="https://x/y.png")
    true = unknown.model_copy(update={"width": 640, "height": 384})
    chosen = composed({"options": {"source": unknown, **size}})
    assert chosen.width == chosen.height
    assert reshaped(chosen, true) == chosen
    unchosen = reshaped(composed({"options": {"source": unknown}}), true)
    assert unchosen.width > unchosen.height


def test_what_belongs_to_a_picture_is_an_error_only_where_it_was_asked_for() -> None:
    with pytest.raises(BadOption, match="strength"):
        composed({"options": {"strength": 0.5}})
    assert ImageChoices.model_fields.keys() >= OF_A_SOURCE


def test_what_does_not_go_together_is_said_before_the_send() -> None:
    with pytest.raises(BadOption, match="hires_fix"):
        composed(
            {
                "options": {"models": ("Flux.1-Schnell fp8 (Compact)",)},
                "server": {"hires_fix": True},
            }
        )


@given(st.lists(FIELD_LAYERS, max_size=4))
def test_merging_is_the_same_in_one_go_and_in_steps(layers: list[dict[str, Any]]) -> None:
    stepped = NO_CHOICES
    for layer in reversed(layers):
        stepped = merged(layer_of(layer), stepped)
    assert merged(*map(layer_of, layers)) == stepped


def test_weaker_setting_of_another_sampler_is_dropped_and_a_chosen_one_stays() -> None:
    usual = {"sampler": "lcm", "scheduler": "beta", "flow_shift": 3.0}
    assert composed({"preset": usual}).scheduler == "beta"  # refused at the submit, with a sentence
    for strong in ("options", "extra"):
        request = composed({strong: {"sampler": "k_euler"}, "preset": usual})
        assert (request.sampler, request.scheduler, request.flow_shift) == ("k_euler", None, None)
    standing = composed({"person": usual | {"control_strength": 0.5, "sampler": "deis"}})
    assert (standing.sampler, standing.scheduler) == ("k_euler_a", None)
    assert standing.control_strength is None


@pytest.mark.parametrize("weak", LAYERS[1:])
def test_karras_and_scheduler_replace_each_other(weak: str) -> None:
    request = composed({"options": {"karras": False}, weak: {"scheduler": "karras"}})
    assert (request.karras, request.scheduler) == (False, None)
    request = composed({"options": {"scheduler": "normal"}, weak: {"karras": True}})
    assert request.scheduler == "normal"
