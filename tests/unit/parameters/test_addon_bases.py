"""LoRAs and embeddings get a model that is built on the same, or a warning."""

from typing import Any

import pytest

from bot.catalog import Addon, Catalog
from bot.domain.requests import Embedding, ImageRequest, Lora
from bot.parameters.addon_bases import mismatches
from bot.parameters.source_defaults import suited
from tests.support.catalogs import FakeCivitai, catalog_with_styles
from tests.support.layers import layer_of

OLD = Addon("lora", "11", "Pixel Garden", base="sd15", base_name="SD 1.5")
NEW = Addon("lora", "12", "Big Garden", base="sdxl", base_name="SDXL 1.0")
TINY = Addon("embedding", "13", "Tiny", base="sd15", base_name="SD 1.5")
UNKNOWN = Addon("lora", "14", "Riddle")
PIXELS, BIG, RIDDLE = ((Lora(name=addon.id),) for addon in (OLD, NEW, UNKNOWN))


@pytest.fixture
def catalog(monkeypatch: pytest.MonkeyPatch) -> Catalog:
    monkeypatch.setattr(FakeCivitai, "addons", (OLD, NEW, TINY, UNKNOWN))
    return catalog_with_styles()


@pytest.mark.parametrize(
    ("chosen", "standing", "model"),
    [
        ({"loras": PIXELS}, {}, "Deliberate"),
        ({"embeddings": (Embedding(name="Tiny"),)}, {}, "Deliberate"),
        ({"loras": PIXELS}, {"models": ("SDXL 1.0",)}, "Deliberate"),
        ({"loras": BIG}, {"models": ("Deliberate",)}, "SDXL 1.0"),
        ({}, {"loras": PIXELS}, "Deliberate"),
        ({"loras": PIXELS}, {"models": ("Deliberate",)}, None),
        ({"loras": PIXELS, "models": ("SDXL 1.0",)}, {}, None),
        ({"loras": PIXELS, "style": "Dusk"}, {}, None),
        ({"loras": RIDDLE}, {}, None),
        ({"prompt": "a house"}, {}, None),
    ],
)
def test_lora_without_a_model_gets_one_of_its_baseline(
    catalog: Catalog, chosen: dict[str, Any], standing: dict[str, Any], model: str | None
) -> None:
    assert suited(catalog, layer_of(chosen), layer_of(standing)).models == (
        (model,) if model else ()
    )


@pytest.mark.parametrize(
    ("model", "addons", "warned"),
    [
        ("SDXL 1.0", {"loras": PIXELS}, ["Pixel Garden is made for SD 1.5 models"]),
        ("SDXL 1.0", {"embeddings": (Embedding(name="13"),)}, ["Tiny is made for SD 1.5 models"]),
        ("Deliberate", {"loras": (*PIXELS, *BIG)}, ["Big Garden is made for SDXL 1.0 models"]),
        ("Deliberate", {"loras": PIXELS}, []),
        ("SDXL 1.0", {"loras": RIDDLE}, []),
        ("Somebody's Mix", {"loras": PIXELS}, []),
    ],
)
def test_addon_beside_another_baseline_is_warned_of(
    catalog: Catalog, model: str, addons: dict[str, Any], warned: list[str]
) -> None:
    request = ImageRequest(prompt="a house", models=(model,), **addons)
    found = mismatches(catalog, request)
    assert len(found) == len(warned)
    assert all(said in text for said, text in zip(warned, found, strict=True))
    assert not mismatches(catalog, request.model_copy(update={"style": "Dusk"}))
