"""Price formulas, fitted to the prices of a real Horde. Pure.

The rules are those of docs/horde-api.md#prices.
"""

import re

from bot.catalog import guessed_facts
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.kudos.budgets import forms_cost
from bot.domain.kudos.kudos_rules import wishes_factor
from bot.domain.requests import AlchemyRequest, ImageRequest, Request, TextRequest, VideoRequest
from bot.parameters.upfront_kudos import AboutModel

UNNAMED = 0.45  # kudos for a token without a model
EXTRA_LORA = 3.0  # kudos for each LoRA, which a worker has to download
EXTRA_IMAGE = 5.0  # kudos for each further image of a remix

_SIZE = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)b\b", re.IGNORECASE)

# Factor of the price by the baseline of the model.
_FACTORS = {
    **dict.fromkeys(("flux", "zimage", "krea2", "anima"), 8),
    "sdxl": 2,
    "cascade": 4,
    "qwen": 12,
}


def known_price(request: Request, about: AboutModel = guessed_facts) -> float:
    """Estimated price of a request of any kind, in kudos."""
    match request:
        case AlchemyRequest():
            return forms_cost(request, request.asked)
        case TextRequest():
            return text_price_estimate(request)
        case ImageRequest():
            return price_estimate(request, about)
        case VideoRequest():  # only its backend knows the price
            return 0.0


def price_estimate(request: ImageRequest, about: AboutModel = guessed_facts) -> float:
    """Estimated price of a picture on the Horde, in kudos.

    The price of one picture is fitted to prices of a real Horde for 512 to 1536 pixels and 5 to 60
    steps, and is within 4 % there; the total follows docs/horde-api.md#prices.
    """
    each = picture_price(request)
    factor = _model_factor(request, about)
    further = EXTRA_IMAGE * len(request.extra_images)
    each = (each * _burn(request) + 1) * wishes_factor(request)
    return each * request.n * factor + 1 + further


def result_price(
    request: ImageRequest, receipt_kudos: float, about: AboutModel = guessed_facts
) -> float:
    """Kudos for each delivered image, without the one that is added to it.

    `receipt_kudos`: the price in the receipt. 0 where that is missing, and for a style with unknown
    models.
    """
    if receipt_kudos <= 0 or (request.style and not request.style_name):
        return 0.0
    factor = _model_factor(request, about) * _burn(request, control=False)
    return receipt_kudos * factor * wishes_factor(request)


def picture_price(request: ImageRequest) -> float:
    """Estimated price of one picture before the factors, as in a receipt:
    docs/horde-api.md#prices.
    """
    area = request.width * request.height / 512**2
    each = 2.81 + 0.067 * request.steps + 0.083 * request.steps * area + 0.357 * area**2
    return each + EXTRA_LORA * len(request.loras) + (1 if request.embeddings else 0)


def text_upfront(request: TextRequest) -> float:
    """Kudos that a long text needs in advance: docs/horde-api.md#kudos-in-advance."""
    if not request.models:
        return 20.0 * request.n
    size = max(_billions(model) for model in request.models)
    return request.max_length * size / 21 * request.n


def text_price_estimate(request: TextRequest) -> float:
    """Estimated price of a text on the Horde, in kudos: rather too high than too low.

    From the tokens, the length of the context and the billions of parameters in the model's name;
    without a model as for a large one.
    """
    each = UNNAMED * request.max_length
    if request.models:
        size = max(_billions(model) for model in request.models)
        context = max(1.0, request.context / 1024) ** 0.25
        each = request.max_length * size / 128 * context
    return each * request.n + 1


def _billions(model: str) -> float:
    found = _SIZE.search(model)
    return float(found[1]) if found else 13.0


def _model_factor(request: ImageRequest, about: AboutModel) -> int:
    return max((_FACTORS.get(about(model).base, 1) for model in request.models), default=1)


def _burn(request: ImageRequest, *, control: bool = True) -> float:
    """Factor of the price for upscalers, a source image and control: docs/horde-api.md#prices."""
    upscalers = sum(name in FORMS and FORMS[name].group == "upscale" for name in request.post)
    factor = 1.05**upscalers
    factor *= 1.3 if request.source is not None else 1
    return factor * (1.6 if control and request.control else 1)  # observed
