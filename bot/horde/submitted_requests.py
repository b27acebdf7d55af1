"""A request as the server keeps it. Since 5.1.12: docs/horde-api.md#submitted-requests."""

from pydantic import Field

from bot.horde.missing_features import Feature
from bot.horde.transport import Calls
from bot.http.schema import Items, Wire

FEATURE = Feature.REQUEST_PARAMETERS


class SubmittedLora(Wire):
    """A LoRA of a request."""

    name: str
    model: float | None = None
    clip: float | None = None
    inject_trigger: str = ""
    is_version: bool = False


class SubmittedEmbedding(Wire):
    """A textual inversion of a request."""

    name: str
    inject_ti: str = ""
    strength: float | None = None


class SubmittedImageParams(Wire):
    """Parameters of an image request, with the server's defaults and after its style.

    `seed` is the submitted text, None when none was submitted.
    """

    sampler_name: str | None = None
    scheduler: str | None = None
    cfg_scale: float | None = None
    denoising_strength: float | None = None
    hires_fix_denoising_strength: float | None = None
    width: int | None = None
    height: int | None = None
    seed: str | None = None
    seed_variation: int | None = None
    steps: int | None = None
    n: int | None = None
    karras: bool | None = None
    tiling: bool | None = None
    hires_fix: bool | None = None
    clip_skip: int | None = None
    facefixer_strength: float | None = None
    post_processing: Items[str] = ()
    loras: Items[SubmittedLora] = ()
    tis: Items[SubmittedEmbedding] = ()
    control_type: str | None = None
    image_is_control: bool | None = None
    return_control_map: bool | None = None
    workflow: str | None = None
    transparent: bool | None = None


class SubmittedTextParams(Wire):
    """Parameters of a text request, with the server's defaults and after its style."""

    n: int | None = None
    max_length: int | None = None
    max_context_length: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    top_a: float | None = None
    min_p: float | None = None
    typical: float | None = None
    tfs: float | None = None
    rep_pen: float | None = None
    rep_pen_range: int | None = None
    rep_pen_slope: float | None = None
    stop_sequence: Items[str] = ()


class _SubmittedRequest(Wire):
    """`prompt` is the submitted text, None for requests older than 5.1.12."""

    prompt: str | None = None
    models: Items[str] = ()
    workers: Items[str] = ()
    worker_blacklist: bool = False
    trusted_workers: bool = False
    validated_backends: bool = False
    slow_workers: bool = True
    extra_slow_workers: bool = False
    disable_batching: bool = False
    proxied_account: str = ""
    webhook: str = ""


class SubmittedImage(_SubmittedRequest):
    """An image request. The source images are references to a storage, not the submitted bytes."""

    params: SubmittedImageParams = Field(default_factory=SubmittedImageParams)
    nsfw: bool = False
    censor_nsfw: bool = False
    source_processing: str = ""
    source_image: str = ""
    source_mask: str = ""
    r2: bool = True


class SubmittedText(_SubmittedRequest):
    """A text request."""

    params: SubmittedTextParams = Field(default_factory=SubmittedTextParams)
    softprompt: str = ""
    context_fit: str = ""


class SubmittedRequestCalls(Calls):
    """For the key that submitted the request, or the owner of that shared key; never anonymous.

    Both raise FeatureMissing before 5.1.12, and RequestRejected with rc NotRequestOwner.
    """

    async def get_image_request(self, request_id: str, *, key: str) -> SubmittedImage:
        """The parameters of an image request. 60 a minute for each request."""
        route, path = "/generate/request/{id}", {"id": request_id}
        return await self._one(SubmittedImage, "GET", route, path=path, key=key, feature=FEATURE)

    async def get_text_request(self, request_id: str, *, key: str) -> SubmittedText:
        """The parameters of a text request."""
        route, path = "/generate/text/request/{id}", {"id": request_id}
        return await self._one(SubmittedText, "GET", route, path=path, key=key, feature=FEATURE)
