"""A request for any model names the models with the shortest wait that can do it."""

from typing import Any, cast

import pytest

from bot.backends.values import Model
from bot.catalog import Catalog
from bot.catalog.served_models import ModelIndex
from bot.domain.requests import ImageRequest, Kind, Source, build
from bot.errors import BadOption
from bot.parameters.fastest_models import MOST, with_fastest_models
from bot.rules.guild_settings import NO_RULES, GuildSettings

WAITS = {
    "SDXL 1.0": 9,
    "AlbedoBase XL (SDXL)": 30,
    "Pony Diffusion XL": 20,
    "Deliberate": 5,
    "Dreamshaper": 8,
    "Flux.1-Schnell": 1,
    "Deliberate Inpainting": 0,
    **{f"Mix XL {number}": 60 + number for number in range(8)},
}
SOURCE = Source(url="", file="a.webp", width=512, height=512)


@pytest.fixture
def catalog(tmp_path: Any) -> Catalog:
    found = Catalog({"horde": cast("Any", None)}, tmp_path)
    models = (Model(name, Kind.IMAGE, 5, wait) for name, wait in WAITS.items())
    found._shelves["horde", Kind.IMAGE] = ModelIndex(models)
    return found


def named(catalog: Catalog, rules: GuildSettings = NO_RULES, **fields: Any) -> tuple[str, ...]:
    request = build(ImageRequest, prompt="a fox", **fields)
    return with_fastest_models(catalog, request, rules, nsfw=True).models


def test_models_of_the_usual_baseline_with_the_shortest_wait(catalog: Catalog) -> None:
    found = named(catalog)
    assert found[:3] == ("SDXL 1.0", "Pony Diffusion XL", "AlbedoBase XL (SDXL)")
    assert len(found) == MOST


def test_models_fit_the_options(catalog: Catalog) -> None:
    assert named(catalog, source=SOURCE, mode="img2img", control="canny") == (
        "Deliberate",
        "Dreamshaper",
    )
    rules = GuildSettings(models_blocked=("Deliberate", "Dreamshaper"))
    with pytest.raises(BadOption, match="No available model fits"):
        named(catalog, rules, source=SOURCE, mode="img2img", control="canny")


def test_blocked_models_are_left_out(catalog: Catalog) -> None:
    assert "SDXL 1.0" not in named(catalog, GuildSettings(models_blocked=("SDXL 1.0",)))


def test_named_model_and_style_stay(catalog: Catalog, tmp_path: Any) -> None:
    assert named(catalog, models=("Deliberate",)) == ("Deliberate",)
    assert named(catalog, style="noir") == ()
    assert named(Catalog({"horde": cast("Any", None)}, tmp_path)) == ()
