"""POST /generate/async."""

import json
import time
from collections import OrderedDict
from typing import Any

from aiohttp import web

from sandbox.horde import request_schemas
from sandbox.horde.errors import Problem, crash, json_response
from sandbox.horde.prices import BASELINE_FACTOR, image_price
from sandbox.horde.request_schemas import UPSCALERS
from sandbox.horde.state import styles
from sandbox.horde.state.horde_state import Horde
from sandbox.horde.state.requests import Request
from sandbox.horde.validation import image_rules, source_images, submit_checks
from sandbox.horde.validation.prompt_filter import clean_prompt
from sandbox.horde.validation.submit_checks import Payer
from sandbox.horde.workers.image_processing import opened

Json = dict[str, Any]
EXTRA_IMAGE_TAX = 5.0
PRICES_KEPT = 10_000


class ImageDesk:
    """Takes image requests."""

    def __init__(self, horde: Horde) -> None:
        self._horde = horde
        self._prices: OrderedDict[str, float] = OrderedDict()  # dry runs asked before

    async def submit(self, request: web.Request) -> web.Response:
        horde = self._horde
        body = await submit_checks.read_valid(request, request_schemas.IMAGE)
        params: Json = dict(body.get("params", {}))
        known_price = self._known_price(body, params)
        if known_price is not None:
            return json_response({"kudos": known_price})
        models: list[str] = list(body.get("models", ["stable_diffusion"]))
        prompt, params, models = styles.applied(horde.shelf, "image", body, params, models)
        submit_checks.check_mode_and_webhook(horde, body)
        payer = submit_checks.identify(horde, request, body)
        n = int(params.get("n", 1))
        submit_checks.check_sender(horde, body, payer.user, n, prompt)
        submit_checks.check_concurrency(horde, "image", payer.user, models, n)
        submit_checks.check_address(horde, horde.address_of(request), time.time())
        prompt = clean_prompt(horde, request, body, prompt)
        image_rules.check({**body, "prompt": prompt}, params, models, payer.user)
        submit_checks.check_client(request)
        draft = self._draft(body, params, models, prompt, payer)
        total = self._total(draft, n)
        if body.get("dry_run"):
            return json_response({"kudos": self._remember(body, total)})
        self._check_kudos(draft, body, params, payer, total)
        draft.behaviour = submit_checks.behaviour_of(horde, prompt)
        await self._load_source(draft, body, payer)
        extra_images = len(body.get("extra_source_images", ()))
        horde.open(draft, payer.queue_priority, EXTRA_IMAGE_TAX * extra_images)
        return json_response(self._accepted(draft, params, models), 202)

    def _draft(
        self, body: Json, params: Json, models: list[str], prompt: str, payer: Payer
    ) -> Request:
        control = "control_type" in params
        params["steps"] = int(params.get("steps", 20 if control else 30))
        if control:
            params["steps"] = min(params["steps"], 40)
        params["width"] = int(params.get("width", 512))
        params["height"] = int(params.get("height", 512))
        draft = Request(
            kind="image",
            user=payer.user,
            prompt=prompt,
            body=submit_checks.without_pictures(body),
            payload=params | {"source_processing": body.get("source_processing", "img2img")},
            models=tuple(models),
            jobs=int(params.get("n", 1)),
            price=0.0,
            shared_key=payer.shared_key,
            # Left out, it is not what swagger says: NSFW is allowed.
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

    def _price(self, draft: Request, body: Json, params: Json) -> None:
        """Set size and price from the parameters, which a downgrade may have changed."""
        draft.width, draft.height, draft.steps = params["width"], params["height"], params["steps"]
        processors = len(params.get("post_processing", ()))
        draft.price = image_price(
            draft.width,
            draft.height,
            draft.steps,
            control="control_type" in params,
            processors=processors,
        )
        draft.each = draft.price * _factor(draft.models) * self._extras(body, params)

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
    def _total(draft: Request, n: int) -> float:
        """What a dry run says: (price * extras + 1) * n * the model's factor + 1."""
        factor = _factor(draft.models)
        return (draft.each / factor + 1) * n * factor + 1

    def _check_kudos(
        self, draft: Request, body: Json, params: Json, payer: Payer, total: float
    ) -> None:
        horde = self._horde
        if payer.shared_key is not None:
            _check_key_limits(payer, draft, styled="style" in body)
            submit_checks.check_shared_key_budget(payer.shared_key, total)
        pool = horde.pools["image"]
        side = min(1024, max(576, round(1024 + 10 * pool.threads - 0.9 * len(pool.line))))
        models = list(draft.models)
        if not image_rules.needs_upfront(body, params, models, side):
            return
        if payer.user.spendable >= total:
            draft.reserved = total
            return
        if not body.get("allow_downgrade"):
            raise upfront(side, total)
        side = 1024 if _factor(draft.models) > 1 else side
        image_rules.downgrade(params, side)
        self._price(draft, body, params)

    async def _load_source(self, draft: Request, body: Json, payer: Payer) -> None:
        """Raises Problem for a bad picture, and leaves an inactive request behind, as it is."""
        if "source_image" not in body:
            return
        try:
            draft.source = await _kept(draft, "source", body["source_image"])
            if "source_mask" in body:
                draft.mask = await _kept(draft, "mask", body["source_mask"])
            elif body.get("source_processing") == "inpainting":
                _check_alpha(draft.source)
            for number, extra in enumerate(body.get("extra_source_images", ()), 1):
                kept = await _kept(draft, f"extra-{number}", extra.get("image", ""))
                draft.extra += (kept,)
        except Problem:
            # It counts for the concurrency of its user until it expires or is deleted.
            draft.active = False
            self._horde.open(draft, payer.queue_priority)
            raise

    def _accepted(self, draft: Request, params: Json, models: list[str]) -> Json:
        reply: Json = {"id": draft.id, "kudos": float(round(draft.price))}
        warnings = image_rules.warnings_for(models, params)
        if not self._horde.pools["image"].possible(draft):
            reply["message"] = image_rules.NO_WORKER
            warnings.append({"code": "NoAvailableWorker", "message": image_rules.NO_WORKER})
        if warnings:
            reply["warnings"] = warnings
        return reply

    def _known_price(self, body: Json, params: Json) -> float | None:
        """A dry run asked before is answered from memory, without looking at the key."""
        return self._prices.get(_fingerprint(body, params)) if body.get("dry_run") else None

    def _remember(self, body: Json, total: float) -> float:
        price = float(round(total))
        self._prices[_fingerprint(body, body.get("params", {}))] = price
        if len(self._prices) > PRICES_KEPT:
            self._prices.popitem(last=False)
        return price


def seed_of(text: str) -> int | None:
    """A number, or any text folded to 32 bits; None: random. "-5" is text, and gives 13613."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 4000:
        number = int(text)
    else:
        number = int.from_bytes(text.encode("utf-8", "surrogatepass"), "little")
    while number >= 2**32:
        number >>= 32
    return number


def upfront(side: int, needed: float) -> Problem:
    return Problem(
        403,
        "KudosUpfront",
        f"Due to heavy demand, for requests over {side}x{side} or over 50 steps (10 steps for LCM "
        "work, 30 steps for Stable Cascade, and half those steps for k_heun, dpmpp_sde, and "
        "dpm_2*) the client needs to already have the required kudos. "
        f"This request requires {needed:.2f} kudos to fulfil.",
    )


def _factor(models: tuple[str, ...]) -> int:
    """The dearest of the models asked for decides."""
    return max((BASELINE_FACTOR.get(image_rules.baseline(name), 1) for name in models), default=1)


def _fingerprint(body: Json, params: Json) -> str:
    relevant = {key: value for key, value in body.items() if key not in ("prompt", "params")}
    relevant["source_image"] = "source_image" in body
    return json.dumps([relevant, params], sort_keys=True)


def _check_key_limits(payer: Payer, draft: Request, *, styled: bool) -> None:
    key = payer.shared_key
    assert key is not None
    pixels = draft.width * draft.height
    over = (key.max_image_pixels != -1 and pixels > key.max_image_pixels) or (
        key.max_image_steps != -1 and draft.steps > key.max_image_steps
    )
    if over and styled:
        raise Problem(400, "BadRequest", "This shared key does not allow images of this size.")
    if over:
        raise crash()  # the real server stumbles over the style that is not there


async def _kept(draft: Request, name: str, picture: str) -> bytes:
    """The picture as it is stored; as it came, it can be looked at through the control API."""
    stored, _, draft.sent[name] = await source_images.load_sent(picture)
    return stored


def _check_alpha(source: bytes) -> None:
    if opened(source).mode != "RGBA":
        message = "Inpainting requests must include a mask, or an image with an alpha channel."
        raise Problem(400, "InpaintingMissingMask", message)
