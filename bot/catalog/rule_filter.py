"""Entries of the catalog that a server's rules allow. Pure.

A Horde style is applied by the Horde, so its contents are checked by the copy of the Horde's list.
A style that is not listed cannot be checked: it is refused where a rule concerns the contents of
styles.
"""

from collections.abc import Callable, Collection, Iterator

from bot.catalog.entries import Addon, Style
from bot.domain.requests import Lora
from bot.errors import NotAllowed
from bot.i18n import N_, _
from bot.i18n.formats import number
from bot.rules.blocklists import LORA, STYLE, VERSION, check_style, is_blocked, is_listed, quoted
from bot.rules.guild_settings import GuildSettings

MODEL_INSIDE = N_(
    "The style {style} uses the model {name}, which this server does not allow. Choose another "
    "style."
)
LORA_INSIDE = N_(
    "The style {style} uses the LoRA {name}, which this server does not allow. Choose another "
    "style."
)
STEPS = N_(
    "The style {style} uses {asked} steps, and this server allows up to {most} steps. Choose "
    "another style."
)
SIDES = N_(
    "The style {style} uses sides of {asked} pixels, and this server allows up to {most} pixels. "
    "Choose another style."
)
UNLISTED = N_(
    "The style {style} is in no list, so the bot cannot check it against the rules of this server. "
    "Choose a listed style."
)
UNKNOWN_LORA = N_(
    "This server blocks some LoRAs, and the LoRA {name} is unknown. Use its number on CivitAI."
)

LoraOf = Callable[[str], Addon | None]  # the known LoRA of that name or number


def addon_allowed(addon: Addon, rules: GuildSettings) -> bool:
    """Whether a LoRA may be used, by its number and by its name. Embeddings are never blocked."""
    if addon.kind != "lora" or not rules.loras_blocked:
        return True
    return not addon.is_version and not _is_listed(addon, rules)


def style_allowed(style: Style, rules: GuildSettings, known: LoraOf) -> bool:
    """Whether a style may be offered: by its name, and by its models, LoRAs and sizes."""
    return not _is_named(style, rules) and not why_not(style, rules, known)


def check_listed(name: str, style: Style | None, rules: GuildSettings, known: LoraOf) -> None:
    """Raises NotAllowed for a style that the Horde would apply; None for an unlisted one.

    The words of its template are checked with those of the request.
    """
    if style is None:
        check_style(name, rules)
        if _judges_styles(rules):
            raise NotAllowed(_(UNLISTED).format(style=quoted(name)))
        return
    if _is_named(style, rules):
        raise NotAllowed(_(STYLE).format(name=quoted(style.name)))
    if reason := why_not(style, rules, known):
        raise NotAllowed(reason)


def check_lora(lora: Lora, rules: GuildSettings, known: LoraOf) -> None:
    """Raises NotAllowed for a LoRA that is unknown or blocked by any of its names.

    Workers search for similar names, so only a number or a known name is certain.
    """
    if not rules.loras_blocked:
        return
    if lora.is_version:
        raise NotAllowed(_(VERSION))
    addon = _of(lora, known)
    if is_blocked(lora.name, rules.loras_blocked) or (addon and _is_listed(addon, rules)):
        raise NotAllowed(_(LORA).format(name=quoted(lora.name)))
    if addon is None and not lora.name.strip().isdecimal():
        raise NotAllowed(_(UNKNOWN_LORA).format(name=quoted(lora.name)))


def why_not(style: Style, rules: GuildSettings, known: LoraOf, but: Collection[str] = ()) -> str:
    """Sentence about the forbidden contents of a style; "" if all is allowed.

    `but`: fields that the user chose differently, so that the style does not set them.
    """
    name = quoted(style.name)
    for blocked in _blocked_inside(style, rules, known, but):
        return blocked
    for asked, most, sentence in _sizes(style, rules):
        if most and asked > most:
            return _(sentence).format(style=name, asked=number(asked), most=number(most))
    return ""


def _blocked_inside(
    style: Style, rules: GuildSettings, known: LoraOf, but: Collection[str]
) -> Iterator[str]:
    """A sentence for each blocked model and LoRA."""
    for model in style.models if "models" not in but else ():
        if is_blocked(model, rules.models_blocked):
            yield _(MODEL_INSIDE).format(style=quoted(style.name), name=quoted(model))
    for lora in style.all_loras if "loras" not in but else ():
        try:
            check_lora(lora, rules, known)
        except NotAllowed:
            yield _(LORA_INSIDE).format(style=quoted(style.name), name=quoted(lora.name))


def _sizes(style: Style, rules: GuildSettings) -> Iterator[tuple[int, int, str]]:
    """Sizes of a Horde style; for others, default values are lowered to the limits."""
    if style.kind == "horde":
        found, said = style.choices, style.choices.names
        width, height = found.width * ("width" in said), found.height * ("height" in said)
        yield found.steps * ("steps" in said), rules.most_steps, STEPS
        yield max(width, height), rules.most_side, SIDES


def _of(lora: Lora, known: LoraOf) -> Addon | None:
    """The known LoRA. Numbers of versions differ from those of LoRAs."""
    addon = known(lora.name) or known(is_listed(lora.name))
    return None if addon is not None and addon.is_version else addon


def _is_listed(addon: Addon, rules: GuildSettings) -> bool:
    return any(is_blocked(name, rules.loras_blocked) for name in (addon.id, addon.name))


def _is_named(style: Style, rules: GuildSettings) -> bool:
    return any(is_blocked(name, rules.styles_blocked) for name in (style.key, style.name))


def _judges_styles(rules: GuildSettings) -> bool:
    """Whether a rule can concern the contents of a style."""
    lists = rules.models_blocked or rules.styles_blocked or rules.loras_blocked or rules.words
    return bool(lists or rules.most_steps or rules.most_side)
