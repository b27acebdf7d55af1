"""Pure checks of a request against the place it comes from."""

from collections.abc import Callable, Sequence

from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.records import Record
from bot.domain.requests import (
    AlchemyRequest,
    ImageRequest,
    Request,
    TextRequest,
    VideoRequest,
)
from bot.errors import NotAllowed, UserError
from bot.i18n import _, ngettext
from bot.i18n.formats import number

NAMED = 8  # requests that a refusal names


def check_place(request: Request, *, nsfw: bool) -> None:
    """Raises NotAllowed when the place does not allow the request.

    NSFW follows the place: outside age-restricted channels a picture is requested without it and
    censored by the worker.
    """
    if isinstance(request, ImageRequest) and request.nsfw and not nsfw:
        raise NotAllowed(_("NSFW images are allowed in age-restricted channels only."))


def check_room(mine: Sequence[int], here: int, *, per_person: int, per_server: int) -> None:
    """Raises UserError when the requester or the server has too many open requests; 0 is no limit.

    `mine`: ids of the requester's open requests; `here`: how many the server has.
    """
    if per_person and len(mine) >= per_person:
        names = ", ".join(f"#{record_id}" for record_id in mine[:NAMED])
        text = ngettext(
            "You have {count} open request ({names}). Wait until it ends or cancel it with "
            "`/queue`.",
            "You have {count} open requests ({names}). Wait until one ends or cancel one with "
            "`/queue`.",
            len(mine),
        )
        raise UserError(text.format(count=number(len(mine)), names=names))
    if per_server and here >= per_server:
        text = _(
            "This server has reached its limit of {count} open requests. Try again in a few "
            "minutes."
        )
        raise UserError(text.format(count=number(per_server)))


def check_owner(record: Record, user_id: int) -> None:
    """Raises NotAllowed for a request of another user."""
    if record.user_id != user_id:
        raise not_yours()


def not_yours() -> NotAllowed:
    """The refusal of an action that only the requester may do."""
    return NotAllowed(_("Only the member who made this request can do that."))


def with_place(
    request: Request, *, nsfw: bool, spoiler: bool = False, capabilities: Capabilities = HORDE
) -> Request:
    """The request with the settings of the place. `nsfw`: it is age-restricted; `spoiler`: pictures
    are hidden.

    A result of a source behind a spoiler is hidden too.

    Elsewhere a picture is requested without NSFW; texts and alchemy, which have no such field, are
    hidden when the result is NSFW. Pictures of a backend that censors nothing are hidden there.
    """
    unchecked = not (nsfw or capabilities.censors)
    spoiler = spoiler or unchecked or any(source.spoiler for source in request.sources)
    match request:
        case ImageRequest():
            return request.model_copy(
                update={"nsfw": nsfw, "censor_nsfw": not nsfw, "spoiler": spoiler}
            )
        case TextRequest():
            return request.model_copy(update={"spoiler": not nsfw})
        case VideoRequest():
            return request.model_copy(update={"nsfw": nsfw, "spoiler": spoiler})
        case AlchemyRequest():
            withhold = not nsfw and capabilities.takes_form("nsfw")
            return request.model_copy(update={"withhold": withhold, "spoiler": spoiler})


def with_tame_models(
    request: TextRequest,
    *,
    nsfw: bool,
    is_safe: Callable[[str], bool],
    served: Callable[[], Sequence[str]],
) -> TextRequest:
    """The request with models that are allowed in this place. `nsfw`: it is age-restricted, or its
    operator chose the models.

    The Horde has no censor for texts, so elsewhere only models of a safe list are used: the chosen
    ones, else those that are `served`. Raises UserError when none is left.
    """
    if nsfw:
        return request
    models = tuple(name for name in request.models or served() if is_safe(name))
    if not models:  # an empty list means any model
        if request.models:
            raise NotAllowed(
                _(
                    "This model is allowed in age-restricted channels only. Choose one from the "
                    "list or leave `model` empty."
                )
            )
        raise UserError(
            _(
                "No worker serves a text model that is allowed in this channel. Try again later "
                "or use an age-restricted channel."
            )
        )
    return request.model_copy(update={"models": models})


def with_models(request: TextRequest, allowed: Sequence[str]) -> TextRequest:
    """The request with every model that its server allows. Raises UserError when none is left.

    An empty list would mean any model, also a blocked one.
    """
    if not allowed:
        raise UserError(
            _(
                "No worker serves a text model that this server allows. Try again later or choose "
                "another model."
            )
        )
    return request.model_copy(update={"models": tuple(allowed)})
