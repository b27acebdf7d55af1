"""Blocklists of a server for models, styles and LoRAs, by name. Pure.

The catalog resolves names and the contents of styles: catalog/rule_filter.py.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from bot.domain.alchemy.alchemy_forms import BEST_UPSCALER, UPSCALERS, form_of
from bot.domain.requests import AlchemyRequest, ImageChoices, ImageRequest, Lora, Request
from bot.errors import NotAllowed, UserError
from bot.i18n import N_, _
from bot.rules.guild_settings import GuildSettings

QUOTE_MAX = 60  # characters of a quoted text
STYLE = N_("This server does not allow the style {name}. Choose another one.")
LORA = N_("This server does not allow the LoRA {name}. Remove it.")
VERSION = N_(
    "This server blocks some LoRAs. Enter the name or the number of the LoRA, not the number of a "
    "version."
)


# Invisible characters that are not format characters: fillers, blanks, variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d159\U000e0100-\U000e01ef]"
)
# Combining marks over and through a letter that form no letter of their own.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


def folded(text: str) -> str:
    """A text as it is compared: one case, one form of each letter, no invisible characters."""
    seen = "".join(c for c in _UNSEEN.sub("", text) if unicodedata.category(c) != "Cf")
    return _MARKS.sub("", unicodedata.normalize("NFKC", seen).casefold())  # a folded İ has one


@lru_cache(maxsize=8_192)
def is_listed(name: str) -> str:
    """A name as lists compare it: `folded`, and a number without leading zeros."""
    text = " ".join(folded(name).split())
    return str(int(text)) if text.isdecimal() else text


@lru_cache(maxsize=1_024)
def _keys(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(is_listed, names))


def is_blocked(name: str, names: tuple[str, ...]) -> bool:
    """Whether the list has that name, in any case. Fast enough for every keystroke."""
    return bool(names) and is_listed(name) in _keys(names)


def check_names(request: Request, rules: GuildSettings) -> None:
    """Raises NotAllowed for a blocked model, style, LoRA or form, UserError if no model is left.

    The models of a request with a style are the style's own.
    """
    _check_forms(request, rules)
    if isinstance(request, AlchemyRequest):
        return
    picture = request if isinstance(request, ImageRequest) else None
    if picture is None or not picture.style:
        for name in request.models:
            if is_blocked(name, rules.models_blocked):
                text = _("This server does not allow the model {name}. Choose another one.")
                raise NotAllowed(text.format(name=quoted(name)))
    if picture is None:
        return
    if rules.models_blocked and not picture.models and not picture.style:
        raise UserError(_("This server blocks some models. Choose one with `model`."))
    check_style(picture.style, rules, picture.style_name)
    for lora in picture.loras:
        _check_lora(lora, rules)


def check_style(name: str, rules: GuildSettings, called: str = "") -> None:
    """Raises NotAllowed for a blocked style. `called`: its label, if that is not `name`."""
    if name and is_blocked(name, rules.styles_blocked):
        raise NotAllowed(_(STYLE).format(name=quoted(called or name)))


def _check_forms(request: Request, rules: GuildSettings) -> None:
    """Upscalers are models too: a blocked one is blocked in every use."""
    if isinstance(request, AlchemyRequest):
        asked = request.forms
    else:
        asked = request.post if isinstance(request, ImageRequest) else ()
    for name in asked:
        if not form_allowed(name, rules):
            text = _("This server does not allow {name}. Choose another one.")
            raise NotAllowed(text.format(name=quoted(name)))


def form_allowed(name: str, rules: GuildSettings) -> bool:
    """Whether the lists allow that form of alchemy, by its name and by its label."""
    names = {name, name.partition(":")[0], form_of(name).label}  # annotation: all of its types
    return not any(is_blocked(each, rules.models_blocked) for each in names)


def _check_lora(lora: Lora, rules: GuildSettings) -> None:
    if rules.loras_blocked and lora.is_version:
        raise NotAllowed(_(VERSION))
    if is_blocked(lora.name, rules.loras_blocked):
        raise NotAllowed(_(LORA).format(name=quoted(lora.name)))


def permitted(layer: ImageChoices, rules: GuildSettings) -> ImageChoices:
    """A layer of default choices without the blocked ones."""
    blocked = {
        "style": is_blocked(layer.style, rules.styles_blocked),
        "models": any(is_blocked(name, rules.models_blocked) for name in layer.models),
        "loras": any(_is_barred(lora, rules) for lora in layer.loras),
        "post": not all(form_allowed(name, rules) for name in layer.post),
    }
    return layer.without([name for name, is_gone in blocked.items() if is_gone])


def _is_barred(lora: Lora, rules: GuildSettings) -> bool:
    version = bool(rules.loras_blocked) and lora.is_version
    return version or is_blocked(lora.name, rules.loras_blocked)


def quoted(text: str) -> str:
    """A text fit for a sentence: short, on one line, no markdown."""
    plain = re.sub(r"[`*_~|<>\\\[\]@#]", "", " ".join(text.split()))
    return plain[:QUOTE_MAX] + ("…" if len(plain) > QUOTE_MAX else "")


def usual_upscaler(rules: GuildSettings, takes: Callable[[str], bool] = lambda _form: True) -> str:
    """The default upscaler. `takes`: whether the backend has a form.

    The best one where the backend has none: the request is refused, then. Raises NotAllowed when
    every one is blocked.
    """
    every = (BEST_UPSCALER, *(form.name for form in UPSCALERS))
    allowed = [name for name in every if form_allowed(name, rules)]
    if not allowed:
        raise NotAllowed(_("This server allows no upscalers."))
    return next(filter(takes, allowed), allowed[0])
