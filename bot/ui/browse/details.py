"""Catalog entries with their details for bot/ui/browse/view.py. Pure."""

from collections.abc import Sequence

from bot.backends.values import Model
from bot.cards import formatting
from bot.cards.custom_ids import CatalogList
from bot.cards.formatting import DOT
from bot.cards.markdown import inline_code, safe, safe_line
from bot.catalog import Addon, Catalog, ModelFacts, Style, mark
from bot.domain.requests import Kind
from bot.i18n import _, ngettext
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.ui.browse.labels import (
    BASELINES,
    NSFW,
    base_of,
    horde_style,
    served_by,
)
from bot.ui.browse.rows import addon_name, examples, is_for_all
from bot.ui.browse.style_contract_lines import applied_by_horde, field_lines
from bot.ui.browse.view import NAME_SHOWN, EntryDetails

ABOUT_MAX, TEMPLATE_MAX, TRIGGERS_SHOWN = 900, 600, 12
LORAS_SHOWN = 5  # the most that a request can have


def details_of(
    catalog: Catalog,
    which: CatalogList,
    name: str,
    *,
    nsfw: bool,
    rules: GuildSettings = NO_RULES,
    by_workers: bool = True,
) -> EntryDetails | None:
    """The entry with that `mark`; None when it does not exist or is not for this place.

    `by_workers`: workers serve the models of the place.
    """
    if which == "style":
        style = catalog.style_marked(name, rules)
        if style is None or (style.nsfw and not nsfw):
            return None
        return _style(
            catalog, style, gone=by_workers and not catalog.is_served(style.models, rules)
        )
    if which == "lora":
        lora = catalog.lora_marked(name, rules)
        return _lora(catalog, lora) if lora and (nsfw or not lora.nsfw) else None
    model = catalog.model_marked(Kind(which), name, rules)
    if model is None or not (nsfw or is_for_all(catalog, model)):
        return None
    return _model(catalog, model, by_workers=by_workers)


def _model(catalog: Catalog, model: Model, *, by_workers: bool) -> EntryDetails:
    served = DOT.join(served_by(model, by_workers=by_workers))
    name = mark(model.name)
    if model.kind is Kind.TEXT:
        return EntryDetails(name, model.name, [served])
    facts = catalog.about(model.name)
    base = BASELINES.get(facts.base, "")
    parts = [
        _("Baseline: {base}").format(base=base) if base else "",
        served,
        safe_line(facts.genre, 30),
        NSFW if facts.nsfw else "",
    ]
    lines = [
        DOT.join(filter(None, parts)),
        safe(facts.description, ABOUT_MAX),
        _triggers(facts.triggers),
        _likes(catalog, facts),
        link_to(facts.homepage),
        "" if facts.known else f"-# {_unknown_model()}",
    ]
    return EntryDetails(name, model.name, lines, examples(catalog, facts.examples), default=True)


def _style(catalog: Catalog, style: Style, *, gone: bool) -> EntryDetails:
    """`gone`: no worker has its models."""
    parts = [
        horde_style() if style.kind == "horde" else safe_line(style.category, 40),
        _("for {models}").format(models=_names(style.models)) if style.models else "",
        _("by {creator}").format(creator=safe_line(style.creator, 60)) if style.creator else "",
        NSFW if style.nsfw else "",
    ]
    lines = [
        DOT.join(filter(None, parts)),
        _not_served(style.models) if gone else "",
        safe(style.description, ABOUT_MAX),
        *_template(style.template),
        _sets(style),
        *field_lines(style),
        f"-# {applied_by_horde(style)}" if style.kind == "horde" else "",
    ]
    pictures = examples(catalog, style.examples)
    return EntryDetails(mark(style.key), style.name, lines, pictures, default=True)


def _lora(catalog: Catalog, addon: Addon) -> EntryDetails:
    base = safe_line(base_of(addon), 40)
    downloads = _downloads(addon.downloads) if addon.downloads else ""
    nsfw = NSFW if addon.nsfw else ""
    number = inline_code(addon.id, 60) if addon.name != addon.id else ""
    lines = [
        DOT.join(filter(None, [number, downloads, nsfw])),
        safe(addon.description, ABOUT_MAX),
        _triggers(addon.triggers),
        _used_in(addon.styles) if addon.styles else "",
        link_to(addon.page),
        "-# " + _("Works with models of the baseline {base}.").format(base=base) if base else "",
    ]
    return EntryDetails(mark(addon.id), addon_name(addon), lines, examples(catalog, addon.examples))


def _names(names: Sequence[str]) -> str:
    return formatting.listed(safe_line(name, NAME_SHOWN) for name in names)


