"""Styles and LoRAs that a server's rules allow, by their contents and by other names."""

from dataclasses import replace
from typing import Any, cast

import pytest

from bot.catalog import Addon, Catalog, PublicSources, Style
from bot.domain.requests import ImageChoices, ImageRequest, Lora
from bot.errors import NotAllowed, UserError
from bot.horde.styles import ImageStyleParams, StyleLora
from bot.rules.guild_settings import NO_RULES, GuildSettings, WordRule
from tests.support.catalogs import DUSK_STYLE, LANTERNS, STYLE_ID, catalog_with_styles

PRIVATE_STYLE_ID = "99999999-2222-4333-8444-555555555555"
STYLED_REQUEST = ImageRequest(prompt="a fox", style=STYLE_ID, models=("SDXL 1.0",))


def refusal_of(catalog: Catalog, request: ImageRequest, **rules: Any) -> str:
    """Why that is refused; "" when it is not."""
    try:
        catalog.check_inside(request, GuildSettings(**rules))
    except NotAllowed as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize(
    ("rules", "because"),
    [
        ({"models_blocked": ("deliberate",)}, "the model Deliberate"),
        ({"loras_blocked": ("501",)}, "the LoRA 501"),
        ({"loras_blocked": ("lanterns",)}, "the LoRA 501"),
        ({"most_steps": 34}, "uses 35 steps"),
        ({"most_side": 960}, "uses sides of 1,024 pixels"),
        ({"styles_blocked": (STYLE_ID.upper(),)}, "the style"),
        ({"styles_blocked": ("DUSK",)}, "the style Dusk"),
        ({"models_blocked": ("Dreamshaper",), "loras_blocked": ("7",)}, ""),
        ({"most_steps": 35, "most_side": 1024, "nsfw": "off"}, ""),
    ],
)
def test_what_is_in_a_style_of_the_horde_is_held_against_the_rules(
    rules: dict[str, Any], because: str
) -> None:
    catalog, asked = catalog_with_styles(), GuildSettings(**rules)
    said = refusal_of(catalog, STYLED_REQUEST, **rules)
    assert (because in said) if because else not said
    upper = STYLED_REQUEST.model_copy(update={"style": STYLE_ID.upper()})
    assert bool(refusal_of(catalog, upper, **rules)) == bool(because)
    offered = [style.name for style in catalog.styles(rules=asked)]
    assert offered == ([] if because else ["Dusk"])


def test_template_of_a_listed_style_is_given_for_the_word_rules() -> None:
    catalog = catalog_with_styles()
    assert "nightfall" in "".join(catalog.templates_inside(STYLED_REQUEST, GuildSettings()))
    assert not catalog.templates_inside(
        STYLED_REQUEST.model_copy(update={"style": PRIVATE_STYLE_ID}), GuildSettings()
    )


def test_a_style_that_no_list_has_is_refused_where_anything_is_not_allowed() -> None:
    catalog = catalog_with_styles()
    asked = STYLED_REQUEST.model_copy(update={"style": PRIVATE_STYLE_ID})
    assert not refusal_of(catalog, asked)
    assert not refusal_of(catalog, asked, nsfw="off", most_count=2)
    for rules in (
        {"models_blocked": ("x",)},
        {"styles_blocked": ("x",)},
        {"loras_blocked": ("x",)},
        {"words": (WordRule(text="x"),)},
        {"most_steps": 500},
        {"most_side": 3072},
    ):
        assert "is in no list" in refusal_of(catalog, asked, **rules)


def test_a_style_is_known_by_its_id_alone() -> None:
    lookalike = DUSK_STYLE.model_copy(update={"name": PRIVATE_STYLE_ID})
    asked = STYLED_REQUEST.model_copy(update={"style": PRIVATE_STYLE_ID})
    assert "is in no list" in refusal_of(catalog_with_styles(lookalike), asked, most_steps=100)


def test_another_backend_knows_nothing_of_the_hordes_styles() -> None:
    catalog = catalog_with_styles(backends=("horde", "studio"))
    there = GuildSettings(backend="studio", models_blocked=("x",))
    assert catalog.styles(rules=there) == []
    assert catalog.style(STYLE_ID, there) is None
    assert "is in no list" in refusal_of(
        catalog, STYLED_REQUEST, backend="studio", models_blocked=("x",)
    )
    gone = GuildSettings(backend="was taken out of the configuration")
    assert [style.name for style in catalog.styles(rules=gone)] == ["Dusk"]
    assert catalog.newcomer(gone).models == ("SDXL 1.0",)


