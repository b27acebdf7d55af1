"""Prices of image requests: of one image, of a whole request, and what a dry run remembers."""

import json
from collections import OrderedDict
from typing import Any

from sandbox.horde.newer import baselines
from sandbox.horde.prices import BASELINE_FACTOR, NEWER_TAX, STYLE_TAX, TAX, image_price
from sandbox.horde.request_schemas import UPSCALERS
from sandbox.horde.state.accounts import User
from sandbox.horde.state.requests import GenerationRequest
from sandbox.horde.state.styles import Style
from sandbox.horde.validation.image_rules import baseline

Json = dict[str, Any]
EXTRA_IMAGE_TAX = 5.0
PRICES_KEPT = 10_000


def set_price(draft: GenerationRequest, body: Json, params: Json, *, newer: bool) -> None:
    """Set size and price from the parameters; called again after a downgrade."""
    draft.width, draft.height, draft.steps = params["width"], params["height"], params["steps"]
    draft.price = image_price(
        draft.width,
        draft.height,
        draft.steps,
        control="control_type" in params,
        processors=len(params.get("post_processing", ())),
    )
    draft.price_factor = _factor(draft.models, params, newer=newer)
    draft.price_per_result = draft.price * draft.price_factor * _extras(body, params)


def tax_of(body: Json, style: Style | None, user: User, *, newer: bool) -> float:
    """The tax that is charged when a request is accepted."""
    extra = EXTRA_IMAGE_TAX * len(body.get("extra_source_images", ()))
    if not newer:
        return TAX + extra
    return NEWER_TAX + extra + style_tax(style, user)


def style_tax(style: Style | None, user: User) -> float:
    """The newer server's tax for the style of another account."""
    return STYLE_TAX if style is not None and style.owner is not user else 0.0


def total(draft: GenerationRequest, n: int, tax: float) -> float:
    """The price of a dry run: (price * extras + 1) * n * the model's factor + tax."""
    factor = draft.price_factor
    return (draft.price_per_result / factor + 1) * n * factor + tax


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


def _factor(models: tuple[str, ...], params: Json, *, newer: bool) -> float:
    """The price factor: that of the most expensive requested model."""
    families = [baseline(name) for name in models]
    if newer:
        return max((baselines.price_factor(name, params) for name in families), default=1.0)
    return max((BASELINE_FACTOR.get(name, 1) for name in families), default=1)


class QuoteMemory:
    """The prices of earlier dry runs. The API key of an equal dry run is not checked."""

    def __init__(self) -> None:
        self._prices: OrderedDict[str, float] = OrderedDict()

    def get(self, key: str) -> float | None:
        return self._prices.get(key)

    def keep(self, key: str, price: float) -> float:
        """Keep a price, rounded; returns it."""
        self._prices[key] = kept = float(round(price))
        if len(self._prices) > PRICES_KEPT:
            self._prices.popitem(last=False)
        return kept


def quote_key(body: Json, params: Json) -> str:
    """Key of the server's memory of dry runs: without slow_workers and the like
    (docs/horde-api.md#prices).
    """
    relevant = {name: body.get(name) for name in ("models", "source_processing", "style")}
    relevant |= {name: name in body for name in ("source_image", "source_mask")}
    relevant["extra_source_images"] = len(body.get("extra_source_images", ()))
    return json.dumps([relevant, params], sort_keys=True)
