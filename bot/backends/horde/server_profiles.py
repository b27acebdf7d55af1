"""Servers that have the API of the AI Horde and differ in details. Values decide, never names."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.requests.base import IMAGES_MAX
from bot.errors import RequestRejected
from bot.horde.job_payloads import ImageInput, TextInput
from bot.i18n import N_, _
from bot.i18n.formats import number

USUAL = ""  # the name of the profile that every backend has without a setting
TOO_LONG = N_("{backend} writes up to {most} tokens. Choose a shorter text.")
RETIRED = N_(
    "This API of {backend} has been retired. The operator must set `type` of the backend to `aipg`."
)


@dataclass(frozen=True, slots=True)
class ServerProfile:
    """How one kind of server differs.

    `lower_case_models`: it knows models by their names in lower case. `text_to_image`: its word for
    a request without a source image, "" to send none. `lifetime`: seconds that it keeps a request
    since its last activity. `results_max`: of one request. `tokens_max`: of a text, None for the
    bot's own limit. `retired`: the message for a 410, which then ends all calls; "" where a 410
    has no meaning of its own.
    """

    title: str = "AI Horde"
    lower_case_models: bool = False
    text_to_image: Literal["", "txt2img"] = ""
    lifetime: float = 1200.0
    results_max: int = IMAGES_MAX
    tokens_max: int | None = None
    retired: str = ""

    def image_body(self, body: ImageInput) -> ImageInput:
        """The body of a submit as this server wants it."""
        source = {} if body.source_image or not self.text_to_image else self._without_source()
        return body.model_copy(update=source | self._models(body.models))

    def text_body(self, body: TextInput) -> TextInput:
        """The body of a submit as this server wants it. Raises RequestRejected for a long text."""
        tokens = body.params.max_length
        if self.tokens_max is not None and tokens is not None and tokens > self.tokens_max:
            most = number(self.tokens_max)
            raise RequestRejected(_(TOO_LONG).format(backend=self.title, most=most))
        return body.model_copy(update=self._models(body.models))

    def _without_source(self) -> dict[str, object]:
        return {"source_processing": self.text_to_image}

    def _models(self, names: tuple[str, ...]) -> dict[str, object]:
        return {"models": tuple(map(str.lower, names))} if self.lower_case_models else {}


# By the setting `profile`. Facts of the second: docs/backends.md#ai-power-grid-version-2.
PROFILES = {
    USUAL: ServerProfile(),
    "aipg-v2": ServerProfile(
        title="AI Power Grid v2",
        lower_case_models=True,
        text_to_image="txt2img",
        lifetime=24 * 3600.0,
        results_max=1,  # one worker must take all images of a request, which may never happen
        tokens_max=2048,
        retired=RETIRED,
    ),
}
