"""Converts requests to the Horde's payloads."""

import base64
from typing import Any

from bot.chat.request_texts import prompt_text, stops_of
from bot.domain.alchemy import annotations
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import (
    NEGATIVE_SPLIT,
    AlchemyRequest,
    Embedding,
    ImageRequest,
    Lora,
    TextRequest,
)
from bot.domain.sampling_rules import NEWER_SETTINGS
from bot.domain.style_declarations import PARAMETERS
from bot.errors import RequestRejected
from bot.horde import job_payloads as wire
from bot.horde.job_payloads import (
    AlchemyInput,
    AnnotationInput,
    FormInput,
    ImageInput,
    ImageParams,
    TextInput,
    TextParams,
)
from bot.i18n import N_, _
from bot.text_output.stop_strings import HORDE_MAX

GONE = N_("The source image is no longer available. Upload it again.")
# One grey pixel as a PNG: the price depends on whether there is a picture, not on its contents.
_POINT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg=="
)
# An empty list means these on newer servers, and any model on older ones, at any price.
DEFAULT_MODELS = ("stable_diffusion",)
PRICED = "price"  # the prompt of a dry run
WEBHOOK_MIN, WEBHOOK_MAX = 10, 1024  # characters


def image_input(
    request: ImageRequest, pictures: Pictures = NO_PICTURES, webhook: str = ""
) -> ImageInput:
    """Fields whose default on the server is not wanted are always sent; the rest only when chosen.

    Raises RequestRejected when the bytes of a picture to start from are gone.
    """
    params = ImageParams(
        width=request.width,
        height=request.height,
        steps=request.steps,
        cfg_scale=round(request.cfg_scale, 2),  # more decimals are BadCFGDecimals
        sampler_name=request.sampler,
        karras=request.karras if request.scheduler is None else request.scheduler == "karras",
        n=request.n,
        seed=request.seed or None,
        seed_variation=request.seed_variation,
        clip_skip=request.clip_skip,
        tiling=request.tiling or None,
        transparent=request.transparent or None,
        hires_fix=request.hires_fix or None,
        hires_fix_denoising_strength=request.hires_strength if request.hires_fix else None,
        denoising_strength=request.strength if request.source else None,
        post_processing=request.post or None,
        facefixer_strength=request.face_strength,
        loras=tuple(lora_input(lora) for lora in request.loras) or None,
        tis=tuple(embedding_input(each) for each in request.embeddings) or None,
        control_type=request.control,
        image_is_control=request.control_is_map or None,
        return_control_map=request.control_map or None,
        workflow=request.workflow,
        extra_texts=tuple(
            wire.ExtraTextInput(text=each.text, reference=each.reference) for each in request.texts
        )
        or None,
        **_chosen_settings(request),
    )
    texts = {each.name: each.text for each in request.template_fields}
    return ImageInput(
        prompt=_prompt(request),
        params=_beside_style(params, request),
        nsfw=request.nsfw,
        censor_nsfw=request.censor_nsfw,
        models=request.models or DEFAULT_MODELS,
        style=request.style or None,
        template_fields=(texts or None) if request.style else None,
        allow_downgrade=request.allow_downgrade or None,
        trusted_workers=request.trusted_workers or None,
        slow_workers=None if request.slow_workers else False,
        extra_slow_workers=request.extra_slow_workers or None,
        validated_backends=request.validated_backends or None,
        workers=request.workers or None,
        worker_blacklist=(request.worker_blacklist and bool(request.workers)) or None,
        disable_batching=request.disable_batching or None,
        webhook=_webhook_url(webhook),
        **_pictures(request, pictures),
    )


def dry_run_input(request: ImageRequest) -> ImageInput:
    """A dry run of the request, without its prompt, its pictures and its choice of workers."""
    blank = request.model_copy(
        update={"prompt": PRICED, "negative": "", "seed": "", "slow_workers": True}
        | {"workers": (), "worker_blacklist": False}
        | {
            "template_fields": tuple(
                each.model_copy(update={"text": PRICED}) for each in request.template_fields
            )
        }
    )
    dry = {"dry_run": True, "allow_downgrade": None}
    return image_input(blank, placeholders(request)).model_copy(update=dry)


