"""Submits images, and finds styles that the Horde refuses without a reason."""

import logging
import re

from bot.domain.requests import ImageRequest
from bot.errors import BackendDown, BackendError, RequestRejected
from bot.horde.client import HordeClient
from bot.horde.job_payloads import ImageInput
from bot.horde.job_responses import Submitted
from bot.i18n import N_, _

log = logging.getLogger(__name__)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
OWN_ERROR = 500
NO_STYLE = N_(
    "The Horde has no image style with this name or id. `/horde styles` lists the image styles."
)


async def submit_image(
    client: HordeClient, request: ImageRequest, body: ImageInput, key: str
) -> Submitted:
    """Submit the body of an image request; a failure is explained by its style if possible."""
    try:
        return await client.submit_image(body, key=key)
    except (BackendDown, RequestRejected) as error:
        await explain_style_failure(client, request, error)
        raise


async def explain_style_failure(
    client: HordeClient, request: ImageRequest, error: BackendDown | RequestRejected
) -> None:
    """Raise RequestRejected when the style explains why the Horde failed on an image request.

    AI Horde 5.1.5 (2026-08) answers a collection with a 500, a text style with a BadRequest.
    """
    unclear = error.status == OWN_ERROR or error.rc == "BadRequest"
    if not unclear or not request.style or request.style_name:
        return
    is_id = _ID.fullmatch(request.style) is not None
    ask = client.get_image_style if is_id else client.get_image_style_by_name
    try:
        await ask(request.style)
    except RequestRejected as unknown:
        raise RequestRejected(_(NO_STYLE), rc="StyleNotFound", status=unknown.status) from error
    except BackendError as unanswered:
        log.info("the type of a style is unknown: %s", unanswered)
