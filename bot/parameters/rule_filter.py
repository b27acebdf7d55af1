"""Choices and defaults that a server's rules allow."""

from bot.catalog import Catalog
from bot.domain.requests import ImageChoices, ImageRequest
from bot.errors import NotAllowed
from bot.rules.blocklists import check_style, permitted
from bot.rules.guild_settings import GuildSettings


def check_chosen_style(catalog: Catalog, known: ImageChoices, rules: GuildSettings) -> None:
    """Raises NotAllowed for a blocked style, or one with blocked contents.

    The contents of a style that the Horde applies are checked at the submit.
    """
    name = known.style
    if not name:
        return
    style = catalog.style(name, rules)
    for each in (name, style.name, style.key) if style else (name,):
        check_style(each, rules, style.name if style else "")
    ours = style if style and style.kind == "file" else None
    if ours and (reason := catalog.why_no_style(ours, rules, but=known.names)):
        raise NotAllowed(reason)


def left_standing(catalog: Catalog, layer: ImageChoices, rules: GuildSettings) -> ImageChoices:
    """A default without blocked values, and without a style that contains one."""
    found = permitted(layer, rules)
    if not all(catalog.offers_lora(lora, rules) for lora in found.loras):
        found = found.without(["loras"])
    style = catalog.style(found.style, rules) if found.style else None
    is_blocked = style is not None and not catalog.offers(style, rules)
    return found.without(["style"]) if is_blocked else found


def decided_there(catalog: Catalog, request: ImageRequest, rules: GuildSettings) -> frozenset[str]:
    """The fields of a request that a style sets at the Horde, so that nothing here changes them."""
    style = catalog.style(request.style, rules) if request.style else None
    return style.choices.names if style else frozenset()
