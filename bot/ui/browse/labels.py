"""One line about a model, a style or a LoRA, for lists. Pure."""

from bot.backends.values import Model
from bot.cards import formatting
from bot.cards.formatting import DOT
from bot.cards.markdown import clean
from bot.catalog import Addon, ModelFacts, Style, StyleCollection
from bot.domain.requests import Kind
from bot.i18n import _, ngettext

BASELINES = {
    "sd15": "SD 1.5",
    "sd2": "SD 2",
    "sdxl": "SDXL",
    "cascade": "Cascade",
    "flux": "Flux",
    "qwen": "Qwen",
    "zimage": "Z-Image",
    "krea2": "Krea 2",
    "anima": "Anima",
}
NSFW = "NSFW"

LABEL_MAX = 100  # characters of a choice
UNSERVED = 10_000  # seconds; the Horde's wait for a model without workers


def model_label(model: Model, facts: ModelFacts | None = None, *, by_workers: bool = True) -> str:
    """Its name, baseline and price, and its workers and wait where workers serve it."""
    base = BASELINES.get(facts.base, "") if facts else ""
    nsfw = NSFW if facts and facts.nsfw else ""
    return _line(model.name, base, *served_by(model, by_workers=by_workers), nsfw)


def served_by(model: Model, *, by_workers: bool) -> list[str]:
    """Its price, and its workers and wait where workers serve it."""
    served = [workers(model.workers), wait(model)] if by_workers else []
    return [*filter(None, [model_price(model)]), *served]


def model_price(model: Model) -> str:
    """$0.01, or $0.30 per million tokens; "" without a price in money."""
    if not model.micro_usd:
        return ""
    money = formatting.dollars(model.micro_usd)
    if model.kind is Kind.TEXT:
        return _("{price} per million tokens").format(price=money)
    return money


def style_label(style: Style, *, served: bool, by_workers: bool = True) -> str:
    """Its group, its name, its model.

    `by_workers`: the models of the place are those of workers. Elsewhere the style is used without
    its model where that is missing.
    """
    group = horde_style() if style.kind == "horde" else clean(style.category, 30)
    tail = (
        clean(next(iter(style.models), ""), 40) if served or by_workers else "",
        "" if served or not by_workers else no_worker(),
        NSFW if style.nsfw else "",
    )
    return _line(style.name, *tail, before=f"{group}: " if group else "")


def collection_label(collection: StyleCollection) -> str:
    """Its name and the number of its styles."""
    count = len(collection.styles) + collection.unlisted
    return _line(
        collection.name, ngettext("{count} style", "{count} styles", count).format(count=count)
    )


def addon_label(addon: Addon) -> str:
    """Its name, its baseline, its first trigger word."""
    base = base_of(addon)
    word = clean(addon.triggers[0], 30) if addon.triggers else ""
    used = in_style(clean(addon.styles[0], 30)) if addon.styles else ""
    nsfw = NSFW if addon.nsfw else ""
    return _line(addon.name, base, trigger(word) if word else used, nsfw)


def base_of(addon: Addon) -> str:
    """Its baseline, "" for unknown."""
    return addon.base_name or BASELINES.get(addon.base or "", "")


def workers(count: int) -> str:
    """1 worker, 2 workers."""
    said = ngettext("{count} worker", "{count} workers", count)
    return said.format(count=formatting.decimal(count))


def wait(model: Model) -> str:
    """The wait for a worker."""
    if model.wait >= UNSERVED:
        return no_worker()
    if not model.wait:
        return _("no wait")
    return _("{time} wait").format(time=formatting.duration(model.wait))


def no_worker() -> str:
    """No worker serves the model now."""
    return _("no worker at the moment")


def horde_style() -> str:
    """The group of the styles that the Horde has."""
    return _("style of the Horde")


def in_style(name: str) -> str:
    """A style that uses the LoRA."""
    return _("in the style {name}").format(name=name)


def trigger(word: str) -> str:
    """A trigger word of a LoRA."""
    return _("trigger word: {word}").format(word=word)


def _line(name: str, *facts: str, before: str = "") -> str:
    """The line shortened to the limit; the name is shortened last and never removed."""
    tail = "".join(f"{DOT}{fact}" for fact in facts if fact)[: LABEL_MAX // 2 + 10]
    return before + clean(name, LABEL_MAX - len(tail) - len(before)) + tail
