"""The endpoint that submits image requests: POST /generate/async."""

import json
import time
from collections import OrderedDict
from typing import Any

from aiohttp import web

from sandbox.horde import request_schemas
from sandbox.horde.errors import ApiError, internal_error, json_response
from sandbox.horde.prices import BASELINE_FACTOR, image_price
from sandbox.horde.request_schemas import UPSCALERS
from sandbox.horde.state import styles
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.requests import GenerationRequest
from sandbox.horde.validation import (
    image_rules,
    source_images,
    submit_checks,
    upfront_kudos,
)
from sandbox.horde.validation.prompt_filter import filter_prompt
from sandbox.horde.validation.submit_checks import Payer
from sandbox.horde.workers.image_processing import open_image

Json = dict[str, Any]
EXTRA_IMAGE_TAX = 5.0
PRICES_KEPT = 10_000


class ImageEndpoints:
    """The endpoint that submits image requests."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde
        self._prices: OrderedDict[str, float] = OrderedDict()  # prices of earlier dry runs

    async def submit(self, request: web.Request) -> web.Response:
        horde = self._horde
        body = await submit_checks.read_valid(request, request_schemas.IMAGE)
        params: Json = dict(body.get("params", {}))
        asked = _price_key(body, params)
        known_price = self._prices.get(asked) if body.get("dry_run") else None
        if known_price is not None:
            return json_response({"kudos": known_price})
        models: list[str] = list(body.get("models", ["stable_diffusion"]))
        prompt, params, models = styles.apply_style(horde.styles, "image", body, params, models)
        submit_checks.check_mode_and_webhook(horde, body)
        payer = submit_checks.identify_payer(horde, request, body)
        n = int(params.get("n", 1))
        submit_checks.check_permissions(horde, body, payer.user, n, prompt)
        submit_checks.check_concurrency(horde, "image", payer.user, models, n)
        submit_checks.check_address(horde, horde.client_address(request), time.time())
        prompt = filter_prompt(horde, request, body, prompt)
        image_rules.check({**body, "prompt": prompt}, params, models, payer.user)
        submit_checks.check_client(request)
        new_request = self._new_request(body, params, models, prompt, payer)
        self._check_kudos(new_request, body, params, payer, n)
        if body.get("dry_run"):
            return json_response({"kudos": self._cache_price(asked, self._total(new_request, n))})
        new_request.behaviour = submit_checks.behaviour_of(horde, prompt)
        await self._load_source(new_request, body, payer)
        extra_images = len(body.get("extra_source_images", ()))
        horde.add_request(new_request, payer.queue_priority, EXTRA_IMAGE_TAX * extra_images)
        return json_response(self._accepted(new_request, params, models), 202)

    def _new_request(
        self, body: Json, params: Json, models: list[str], prompt: str, payer: Payer
    ) -> GenerationRequest:
        control = "control_type" in params
        params["steps"] = int(params.get("steps", 20 if control else 30))
        if control:
            params["steps"] = min(params["steps"], 40)
        params["width"] = int(params.get("width", 512))
        params["height"] = int(params.get("height", 512))
        draft = GenerationRequest(
            kind="image",
            user=payer.user,
            prompt=prompt,
            body=submit_checks.with_long_strings_cut(body),
            payload=params | {"source_processing": body.get("source_processing", "img2img")},
            models=tuple(models),
            jobs=int(params.get("n", 1)),
            price=0.0,
            shared_key=payer.shared_key,
            # Without the field NSFW is allowed, unlike swagger says.
            nsfw=body.get("nsfw", True) and not payer.user.education,
            r2=body.get("r2", True),
            trusted_workers=body.get("trusted_workers", False) or payer.user.education,
            workers=frozenset(body.get("workers", ())[:5]),
            blacklist=body.get("worker_blacklist", False),
            batching=not body.get("disable_batching", False),
            webhook=body.get("webhook"),
            seed=seed_of(params.get("seed", "")),
        )
        self._price(draft, body, params)
        return draft

    def _price(self, draft: GenerationRequest, body: Json, params: Json) -> None:
        """Set size and price from the parameters; called again after a downgrade."""
        draft.width, draft.height, draft.steps = params["width"], params["height"], params["steps"]
        processors = len(params.get("post_processing", ()))
        draft.price = image_price(
            draft.width,
            draft.height,
            draft.steps,
            control="control_type" in params,
            processors=processors,
        )
        draft.price_per_result = draft.price * _factor(draft.models) * self._extras(body, params)

    @staticmethod
    def _extras(body: Json, params: Json) -> float:
        upscalers = sum(name in UPSCALERS for name in params.get("post_processing", ()))
        factor = 1.05**upscalers
        if "source_image" in body:
            factor *= 1.3
        if not body.get("slow_workers", True):
            factor *= 1.2
        if body.get("worker_blacklist"):
            factor *= 1.1
        return factor

    @staticmethod
    def _total(draft: GenerationRequest, n: int) -> float:
        """The price of a dry run: (price * extras + 1) * n * the model's factor + 1."""
        factor = _factor(draft.models)
        return (draft.price_per_result / factor + 1) * n * factor + 1

    def _check_kudos(
        self, draft: GenerationRequest, body: Json, params: Json, payer: Payer, n: int
    ) -> None:
        """Reserve the kudos, or downgrade the request; also for a dry run. Raises ApiError."""
        horde, total = self._horde, self._total(draft, n)
        downgrades = bool(body.get("allow_downgrade"))
        if payer.shared_key is not None:
            if payer.shared_key is not styles.paying_key(horde.styles, body):
                _check_key_limits(payer, draft, styled="style" in body)
            submit_checks.check_shared_key_budget(payer, total, downgrade=downgrades)
        pool, models = horde.worker_pools["image"], list(draft.models)
        free = upfront_kudos.free_size(models, pool.threads, len(pool.queue))
        if not upfront_kudos.needs_upfront_kudos(body, params, models, free):
            return
        if payer.user.spendable >= total:
            draft.reserved = 0.0 if body.get("dry_run") else total
            return
        if not downgrades:
            raise upfront_kudos.kudos_upfront_error(free, total)
        upfront_kudos.downgrade(body, params, models, free)
        payer.priority = submit_checks.ANONYMOUS_PRIORITY
        self._price(draft, body, params)

    async def _load_source(self, draft: GenerationRequest, body: Json, payer: Payer) -> None:
        """Load the source images. For a bad one: ApiError, and an inactive request stays."""
        if "source_image" not in body:
            return
        try:
            draft.source = await _load_image(draft, "source", body["source_image"])
            if "source_mask" in body:
                draft.mask = await _load_image(draft, "mask", body["source_mask"])
            elif body.get("source_processing") == "inpainting":
                _check_alpha(draft.source)
            for number, extra in enumerate(body.get("extra_source_images", ()), 1):
                image = await _load_image(draft, f"extra-{number}", extra.get("image", ""))
                draft.extra_images += (image,)
        except ApiError:
            # It counts for the concurrency of its user until it expires or is deleted.
            draft.active = False
            self._horde.add_request(draft, payer.queue_priority)
            raise

    def _accepted(self, draft: GenerationRequest, params: Json, models: list[str]) -> Json:
        reply: Json = {"id": draft.id, "kudos": float(round(draft.price))}
        warnings = image_rules.warnings_for(models, params)
        if not self._horde.worker_pools["image"].is_possible(draft):
            reply["message"] = image_rules.NO_WORKER
            warnings.append({"code": "NoAvailableWorker", "message": image_rules.NO_WORKER})
        if warnings:
            reply["warnings"] = warnings
        return reply

    def _cache_price(self, asked: str, total: float) -> float:
        """Keep a price; the API key of an equal dry run is not checked."""
        price = float(round(total))
        self._prices[asked] = price
        if len(self._prices) > PRICES_KEPT:
            self._prices.popitem(last=False)
        return price


