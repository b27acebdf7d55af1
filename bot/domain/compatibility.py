"""Combinations in an image request that the Horde refuses, checked before a submit.

The rules are the Horde's own: docs/horde-api.md#refused-combinations. The range of each field is in
requests/image.py. The server alone decides about trust, kudos, workers and existing LoRAs.
"""

from collections.abc import Callable, Iterable
from itertools import chain

from bot.domain.alchemy_forms import FORMS
from bot.domain.requests import ImageRequest
from bot.errors import BadOption

QR = "qr_code"  # the only workflow, and the reference of the text that it needs
SD15, SDXL, CASCADE = "sd15", "sdxl", "cascade"
STYLE_MIN = 3  # characters
UNKNOWN = "other"  # an unknown baseline: the Horde decides
NO_HIRES = frozenset({"flux", "qwen", "zimage"})
CONTROLLED = frozenset({SD15, "sd2", UNKNOWN})
LAYERED = frozenset({SD15, SDXL, UNKNOWN})  # these can be transparent
REMIXED = frozenset({CASCADE, UNKNOWN})
POST_PROCESSORS = tuple(name for name, form in FORMS.items() if form.returns == "picture")
# Fields that a style replaces although they were chosen (docs/horde-api.md#styles). Steps, scale,
# sampler, size and models are replaced as well, but every request has them.
STYLED = (
    *("seed", "seed_variation", "clip_skip", "tiling", "transparent", "hires_fix"),
    *("hires_strength", "post", "face_strength", "loras", "embeddings", "strength"),
    *("control", "control_is_map", "control_map", "workflow", "texts"),
)
ALWAYS_STYLED = ("models", "steps", "cfg_scale", "sampler", "karras")

Broken = str | None  # sentence about a broken rule
Bases = frozenset[str]
Rule = Callable[[ImageRequest, Bases], Iterable[Broken]]


def check(request: ImageRequest, *baselines: str) -> None:
    """Raise BadOption for the first broken rule; its sentence says what to change.

    `baselines`: of each model, names of bot.catalog, "other" for unknown. With a style they are
    ignored, because a style brings its own models.
    """
    bases = frozenset({UNKNOWN} if request.style else baselines)
    for sentence in chain.from_iterable(rule(request, bases) for rule in RULES):
        if sentence is not None:
            raise BadOption(sentence)


def dropped_by_style(request: ImageRequest) -> tuple[str, ...]:
    """Chosen fields that the Horde ignores because the style decides them.

    Of a style that the catalog does not know, only those that are not in every request.
    """
    if not request.style:
        return ()
    if request.style_name:
        return request.style_replaces
    fields = ImageRequest.model_fields
    return tuple(name for name in STYLED if getattr(request, name) != fields[name].default)


def _when(broken: object, sentence: str) -> Broken:
    return sentence if broken else None


def _params(request: ImageRequest, bases: Bases) -> Iterable[Broken]:
    scale = request.cfg_scale
    yield _when(
        abs(scale - round(scale, 2)) > 1e-9,
        f"`cfg_scale` takes at most two decimals: {scale:.2f} instead of {scale:g}.",
    )
    yield _when(
        request.hires_fix and bases & NO_HIRES,
        "`hires_fix` does not work with Flux, Qwen or Z-Image: leave it out or take another model.",
    )
    yield _when(
        request.transparent and bases - LAYERED,
        "`transparent` works with SD 1.5 and SDXL models only: leave it out or take one of those.",
    )
    yield _when(
        request.transparent and (request.control or request.extra_images),
        "`transparent` does not go with `control` or extra images: leave one of them out.",
    )


def _post(request: ImageRequest, _bases: Bases) -> Iterable[Broken]:
    unknown = [name for name in request.post if name not in POST_PROCESSORS]
    yield _when(
        unknown,
        f"`post` does not know {', '.join(unknown)}: choose out of {', '.join(POST_PROCESSORS)}.",
    )
    yield _when(
        len(set(request.post)) < len(request.post),
        "`post` names the same thing twice: name it once.",
    )
    upscalers = [n for n in request.post if n in FORMS and FORMS[n].group == "upscale"]
    yield _when(
        len(upscalers) > 1,
        f"`post` takes one upscaler at a time: keep one of {', '.join(upscalers)}.",
    )


