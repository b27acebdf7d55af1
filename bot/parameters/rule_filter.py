"""Choices and defaults that a server's rules allow."""

from collections.abc import Collection
from typing import Any

from bot.catalog import Catalog
from bot.domain.requests import ImageRequest
from bot.errors import NotAllowed
from bot.parameters.layers import Choices
from bot.rules.blocklists import check_style, permitted
from bot.rules.guild_settings import GuildSettings


def check_chosen_style(catalog: Catalog, known: Choices, rules: GuildSettings) -> None:
    """Raises NotAllowed for a blocked style, or one with blocked contents.

    The contents of a style that the Horde applies are checked at the submit.
    """
    name = known.get("style", "")
    style = catalog.style(name, rules) if name else None
    for each in (name, style.name, style.key) if style else (name,):
        check_style(each, rules, style.name if style else "")
    ours = style if style and style.kind == "file" else None
    if ours and (reason := catalog.why_no_style(ours, rules, but=known.keys())):
        raise NotAllowed(reason)


def left_standing(catalog: Catalog, layer: Choices, rules: GuildSettings) -> dict[str, Any]:
    """A default without blocked values, and without a style that contains one."""
    found = permitted(layer, rules)
    if not all(catalog.offers_lora(lora, rules) for lora in found.get("loras", ())):
        del found["loras"]
    style = catalog.style(found.get("style", ""), rules) if found.get("style") else None
    if style and not catalog.offers(style, rules):
        del found["style"]
    return found


def decided_there(catalog: Catalog, request: ImageRequest, rules: GuildSettings) -> Collection[str]:
    """The fields of a request that a style sets at the Horde, so that nothing here changes them."""
    style = catalog.style(request.style, rules) if request.style else None
    return style.choices.keys() if style else ()
