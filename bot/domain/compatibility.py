"""Combinations in an image request that the Horde refuses, checked before a submit.

The rules are the Horde's own: docs/horde-api.md#refused-combinations. The range of each field is in
requests/image.py. The server alone decides about trust, kudos, workers and existing LoRAs.
"""

from collections.abc import Callable, Iterable
from itertools import chain

from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.requests import ImageRequest
from bot.domain.requests.image_values import Mode
from bot.errors import BadOption
from bot.i18n import _, ngettext
from bot.i18n.formats import list_and

QR = "qr_code"  # the only workflow, and the reference of the text that it needs
SD15, SDXL, CASCADE = "sd15", "sdxl", "cascade"
STYLE_MIN = 3  # characters
INPAINTER = "stable_diffusion_inpainting"
UNKNOWN = "other"  # an unknown baseline: the Horde decides
NO_HIRES = frozenset({"flux", "qwen", "zimage", "krea2", "anima"})
CONTROLLED = frozenset({SD15, "sd2", UNKNOWN})
LAYERED = frozenset({SD15, SDXL, UNKNOWN})  # these can be transparent
REMIXED = frozenset({CASCADE, UNKNOWN})
POST_PROCESSORS = tuple(name for name, form in FORMS.items() if form.returns == "picture")
# Fields that a style replaces although they were chosen (docs/horde-api.md#styles). Steps, scale,
# sampler, size and models are replaced as well, but every request has them.
STYLED = (
    *("seed", "seed_variation", "clip_skip", "tiling", "transparent", "hires_fix"),
    *("hires_strength", "post", "face_strength", "loras", "embeddings", "strength"),
    *("control", "control_strength", "control_is_map", "control_map", "workflow", "texts"),
    *("scheduler", "sampler_eta", "sampler_s_noise", "sampler_s_churn", "sampler_s_tmin"),
    *("sampler_s_tmax", "sampler_order", "sampler_solver_type", "flow_shift"),
)
ALWAYS_STYLED = ("models", "steps", "cfg_scale", "sampler", "karras")
# All fields that a style can decide.
DECIDED = frozenset({*STYLED, *ALWAYS_STYLED, "width", "height", "shape"})

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

    Of a style that the catalog does not know, those that it may decide.
    """
    if not request.style:
        return ()
    if request.style_name or request.collection or request.style_replaces:
        return request.style_replaces
    fields = ImageRequest.model_fields
    return tuple(name for name in STYLED if getattr(request, name) != fields[name].default)


def _when(broken: object, sentence: str) -> Broken:
    return sentence if broken else None


def _needs_mode(option: str, mode: Mode) -> str:
    text = _("`{option}` needs the mode {mode}. Choose that mode or leave `{option}` out.")
    return text.format(option=option, mode=mode)


def _params(request: ImageRequest, bases: Bases) -> Iterable[Broken]:
    scale = request.cfg_scale
    yield _when(
        abs(scale - round(scale, 2)) > 1e-9,
        _("`cfg_scale` takes at most two decimals. Use {rounded} instead of {given}.").format(
            rounded=f"{scale:.2f}", given=f"{scale:g}"
        ),
    )
    yield _when(
        request.hires_fix and bases & NO_HIRES,
        _(
            "`hires_fix` does not work with Flux, Qwen and Z-Image models. Leave it out or choose "
            "another model."
        ),
    )
    yield _when(
        request.transparent and bases - LAYERED,
        _(
            "`transparent` works with SD 1.5 and SDXL models only. Leave it out or choose one of "
            "those models."
        ),
    )
    yield _when(
        request.transparent and (request.control or request.extra_images),
        _(
            "`transparent` does not work together with `control` or extra images. Leave one of "
            "them out."
        ),
    )


def _post(request: ImageRequest, _bases: Bases) -> Iterable[Broken]:
    unknown = [name for name in request.post if name not in POST_PROCESSORS]
    if unknown:
        text = _("`post` does not take {names}. Choose from: {choices}.")
        choices = ", ".join(POST_PROCESSORS)
        yield text.format(names=list_and(unknown), choices=choices)
    yield _when(
        len(set(request.post)) < len(request.post),
        _("`post` names the same processing twice. Name each one once."),
    )
    upscalers = [n for n in request.post if n in FORMS and FORMS[n].group == "upscale"]
    if len(upscalers) > 1:
        text = _("`post` takes one upscaler at a time. Keep one of these: {names}.")
        yield text.format(names=", ".join(upscalers))


def _additions(request: ImageRequest, _bases: Bases) -> Iterable[Broken]:
    yield _when(
        request.style and len(request.style) < STYLE_MIN,
        ngettext(
            "`style` needs a name of at least {count} character.",
            "`style` needs a name of at least {count} characters.",
            STYLE_MIN,
        ).format(count=STYLE_MIN),
    )
    for lora in request.loras:
        wrong = lora.is_version and not (lora.name.isascii() and lora.name.isdigit())
        text = _("The version of a LoRA is a number, not {name}.")
        yield _when(wrong, text.format(name=repr(lora.name)))


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
    }
    text = _("`{option}` needs a source image. Add one or leave `{option}` out.")
    for name, chosen in given.items():
        yield _when(chosen, text.format(option=name))
    yield _when(
        request.extra_images,
        _("Extra images need a source image. Add one or leave the extra images out."),
    )
    yield _when(
        INPAINTER in request.models and not request.style,
        _("The model {name} needs a source image. Add one or choose another model.").format(
            name=INPAINTER
        ),
    )


def _control(request: ImageRequest, bases: Bases) -> Iterable[Broken]:
    if request.control is None:
        text = _("`{option}` needs `control`. Choose a type there or leave `{option}` out.")
        for name in ("control_is_map", "control_map"):
            yield _when(getattr(request, name), text.format(option=name))
        return
    if request.mode in {"inpainting", "outpainting"}:
        text = _(
            "`control` does not work with the mode {mode}. Leave it out or choose the mode img2img."
        )
        yield text.format(mode=request.mode)
    yield _when(
        bases - CONTROLLED,
        _(
            "`control` works with Stable Diffusion 1.5 and 2 models only. Leave it out or choose "
            "one of those models."
        ),
    )
    yield _when(
        request.control_is_map and request.control_map,
        _(
            "`control_map` returns a control map, and `control_is_map` says that the source image "
            "is one. Leave one of them out."
        ),
    )


def _areas(request: ImageRequest, _bases: Bases) -> Iterable[Broken]:
    inpainting = request.mode == "inpainting"
    yield _when(request.mask and not inpainting, _needs_mode("mask", "inpainting"))
    yield _when(request.parts and not inpainting, _needs_mode("parts", "inpainting"))
    yield _when(
        request.mask and request.parts,
        _("`mask` and `parts` both set the area to repaint. Leave one of them out."),
    )
    yield _when(
        any(request.expand) and request.mode != "outpainting",
        _needs_mode("expand", "outpainting"),
    )


def _remix(request: ImageRequest, bases: Bases) -> Iterable[Broken]:
    remix = request.mode == "remix"
    yield _when(
        request.extra_images and not remix,
        _("Extra images need the mode remix. Choose that mode or leave them out."),
    )
    yield _when(
        remix and (bases - REMIXED or not (request.models or request.style)),
        _(
            "The mode remix works with Stable Cascade models only. Choose such a model or the mode "
            "img2img."
        ),
    )


def _texts(request: ImageRequest, _bases: Bases) -> Iterable[Broken]:
    yield _when(
        request.texts and request.workflow is None,
        _("`texts` needs a workflow. Add the workflow {name} or leave `texts` out.").format(
            name=QR
        ),
    )
    yield _when(
        request.workflow == QR and not any(each.reference == QR for each in request.texts),
        _("A QR code needs a text. Enter it or leave the workflow out."),
    )


def _workers(request: ImageRequest, _bases: Bases) -> Iterable[Broken]:
    yield _when(
        request.worker_blacklist and not request.workers,
        _("`worker_blacklist` needs `workers`. Name the workers to exclude there."),
    )


RULES: tuple[Rule, ...] = (
    *(_params, _post, _additions, _source, _control, _areas, _remix, _texts, _workers),
)
