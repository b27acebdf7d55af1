"""What suits a picture that starts from another one, where its person said nothing."""

from collections.abc import Mapping
from typing import Any

from bot.backends.base import Model
from bot.catalog import Catalog
from bot.composing import Choices
from bot.pictures.sides import enlarged
from bot.requests import Kind, Source

REPAINTED = 0.6  # of a source that is painted over: its motif stays, its manner changes
ANEW = 1.0  # workers paint all of an area, or all but the lines that a control map keeps
SEARCHED = 500  # models looked through
CODED = frozenset({"sd15", "sdxl", "other"})  # what workers can paint QR codes with
_CONTROLLED = frozenset({"sd15", "sd2"})
_INPAINTING = "inpaint"  # is in the names of models that were trained to fill holes
_COLUMNS, _ROWS = ("left", "", "right"), ("top", "", "bottom")


def _cell(row: str, column: str) -> str:
    return f"{row} {column}".strip() or "middle"


CELLS = tuple(_cell(row, column) for row in _ROWS for column in _COLUMNS)
# What people can point at without a mask: a cell of three by three, or some of them.
AREAS: Mapping[str, tuple[str, ...]] = {
    "left third": tuple(_cell(row, "left") for row in _ROWS),
    "right third": tuple(_cell(row, "right") for row in _ROWS),
    "top third": tuple(_cell("top", column) for column in _COLUMNS),
    "bottom third": tuple(_cell("bottom", column) for column in _COLUMNS),
    "middle column": tuple(_cell(row, "") for row in _ROWS),
    "middle row": tuple(_cell("", column) for column in _COLUMNS),
    "border": tuple(cell for cell in CELLS if cell != "middle"),
    **{cell: (cell,) for cell in CELLS},
}

# Where outpainting adds: left, top, right, bottom.
WAYS: Mapping[str, tuple[int, int, int, int]] = {
    "left": (1, 0, 0, 0),
    "right": (0, 0, 1, 0),
    "up": (0, 1, 0, 0),
    "down": (0, 0, 0, 1),
    "wider": (1, 0, 1, 0),
    "taller": (0, 1, 0, 1),
    "all around": (1, 1, 1, 1),
}


def suited(
    catalog: Catalog, chosen: Choices, standing: Choices | None = None, *, nsfw: bool = False
) -> dict[str, Any]:
    """Choices that go between what was asked for now (`chosen`) and the defaults that stand.

    A strength, the sides of an enlarged picture, and a model where the mode needs one of its own:
    a standing default is passed over only when it cannot do it.
    """
    found: dict[str, Any] = {}
    if chosen.get("workflow") and not chosen.get("models"):
        return _coded(catalog, standing or {})
    if chosen.get("source") is None:
        return found
    if "strength" not in chosen:
        found["strength"] = _strength(chosen)
    if not {"shape", "width", "height"} & chosen.keys():
        found |= _canvas(chosen)
    if not chosen.get("models") and not chosen.get("style"):
        model = _model(catalog, chosen, standing or {}, nsfw=nsfw)
        found |= {"models": (model.name,)} if model is not None else {}
    return found


def _coded(catalog: Catalog, standing: Choices) -> dict[str, Any]:
    usual = next(iter(standing.get("models", ())), "")
    fits = not usual or catalog.baseline(usual) in CODED
    return {} if fits else {"models": catalog.newcomer().models}


def _strength(chosen: Choices) -> float:
    alone = chosen.get("mode", "img2img") == "img2img" and not chosen.get("control")
    return REPAINTED if alone else ANEW


def _canvas(chosen: Choices) -> dict[str, int]:
    source: Source = chosen["source"]
    expand = chosen.get("expand", (0, 0, 0, 0))
    if not any(expand) or not source.width or not source.height:
        return {}
    width, height = enlarged(source.width, source.height, expand)
    return {"width": width, "height": height}


def _model(catalog: Catalog, chosen: Choices, standing: Choices, *, nsfw: bool) -> Model | None:
    """The best-served one that can do it; None: whatever is usual."""
    usual = next(iter(standing.get("models", ())), "")
    served = catalog.models(Kind.IMAGE, limit=SEARCHED, nsfw=nsfw)
    if chosen.get("mode") == "remix":
        return _based(catalog, served, frozenset({"cascade"}), usual)
    if chosen.get("control"):
        return _based(catalog, served, _CONTROLLED, usual)
    if chosen.get("mode") in {"inpainting", "outpainting"} and not usual:
        return next((m for m in served if _INPAINTING in m.name.casefold()), None)
    return None


def _based(
    catalog: Catalog, served: list[Model], bases: frozenset[str], usual: str
) -> Model | None:
    if usual and catalog.baseline(usual) in bases:
        return None
    fitting = (m for m in served if catalog.baseline(m.name) in bases)
    return next((m for m in fitting if _INPAINTING not in m.name.casefold()), None)
