"""The calls that make something: submit, look, cancel, for pictures, texts and alchemy."""

from bot.errors import BackendDown, BadReply
from bot.horde.job_payloads import AlchemyInput, ImageInput, TextInput
from bot.horde.job_responses import AlchemyStatus, Check, ImageStatus, Submitted, TextStatus
from bot.horde.transport import Answer, Calls
from bot.http.client import TOTAL, UPLOAD
from bot.http.schema import read_as

ONE_IMAGE = "/generate/status/{id}"
ONE_TEXT = "/generate/text/status/{id}"
ONE_ALCHEMY = "/interrogate/status/{id}"


class JobCalls(Calls):
    """Who knows the id of a request may look at it and cancel it: these calls need no key."""

    async def submit_image(self, wanted: ImageInput, *, key: str) -> Submitted:
        """Ask for pictures, or with `dry_run` for their price. 2 a second and 90 a minute."""
        seconds = UPLOAD if wanted.source_image else TOTAL
        answer = await self._request(
            "POST", "/generate/async", body=wanted, key=key, seconds=seconds
        )
        return _submitted(answer, dry_run=bool(wanted.dry_run))

    async def check_image(self, request_id: str) -> Check:
        """How far it is, without the pictures. 10 a second; the server caches it for one."""
        body = await self._body("GET", "/generate/check/{id}", path={"id": request_id})
        return read_as(Check, body)

    async def get_image_status(self, request_id: str) -> ImageStatus:
        """How far it is, and the pictures. 10 a minute for each request."""
        return read_as(ImageStatus, await self._body("GET", ONE_IMAGE, path={"id": request_id}))

    async def cancel_image(self, request_id: str) -> ImageStatus:
        """Stop what has not begun. The answer tells how it was before."""
        return read_as(ImageStatus, await self._body("DELETE", ONE_IMAGE, path={"id": request_id}))

    async def submit_text(self, wanted: TextInput, *, key: str) -> Submitted:
        """Ask for texts. Limits as for pictures, in a bucket of their own."""
        answer = await self._request("POST", "/generate/text/async", body=wanted, key=key)
        return _submitted(answer, dry_run=bool(wanted.dry_run))

    async def get_text_status(self, request_id: str) -> TextStatus:
        """How far it is, and the texts. 60 a minute for each request."""
        return read_as(TextStatus, await self._body("GET", ONE_TEXT, path={"id": request_id}))

    async def cancel_text(self, request_id: str) -> TextStatus:
        """Stop what has not begun. The answer tells how it was before; `done` may stay false."""
        return read_as(TextStatus, await self._body("DELETE", ONE_TEXT, path={"id": request_id}))

    async def submit_alchemy(self, wanted: AlchemyInput, *, key: str) -> Submitted:
        """Ask for forms over a picture. Takes no shared key; says no price."""
        answer = await self._request(
            "POST", "/interrogate/async", body=wanted, key=key, seconds=UPLOAD
        )
        return _submitted(answer, dry_run=False)

    async def get_alchemy_status(self, request_id: str) -> AlchemyStatus:
        """The forms and their results. 10 a second for each request."""
        return read_as(AlchemyStatus, await self._body("GET", ONE_ALCHEMY, path={"id": request_id}))

    async def cancel_alchemy(self, request_id: str) -> AlchemyStatus:
        """Stop the forms that have not begun."""
        return read_as(
            AlchemyStatus, await self._body("DELETE", ONE_ALCHEMY, path={"id": request_id})
        )


def _submitted(answer: Answer, *, dry_run: bool) -> Submitted:
    try:
        taken = read_as(Submitted, answer.body)
    except BadReply:  # no object at all
        taken = Submitted()
    if not taken.id and not dry_run:
        # It said yes, so it may well be queued: only the id is missing.
        text = "The Horde took the request without giving it a number."
        raise BackendDown(text, in_doubt=True)
    return taken.model_copy(update={"rate_limit": answer.rate_limit})