def seed_of(text: str) -> int | None:
    """The seed as a 32-bit number: a number or any text; None: random. "-5" gives 13613."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 4000:
        number = int(text)
    else:
        number = int.from_bytes(text.encode("utf-8", "surrogatepass"), "little")
    while number >= 2**32:
        number >>= 32
    return number


def _factor(models: tuple[str, ...]) -> int:
    """The price factor: that of the most expensive requested model."""
    return max((BASELINE_FACTOR.get(image_rules.baseline(name), 1) for name in models), default=1)


def _price_key(body: Json, params: Json) -> str:
    """Key of the server's memory of dry runs: without slow_workers and the like
    (docs/horde-api.md#prices).
    """
    relevant = {name: body.get(name) for name in ("models", "source_processing", "style")}
    relevant |= {name: name in body for name in ("source_image", "source_mask")}
    return json.dumps([relevant, params], sort_keys=True)


def _check_key_limits(payer: Payer, draft: GenerationRequest, *, styled: bool) -> None:
    key = payer.shared_key
    assert key is not None
    pixels = draft.width * draft.height
    over = (key.max_image_pixels != -1 and pixels > key.max_image_pixels) or (
        key.max_image_steps != -1 and draft.steps > key.max_image_steps
    )
    if over and styled:
        raise ApiError(400, "BadRequest", "This shared key does not allow images of this size.")
    if over:
        raise internal_error()  # the real server fails when there is no style


async def _load_image(draft: GenerationRequest, name: str, picture: str) -> bytes:
    """The image as it is stored. The original is kept for the control API."""
    stored, _, draft.original_images[name] = await source_images.load_with_original(picture)
    return stored


def _check_alpha(source: bytes) -> None:
    if open_image(source).mode != "RGBA":
        message = "Inpainting requests must include a mask, or an image with an alpha channel."
        raise ApiError(400, "InpaintingMissingMask", message)
