"""Submit, poll and cancel calls for images, texts and alchemy."""

from bot.errors import BackendDown, BadReply
from bot.horde.job_payloads import AlchemyInput, ImageInput, RatingInput, TextInput
from bot.horde.job_responses import (
    AlchemyStatus,
    Check,
    ImageStatus,
    Rewarded,
    Submitted,
    TextStatus,
)
from bot.horde.missing_features import Feature
from bot.horde.transport import Calls, Success
from bot.http.client import TOTAL, UPLOAD
from bot.http.schema import read_as

ONE_IMAGE = "/generate/status/{id}"
ONE_TEXT = "/generate/text/status/{id}"
ONE_ALCHEMY = "/interrogate/status/{id}"


class JobCalls(Calls):
    """The id of a request is enough to poll and cancel it: these calls need no key."""

    async def submit_image(self, wanted: ImageInput, *, key: str) -> Submitted:
        """Submit an image request, or get its price with `dry_run`. 2 a second and 90 a minute."""
        seconds = UPLOAD if wanted.source_image else TOTAL
        answer = await self._request(
            "POST", "/generate/async", body=wanted, key=key, seconds=seconds
        )
        return _submitted(answer, dry_run=bool(wanted.dry_run))

    async def check_image(self, request_id: str) -> Check:
        """Counts of an image request, without results. 10 a second; the server caches
        it for one.
        """
        return await self._one(Check, "GET", "/generate/check/{id}", path={"id": request_id})

    async def get_image_status(self, request_id: str) -> ImageStatus:
        """Counts and results of an image request. 10 a minute for each request."""
        return await self._one(ImageStatus, "GET", ONE_IMAGE, path={"id": request_id})

    async def cancel_image(self, request_id: str) -> ImageStatus:
        """Cancel the jobs that have not begun. The answer describes the moment before."""
        return await self._one(ImageStatus, "DELETE", ONE_IMAGE, path={"id": request_id})

    async def rate_image(self, request_id: str, rating: RatingInput, *, key: str) -> Rewarded:
        """Rate the images of a request. 5 a minute for each request.

        Refused with rc AestheticsNotPublic by 5.1.5, which shares no image.
        """
        route, path = "/generate/rate/{id}", {"id": request_id}
        feature = Feature.RATING
        return await self._one(
            Rewarded, "POST", route, path=path, body=rating, key=key, feature=feature
        )

    async def submit_text(self, wanted: TextInput, *, key: str) -> Submitted:
        """Submit a text request. Limits as for images, counted apart."""
        answer = await self._request("POST", "/generate/text/async", body=wanted, key=key)
        return _submitted(answer, dry_run=bool(wanted.dry_run))

    async def get_text_status(self, request_id: str) -> TextStatus:
        """Counts and results of a text request. 60 a minute for each request."""
        return await self._one(TextStatus, "GET", ONE_TEXT, path={"id": request_id})

    async def cancel_text(self, request_id: str) -> TextStatus:
        """Cancel the jobs that have not begun. The answer describes the moment before; `done` may
        stay false.
        """
        return await self._one(TextStatus, "DELETE", ONE_TEXT, path={"id": request_id})

    async def submit_alchemy(self, wanted: AlchemyInput, *, key: str) -> Submitted:
        """Submit forms for an image. Accepts no shared key; returns no price."""
        answer = await self._request(
            "POST", "/interrogate/async", body=wanted, key=key, seconds=UPLOAD
        )
        return _submitted(answer, dry_run=False)

    async def get_alchemy_status(self, request_id: str) -> AlchemyStatus:
        """The forms and their results. 10 a second for each request."""
        return await self._one(AlchemyStatus, "GET", ONE_ALCHEMY, path={"id": request_id})

    async def cancel_alchemy(self, request_id: str) -> AlchemyStatus:
        """Stop the forms that have not begun."""
        return await self._one(AlchemyStatus, "DELETE", ONE_ALCHEMY, path={"id": request_id})


def _submitted(answer: Success, *, dry_run: bool) -> Submitted:
    try:
        taken = read_as(Submitted, answer.body)
    except BadReply:  # not an object
        taken = Submitted()
    if not taken.id and not dry_run:
        # A success, so it is probably queued: only the id is missing.
        text = "The Horde took the request without giving it a number."
        raise BackendDown(text, in_doubt=True)
    return taken.model_copy(update={"rate_limit": answer.rate_limit})