def _few(names: Sequence[str]) -> str:
    """The first of them, and the number of the others: a style may have many."""
    shown = [safe_line(name, NAME_SHOWN) for name in names[:LORAS_SHOWN]]
    return formatting.and_more(shown, len(names) - LORAS_SHOWN)


def _triggers(found: Sequence[str]) -> str:
    shown = ", ".join(inline_code(word, 60) for word in found[:TRIGGERS_SHOWN])
    return _("**Trigger words** {words}").format(words=shown) if shown else ""


def link_to(url: str) -> str:
    """A link to a page, "" for an address that cannot be shown safely."""
    plain = url.startswith("https://") and url.isascii() and not set(url) & set(" ()<>[]\\")
    # userinfo before the host would imitate another host
    plain = plain and "@" not in url.split("/")[2]
    label = _("More information")
    return f"[{label}]({url})" if plain and len(url) <= 300 else ""


def _likes(catalog: Catalog, facts: ModelFacts) -> str:
    usual = catalog.defaults_for(facts.name)
    parts = [
        formatting.size(usual.width, usual.height),
        _steps_between(*facts.needs.steps) or _steps(usual.steps),
        _cfg_between(*facts.needs.cfg_scale),
        ", ".join(facts.needs.samplers),
        _clip_skip(usual.clip_skip) if usual.clip_skip else "",
    ]
    return _("**Recommended** {settings}").format(settings=DOT.join(filter(None, parts)))


def _steps_between(least: int, most: int) -> str:
    """The steps that suit a model; "" for any number."""
    if (least, most) == (1, 500):
        return ""
    if least == most:
        return _steps(most)
    said = ngettext("{first} to {last} step", "{first} to {last} steps", most)
    return said.format(first=least, last=most)


def _cfg_between(least: float, most: float) -> str:
    """The CFG scale that suits a model; "" for any."""
    if (least, most) == (0.0, 100.0):
        return ""
    if least == most:
        return _cfg(most)
    return _("CFG {first} to {last}").format(first=_number(least), last=_number(most))


def _steps(count: int) -> str:
    return ngettext("{count} step", "{count} steps", count).format(count=count)


def _cfg(scale: float) -> str:
    return _("CFG {scale}").format(scale=_number(scale))


def _clip_skip(number: int) -> str:
    return _("clip skip {number}").format(number=number)


def _number(value: float) -> str:
    """7 for 7.0."""
    return formatting.decimal(int(value) if value == int(value) else value)


def _downloads(count: int) -> str:
    said = ngettext("{count} download", "{count} downloads", count)
    return said.format(count=formatting.decimal(count))


def _used_in(styles: Sequence[str]) -> str:
    said = ngettext("**Used in the style** {styles}", "**Used in styles** {styles}", len(styles))
    return said.format(styles=_names(styles))


def _not_served(models: Sequence[str]) -> str:
    said = ngettext(
        "No worker has the model {models} at the moment, so a request may wait for a long time. "
        "Choose another style.",
        "No worker has the models {models} at the moment, so a request may wait for a long time. "
        "Choose another style.",
        len(models),
    )
    return said.format(models=_names(models))


def _unknown_model() -> str:
    return _("The model reference does not list this model. Its baseline is guessed from its name.")


def _template(template: str) -> list[str]:
    """What a style adds to a prompt and to a negative prompt, which "###" begins."""
    prompt, _mark, negative = template.replace("{np}", "").partition("###")
    yours = _("[your prompt]")
    prompt = prompt.replace("{p}", yours).strip(" ,")
    negative = negative.strip(" ,")
    words, others = inline_code(prompt, TEMPLATE_MAX), inline_code(negative, TEMPLATE_MAX)
    lines = [_("**Prompt** {words}").format(words=words) if prompt != yours else ""]
    lines += [_("**Negative prompt** {words}").format(words=others)] if negative else []
    return lines


def _sets(style: Style) -> str:
    found, said = style.choices, style.choices.names
    loras = [lora.name for lora in style.all_loras]
    parts = [
        formatting.size(found.width, found.height) if {"width", "height"} <= said else "",
        _steps(found.steps) if "steps" in said else "",
        _cfg(found.cfg_scale) if "cfg_scale" in said else "",
        found.sampler if "sampler" in said else "",
        _clip_skip(found.clip_skip) if "clip_skip" in said and found.clip_skip else "",
        f"LoRA {_few(loras)}" if loras else "",
    ]
    shown = DOT.join(filter(None, parts))
    return _("**Settings** {settings}").format(settings=shown) if shown else ""