def _additions(request: ImageRequest, _bases: Bases) -> Iterable[Broken]:
    yield _when(
        request.style and len(request.style) < STYLE_MIN,
        f"`style`: the name of a style has at least {STYLE_MIN} characters.",
    )
    for lora in request.loras:
        wrong = lora.is_version and not (lora.name.isascii() and lora.name.isdigit())
        yield _when(wrong, f"A LoRA's version is a number, and {lora.name!r} is none.")


def _source(request: ImageRequest, _bases: Bases) -> Iterable[Broken]:
    if request.source is not None:
        return
    given = {
        "mode": request.mode is not None,
        "strength": request.strength is not None,
        "mask": request.mask is not None,
        "parts": bool(request.parts),
        "expand": any(request.expand),
        "control": request.control is not None,
        "extra images": bool(request.extra_images),
    }
    for name, chosen in given.items():
        yield _when(chosen, f"`{name}` needs a picture to start from: add one or leave it out.")
    yield _when(
        "stable_diffusion_inpainting" in request.models and not request.style,
        "stable_diffusion_inpainting paints in a picture: add one or take another model.",
    )


def _control(request: ImageRequest, bases: Bases) -> Iterable[Broken]:
    if request.control is None:
        for name in ("control_is_map", "control_map"):
            yield _when(getattr(request, name), f"`{name}` needs `control`, which says the kind.")
        return
    yield _when(
        request.mode in {"inpainting", "outpainting"},
        f"`control` does not work with {request.mode}: leave it out or choose img2img.",
    )
    yield _when(
        bases - CONTROLLED,
        "`control` works with Stable Diffusion 1.5 and 2 models only: leave it out or take one.",
    )
    yield _when(
        request.control_is_map and request.control_map,
        "`control_map` makes a map and `control_is_map` brings one: leave one of them out.",
    )


def _areas(request: ImageRequest, _bases: Bases) -> Iterable[Broken]:
    inpainting = request.mode == "inpainting"
    yield _when(
        request.mask and not inpainting,
        "`mask` belongs to the mode inpainting: choose it or leave the mask out.",
    )
    yield _when(
        request.parts and not inpainting,
        "`parts` belong to the mode inpainting: choose it or leave the parts out.",
    )
    yield _when(
        request.mask and request.parts,
        "`mask` and `parts` both say what to repaint: leave one of them out.",
    )
    yield _when(
        any(request.expand) and request.mode != "outpainting",
        "`expand` belongs to the mode outpainting: choose it or leave it out.",
    )


def _remix(request: ImageRequest, bases: Bases) -> Iterable[Broken]:
    remix = request.mode == "remix"
    yield _when(
        request.extra_images and not remix,
        "Extra images belong to the mode remix: choose it or leave them out.",
    )
    yield _when(
        remix and (bases - REMIXED or not (request.models or request.style)),
        "The mode remix works with Stable Cascade models only: take one or choose img2img.",
    )


def _texts(request: ImageRequest, _bases: Bases) -> Iterable[Broken]:
    yield _when(
        request.texts and request.workflow is None,
        f"`texts` belong to a workflow: add the workflow {QR} or leave the texts out.",
    )
    yield _when(
        request.workflow == QR and not any(each.reference == QR for each in request.texts),
        "A QR code needs its text: say what it should hold, or leave the workflow out.",
    )


def _workers(request: ImageRequest, _bases: Bases) -> Iterable[Broken]:
    yield _when(
        request.worker_blacklist and not request.workers,
        "`worker_blacklist` needs `workers`: name those that should not do it.",
    )


RULES: tuple[Rule, ...] = (
    *(_params, _post, _additions, _source, _control, _areas, _remix, _texts, _workers),
)
