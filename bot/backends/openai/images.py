"""Makes the images of a request: one call for each."""

from collections.abc import Sequence

from bot.backends.inline_results import inline_picture, is_link
from bot.backends.open_calls import OpenCall
from bot.backends.openai.client import OpenAIClient
from bot.backends.openai.error_mapping import unreadable
from bot.backends.openai.payloads import openai_image_input
from bot.domain.generations import ImageGeneration
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase, Status


class ImageMaker:
    """Makes images with one server."""

    def __init__(self, client: OpenAIClient) -> None:
        self._client = client

    async def make(self, call: OpenCall, request: ImageRequest, model: str, key: str) -> Status:
        """The outcome with all images. Raises BackendError; the call's status has what arrived."""
        made: list[ImageGeneration] = []
        for number in range(1, request.n + 1):
            made.append(await self._one(request, model, key, number))
            if number < request.n:
                call.show(_status(Phase.PROCESSING, made, request.n - number))
        return _status(Phase.DONE, made)

    async def _one(
        self, request: ImageRequest, model: str, key: str, number: int
    ) -> ImageGeneration:
        """Raises BadReply when the answer has no image."""
        answer = await self._client.image(openai_image_input(request, model), key)
        item = answer.data[0] if answer.data else None
        url = "" if item is None else inline_picture(item.b64_json)
        if not url and item is not None and is_link(item.url):
            url = item.url
        if not url:
            raise unreadable(self._client.title)
        return ImageGeneration(id=str(number), url=url, model=model)


def _status(phase: Phase, made: Sequence[ImageGeneration], left: int = 0) -> Status:
    return Status(phase=phase, processing=left, finished=len(made), generations=tuple(made))
