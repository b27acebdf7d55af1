"""Catalog entries with their details for bot/ui/browse/view.py. Pure."""

from collections.abc import Sequence

from bot.backends.base import Model
from bot.cards import formatting
from bot.cards.custom_ids import ListName
from bot.cards.formatting import DOT
from bot.cards.markdown import inline_code, safe, safe_line
from bot.catalog import Addon, Catalog, ModelFacts, Style, mark
from bot.domain.requests import Kind
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.ui.browse.labels import (
    BASELINES,
    HORDE_STYLE,
    NSFW,
    base_of,
    wait,
    workers,
)
from bot.ui.browse.rows import addon_name, examples, is_for_all
from bot.ui.browse.view import NAME_SHOWN, EntryDetails

# One entry
BUILT_ON = "Built on {base}"
MADE_FOR = "for {models}"
SERVED = "{workers}, {wait}"
TRIGGERS = "**Trigger words** {words}"
LIKES = "**Suits it** {needs}"
SETS = "**Sets** {choices}"
PROMPT, NEGATIVE = "**Prompt** {words}", "**Negative prompt** {words}"
YOURS = "[your prompt]"
MODEL_GONE = "No worker has {models} now, so it may wait for a long time. Choose another one."
BY = "by {creator}"
PAGE = "[more about it]({url})"
USED_IN = "**Used in** {styles}"
DOWNLOADS = "{count} downloads"
HORDE_DECIDES = (
    "-# The Horde applies it: of your own options only the prompt, the count and a size remain."
)
UNKNOWN_MODEL = "-# The reference does not know it; what it is built on is a guess by its name."
FITS = "-# Works with models that are built on {base}."
STEPS, CFG, CLIP = "{least} to {most} steps", "CFG {least:g} to {most:g}", "clip skip {n}"
STEPS_ONE, CFG_ONE = "{n} steps", "CFG {n:g}"

ABOUT_MAX, TEMPLATE_MAX, TRIGGERS_SHOWN = 900, 600, 12
LORAS_SHOWN = 5  # the most that a request can have


def details_of(
    catalog: Catalog, which: ListName, name: str, *, nsfw: bool, rules: GuildSettings = NO_RULES
) -> EntryDetails | None:
    """The entry with that `mark`; None when it does not exist or is not for this place."""
    if which == "style":
        style = catalog.style_marked(name, rules)
        return _style(catalog, style, rules) if style and (nsfw or not style.nsfw) else None
    if which == "lora":
        lora = catalog.lora_marked(name, rules)
        return _lora(catalog, lora) if lora and (nsfw or not lora.nsfw) else None
    model = catalog.model_marked(Kind(which), name, rules)
    if model is None or not (nsfw or is_for_all(catalog, model)):
        return None
    return _model(catalog, model)


def _model(catalog: Catalog, model: Model) -> EntryDetails:
    served = SERVED.format(workers=workers(model.workers), wait=wait(model))
    name = mark(model.name)
    if model.kind is Kind.TEXT:
        return EntryDetails(name, model.name, [served])
    facts = catalog.about(model.name)
    base = BASELINES.get(facts.base, "")
    parts = [
        BUILT_ON.format(base=base) if base else "",
        served,
        safe_line(facts.genre, 30),
        NSFW if facts.nsfw else "",
    ]
    lines = [
        DOT.join(filter(None, parts)),
        safe(facts.description, ABOUT_MAX),
        _triggers(facts.triggers),
        _likes(catalog, facts),
        _page(facts.homepage),
        "" if facts.known else UNKNOWN_MODEL,
    ]
    return EntryDetails(name, model.name, lines, examples(catalog, facts.examples), default=True)


def _style(catalog: Catalog, style: Style, rules: GuildSettings) -> EntryDetails:
    parts = [
        HORDE_STYLE if style.kind == "horde" else safe_line(style.category, 40),
        MADE_FOR.format(models=_names(style.models)) if style.models else "",
        BY.format(creator=safe_line(style.creator, 60)) if style.creator else "",
        NSFW if style.nsfw else "",
    ]
    gone = not catalog.is_served(style.models, rules)
    lines = [
        DOT.join(filter(None, parts)),
        MODEL_GONE.format(models=_names(style.models)) if gone else "",
        safe(style.description, ABOUT_MAX),
        *_template(style.template),
        _sets(style),
        HORDE_DECIDES if style.kind == "horde" else "",
    ]
    pictures = examples(catalog, style.examples)
    return EntryDetails(mark(style.key), style.name, lines, pictures, default=True)


