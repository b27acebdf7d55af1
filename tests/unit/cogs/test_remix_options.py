"""The options of /remix, and what suits a picture that starts from another."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.backends.values import Model
from bot.catalog import Catalog, Style
from bot.catalog.served_models import ModelIndex
from bot.domain.requests import NO_CHOICES, ImageChoices, Kind, merged
from bot.errors import BadOption, UserError
from bot.parameters.flags import parse
from bot.parameters.layers import compose
from bot.parameters.source_defaults import AREAS, CELLS, FULL_STRENGTH, REPAINTED, WAYS, suited
from bot.rules.guild_settings import GuildSettings
from cogs._remixes import EXPAND_BY, Start, remix_choices
from tests.support.builders import SQUARE_SOURCE
from tests.support.layers import layer_of

SERVED = (
    *("Pony Diffusion XL", "SDXL 1.0", "Dreamshaper", "Deliberate Inpainting"),
    *("stable_diffusion_inpainting", "Stable Cascade 1.0", "Deliberate"),
)


def square_attachment(name: str = "x", kind: str = "image/png") -> Any:
    sides = {"width": 512, "height": 512}
    more = {"size": 5, "content_type": kind, "is_spoiler": lambda: name.startswith("SPOILER_")}
    return SimpleNamespace(url="https://cdn/x", filename=name, **sides, **more)


def from_source(chosen: dict[str, Any]) -> ImageChoices:
    return layer_of(chosen | {"source": SQUARE_SOURCE})


@pytest.fixture
def served_catalog(tmp_path: Any) -> Catalog:
    found = Catalog({"horde": SimpleNamespace()}, tmp_path)  # pyright: ignore[reportArgumentType] - never asked
    models = [Model(name, Kind.IMAGE, 20 - number, 0) for number, name in enumerate(SERVED)]
    found._shelves["horde", Kind.IMAGE] = ModelIndex(tuple(models))
    return found


@pytest.mark.parametrize(
    ("options", "mode"),
    [
        ({}, None),  # so that `extra` may name one; else it is img2img
        ({"mode": "img2img"}, "img2img"),
        ({"area": "border"}, "inpainting"),
        ({"mask": square_attachment()}, "inpainting"),
        ({"mode": "inpainting"}, "inpainting"),
        ({"expand": "up"}, "outpainting"),
        ({"expand_by": 64}, "outpainting"),
        ({"mode": "outpainting"}, "outpainting"),
        ({"others": (square_attachment(),)}, "remix"),
    ],
)
def test_the_mode_is_what_the_other_options_ask_for(
    options: dict[str, Any], mode: str | None
) -> None:
    chosen = remix_choices(Start(square_attachment(), **options))
    assert chosen.mode == mode
    assert ("mode" in chosen.names) is (mode is not None)


@pytest.mark.parametrize(
    ("flags", "mode"),
    [
        ("--parts left,top", "inpainting"),
        ("--expand 64", "outpainting"),
        ("--control canny", "img2img"),
        ("", None),  # the transparent part decides
    ],
)
def test_flags_name_a_mode_where_no_option_does(
    served_catalog: Catalog, flags: str, mode: str | None
) -> None:
    start = ImageChoices(prompt="a window", source=SQUARE_SOURCE)
    layers = merged(remix_choices(Start(square_attachment())), start), parse(flags)
    suits = suited(served_catalog, merged(*layers), nsfw=True)
    assert compose(served_catalog, *layers, suits).mode == mode


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mode": "img2img", "area": "top"}, "`area` and `mask` need the mode inpainting"),
        ({"mode": "remix", "expand": "up"}, "need the mode outpainting"),
        ({"area": "top", "expand": "up"}, "need the mode outpainting"),
        ({"mode": "inpainting", "others": (square_attachment(),)}, "need the mode remix"),
        ({"area": "top", "mask": square_attachment()}, "exclude each other"),
        ({"expand": "up", "shape": "wide"}, "is not possible with outpainting"),
        ({"mask": square_attachment("a.txt", "text/plain")}, "`mask`: This file is not an image"),
        (
            {"others": (square_attachment(), square_attachment(kind="video/mp4"))},
            "`image3`: This file is not an image",
        ),
    ],
)
def test_options_that_contradict_each_other(options: dict[str, Any], words: str) -> None:
    with pytest.raises(BadOption, match=words):
        remix_choices(Start(square_attachment(), **options))


def test_a_jpeg_has_no_holes() -> None:
    with pytest.raises(BadOption, match="needs an `area`, a `mask`"):
        remix_choices(Start(square_attachment(kind="image/jpeg"), mode="inpainting"))
    assert remix_choices(Start(square_attachment(kind="image/jpeg"), area="top")).parts == ("top",)


def test_where_and_by_how_much() -> None:
    usual = remix_choices(Start(square_attachment(), mode="outpainting")).expand
    assert usual == (EXPAND_BY,) * 4
    assert remix_choices(Start(square_attachment(), expand="wider", expand_by=64)).expand == (
        64,
        0,
        64,
        0,
    )
    assert len(set(WAYS.values())) == len(WAYS) == 7


def test_areas_are_cells_of_three_by_three() -> None:
    assert len(set(CELLS)) == 9
    assert all(set(cells) < set(CELLS) for cells in AREAS.values())
    assert AREAS["left third"] == ("top left", "left", "bottom left")
    assert len(AREAS["border"]) == 8
    assert len(AREAS) <= 25


@pytest.mark.parametrize(
    ("chosen", "standing", "model"),
    [
        ({"mode": "img2img"}, {}, None),
        ({"mode": "remix"}, {}, "Stable Cascade 1.0"),
        ({"mode": "remix"}, {"models": ("SDXL 1.0",)}, "Stable Cascade 1.0"),
        ({"mode": "remix", "models": ("SDXL 1.0",)}, {}, None),
        ({"mode": "remix", "style": "noir"}, {}, None),
        ({"mode": "inpainting"}, {}, "Deliberate Inpainting"),
        ({"mode": "outpainting"}, {}, "Deliberate Inpainting"),
        ({"mode": "inpainting"}, {"models": ("SDXL 1.0",)}, None),
        ({"mode": "img2img", "control": "canny"}, {}, "Dreamshaper"),
        ({"mode": "img2img", "control": "canny"}, {"models": ("SDXL 1.0",)}, "Dreamshaper"),
        ({"mode": "img2img", "control": "canny"}, {"models": ("Deliberate",)}, None),
    ],
)
def test_the_mode_brings_a_model_that_can_do_it(
    served_catalog: Catalog, chosen: dict[str, Any], standing: dict[str, Any], model: str | None
) -> None:
    found = suited(
        served_catalog,
        from_source(chosen),
        layer_of(standing),
        nsfw=True,
    )
    assert found.models == ((model,) if model else ())


@pytest.mark.parametrize(
    ("chosen", "blocked", "model"),
    [
        ({"mode": "inpainting"}, ("deliberate inpainting",), "stable_diffusion_inpainting"),
        ({"control": "canny"}, ("Dreamshaper",), "Deliberate"),
        ({"mode": "inpainting"}, ("Deliberate Inpainting", "stable_diffusion_inpainting"), None),
        ({"workflow": "qr_code"}, ("SDXL 1.0",), "Pony Diffusion XL"),
    ],
)
def test_nothing_that_is_blocked_is_chosen_for_anybody(
    served_catalog: Catalog, chosen: dict[str, Any], blocked: tuple[str, ...], model: str | None
) -> None:
    rules = GuildSettings(models_blocked=blocked)
    standing = {"models": ("Stable Cascade 1.0",)} if "workflow" in chosen else {}
    found = suited(
        served_catalog,
        from_source(chosen),
        layer_of(standing),
        nsfw=True,
        rules=rules,
    )
    assert found.models == ((model,) if model else ())


@pytest.mark.parametrize(
    ("chosen", "blocked"),
    [
        ({"mode": "remix"}, ("STABLE cascade 1.0",)),
        ({"control": "hed"}, ("Dreamshaper", "Deliberate", "Deliberate Inpainting")),
    ],
)
def test_where_none_is_left_that_can_it_is_said(
    served_catalog: Catalog, chosen: dict[str, Any], blocked: tuple[str, ...]
) -> None:
    rules = GuildSettings(models_blocked=blocked)
    with pytest.raises(UserError, match="blocks all available models"):
        suited(served_catalog, from_source(chosen), rules=rules)
    served_catalog._shelves["horde", Kind.IMAGE] = ModelIndex(
        (Model("SDXL 1.0", Kind.IMAGE, 1, 0),)
    )
    assert "models" not in suited(served_catalog, from_source(chosen), rules=rules).names


def test_a_code_in_a_server_that_leaves_others_only(served_catalog: Catalog) -> None:
    served = ("Flux.1-Schnell", "SDXL 1.0")
    served_catalog._shelves["horde", Kind.IMAGE] = ModelIndex(
        Model(n, Kind.IMAGE, 3, 0) for n in served
    )
    code = ImageChoices(workflow="qr_code")
    assert suited(served_catalog, code, rules=GuildSettings(models_blocked=("x",))) == NO_CHOICES
    with pytest.raises(UserError, match="blocks all available models"):
        suited(served_catalog, code, rules=GuildSettings(models_blocked=("SDXL 1.0",)))


def test_a_strength_where_nobody_said_one(served_catalog: Catalog) -> None:
    for more, strength in (
        ({}, REPAINTED),
        ({"mode": "remix"}, FULL_STRENGTH),
        ({"control": "hed"}, FULL_STRENGTH),
    ):
        assert suited(served_catalog, from_source(more)).strength == strength
    assert (
        "strength"
        not in suited(served_catalog, ImageChoices(source=SQUARE_SOURCE, strength=0.1)).names
    )
    assert suited(served_catalog, ImageChoices(prompt="x")) == NO_CHOICES


def test_a_strength_beside_a_style_that_would_pass_it_over(
    served_catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    styles = {"horde": Style("a", "horde", id="a"), "file": Style("b", "file")}

    def style(name: str, _: object) -> Style | None:
        return styles.get(name)

    monkeypatch.setattr(served_catalog, "style", style)
    for chosen, standing in (({"style": "horde"}, {}), ({}, {"style": "horde"})):
        known = from_source(chosen)
        assert "strength" not in suited(served_catalog, known, layer_of(standing)).names
    for name in ("file", "nobody's", ""):
        assert (
            "strength"
            in suited(served_catalog, ImageChoices(source=SQUARE_SOURCE, style=name)).names
        )


def test_an_enlarged_picture_has_its_sides_at_once(served_catalog: Catalog) -> None:
    chosen = ImageChoices(source=SQUARE_SOURCE, mode="outpainting", expand=(128, 0, 128, 0))
    found = suited(served_catalog, chosen)
    assert (found.width, found.height) == (768, 512)
    assert "width" not in suited(served_catalog, merged(ImageChoices(width=640), chosen)).names


def test_a_code_passes_over_a_usual_model_that_cannot_paint_it(served_catalog: Catalog) -> None:
    code = ImageChoices(workflow="qr_code")
    assert suited(served_catalog, code) == NO_CHOICES
    assert suited(served_catalog, code, ImageChoices(models=("Deliberate",))) == NO_CHOICES
    assert suited(served_catalog, code, ImageChoices(models=("Stable Cascade 1.0",))).models == (
        "SDXL 1.0",
    )
    assert (
        suited(served_catalog, merged(ImageChoices(models=("Stable Cascade 1.0",)), code))
        == NO_CHOICES
    )
