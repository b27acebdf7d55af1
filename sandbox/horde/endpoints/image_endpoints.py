"""The endpoint that submits image requests: POST /generate/async."""

import time
from typing import Any

from aiohttp import web

from sandbox.horde import request_schemas
from sandbox.horde.errors import ApiError, bad_request, internal_error, json_response
from sandbox.horde.json_schema import Schema
from sandbox.horde.newer import request_schemas as newer_schemas
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.requests import GenerationRequest
from sandbox.horde.validation import (
    image_price,
    image_rules,
    limits,
    source_images,
    style_use,
    submit_checks,
    upfront_kudos,
)
from sandbox.horde.validation.prompt_filter import filter_prompt
from sandbox.horde.validation.style_use import Styled
from sandbox.horde.validation.submit_checks import Payer
from sandbox.horde.workers.image_processing import open_image

Json = dict[str, Any]
FALLBACK = "stable_diffusion"


class ImageEndpoints:
    """The endpoint that submits image requests."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde
        self._quotes = image_price.QuoteMemory()

    async def submit(self, request: web.Request) -> web.Response:
        horde, newer = self._horde, self._horde.settings.newer
        body = await submit_checks.read_valid(request, self._schema())
        asked = image_price.quote_key(body, body.get("params", {}))
        if (known := self._known_quote(body, asked)) is not None:
            return known
        models = submit_checks.requested_models(horde, body, FALLBACK)
        styled = style_use.apply_style(horde, "image", body, models)
        if newer and not styled.models:
            styled.models = [FALLBACK]  # 5.1.5 takes an empty list for any model
        submit_checks.check_mode_and_webhook(horde, body)
        payer = submit_checks.identify_payer(horde, request, body, styled.style)
        self._check(request, body, styled, payer)
        draft = self._new_request(body, styled, payer)
        draft.api_key = request.headers["apikey"]
        tax = image_price.tax_of(body, styled.style, payer.user, newer=newer)
        price = self._check_kudos(draft, body, styled.params, payer, tax)
        if body.get("dry_run"):
            return json_response(self._quote(styled, self._quotes.keep(asked, price)))
        draft.behaviour = submit_checks.behaviour_of(horde, styled.prompt)
        await self._load_source(draft, body, payer)
        horde.add_request(draft, payer.queue_priority, tax)
        style_use.credit_style(styled.style, payer.user)
        return json_response(self._accepted(draft, styled), 202)

    def _schema(self) -> Schema:
        settings = self._horde.settings
        if settings.aipg_v2:
            return request_schemas.AIPG_V2_IMAGE
        return newer_schemas.IMAGE if settings.newer else request_schemas.IMAGE

    def _processing(self, body: Json) -> str:
        """How the source image is used; AI Power Grid ignored it by default ("txt2img")."""
        default = "txt2img" if self._horde.settings.aipg_v2 else "img2img"
        return body.get("source_processing", default)

    def _check(self, request: web.Request, body: Json, styled: Styled, payer: Payer) -> None:
        """The checks between the payer and the kudos. Filters the prompt. Raises ApiError."""
        horde, newer = self._horde, self._horde.settings.newer
        n = int(styled.params.get("n", 1))
        limits.check_encoding(horde, body["prompt"])
        submit_checks.check_permissions(horde, body, payer.user, n, styled.prompt)
        limits.check_concurrency(horde, "image", payer.user, styled.models, n)
        limits.check_address(horde, horde.client_address(request), time.time())
        styled.prompt = filter_prompt(horde, request, body, styled, payer.user)
        filtered = {**body, "prompt": styled.prompt}
        image_rules.check(filtered, styled.params, styled.models, payer.user, newer=newer)
        limits.check_client(request)

    def _known_quote(self, body: Json, asked: str) -> web.Response | None:
        """The answer to a repeated dry run; the newer server computes that of a style again."""
        newer = self._horde.settings.newer
        price = self._quotes.get(asked) if body.get("dry_run") else None
        if price is None or (newer and "style" in body):
            return None
        models = list(body.get("models") or [FALLBACK])
        styled = Styled(body["prompt"], dict(body.get("params", {})), models)
        return json_response(self._quote(styled, price))

    def _quote(self, styled: Styled, price: float) -> Json:
        """The answer to a dry run; the newer server adds what the request would become."""
        if not self._horde.settings.newer:
            return {"kudos": price}
        positive, marker, negative = styled.prompt.partition("###")
        style = styled.style
        resolved = {
            "prompt": positive,
            "negative_prompt": negative if marker else None,
            "params": styled.params,
            "models": styled.models,
            "style": {"id": style.id, "name": style.name} if style is not None else None,
        }
        return {"kudos": price, "resolved": resolved}

    def _new_request(self, body: Json, styled: Styled, payer: Payer) -> GenerationRequest:
        params = styled.params
        control = "control_type" in params
        params["steps"] = int(params.get("steps", 20 if control else 30))
        if control:
            params["steps"] = min(params["steps"], 40)
        params["width"] = int(params.get("width", 512))
        params["height"] = int(params.get("height", 512))
        draft = GenerationRequest(
            kind="image",
            user=payer.user,
            prompt=styled.prompt,
            body=submit_checks.with_long_strings_cut(body),
            payload=params | {"source_processing": self._processing(body)},
            models=tuple(styled.models),
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
        image_price.set_price(draft, body, params, newer=self._horde.settings.newer)
        return draft

    def _check_kudos(
        self, draft: GenerationRequest, body: Json, params: Json, payer: Payer, tax: float
    ) -> float:
        """Reserve the kudos, or downgrade the request; also for a dry run. Raises ApiError.

        Returns the price of the whole request.
        """
        horde, newer, n = self._horde, self._horde.settings.newer, int(params.get("n", 1))
        quoted = tax if newer else 1
        price = image_price.total(draft, n, quoted)
        downgrades = bool(body.get("allow_downgrade"))
        if payer.shared_key is not None:
            if not payer.by_style:
                _check_key_limits(payer, draft, works=newer or "style" in body)
            submit_checks.check_shared_key_budget(payer, price, downgrade=downgrades)
        pool, models = horde.worker_pools["image"], list(draft.models)
        free = upfront_kudos.free_size(models, pool.threads, len(pool.queue))
        if not upfront_kudos.needs_upfront_kudos(body, params, models, free):
            return price
        if payer.user.spendable >= price:
            draft.reserved = 0.0 if body.get("dry_run") else price
            return price
        if not downgrades or (newer and not upfront_kudos.can_shrink(params)):
            raise upfront_kudos.kudos_upfront_error(free, price)
        upfront_kudos.downgrade(body, params, models, free)
        payer.priority = submit_checks.ANONYMOUS_PRIORITY
        image_price.set_price(draft, body, params, newer=newer)
        return image_price.total(draft, n, quoted)

    async def _load_source(self, draft: GenerationRequest, body: Json, payer: Payer) -> None:
        """Load the source images. For a bad one: ApiError, and an inactive request stays."""
        ignored = self._processing(body) in request_schemas.AIPG_V2_SOURCE_PROCESSING
        if "source_image" not in body or ignored:
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
            self._horde.add_request(draft, payer.queue_priority, 0.0)
            raise

    def _accepted(self, draft: GenerationRequest, styled: Styled) -> Json:
        reply: Json = {"id": draft.id, "kudos": float(round(draft.price))}
        warnings = image_rules.warnings_for(styled.models, styled.params)
        if not self._horde.worker_pools["image"].is_possible(draft):
            reply["message"] = image_rules.NO_WORKER
            warnings.append({"code": "NoAvailableWorker", "message": image_rules.NO_WORKER})
        if warnings:
            reply["warnings"] = warnings
        return reply


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


def _check_key_limits(payer: Payer, draft: GenerationRequest, *, works: bool) -> None:
    """`works`: the check itself works; the older server fails when there is no style."""
    key = payer.shared_key
    assert key is not None
    pixels = draft.width * draft.height
    over = (key.max_image_pixels != -1 and pixels > key.max_image_pixels) or (
        key.max_image_steps != -1 and draft.steps > key.max_image_steps
    )
    if over and works:
        raise bad_request("This shared key does not allow images of this size.")
    if over:
        raise internal_error()


async def _load_image(draft: GenerationRequest, name: str, picture: str) -> bytes:
    """The image as it is stored. The original is kept for the control API."""
    stored, _, draft.original_images[name] = await source_images.load_with_original(picture)
    return stored


def _check_alpha(source: bytes) -> None:
    if open_image(source).mode != "RGBA":
        message = "Inpainting requests must include a mask, or an image with an alpha channel."
        raise ApiError(400, "InpaintingMissingMask", message)
