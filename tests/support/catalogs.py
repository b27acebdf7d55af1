"""Catalogs that need no network."""

from pathlib import Path
from typing import Any, cast

from bot.backends.values import Model
from bot.catalog import Addon, Catalog, PublicSources
from bot.catalog.horde_styles import HordeStyles
from bot.catalog.served_models import ModelIndex
from bot.domain.requests import Kind
from bot.horde.styles import ImageStyle, ImageStyleParams, StyleLora

STYLE_ID = "11111111-2222-4333-8444-55555555abcd"
DUSK_STYLE = ImageStyle(
    id=STYLE_ID,
    name="Dusk",
    prompt="{p} at nightfall###{np}, neon",
    models=("SDXL 1.0", "Deliberate"),
    params=ImageStyleParams(steps=35, width=1024, height=768, loras=(StyleLora(name="501"),)),
)
LANTERNS = Addon("lora", "501", "Lanterns")


class FakeCivitai:
    """A CivitAI that has found these."""

    version = 1
    addons = (LANTERNS, Addon("lora", "900", "Fog", is_version=True))

    def wonder(self, *_: Any, **__: Any) -> None:
        """Nothing more is known."""


def catalog_with_styles(*rows: ImageStyle, backends: tuple[str, ...] = ("horde",)) -> Catalog:
    styles = HordeStyles(cast("Any", None), Path())
    public = PublicSources(None, styles, cast("Any", FakeCivitai()), styles_of="horde")
    styles._take(rows or (DUSK_STYLE,))
    catalog = Catalog({name: cast("Any", None) for name in backends}, Path(), public)
    names = ("SDXL 1.0", "Deliberate", "Flux.1-Schnell")
    catalog._shelves["horde", Kind.IMAGE] = ModelIndex(Model(n, Kind.IMAGE, 5, 1) for n in names)
    return catalog
