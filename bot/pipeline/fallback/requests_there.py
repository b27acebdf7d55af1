"""The request as another backend makes it. Pure."""

from bot.catalog import is_safe_text
from bot.domain.backend_gaps import gap_of, only_used
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.requests import AlchemyRequest, ImageRequest, Request, TextRequest, VideoRequest
from bot.domain.requests.image import SAMPLING

_FIELDS = ImageRequest.model_fields


def can_make(request: Request, able: Capabilities) -> bool:
    """Whether a backend with these abilities can make that request in its place."""
    if gap_of(request, able):
        return False
    return not isinstance(request, TextRequest) or _may_write(request, able)


def request_there(request: Request, able: Capabilities, *, limited: bool) -> Request:
    """The request without the models of its first backend.

    `limited`: the server blocks models. Another Horde has the same models, and without a list any
    of them could take the request. Pictures of a backend that censors nothing are hidden, except in
    age-restricted channels.
    """
    match request:
        case ImageRequest():
            keeps = limited and able.unit is PriceUnit.KUDOS
            hidden = request.spoiler or not (request.nsfw or able.censors)
            models = request.models if keeps else ()
            there = only_used(request, able)
            if able.unit is PriceUnit.MICRO_USD:
                there = _for_other_model(there)
            return there.model_copy(update={"models": models, "spoiler": hidden})
        case TextRequest():
            tame = request.spoiler and not able.chosen_models
            keeps = tame or (limited and able.unit is PriceUnit.KUDOS)
            return request if keeps else request.model_copy(update={"models": ()})
        case VideoRequest():
            hidden = request.spoiler or not (request.nsfw or able.censors)
            return request.model_copy(update={"models": (), "spoiler": hidden})
        case AlchemyRequest():
            hidden = request.spoiler or (request.withhold and not able.censors)
            withhold = request.withhold and able.takes_form("nsfw")
            return request.model_copy(update={"withhold": withhold, "spoiler": hidden})


def _for_other_model(request: ImageRequest) -> ImageRequest:
    """The request without the sampling of its first model. What the requester chose is kept, within
    the ranges of the other backend, which refuses other values.
    """
    left = (name for name in SAMPLING if name not in request.sampling_chosen)
    usual = {name: _FIELDS[name].default for name in left}
    return request.model_copy(update={**usual, "fit": True})


def _may_write(request: TextRequest, able: Capabilities) -> bool:
    """Outside age-restricted channels: with models of the safe list, or those of the operator."""
    safe = bool(request.models) and all(map(is_safe_text, request.models))
    return not request.spoiler or able.chosen_models or (able.unit is PriceUnit.KUDOS and safe)
