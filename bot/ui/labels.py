"""One line about a model, a style or a LoRA, for a list to choose from. Pure."""

from bot.backends.base import Model
from bot.catalog import Addon, ModelFacts, Style
from bot.ui import browse_words as words
from bot.ui.markdown import clean
from bot.ui.scene import DOT
from bot.ui.words import duration

LABEL_MAX = 100  # characters of a choice
NOBODY = 10_000  # s; the Horde's wait for a model that nobody serves


def model_label(model: Model, facts: ModelFacts | None = None) -> str:
    """Its name, what it is built on, who serves it, how long it takes to begin."""
    base = words.BASELINES.get(facts.base, "") if facts else ""
    nsfw = words.NSFW if facts and facts.nsfw else ""
    return _line(model.name, base, workers(model.workers), wait(model), nsfw)


def style_label(style: Style, *, served: bool) -> str:
    """Its group, its name, the model behind it."""
    group = words.HORDE_STYLE if style.kind == "horde" else clean(style.category, 30)
    tail = (
        clean(next(iter(style.models), ""), 40),
        "" if served else words.NOT_SERVED,
        words.NSFW if style.nsfw else "",
    )
    return _line(style.name, *tail, before=f"{group}: " if group else "")


def addon_label(addon: Addon) -> str:
    """Its name, what it is built on, its first trigger word."""
    base = base_of(addon)
    trigger = clean(addon.triggers[0], 30) if addon.triggers else ""
    used = words.IN_STYLE.format(name=clean(addon.styles[0], 30)) if addon.styles else ""
    nsfw = words.NSFW if addon.nsfw else ""
    return _line(addon.name, base, words.TRIGGER.format(word=trigger) if trigger else used, nsfw)


def base_of(addon: Addon) -> str:
    """What it was made for, "" when nobody says."""
    return addon.base_name or words.BASELINES.get(addon.base or "", "")


def workers(count: int) -> str:
    """1 worker, 2 workers."""
    return f"{count:,} worker{'' if count == 1 else 's'}"


def wait(model: Model) -> str:
    """How long it takes to begin."""
    if model.wait >= NOBODY:
        return words.NOT_SERVED
    return words.WAIT.format(time=duration(model.wait)) if model.wait else words.NO_WAIT


def _line(name: str, *facts: str, before: str = "") -> str:
    """What fits of it; the name is shortened last and never away."""
    tail = "".join(f"{DOT}{fact}" for fact in facts if fact)[: LABEL_MAX // 2 + 10]
    return before + clean(name, LABEL_MAX - len(tail) - len(before)) + tail
