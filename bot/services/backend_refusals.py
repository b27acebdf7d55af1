"""Refusals of what the backend of a place cannot do, before anything is paid."""

from collections.abc import Callable, Mapping

from bot.domain.backend_gaps import NO_GAP, Gap, gap_of, gap_of_choices
from bot.domain.capabilities import Capabilities
from bot.domain.requests import ImageChoices, Kind, Request
from bot.errors import NotAllowed
from bot.i18n import N_, _, ngettext
from bot.i18n.formats import list_and, number
from bot.parameters.flags.table import FLAGS
from bot.rules.request_context import RequestContext

Backends = Mapping[str, Capabilities]  # the configured ones, by name
NO_KIND = {
    Kind.IMAGE: N_("{backend} is used here and makes no images."),
    Kind.TEXT: N_("{backend} is used here and writes no texts."),
    Kind.ALCHEMY: N_("{backend} is used here and cannot describe or change images."),
    Kind.VIDEO: N_("{backend} is used here and makes no videos."),
}
# Names of options for fields that no flag sets alone.
_OPTIONS = {
    "source": "image",
    "mask": "mask",
    "extra_images": "image2",
    "hires_fix": "hires",
    "worker_blacklist": "not-worker",
}
# Fields that follow from the first one.
_WITH = {
    "source": frozenset({"mode", "strength", "mask", "parts", "expand", "extra_images"}),
}


def check_request(context: RequestContext, request: Request, backends: Backends) -> None:
    """Raises NotAllowed for a request that the backend of the place cannot do."""
    _refuse(context, backends, lambda able: gap_of(request, able))


def check_choices(context: RequestContext, choices: ImageChoices, backends: Backends) -> None:
    """Raises NotAllowed for choices about an image that the backend of the place cannot do."""
    _refuse(context, backends, lambda able: gap_of_choices(choices, able))


def check_kind(context: RequestContext, kind: Kind, backends: Backends) -> None:
    """Raises NotAllowed where the backend of the place makes no results of that kind."""
    _refuse(context, backends, lambda able: NO_GAP if kind in able.kinds else Gap(kind=kind))


def option_of(field: str) -> str:
    """The name of the option or flag that sets that field."""
    flags = (flag.name for flag in FLAGS if flag.fields == (field,))
    return _OPTIONS.get(field) or next(flags, field)


def _refuse(
    context: RequestContext, backends: Backends, find: Callable[[Capabilities], Gap]
) -> None:
    gap = find(context.capabilities)
    if gap:
        other = next((able for able in backends.values() if not find(able)), None)
        raise NotAllowed(f"{_sentence(gap, context.capabilities)} {_advice(gap, context, other)}")


def _sentence(gap: Gap, able: Capabilities) -> str:
    if gap.kind is not None:
        return _(NO_KIND[gap.kind]).format(backend=able.title)
    if "workflow" in gap.fields:
        return _("{backend} is used here and makes no QR codes.").format(backend=able.title)
    if gap.fields:
        left = [name for name in gap.fields if not any(name in _WITH[m] for m in _among(gap))]
        options = list_and(f"`{name}`" for name in dict.fromkeys(map(option_of, left)))
        text = ngettext(
            "{backend} is used here and does not have the option {options}.",
            "{backend} is used here and does not have the options {options}.",
            len(left),
        )
        return text.format(backend=able.title, options=options)
    if gap.forms:
        text = ngettext(
            "{backend} is used here and does not have the form {forms}.",
            "{backend} is used here and does not have the forms {forms}.",
            len(gap.forms),
        )
        return text.format(backend=able.title, forms=list_and(f"`{form}`" for form in gap.forms))
    text = ngettext(
        "{backend} is used here and makes at most {count} result for one request.",
        "{backend} is used here and makes at most {count} results for one request.",
        gap.results_max,
    )
    return text.format(backend=able.title, count=number(gap.results_max))


def _among(gap: Gap) -> list[str]:
    return [name for name in _WITH if name in gap.fields]


def _advice(gap: Gap, context: RequestContext, other: Capabilities | None) -> str:
    """What to do. `other`: a configured backend that can do it."""
    if other is not None and context.guild_id is not None:
        text = _("{backend} can do this: an administrator can choose it with `/server backend`.")
        return text.format(backend=other.title)
    if gap.kind is not None:
        return _("Use another command.")
    if gap.forms:
        return _("Choose other forms.")
    if gap.fields:
        return ngettext("Leave it out.", "Leave them out.", len(gap.fields))
    return _("Choose a smaller number.")
