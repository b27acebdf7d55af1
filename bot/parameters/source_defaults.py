"""Default parameters of a request with a source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from bot.catalog import Baseline, Catalog
from bot.domain.requests import NO_CHOICES, ImageChoices, Kind, Source, merged
from bot.domain.requests.image import FULL_STRENGTH, REPAINTED
from bot.domain.requests.image_choices import SIZES
from bot.errors import UserError
from bot.i18n import N_, _
from bot.parameters.addon_bases import addon_bases
from bot.pictures.sizing import enlarged
from bot.rules.guild_settings import NO_RULES, GuildSettings

SEARCHED = 500  # searched models
CODED = frozenset({"sd15", "sdxl", "other"})  # baselines for which workers can make QR codes
_CONTROLLED, _REMIXED = frozenset({"sd15", "sd2"}), frozenset({"cascade"})
FILLING = frozenset({"inpainting", "outpainting"})
_INPAINTING = "inpaint"  # part of the names of inpainting models
_COLUMNS, _ROWS = ("left", "", "right"), ("top", "", "bottom")


def _cell(row: str, column: str) -> str:
    return f"{row} {column}".strip() or "middle"


CELLS = tuple(_cell(row, column) for row in _ROWS for column in _COLUMNS)
# Areas to choose without a mask: cells of three by three, or several of them.
AREAS: Mapping[str, tuple[str, ...]] = {
    N_("left third"): tuple(_cell(row, "left") for row in _ROWS),
    N_("right third"): tuple(_cell(row, "right") for row in _ROWS),
    N_("top third"): tuple(_cell("top", column) for column in _COLUMNS),
    N_("bottom third"): tuple(_cell("bottom", column) for column in _COLUMNS),
    N_("middle column"): tuple(_cell(row, "") for row in _ROWS),
    N_("middle row"): tuple(_cell("", column) for column in _COLUMNS),
    N_("border"): tuple(cell for cell in CELLS if cell != "middle"),
    **{cell: (cell,) for cell in CELLS},
}

# Sides that outpainting extends: left, top, right, bottom.
WAYS: Mapping[str, tuple[int, int, int, int]] = {
    N_("left"): (1, 0, 0, 0),
    N_("right"): (0, 0, 1, 0),
    N_("up"): (0, 1, 0, 0),
    N_("down"): (0, 0, 0, 1),
    N_("wider"): (1, 0, 1, 0),
    N_("taller"): (0, 1, 0, 1),
    N_("all around"): (1, 1, 1, 1),
}


def suited(
    catalog: Catalog,
    chosen: ImageChoices,
    standing: ImageChoices = NO_CHOICES,
    *,
    nsfw: bool = False,
    rules: GuildSettings = NO_RULES,
) -> ImageChoices:
    """Choices between those of this request (`chosen`) and the defaults.

    A strength, the sides of an enlarged picture, and a model if the mode needs a special one: a
    default model is replaced only if it cannot do it. Raises UserError if the server's `rules`
    allow none.
    """
    known = merged(chosen, standing)
    here = _Here(catalog, next(iter(standing.models), ""), nsfw, rules)
    free = not chosen.models and not chosen.style
    addons = addon_bases(catalog, known) if free else frozenset[str]()
    if chosen.workflow and free:
        return here.for_addons(addons & CODED) if addons & CODED else here.for_codes()
    if chosen.source is None:
        return here.for_addons(addons)
    addons &= _bases(chosen) or addons  # the mode decides before them
    fitting = here.for_mode(chosen, addons) if free else NO_CHOICES
    strength = NO_CHOICES if here.horde_decides(known.style) else _strength(chosen)
    return merged(fitting or here.for_addons(addons), strength, _canvas(chosen, chosen.source))


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

    def for_codes(self) -> ImageChoices:
        """A model for QR codes, if the default one cannot make them."""
        usual = self.usual or next(iter(self.catalog.newcomer(self.rules).models), "")
        if not usual or self.catalog.baseline(usual) in CODED:
            return NO_CHOICES
        best = self.catalog.newcomer(self.rules).models
        if best and self.catalog.baseline(best[0]) in CODED:
            return ImageChoices(models=best)
        found = self._best(lambda name: self.catalog.baseline(name) in CODED)
        return ImageChoices(models=(found,)) if found else NO_CHOICES

    def for_addons(self, bases: frozenset[str]) -> ImageChoices:
        """A model for the LoRAs and embeddings, if the default one has another baseline."""
        if not bases:
            return NO_CHOICES
        usual = self.usual or next(iter(self.catalog.newcomer(self.rules).models), "")
        if self.catalog.baseline(usual) in bases:
            return NO_CHOICES
        known: tuple[Baseline, ...] = get_args(Baseline)
        served = (self.catalog.served_on(base, self.rules) for base in known if base in bases)
        found = next(filter(None, served), "")
        return ImageChoices(models=(found,)) if found else NO_CHOICES

    def for_mode(self, chosen: ImageChoices, addons: frozenset[str]) -> ImageChoices:
        """The best-served model for the mode; none if the default one is able to.

        `addons`: baselines of LoRAs and embeddings; of inpainting models only these suit.
        """
        bases = addons if _bases(chosen) and addons else _bases(chosen)
        if not bases and (self.usual or chosen.mode not in FILLING):
            return NO_CHOICES
        if bases and self.usual and self.catalog.baseline(self.usual) in bases:
            return NO_CHOICES

        def can(name: str) -> bool:
            fills, base = _INPAINTING in name.casefold(), self.catalog.baseline(name)
            return base in bases and not fills if bases else fills and base in (addons or {base})

        found = self._best(can, needed=bool(bases))
        return ImageChoices(models=(found,)) if found else NO_CHOICES

    def _best(self, can: Callable[[str], bool], *, needed: bool = True) -> str:
        """The best-served allowed one; "" without any. Raises UserError if all are blocked."""
        served = self.catalog.models(Kind.IMAGE, limit=SEARCHED, nsfw=self.nsfw, rules=self.rules)
        found = next(filter(can, (model.name for model in served)), "")
        if found or not needed or not self.rules.models_blocked:
            return found
        rules = self.rules.model_copy(update={"models_blocked": ()})
        served = self.catalog.models(Kind.IMAGE, limit=SEARCHED, nsfw=self.nsfw, rules=rules)
        if any(can(model.name) for model in served):
            raise UserError(
                _(
                    "This server blocks all available models that can do this. Change the options, "
                    "or ask a manager of the server."
                )
            )
        return ""


def _bases(chosen: ImageChoices) -> frozenset[str]:
    """Baselines that the choices need; empty: any."""
    if chosen.mode == "remix":
        return _REMIXED
    return _CONTROLLED if chosen.control else frozenset()


def _strength(chosen: ImageChoices) -> ImageChoices:
    if "strength" in chosen.names:
        return NO_CHOICES
    alone = chosen.mode in {None, "img2img"} and not chosen.control
    return ImageChoices(strength=REPAINTED if alone else FULL_STRENGTH)


def _canvas(chosen: ImageChoices, source: Source) -> ImageChoices:
    """The sides of a picture that is enlarged."""
    if SIZES & chosen.names or not any(chosen.expand) or not source.width or not source.height:
        return NO_CHOICES
    width, height = enlarged(source.width, source.height, chosen.expand)
    return ImageChoices(width=width, height=height)
