"""What of a request a backend cannot do, by its capabilities. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.capabilities import Capabilities
from bot.domain.requests import (
    AlchemyRequest,
    ImageChoices,
    ImageRequest,
    Kind,
    Request,
    TextRequest,
    VideoRequest,
)

# Fields that the bot itself uses; `n` is compared with `results_max`.
OF_THE_BOT = frozenset(
    {"kind", "prompt", "private", "models", "n", "style_name", "style_replaces", "style_takes"}
    | {"collection", "size_chosen", "sampling_chosen", "fit"}
    | {"nsfw", "censor_nsfw", "spoiler", "file_format", "ignored", "preset", "only"}
)
# Fields that are filled in from the model. Their usual values are no choice, since Edit and Details
# write flags for them at every backend.
FILLED = frozenset({"width", "height", "steps", "cfg_scale", "sampler", "karras"})
_USUAL = {name: ImageRequest.model_fields[name].default for name in FILLED}
# Fields about the workers that take a request, and about kudos: a result does not depend on them.
OF_SENDING = frozenset(
    {"allow_downgrade", "trusted_workers", "slow_workers", "extra_slow_workers", "workers"}
    | {"validated_backends", "worker_blacklist", "disable_batching"}
)
# Fields of ImageChoices that become others.
_BECOMES = {"shape": "width", "image_strengths": "extra_images"}
_FIRST = ("source",)  # the fields about a source mean nothing without it


@dataclass(frozen=True, slots=True)
class Gap:
    """What a backend cannot do. Without anything it is false.

    `kind`: of the request. `fields`: names of ImageRequest. `forms`: of alchemy. `results_max`: of
    one request, when more were asked for.
    """

    kind: Kind | None = None
    fields: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    results_max: int = 0

    def __bool__(self) -> bool:
        """Whether anything is missing."""
        return self != NO_GAP


NO_GAP = Gap()


def gap_of(request: Request, able: Capabilities) -> Gap:
    """What of a request the backend cannot do. Values that are filled in from the model, and the
    choice of workers, count as not chosen.
    """
    kind = Kind(request.kind)
    if kind not in able.kinds:
        return Gap(kind=kind)
    match request:
        case ImageRequest():
            fields = _chosen(request, able, ImageRequest.model_fields, but=FILLED | OF_SENDING)
            return Gap(fields=fields, results_max=_exceeded(request.n, able))
        case TextRequest():
            return Gap(results_max=_exceeded(request.n, able))
        case AlchemyRequest():
            return Gap(forms=tuple(form for form in request.forms if not able.takes_form(form)))
        case VideoRequest():
            return NO_GAP


def gap_of_choices(choices: ImageChoices, able: Capabilities) -> Gap:
    """What of the choices about an image the backend cannot do."""
    if Kind.IMAGE not in able.kinds:
        return Gap(kind=Kind.IMAGE)
    asked = choices.n if "n" in choices.names else 0
    return Gap(fields=_chosen(choices, able, choices.names), results_max=_exceeded(asked, able))


def possible_choices(choices: ImageChoices, able: Capabilities) -> ImageChoices:
    """Those of the choices that the backend can do. More results than it makes are reduced."""
    kept = choices.without([name for name in choices.names if not is_used(name, able)])
    if "n" not in kept.names or kept.n <= able.results_max:
        return kept
    return kept.model_copy(update={"n": able.results_max})


def only_used(request: ImageRequest, able: Capabilities) -> ImageRequest:
    """The request with the usual values in the fields that the backend does not use."""
    fields = ImageRequest.model_fields.items()
    usual = {name: info.default for name, info in fields if not is_used(name, able)}
    return request.model_copy(update=usual) if usual else request


def _chosen(
    values: ImageRequest | ImageChoices,
    able: Capabilities,
    names: Collection[str],
    *,
    but: Collection[str] = (),
) -> tuple[str, ...]:
    """Fields of `names` that the backend does not use and that have a chosen value."""
    fields = type(values).model_fields
    found = (
        _BECOMES.get(name, name)
        for name in fields
        if name in names
        and name not in but
        and not is_used(name, able)
        and getattr(values, name) != _USUAL.get(name, fields[name].default)
    )
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda name: name not in _FIRST))


def is_used(name: str, able: Capabilities) -> bool:
    """Whether a choice of that field of ImageChoices is possible at the backend."""
    return name in OF_THE_BOT or able.uses(_BECOMES.get(name, name))


def _exceeded(asked: int, able: Capabilities) -> int:
    return able.results_max if asked > able.results_max else 0
