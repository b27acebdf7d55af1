"""What suits a picture that starts from another one, where its person said nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from bot.catalog import Baseline, Catalog
from bot.domain.requests import Kind, Source
from bot.domain.requests.image import ANEW, REPAINTED
from bot.errors import UserError
from bot.parameters.addon_bases import addon_bases
from bot.parameters.layers import Choices
from bot.pictures.sizing import enlarged
from bot.rules.guild_settings import NO_RULES, GuildSettings

SEARCHED = 500  # models looked through
CODED = frozenset({"sd15", "sdxl", "other"})  # what workers can paint QR codes with
_CONTROLLED, _REMIXED = frozenset({"sd15", "sd2"}), frozenset({"cascade"})
FILLING = frozenset({"inpainting", "outpainting"})
_INPAINTING = "inpaint"  # is in the names of models that were trained to fill holes
NONE_LEFT = (
    "This server blocks every model with a worker that can do that. Choose another way, or ask who "
    "manages the server."
)
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
    catalog: Catalog,
    chosen: Choices,
    standing: Choices | None = None,
    *,
    nsfw: bool = False,
    rules: GuildSettings = NO_RULES,
) -> dict[str, Any]:
    """Choices that go between what was asked for now (`chosen`) and the defaults that stand.

    A strength, the sides of an enlarged picture, and a model where the mode needs one of its own:
    a standing default is passed over only when it cannot do it. Raises UserError where the server's
    `rules` leave none that can.
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
    """Which models there are. `usual`: the one that stands, "" for none."""

    catalog: Catalog
    usual: str
    nsfw: bool
    rules: GuildSettings

    def horde_decides(self, style: str) -> bool:
        """It is a style that the Horde applies: a strength beside it would be passed over."""
        known = self.catalog.style(style, self.rules) if style else None
        return known is not None and known.kind == "horde"

    def for_codes(self) -> dict[str, Any]:
        """A model where the usual one, or what is left for newcomers, cannot paint codes."""
        usual = self.usual or next(iter(self.catalog.newcomer(self.rules).models), "")
        if not usual or self.catalog.baseline(usual) in CODED:
            return {}
        best = self.catalog.newcomer(self.rules).models
        if best and self.catalog.baseline(best[0]) in CODED:
            return {"models": best}
        found = self._best(lambda name: self.catalog.baseline(name) in CODED)
        return {"models": (found,)} if found else {}

    def for_addons(self, bases: frozenset[str]) -> dict[str, Any]:
        """A model that goes with the LoRAs and embeddings where the usual one does not."""
        usual = self.usual or next(iter(self.catalog.newcomer(self.rules).models), "")
        if not bases or self.catalog.baseline(usual) in bases:
            return {}
        known: tuple[Baseline, ...] = get_args(Baseline)
        served = (self.catalog.served_on(base, self.rules) for base in known if base in bases)
        found = next(filter(None, served), "")
        return {"models": (found,)} if found else {}

    def for_mode(self, chosen: Choices) -> dict[str, Any]:
        """The best-served one that can do it; nothing where whatever is usual can."""
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
        """The best-served one that is allowed; "" without any. Raises UserError for none left."""
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
    """What a model must be built on for what was chosen; empty: anything will do."""
    if chosen.get("mode") == "remix":
        return _REMIXED
    return _CONTROLLED if chosen.get("control") else frozenset()


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
