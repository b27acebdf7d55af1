"""One line about a model, a style or a LoRA, for lists. Pure."""

from bot.backends.base import Model
from bot.cards import formatting
from bot.cards.formatting import DOT
from bot.cards.markdown import clean
from bot.catalog import Addon, ModelFacts, Style

BASELINES = {
    "sd15": "SD 1.5",
    "sd2": "SD 2",
    "sdxl": "SDXL",
    "cascade": "Cascade",
    "flux": "Flux",
    "qwen": "Qwen",
    "zimage": "Z-Image",
}
NSFW = "NSFW"
NOT_SERVED = "no worker now"
NO_WAIT, WAIT = "no wait", "{time} wait"
HORDE_STYLE = "from the Horde"
IN_STYLE = "in the style {name}"
TRIGGER = "say {word}"

LABEL_MAX = 100  # characters of a choice
UNSERVED = 10_000  # seconds; the Horde's wait for a model without workers


def model_label(model: Model, facts: ModelFacts | None = None) -> str:
    """Its name, baseline, workers and wait."""
    base = BASELINES.get(facts.base, "") if facts else ""
    nsfw = NSFW if facts and facts.nsfw else ""
    return _line(model.name, base, workers(model.workers), wait(model), nsfw)


def style_label(style: Style, *, served: bool) -> str:
    """Its group, its name, its model."""
    group = HORDE_STYLE if style.kind == "horde" else clean(style.category, 30)
    tail = (
        clean(next(iter(style.models), ""), 40),
        "" if served else NOT_SERVED,
        NSFW if style.nsfw else "",
    )
    return _line(style.name, *tail, before=f"{group}: " if group else "")


def addon_label(addon: Addon) -> str:
    """Its name, its baseline, its first trigger word."""
    base = base_of(addon)
    trigger = clean(addon.triggers[0], 30) if addon.triggers else ""
    used = IN_STYLE.format(name=clean(addon.styles[0], 30)) if addon.styles else ""
    nsfw = NSFW if addon.nsfw else ""
    return _line(addon.name, base, TRIGGER.format(word=trigger) if trigger else used, nsfw)


def base_of(addon: Addon) -> str:
    """Its baseline, "" for unknown."""
    return addon.base_name or BASELINES.get(addon.base or "", "")


def workers(count: int) -> str:
    """1 worker, 2 workers."""
    return f"{count:,} worker{'' if count == 1 else 's'}"


def wait(model: Model) -> str:
    """The wait for a worker."""
    if model.wait >= UNSERVED:
        return NOT_SERVED
    return WAIT.format(time=formatting.duration(model.wait)) if model.wait else NO_WAIT


def _line(name: str, *facts: str, before: str = "") -> str:
    """The line shortened to the limit; the name is shortened last and never removed."""
    tail = "".join(f"{DOT}{fact}" for fact in facts if fact)[: LABEL_MAX // 2 + 10]
    return before + clean(name, LABEL_MAX - len(tail) - len(before)) + tail