def _chosen_settings(request: ImageRequest) -> dict[str, Any]:
    """Settings since 5.1.8, only those that were chosen.

    None with a style that decides: they belong to the request's sampler and model, which the
    style replaces.
    """
    if request.style and request.style_takes is None:
        return {}
    return {name: getattr(request, name) for name in NEWER_SETTINGS}


def _beside_style(params: ImageParams, request: ImageRequest) -> ImageParams:
    """The parameters without those that the style decides: it would take them as chosen."""
    if not request.style or request.style_takes is None:
        return params
    kept = {PARAMETERS[name] for name in request.style_takes} | {"n"}
    return params.model_copy(update=dict.fromkeys(ImageParams.model_fields.keys() - kept))


def placeholders(request: ImageRequest) -> Pictures:
    """Placeholder pictures for a price request, so that the real ones are not sent."""
    painted = request.mode in {"inpainting", "outpainting"}
    extra = (_POINT,) * len(request.extra_images)
    return Pictures(source=_POINT, mask=_POINT if painted else b"", extra=extra)


def _pictures(request: ImageRequest, pictures: Pictures) -> dict[str, Any]:
    """The source pictures as base64, so that no address is disclosed."""
    if request.source is None:
        return {}
    if not pictures.source or len(pictures.extra) != len(request.extra_images):
        raise RequestRejected(_(GONE))
    extra = tuple(
        wire.ExtraImageInput(image=_base64(data), strength=each.strength)
        for each, data in zip(request.extra_images, pictures.extra, strict=True)
    )
    return {
        "source_image": _base64(pictures.source),
        "source_processing": request.mode or "img2img",
        "source_mask": _base64(pictures.mask) if pictures.mask else None,
        "extra_source_images": extra or None,
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def lora_input(lora: Lora) -> wire.LoraInput:
    """A LoRA as it is sent."""
    return wire.LoraInput(
        name=lora.name,
        model=lora.model,
        clip=lora.clip,
        inject_trigger=lora.trigger or None,
        is_version=lora.is_version or None,
    )


def embedding_input(embedding: Embedding) -> wire.EmbeddingInput:
    """An embedding as it is sent."""
    return wire.EmbeddingInput(
        name=embedding.name,
        inject_ti=embedding.inject or None,
        strength=embedding.strength if embedding.inject else None,
    )


def _prompt(request: ImageRequest) -> str:
    if not request.negative:
        return request.prompt
    if NEGATIVE_SPLIT in request.prompt:  # the prompt contains a negative prompt already
        return f"{request.prompt}, {request.negative}"
    return f"{request.prompt} {NEGATIVE_SPLIT} {request.negative}"


def text_input(request: TextRequest, webhook: str = "") -> TextInput:
    """Payload of a text request. The API has no `nsfw` for texts: suitable models are chosen
    before.
    """
    params = TextParams(
        n=request.n,
        max_length=request.max_length,
        max_context_length=request.context,
        temperature=request.temperature,
        stop_sequence=stops_of(request, HORDE_MAX),
    )
    return TextInput(
        prompt=prompt_text(request),
        params=params,
        models=request.models,
        allow_downgrade=request.allow_downgrade or None,
        webhook=_webhook_url(webhook),
    )


def alchemy_input(request: AlchemyRequest, source: bytes, webhook: str = "") -> AlchemyInput:
    """Payload of an alchemy request, with the picture itself: workers would see its URL.

    Raises RequestRejected when its bytes are gone.
    """
    if not source:
        raise RequestRejected(_(GONE))
    forms = tuple(map(_form_input, request.asked))
    return AlchemyInput(source_image=_base64(source), forms=forms, webhook=_webhook_url(webhook))


def _form_input(form: str) -> FormInput:
    control = annotations.control_type(form)
    if not control:
        return FormInput(name=form)
    return FormInput(name=annotations.FORM, payload=AnnotationInput(control_type=control))


def _webhook_url(webhook: str) -> str | None:
    """The address if the Horde accepts it, else none.

    A wrong one would cost the request: one that is too long is a 500 for texts. Polling works
    without it.
    """
    fits = webhook.startswith("https://") and len(webhook) <= WEBHOOK_MAX
    return webhook if fits and len(webhook) >= WEBHOOK_MIN else None
