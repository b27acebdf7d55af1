"""LoRAs and embeddings get a model that is built on the same, or a warning."""

from typing import Any

import pytest

from bot.backends.values import Model
from bot.catalog import Addon, Catalog
from bot.catalog.served_models import ModelIndex
from bot.domain.requests import Embedding, ExtraText, ImageRequest, Kind, Lora, Source
from bot.parameters.addon_bases import mismatches
from bot.parameters.fastest_models import with_fastest_models
from bot.parameters.source_defaults import suited
from bot.rules.guild_settings import NO_RULES
from tests.support.catalogs import FakeCivitai, catalog_with_styles
from tests.support.layers import layer_of

OLD = Addon("lora", "11", "Pixel Garden", base="sd15", base_name="SD 1.5")
NEW = Addon("lora", "12", "Big Garden", base="sdxl", base_name="SDXL 1.0")
TINY = Addon("embedding", "13", "Tiny", base="sd15", base_name="SD 1.5")
UNKNOWN = Addon("lora", "14", "Riddle")
PIXELS, BIG, RIDDLE = ((Lora(name=addon.id),) for addon in (OLD, NEW, UNKNOWN))

VERSION = (Lora(name=OLD.id, is_version=True),)  # its number is that of another LoRA
SOURCE = Source(url="", file="a.webp", width=512, height=512)
CODE = {"workflow": "qr_code", "texts": (ExtraText(text="x", reference="qr_code"),)}
FILL = {"source": SOURCE, "mode": "inpainting"}
EDGES = {"source": SOURCE, "mode": "img2img", "control": "canny"}


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
        ({"loras": PIXELS, **CODE}, {}, "Deliberate"),
        ({"loras": BIG, **CODE}, {}, None),
        ({"loras": BIG, **FILL}, {}, None),
        ({"loras": PIXELS, **FILL}, {}, "Deliberate"),
        ({"loras": BIG, **EDGES}, {}, "Deliberate"),
        ({"loras": BIG, **EDGES}, {"models": ("Deliberate",)}, None),
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
        ("SDXL 1.0", {"loras": VERSION}, []),
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


def test_several_models_of_another_baseline_are_one_warning(catalog: Catalog) -> None:
    models = ("SDXL 1.0", "Deliberate", "Flux.1-Schnell")
    request = ImageRequest(prompt="a house", models=models, loras=PIXELS)
    (said,) = mismatches(catalog, request)
    assert said.endswith("may have no effect with SDXL 1.0 and Flux.1-Schnell.")


def test_any_model_is_one_of_the_baseline_of_a_lora(catalog: Catalog) -> None:
    for loras, model in ((PIXELS, "Deliberate"), (BIG, "SDXL 1.0")):
        request = ImageRequest(prompt="a house", loras=loras)
        found = with_fastest_models(catalog, request, NO_RULES, nsfw=True)
        assert found.models == (model,)


def test_inpainting_model_of_another_baseline_gives_way_to_a_lora(catalog: Catalog) -> None:
    names = ("SDXL 1.0", "Deliberate", "Deliberate Inpainting")
    catalog._shelves["horde", Kind.IMAGE] = ModelIndex(Model(n, Kind.IMAGE, 5, 1) for n in names)
    assert suited(catalog, layer_of(FILL)).models == ("Deliberate Inpainting",)
    assert suited(catalog, layer_of({"loras": PIXELS, **FILL})).models == ("Deliberate Inpainting",)
    assert suited(catalog, layer_of({"loras": BIG, **FILL})).models == ()  # SDXL is the usual one
