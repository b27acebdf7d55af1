"""GET /generate/request and /generate/text/request: the parameters of a request, read back."""

from typing import Any

from aiohttp import web

from sandbox.horde.errors import ApiError, invalid_key, json_response
from sandbox.horde.newer.responses import private
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.models_and_workers import JobKind
from sandbox.horde.state.requests import GenerationRequest
from sandbox.horde.validation import submit_checks

Json = dict[str, Any]
IMAGE_DEFAULTS: Json = {
    "sampler_name": "k_euler_a", "cfg_scale": 5.0, "n": 1, "karras": True, "tiling": False,
    "hires_fix": False, "clip_skip": 1,
}  # fmt: skip
TEXT_DEFAULTS: Json = {"n": 1, "max_length": 80, "max_context_length": 2048}
COMMON_DEFAULTS: Json = {
    "trusted_workers": False, "validated_backends": False, "slow_workers": True,
    "extra_slow_workers": False, "workers": [], "worker_blacklist": False,
    "disable_batching": False,
}  # fmt: skip
IMAGE_FIELDS: Json = {
    "nsfw": True, "censor_nsfw": True, "source_processing": "img2img", "r2": True, "shared": False,
}  # fmt: skip
# Neither recorded nor returned: dry_run, allow_downgrade, replacement_filter, style.
KEPT_AS_SENT = ("proxied_account", "webhook")
TEXT_FIELDS = ("softprompt", "context_fit", "template_fields")


class SubmittedRequests:
    """The two endpoints."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def image(self, request: web.Request) -> web.Response:
        return private(json_response(_image_json(self._find(request, "image"))))

    async def text(self, request: web.Request) -> web.Response:
        return private(json_response(_text_json(self._find(request, "text"))))

    def _find(self, request: web.Request, kind: JobKind) -> GenerationRequest:
        """The request, if the key of the caller may read it. Raises ApiError."""
        key, accounts = submit_checks.require_key_header(request), self._horde.accounts
        user, shared = accounts.by_key.get(key), accounts.shared_keys.get(key)
        if user is None and shared is None:
            raise invalid_key()
        if user is not None and user.anonymous:
            message = "Anonymous users cannot read the parameters of a request."
            raise ApiError(403, "AnonForbidden", message)
        wanted = request.match_info["id"]
        found = self._horde.requests.get(wanted)
        if found is None or found.kind != kind:
            message = f"{kind.title()} Waiting Prompt with ID '{wanted}' not found."
            raise ApiError(404, "RequestNotFound", message)
        if found.api_key != key and (user is None or found.api_key not in user.shared_keys):
            message = "This request was not submitted with this API key."
            raise ApiError(403, "NotRequestOwner", message)
        return found


def _image_json(request: GenerationRequest) -> Json:
    params = {**IMAGE_DEFAULTS, **request.payload}
    params |= {"width": request.width, "height": request.height, "steps": request.steps}
    params.pop("source_processing", None)
    body = _common(request, params)
    body |= {name: request.body.get(name, value) for name, value in IMAGE_FIELDS.items()}
    if request.source is not None:
        body["source_image"] = f"{request.id}_src.webp"  # a reference, not the sent image
    if request.mask is not None:
        body["source_mask"] = f"{request.id}_msk.webp"
    extra: list[Json] = request.body.get("extra_source_images", [])
    if extra:
        body["extra_source_images"] = [
            {"image": f"{request.id}_exra_src_{number}.webp", "strength": each.get("strength", 1.0)}
            for number, each in enumerate(extra)
        ]
    return body


def _text_json(request: GenerationRequest) -> Json:
    body = _common(request, {**TEXT_DEFAULTS, **request.payload})
    for name in TEXT_FIELDS:
        if name in request.body:
            body[name] = request.body[name]
    return body


def _common(request: GenerationRequest, params: Json) -> Json:
    if not params.get("seed"):
        params.pop("seed", None)
    body: Json = {"prompt": request.body["prompt"], "params": params}
    body |= {name: request.body.get(name, value) for name, value in COMMON_DEFAULTS.items()}
    body["models"] = list(request.models)
    return body | {name: request.body[name] for name in KEPT_AS_SENT if name in request.body}
