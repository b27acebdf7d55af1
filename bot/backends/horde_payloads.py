"""Our requests as the Horde wants them."""

import base64

from bot.errors import RequestRejected
from bot.horde.payloads import (
    AlchemyInput,
    FormInput,
    ImageInput,
    ImageParams,
    TextInput,
    TextParams,
)
from bot.requests import NEGATIVE_SPLIT, AlchemyRequest, ImageRequest, TextRequest

WEBHOOK_MIN, WEBHOOK_MAX = 10, 1024  # characters


def image_input(request: ImageRequest, webhook: str = "") -> ImageInput:
    """Everything PRODUCT wants explicit is sent; the rest only when it was chosen."""
    params = ImageParams(
        width=request.width,
        height=request.height,
        steps=request.steps,
        cfg_scale=round(request.cfg_scale, 2),  # more decimals are BadCFGDecimals
        sampler_name=request.sampler,
        karras=request.karras,
        n=request.n,
        seed=request.seed or None,
    )
    return ImageInput(
        prompt=_prompt(request),
        params=params,
        nsfw=request.nsfw,
        censor_nsfw=request.censor_nsfw,
        models=request.models,
        allow_downgrade=request.allow_downgrade or None,
        webhook=_bell(webhook),
    )


def _prompt(request: ImageRequest) -> str:
    if not request.negative:
        return request.prompt
    if NEGATIVE_SPLIT in request.prompt:  # the person wrote one in already
        return f"{request.prompt}, {request.negative}"
    return f"{request.prompt} {NEGATIVE_SPLIT} {request.negative}"


def text_input(request: TextRequest, webhook: str = "") -> TextInput:
    """The API has no `nsfw` for text: which models are fit for a place is chosen before."""
    params = TextParams(
        n=request.n,
        max_length=request.max_length,
        max_context_length=request.max_context_length,
        temperature=request.temperature,
    )
    return TextInput(
        prompt=request.prompt,
        params=params,
        models=request.models,
        allow_downgrade=request.allow_downgrade or None,
        webhook=_bell(webhook),
    )


def alchemy_input(request: AlchemyRequest, source: bytes, webhook: str = "") -> AlchemyInput:
    """The picture itself and not its URL, which every worker would see.

    Raises RequestRejected when its bytes are gone.
    """
    if not source:
        raise RequestRejected("The picture to work on is no longer there. Upload it again.")
    forms = tuple(FormInput(name=form) for form in request.asked)
    picture = base64.b64encode(source).decode()
    return AlchemyInput(source_image=picture, forms=forms, webhook=_bell(webhook))


def _bell(webhook: str) -> str | None:
    """An address the Horde would take. A wrong one would cost the request: one that is too long
    is a 500 for texts. Without any, looking at it from time to time is enough.
    """
    fits = webhook.startswith("https://") and len(webhook) <= WEBHOOK_MAX
    return webhook if fits and len(webhook) >= WEBHOOK_MIN else None
