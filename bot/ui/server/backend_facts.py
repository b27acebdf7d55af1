"""What a backend can do, in one line for the managers of a server."""

from collections.abc import Collection, Mapping

from bot.cards.card import OPTION_MAX
from bot.cards.formatting import DOT, listed
from bot.cards.markdown import clean, inline_code, safe_line
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.requests import Kind
from bot.i18n import N_, _

KINDS = {
    Kind.IMAGE: N_("images"),
    Kind.TEXT: N_("texts"),
    Kind.ALCHEMY: N_("alchemy"),
    Kind.VIDEO: N_("videos"),
}


def choice_label(name: str, able: Capabilities) -> str:
    """The name, the title and the kinds of requests of a backend, as a choice of a menu."""
    title = able.title if able.title != name else ""
    return clean(DOT.join(filter(None, [name, title, _kinds(able.kinds)])), OPTION_MAX)


def backend_lines(known: Mapping[str, Capabilities]) -> list[str]:
    """Every backend and what it makes; the first one is the default."""
    lines = [
        DOT.join((inline_code(name, 40), safe_line(able.title, 60), _kinds(able.kinds)))
        for name, able in known.items()
    ]
    lines[0] += DOT + _("the bot's default")
    return ["**" + _("Available backends") + "**", *lines]


def limits_of(able: Capabilities) -> str:
    """What of the AI Horde does not work with a backend; "" for a Horde."""
    if able.image_fields is None and able.kinds == HORDE.kinds:
        return ""
    kinds = _kinds(HORDE.kinds - able.kinds)
    lines = [
        _("{backend} does not make: {kinds}.").format(backend=able.title, kinds=kinds)
        if kinds
        else "",
        _("{backend} has no styles of the AI Horde and no choice of workers.").format(
            backend=able.title
        )
        if not able.uses("style")
        else "",
        _("{backend} makes no images from images.").format(backend=able.title)
        if Kind.IMAGE in able.kinds and not able.uses("source")
        else "",
    ]
    return " ".join(filter(None, lines))


def _kinds(kinds: Collection[Kind]) -> str:
    found = [_(label) for kind, label in KINDS.items() if kind in kinds]
    return listed(found) if found else ""
