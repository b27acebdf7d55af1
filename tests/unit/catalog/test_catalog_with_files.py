"""The catalog with its public files: what they change for newcomers, defaults and searches."""

from pathlib import Path
from typing import Any, cast

import pytest

from bot.backends.values import Model
from bot.catalog import Catalog, ModelFacts, PublicSources, Style
from bot.catalog.entries import Needs
from bot.catalog.model_reference.reference_index import library_of
from bot.catalog.served_models import ModelIndex
from bot.domain.requests import ImageChoices, Kind
from bot.parameters.layers import compose

KNOWN_MODELS = (
    ModelFacts("Plain Name", "sdxl", needs=Needs(steps=(4, 8), samplers=("lcm",), clip_skip=2)),
    ModelFacts("Bold Name", "sdxl", nsfw=True),
    ModelFacts("Mender", "sdxl", inpainting=True),
)


class FewReferenceFiles:
    """A reference that knows three models and two styles."""

    def __init__(self) -> None:
        styles = (
            Style("mild", "file", choices=ImageChoices(models=("Plain Name",))),
            Style("bold", "file", choices=ImageChoices(models=("Bold Name",))),
        )
        self.library = library_of({facts.name: facts for facts in KNOWN_MODELS}, styles)


def catalog_serving(*models: tuple[str, int, int]) -> Catalog:
    public = PublicSources(cast("Any", FewReferenceFiles()))
    catalog = Catalog({"horde": cast("Any", None)}, Path(), public)
    served = [Model(name, Kind.IMAGE, workers, wait) for name, workers, wait in models]
    catalog._shelves["horde", Kind.IMAGE] = ModelIndex(served)
    return catalog


@pytest.mark.parametrize(
    ("models", "chosen"),
    [
        ([("Bold Name", 9, 0), ("Plain Name", 3, 60), ("Mender", 9, 0)], "Plain Name"),
        (
            [("Bold Name", 9, 0), ("Plain Name", 2, 0), ("stable_diffusion", 1, 0)],
            "stable_diffusion",
        ),
        ([("Bold Name", 9, 0), ("Plain Name", 2, 0)], "Bold Name"),
    ],
)
def test_a_newcomer_gets_a_mild_model_where_there_is_one(
    models: list[tuple[str, int, int]], chosen: str
) -> None:
    assert catalog_serving(*models).newcomer().models == (chosen,)


def test_a_models_own_needs_are_met_when_nobody_says_otherwise() -> None:
    catalog = catalog_serving(("Plain Name", 3, 0))
    request = compose(catalog, ImageChoices(prompt="x", models=("Plain Name",)))
    assert (request.steps, request.sampler, request.clip_skip) == (8, "lcm", 2)
    assert (request.width, request.height) == (1024, 1024)
    own = compose(catalog, ImageChoices(prompt="x", models=("Plain Name",), steps=30, clip_skip=1))
    assert (own.steps, own.clip_skip) == (30, 1)


def test_what_is_marked_is_found_only_where_that_is_allowed() -> None:
    catalog = catalog_serving(("Bold Name", 3, 0), ("Plain Name", 3, 0))
    for nsfw, models, styles in ((True, 2, 2), (False, 1, 1)):
        assert len(catalog.models(Kind.IMAGE, "name", nsfw=nsfw)) == models
        assert len(catalog.styles(nsfw=nsfw)) == styles
    assert catalog.nearest(Kind.IMAGE, "bold nam") == []
    assert catalog.nearest(Kind.IMAGE, "bold nam", nsfw=True) == ["Bold Name"]


def test_served_or_not() -> None:
    catalog = catalog_serving(("Bold Name", 3, 0), ("Plain Name", 3, 0))
    assert catalog.is_served(())
    assert catalog.is_served(("Gone", "Plain Name"))
    assert not catalog.is_served(("Gone",))
    assert catalog_serving().is_served(("Gone",))  # the list has not arrived
    assert catalog.served_on("sdxl") == "Plain Name"
    assert catalog.served_on("flux") is None
    assert catalog.served_on(None) is None