def _lora(catalog: Catalog, addon: Addon) -> EntryDetails:
    base = safe_line(base_of(addon), 40)
    downloads = DOWNLOADS.format(count=f"{addon.downloads:,}") if addon.downloads else ""
    nsfw = NSFW if addon.nsfw else ""
    number = inline_code(addon.id, 60) if addon.name != addon.id else ""
    lines = [
        DOT.join(filter(None, [number, downloads, nsfw])),
        safe(addon.description, ABOUT_MAX),
        _triggers(addon.triggers),
        USED_IN.format(styles=_names(addon.styles)) if addon.styles else "",
        _page(addon.page),
        FITS.format(base=base) if base else "",
    ]
    return EntryDetails(mark(addon.id), addon_name(addon), lines, examples(catalog, addon.examples))


def _names(names: Sequence[str]) -> str:
    return formatting.listed(safe_line(name, NAME_SHOWN) for name in names)


def _few(names: Sequence[str]) -> str:
    """The first of them, and the number of the others: a style may have many."""
    more = len(names) - LORAS_SHOWN
    if more <= 0:
        return _names(names)
    shown = ", ".join(safe_line(name, NAME_SHOWN) for name in names[:LORAS_SHOWN])
    return f"{shown} and {more} more"


def _triggers(found: Sequence[str]) -> str:
    shown = ", ".join(inline_code(word, 60) for word in found[:TRIGGERS_SHOWN])
    return TRIGGERS.format(words=shown) if shown else ""


def _page(url: str) -> str:
    plain = url.startswith("https://") and url.isascii() and not set(url) & set(" ()<>[]\\")
    # userinfo before the host would imitate another host
    plain = plain and "@" not in url.split("/")[2]
    return PAGE.format(url=url) if plain and len(url) <= 300 else ""


def _likes(catalog: Catalog, facts: ModelFacts) -> str:
    usual = catalog.defaults_for(facts.name)
    parts = [
        formatting.size(usual.width, usual.height),
        _span(facts.needs.steps, (1, 500), STEPS, STEPS_ONE) or f"{usual.steps} steps",
        _span(facts.needs.cfg_scale, (0.0, 100.0), CFG, CFG_ONE),
        ", ".join(facts.needs.samplers),
        CLIP.format(n=usual.clip_skip) if usual.clip_skip else "",
    ]
    return LIKES.format(needs=DOT.join(filter(None, parts)))


def _span(span: tuple[float, float], anything: tuple[float, float], both: str, one: str) -> str:
    if span == anything:
        return ""
    if span[0] == span[1]:
        return one.format(n=span[0])
    return both.format(least=span[0], most=span[1])


def _template(template: str) -> list[str]:
    """What a style adds to a prompt and to a negative prompt, which "###" begins."""
    prompt, _, negative = template.replace("{np}", "").partition("###")
    prompt = prompt.replace("{p}", YOURS).strip(" ,")
    negative = negative.strip(" ,")
    lines = [PROMPT.format(words=inline_code(prompt, TEMPLATE_MAX)) if prompt != YOURS else ""]
    lines += [NEGATIVE.format(words=inline_code(negative, TEMPLATE_MAX))] if negative else []
    return lines


def _sets(style: Style) -> str:
    found, said = style.choices, style.choices.names
    loras = [lora.name for lora in style.all_loras]
    parts = [
        formatting.size(found.width, found.height) if {"width", "height"} <= said else "",
        STEPS_ONE.format(n=found.steps) if "steps" in said else "",
        CFG_ONE.format(n=found.cfg_scale) if "cfg_scale" in said else "",
        found.sampler if "sampler" in said else "",
        CLIP.format(n=found.clip_skip) if "clip_skip" in said else "",
        f"LoRA {_few(loras)}" if loras else "",
    ]
    shown = DOT.join(filter(None, parts))
    return SETS.format(choices=shown) if shown else ""
