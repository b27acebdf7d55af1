"""Pure rules: may this person send this request here."""

from collections.abc import Sequence

from bot.errors import NotAllowed, UserError
from bot.records import GuildSettings, Record
from bot.requests import ImageRequest, Request

NAMED = 8  # requests that a refusal names


def check_place(request: Request, *, nsfw: bool) -> None:
    """Raises NotAllowed when the place is not meant for what is asked.

    NSFW follows the place (PRODUCT): outside age-restricted channels a picture is asked for
    without it and censored by the worker.
    """
    if isinstance(request, ImageRequest) and request.nsfw and not nsfw:
        raise NotAllowed("NSFW pictures are for age-restricted channels only.")


def check_room(mine: Sequence[int], here: int, *, per_person: int, per_server: int) -> None:
    """Raises UserError when the person, or the server, has enough under way; 0 is no limit.

    `mine`: the numbers of the person's open requests; `here`: how many the server has.
    """
    if per_person and len(mine) >= per_person:
        names = ", ".join(f"#{number}" for number in mine[:NAMED])
        raise UserError(
            f"You have {len(mine)} requests under way ({names}). "
            "Wait for one of them or cancel one with /queue."
        )
    if per_server and here >= per_server:
        raise UserError(
            f"This server has {here} requests under way, as many as it may. Try again in a while."
        )


def check_owner(record: Record, user_id: int) -> None:
    """Raises NotAllowed for somebody else's request."""
    if record.user_id != user_id:
        raise NotAllowed("That is somebody else's request. Type your own command to make one.")


def with_place(request: Request, settings: GuildSettings, *, nsfw: bool) -> Request:
    """The request as this place wants it: the server's default model, its NSFW rule."""
    if not isinstance(request, ImageRequest):
        return request
    update: dict[str, object] = {"nsfw": nsfw, "censor_nsfw": not nsfw}
    if settings.model and not request.models:
        update["models"] = (settings.model,)
    return request.model_copy(update=update)
