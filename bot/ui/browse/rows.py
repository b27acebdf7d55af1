"""Catalog entries as the rows of bot/ui/browse/view.py. Pure."""

from collections.abc import Iterable, Sequence

from bot.backends.values import Model
from bot.cards.formatting import DOT
from bot.cards.markdown import clean, safe_line
from bot.catalog import Addon, Catalog, Style, is_safe_text, mark
from bot.domain.requests import Kind
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.ui.browse.labels import (
    BASELINES,
    NSFW,
    base_of,
    horde_style,
    in_style,
    no_worker,
    served_by,
    trigger,
)
from bot.ui.browse.view import SHOWN, Entry, ListPage

ALL = 5_000
LINE_MAX, PICTURES_SHOWN = 110, 4


def page_of(
    catalog: Catalog,
    page: ListPage,
    *,
    nsfw: bool,
    rules: GuildSettings = NO_RULES,
    by_workers: bool = True,
) -> tuple[list[Entry], int]:
    """The rows of that page, and the number of all entries. `nsfw`: the place allows it.

    Entries that its server's `rules` block are left out. `by_workers`: workers serve the models of
    the place.
    """
    first = page.page * SHOWN
    window = slice(first, first + SHOWN)
    if page.which == "style":
        styles = catalog.styles(page.search, ALL, nsfw=nsfw, rules=rules)
        gone = [by_workers and not catalog.is_served(each.models, rules) for each in styles[window]]
        found = zip(styles[window], gone, strict=True)
        return [_style_row(catalog, style, gone=none) for style, none in found], len(styles)
    if page.which == "lora":
        loras = catalog.loras(page.search, ALL, nsfw=nsfw, rules=rules)
        return [_lora_row(catalog, addon) for addon in loras[window]], len(loras)
    models = _models(catalog, page, nsfw=nsfw, rules=rules)
    rows = [_model_row(catalog, model, by_workers=by_workers) for model in models[window]]
    return rows, len(models)


def _models(
    catalog: Catalog, page: ListPage, *, nsfw: bool, rules: GuildSettings
) -> Sequence[Model]:
    found = catalog.models(Kind(page.which), page.search, ALL, nsfw=nsfw, rules=rules)
    return found if nsfw else [model for model in found if is_for_all(catalog, model)]


def is_for_all(catalog: Catalog, model: Model) -> bool:
    """Whether the model may be shown where NSFW is not allowed."""
    if model.kind is Kind.TEXT:
        return is_safe_text(model.name)
    return not catalog.about(model.name).nsfw


def _model_row(catalog: Catalog, model: Model, *, by_workers: bool) -> Entry:
    served = served_by(model, by_workers=by_workers)
    if model.kind is Kind.TEXT:
        return Entry(mark(model.name), model.name, DOT.join(served), DOT.join(served))
    facts = catalog.about(model.name)
    parts = [BASELINES.get(facts.base, ""), *served, NSFW if facts.nsfw else ""]
    line = DOT.join(filter(None, parts))
    about = safe_line(facts.description, LINE_MAX)
    picture = next(iter(examples(catalog, facts.examples)), "")
    return Entry(mark(model.name), model.name, _lines(line, about), line, picture)


def _style_row(catalog: Catalog, style: Style, *, gone: bool) -> Entry:
    """`gone`: no worker has its models."""
    parts = [
        horde_style() if style.kind == "horde" else style.category,
        next(iter(style.models), ""),
        no_worker() if gone else "",
        NSFW if style.nsfw else "",
    ]
    hint = DOT.join(clean(part, 50) for part in parts if part)
    line = DOT.join(safe_line(part, 60) for part in parts if part)
    about = safe_line(style.description, LINE_MAX)
    picture = next(iter(examples(catalog, style.examples)), "")
    return Entry(mark(style.key), style.name, _lines(line, about), hint, picture)


def _lora_row(catalog: Catalog, addon: Addon) -> Entry:
    parts = [
        base_of(addon),
        trigger(addon.triggers[0]) if addon.triggers else "",
        in_style(addon.styles[0]) if addon.styles else "",
        NSFW if addon.nsfw else "",
    ]
    line = DOT.join(safe_line(part, 60) for part in parts if part)
    hint = DOT.join(clean(part, 50) for part in parts if part)
    picture = next(iter(examples(catalog, addon.examples)), "")
    return Entry(mark(addon.id), addon_name(addon), line, hint, picture)


def addon_name(addon: Addon) -> str:
    """The name of a LoRA; only the number of some is known."""
    return addon.name if not addon.name.isdigit() else f"LoRA {addon.name}"


def examples(catalog: Catalog, urls: Iterable[str]) -> list[str]:
    """The first few example images that the bot may show."""
    return [url for url in urls if catalog.shows(url)][:PICTURES_SHOWN]


def _lines(*lines: str) -> str:
    return "\n".join(filter(None, lines))
