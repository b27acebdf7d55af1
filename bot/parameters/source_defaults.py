"""Default parameters of a request with a source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from bot.catalog import Baseline, Catalog
from bot.domain.requests import Kind, Source
from bot.domain.requests.image import FULL_STRENGTH, REPAINTED
from bot.errors import UserError
from bot.parameters.addon_bases import addon_bases
from bot.parameters.layers import Choices
from bot.pictures.sizing import enlarged
from bot.rules.guild_settings import NO_RULES, GuildSettings

SEARCHED = 500  # searched models
CODED = frozenset({"sd15", "sdxl", "other"})  # baselines for which workers can make QR codes
_CONTROLLED, _REMIXED = frozenset({"sd15", "sd2"}), frozenset({"cascade"})
FILLING = frozenset({"inpainting", "outpainting"})
_INPAINTING = "inpaint"  # part of the names of inpainting models
NONE_LEFT = (
    "This server blocks every model with a worker that can do that. Choose another way, or ask who "
    "manages the server."
)
_COLUMNS, _ROWS = ("left", "", "right"), ("top", "", "bottom")


def _cell(row: str, column: str) -> str:
    return f"{row} {column}".strip() or "middle"


CELLS = tuple(_cell(row, column) for row in _ROWS for column in _COLUMNS)
# Areas to choose without a mask: cells of three by three, or several of them.
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

# Sides that outpainting extends: left, top, right, bottom.
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
    catalog: Catalog,
    chosen: Choices,
    standing: Choices | None = None,
    *,
    nsfw: bool = False,
    rules: GuildSettings = NO_RULES,
) -> dict[str, Any]:
    """Choices between those of this request (`chosen`) and the defaults.

    A strength, the sides of an enlarged picture, and a model if the mode needs a special one: a
    default model is replaced only if it cannot do it. Raises UserError if the server's `rules`
    allow none.
    """
    found: dict[str, Any] = {}
    usual = next(iter((standing or {}).get("models", ())), "")
    here = _Here(catalog, usual, nsfw, rules)
    free = not chosen.get("models") and not chosen.get("style")
    if chosen.get("workflow") and free:
        return here.for_codes()
    addons = addon_bases(catalog, {**(standing or {}), **chosen}) if free else frozenset[str]()
    if chosen.get("source") is None:
        return here.for_addons(addons)
    style = chosen.get("style", (standing or {}).get("style", ""))
    if "strength" not in chosen and not here.horde_decides(style):
        found["strength"] = _strength(chosen)
    if not {"shape", "width", "height"} & chosen.keys():
        found |= _canvas(chosen)
    fitting = here.for_mode(chosen) if free else {}
    return found | (fitting or here.for_addons(addons))


@dataclass(frozen=True, slots=True)
class _Here:
    """The models of the place. `usual`: the default one, "" for none."""

    catalog: Catalog
    usual: str
    nsfw: bool
    rules: GuildSettings

    def horde_decides(self, style: str) -> bool:
        """The Horde applies the style: a strength beside it would be ignored."""
        known = self.catalog.style(style, self.rules) if style else None
        return known is not None and known.kind == "horde"

    def for_codes(self) -> dict[str, Any]:
        """A model for QR codes, if the default one cannot make them."""
        usual = self.usual or next(iter(self.catalog.newcomer(self.rules).models), "")
        if not usual or self.catalog.baseline(usual) in CODED:
            return {}
        best = self.catalog.newcomer(self.rules).models
        if best and self.catalog.baseline(best[0]) in CODED:
            return {"models": best}
        found = self._best(lambda name: self.catalog.baseline(name) in CODED)
        return {"models": (found,)} if found else {}

    def for_addons(self, bases: frozenset[str]) -> dict[str, Any]:
        """A model for the LoRAs and embeddings, if the default one has another baseline."""
        usual = self.usual or next(iter(self.catalog.newcomer(self.rules).models), "")
        if not bases or self.catalog.baseline(usual) in bases:
            return {}
        known: tuple[Baseline, ...] = get_args(Baseline)
        served = (self.catalog.served_on(base, self.rules) for base in known if base in bases)
        found = next(filter(None, served), "")
        return {"models": (found,)} if found else {}

    def for_mode(self, chosen: Choices) -> dict[str, Any]:
        """The best-served model for the mode; none if the default one is able to."""
        bases = _bases(chosen)
        if not bases and (self.usual or chosen.get("mode") not in FILLING):
            return {}
        if bases and self.usual and self.catalog.baseline(self.usual) in bases:
            return {}

        def can(name: str) -> bool:
            fills = _INPAINTING in name.casefold()
            return self.catalog.baseline(name) in bases and not fills if bases else fills

        found = self._best(can, needed=bool(bases))
        return {"models": (found,)} if found else {}

    def _best(self, can: Callable[[str], bool], *, needed: bool = True) -> str:
        """The best-served allowed one; "" without any. Raises UserError if all are blocked."""
        served = self.catalog.models(Kind.IMAGE, limit=SEARCHED, nsfw=self.nsfw, rules=self.rules)
        found = next(filter(can, (model.name for model in served)), "")
        if found or not needed or not self.rules.models_blocked:
            return found
        rules = self.rules.model_copy(update={"models_blocked": ()})
        served = self.catalog.models(Kind.IMAGE, limit=SEARCHED, nsfw=self.nsfw, rules=rules)
        if any(can(model.name) for model in served):
            raise UserError(NONE_LEFT)
        return ""


def _bases(chosen: Choices) -> frozenset[str]:
    """Baselines that the choices need; empty: any."""
    if chosen.get("mode") == "remix":
        return _REMIXED
    return _CONTROLLED if chosen.get("control") else frozenset()


def _strength(chosen: Choices) -> float:
    alone = chosen.get("mode", "img2img") == "img2img" and not chosen.get("control")
    return REPAINTED if alone else FULL_STRENGTH


def _canvas(chosen: Choices) -> dict[str, int]:
    source: Source = chosen["source"]
    expand = chosen.get("expand", (0, 0, 0, 0))
    if not any(expand) or not source.width or not source.height:
        return {}
    width, height = enlarged(source.width, source.height, expand)
    return {"width": width, "height": height}