@pytest.mark.parametrize(
    ("lora", "because"),
    [
        (Lora(name="501"), "the LoRA 501"),
        (Lora(name="Lanterns"), "the LoRA Lanterns"),
        (Lora(name="00501"), "the LoRA 00501"),
        (Lora(name="lantern"), "the LoRA lantern is unknown"),
        (Lora(name="501", is_version=True), "number of a version"),
        (Lora(name="77"), ""),
    ],
)
@pytest.mark.parametrize("blocked", [("501",), ("LANTERNS",)])
def test_a_lora_is_blocked_by_all_its_names(
    lora: Lora, because: str, blocked: tuple[str, ...]
) -> None:
    asked = ImageRequest(prompt="a fox", models=("SDXL 1.0",), loras=(lora,))
    said = refusal_of(catalog_with_styles(), asked, loras_blocked=blocked)
    assert (because in said) if because else not said
    assert not refusal_of(catalog_with_styles(), asked, models_blocked=("x",))


def test_versions_are_not_offered_where_loras_are_blocked() -> None:
    catalog, rules = catalog_with_styles(), GuildSettings(loras_blocked=("7",))
    assert [one.name for one in catalog.loras(rules=rules)] == ["Lanterns"]
    assert {one.name for one in catalog.loras()} == {"Lanterns", "Fog"}


def test_a_style_whose_lora_cannot_be_known_is_refused() -> None:
    for lora in (StyleLora(name="900", is_version=True), StyleLora(name="who knows")):
        row = DUSK_STYLE.model_copy(update={"params": ImageStyleParams(loras=(lora,))})
        assert "uses the LoRA" in refusal_of(
            catalog_with_styles(row), STYLED_REQUEST, loras_blocked=("7",)
        )
        assert not refusal_of(catalog_with_styles(row), STYLED_REQUEST, models_blocked=("x",))


def test_a_newcomer_gets_what_is_left() -> None:
    catalog = catalog_with_styles()
    for blocked, chosen in (
        ((), "SDXL 1.0"),
        (("SDXL 1.0",), "Deliberate"),
        (("sdxl 1.0", "deliberate"), "Flux.1-Schnell"),
    ):
        assert catalog.newcomer(GuildSettings(models_blocked=blocked)).models == (chosen,)
    every = GuildSettings(models_blocked=("SDXL 1.0", "Deliberate", "Flux.1-Schnell"))
    with pytest.raises(UserError, match="allows no model"):
        catalog.newcomer(every)


def test_a_file_style_is_left_out_for_what_it_brings() -> None:
    style = Style(
        "stamp", "file", choices=ImageChoices(models=("SDXL 1.0",), loras=(Lora(name="501"),))
    )
    catalog = catalog_with_styles()
    for rules in ({"models_blocked": ("SDXL 1.0",)}, {"loras_blocked": ("Lanterns",)}):
        asked = GuildSettings(**cast("Any", rules))
        assert not catalog.offers(style, asked)
        assert catalog.offers(style, NO_RULES)
        field = "models" if "models_blocked" in rules else "loras"
        assert catalog.why_no_style(style, asked)
        assert not catalog.why_no_style(style, asked, but={field})
    steps = replace(style, choices=ImageChoices(steps=50))
    assert catalog.offers(steps, GuildSettings(most_steps=20))  # brought down where it is used


def test_what_is_known_is_sorted_once_until_more_comes_in() -> None:
    """Rules look up every LoRA of every style, with each keystroke."""
    sorted_at: list[int] = []

    class Sorting:
        version = 1

        @property
        def addons(self) -> tuple[Addon, ...]:
            sorted_at.append(self.version)
            return (LANTERNS,)

        def wonder(self, *_: Any, **__: Any) -> None:
            """Nothing more is known."""

    found = Sorting()
    public = PublicSources(None, None, cast("Any", found))
    for _ in range(3):
        assert public.addon("lora", "lanterns") == LANTERNS
        assert public.addon("embedding", "lanterns") is None
    assert sorted_at == [1, 1]  # once for each kind
    found.version = 2
    assert public.addon("lora", "501") == LANTERNS
    assert sorted_at == [1, 1, 2]
