"""The public files as facts: right ones, broken ones, and any JSON at all."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog.entries import Style
from bot.catalog.image_defaults import defaults_for
from bot.catalog.model_reference.reference_index import library_of
from bot.catalog.model_reference.reference_parser import categories_of, models_of, previews_of
from bot.catalog.model_reference.style_parser import enhancements_of, styles_of
from bot.domain.requests import ImageRequest
from bot.errors import BadReply

RAW_MODEL: dict[str, Any] = {
    "baseline": "stable_diffusion_xl",
    "nsfw": True,
    "description": "Bright\nand  quick.",
    "trigger": ["glowworm", 7, None],
    "style": "artistic",
    "homepage": "https://example.org/m",
    "showcases": ["https://pictures.example/1.png"],
    "requirements": {
        "min_steps": 3,
        "max_steps": 6,
        "cfg_scale": 2,
        "samplers": ["k_dpmpp_sde", "no_such_sampler"],
        "schedulers": ["karras"],
        "clip_skip": 2,
    },
}
RAW_STYLE: dict[str, Any] = {
    "prompt": "a stamp of {p}###{np}, blurry",
    "model": "Glowworm XL",
    "steps": 20,
    "width": 832,
    "height": 1216,
    "sampler_name": "k_euler",
    "loras": [{"name": "12", "is_version": True, "model": 0.5}, {"name": ""}],
    "tis": [{"name": "34", "inject_ti": "negprompt"}],
}


def raw(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_a_model_with_everything() -> None:
    facts = models_of(raw({"Glowworm XL": RAW_MODEL}))["Glowworm XL"]
    assert (facts.base, facts.nsfw, facts.genre) == ("sdxl", True, "artistic")
    assert facts.description == "Bright and quick."
    assert facts.triggers == ("glowworm", "7")
    assert facts.needs.samplers == ("k_dpmpp_sde",)
    suited = defaults_for("Glowworm XL", facts)
    assert (suited.steps, suited.cfg_scale, suited.sampler) == (
        3,
        2.0,
        "k_dpmpp_sde",
    )  # 6 as the Horde counts them
    assert (suited.width, suited.karras, suited.clip_skip) == (1024, True, 2)


@pytest.mark.parametrize(
    ("said", "base"),
    [
        ("stable diffusion 1", "sd15"),
        ("stable_diffusion_2", "sd2"),
        ("Stable Diffusion XL", "sdxl"),
        ("flux_1", "flux"),
        ("qwen_image", "qwen"),
    ],
)
def test_baselines_in_the_references_words(said: str, base: str) -> None:
    assert models_of(raw({"x": {"baseline": said}}))["x"].base == base


def test_a_new_baseline_is_guessed_by_the_name() -> None:
    assert models_of(raw({"mine XL": {"baseline": "nobody_knows"}}))["mine XL"].base == "sdxl"


def test_one_broken_entry_costs_that_entry_and_one_field_that_field() -> None:
    found = models_of(
        raw(
            {
                "good": RAW_MODEL,
                "none": None,
                "no baseline": {"nsfw": True},
                "odd": RAW_MODEL | {"trigger": {"a": 1}, "requirements": [1], "nsfw": "perhaps"},
                "": RAW_MODEL,
                "n" * 101: RAW_MODEL,
            }
        )
    )
    assert set(found) == {"good", "odd"}
    assert found["odd"].triggers == ()
    assert not found["odd"].nsfw
    assert found["odd"].needs.clip_skip is None


def test_a_style_decides_what_it_may() -> None:
    (style,) = styles_of(raw({"stamp": RAW_STYLE, "no place": {"prompt": "a fox"}, "bad": 3}))
    request = ImageRequest.model_validate({"prompt": "x", **style.choices.values()})
    assert request.models == ("Glowworm XL",)
    assert (request.steps, request.width, request.height) == (20, 832, 1216)
    assert [(one.name, one.model, one.is_version) for one in request.loras] == [("12", 0.5, True)]
    assert request.embeddings[0].inject == "negprompt"


def styled(template: str) -> Style:
    return Style("s", "file", template=template)


@pytest.mark.parametrize(
    ("template", "prompt", "negative", "wanted", "unwanted"),
    [
        ("{p}{np}", "a fox", "dogs", "a fox", "dogs"),
        ("{p}{np}", "a fox", "", "a fox", ""),
        ("{p}, ink###{np}, blurry", "a fox", "", "a fox, ink", "blurry"),
        ("{p}, ink###{np}, blurry", "a fox", "dogs", "a fox, ink", "dogs, blurry"),
        ("ink of {p}###ugly{np}", "a fox", "dogs", "ink of a fox", "ugly, dogs"),
        ("{p}###one###two{np}", "a fox", "dogs", "a fox", "one,two, dogs"),
        ("{p} only", "a fox", "dogs", "a fox only", "dogs"),
        ("{p} and {p}{np}", "a fox", "", "a fox and a fox", ""),
        ("{p}###{np}, x", "a fox ### cats", "dogs", "a fox", "dogs, cats, x"),
        ("{p}, ink###{np}", "{np} {p}", "{p}", "{np} {p}, ink", "{p}"),
    ],
)
def test_words_are_put_into_a_template(
    template: str, prompt: str, negative: str, wanted: str, unwanted: str
) -> None:
    assert styled(template).apply(prompt, negative) == (wanted, unwanted)


def test_the_horde_applies_its_own() -> None:
    style = Style("s", "horde", id="1", template="x {p}{np}")
    assert style.apply("a ### b", "c") == ("a ### b", "c")


@given(st.text(), st.text(), st.text())
def test_any_template_takes_any_words(template: str, prompt: str, negative: str) -> None:
    wanted, _ = styled("{p}" + template).apply(prompt, negative)
    assert prompt.partition("###")[0].strip().strip(" ,") in wanted
    assert "###" not in wanted


@pytest.mark.parametrize("text", [b"", b"[1]", b"<html>", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_such_file_is_said(text: bytes) -> None:
    for read in (models_of, styles_of, categories_of, previews_of):
        with pytest.raises(BadReply):
            read(text)


ANY_FILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*RAW_MODEL, *RAW_STYLE, "x"]) | st.text(max_size=9), inner
        )
    ),
    max_leaves=12,
)
ENTRIES = st.dictionaries(st.text(max_size=30), ANY_FILE | st.fixed_dictionaries(
    {}, optional=dict.fromkeys([*RAW_MODEL, *RAW_STYLE], ANY_FILE)
), max_size=5)  # fmt: skip


@settings(max_examples=60)
@given(ENTRIES, ENTRIES)
def test_any_json_gives_facts_that_can_be_used(one: dict[str, Any], other: dict[str, Any]) -> None:
    models, styles = models_of(raw(one)), styles_of(raw(other))
    library = library_of(models, styles, categories_of(raw(one)), previews_of(raw(other)))
    for facts in models.values():
        suited = defaults_for(facts.name, facts)
        fields = {name: getattr(suited, name) for name in suited.__slots__}
        ImageRequest.model_validate({"prompt": "x", **fields})
    for style in library.styles:
        ImageRequest.model_validate({"prompt": "x", **style.choices.values()})
        assert all(isinstance(url, str) for url in style.examples)


def test_groups_pictures_and_what_comes_first() -> None:
    two: dict[str, Any] = {name: RAW_STYLE | {"loras": []} for name in ("plain", "fine", "loud")}
    library = library_of(
        models_of(raw({"Glowworm XL": RAW_MODEL})),
        styles_of(raw(two | {"mild": {"prompt": "{p}"}})),
        {"featured": ("fine",), "prints": ("plain", "fine"), "other": ("plain",)},
        {"fine": ("https://pictures.example/fine.png",)},
    )
    fine, plain, loud, mild = library.styles
    assert [style.name for style in (fine, plain, loud, mild)] == ["fine", "plain", "loud", "mild"]
    assert (fine.category, plain.category, loud.category) == ("prints", "prints", "")
    assert fine.examples == ("https://pictures.example/fine.png",)
    assert (fine.nsfw, mild.nsfw) == (True, False)  # as its model is


def test_loras_of_styles_are_known() -> None:
    library = library_of(
        models_of(raw({"Glowworm XL": RAW_MODEL})), styles_of(raw({"a": RAW_STYLE, "b": RAW_STYLE}))
    )
    lora, embedding = library.addons
    assert (lora.kind, lora.id, lora.is_version, lora.base) == ("lora", "12", True, "sdxl")
    assert lora.styles == ("a", "b")
    assert (embedding.kind, embedding.id) == ("embedding", "34")


def test_any_trigger_is_no_word_to_say() -> None:
    for trigger, words in (("any", ()), ("lit lantern", ("lit lantern",))):
        lora = {"name": "77", "inject_trigger": trigger}
        styles = styles_of(raw({"a": RAW_STYLE | {"loras": [lora]}}))
        assert (
            library_of(models_of(raw({"Glowworm XL": RAW_MODEL})), styles).addons[0].triggers
            == words
        )


def test_styles_that_ask_for_it_get_what_goes_with_their_baseline() -> None:
    found = styles_of(
        raw(
            {
                "old": {"prompt": "{p}", "model": "Mender", "enhance": True}
                | {"tis": [{"name": "9"}]},
                "new": {"prompt": "{p}", "model": "Mine XL", "enhance": True},
                "plain": {"prompt": "{p}", "model": "Mender", "enhance": False},
            }
        )
    )
    more = enhancements_of(
        raw(
            {
                "stable diffusion 1": {
                    "tis": [{"name": "9"}, {"name": "5", "inject_ti": "negprompt"}]
                },
                "stable_diffusion_xl": {"steps": 33},
                "nobody knows": {"steps": 1},
                "stable diffusion 2": 7,
            }
        )
    )
    assert set(more) == {"sd15", "sdxl"}
    models = models_of(raw({"Mender": RAW_MODEL | {"baseline": "stable diffusion 1"}}))
    styles = {s.name: s.choices for s in library_of(models, found, enhancements=more).styles}
    names = [(one.name, one.inject) for one in styles["old"].embeddings]
    assert names == [("9", ""), ("5", "negprompt")]
    assert styles["new"].steps == 33
    assert "embeddings" not in styles["plain"].names
    without = {s.name: s.choices for s in library_of(models, found).styles}
    assert [one.name for one in without["old"].embeddings] == ["9"]
