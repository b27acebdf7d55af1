"""A request as flags: canonical, complete, and pasteable."""

from collections.abc import Callable, Iterator

from bot.domain.compatibility import QR
from bot.domain.requests.image import ImageFields
from bot.parameters.flags.addon_types import EmbeddingText, LoraText
from bot.parameters.flags.compound_types import FieldText, QrText, Referenced, Size
from bot.parameters.flags.table import (
    ANY,
    BY_NAME,
    FIELD,
    FLAGS,
    HIRES,
    IMAGE_STRENGTHS,
    MODEL,
    OF_MODEL,
    ONLY,
    WORKER,
)
from bot.parameters.flags.value_types import number_text, plain_value


def to_text(
    request: ImageFields, *, without: frozenset[str] = frozenset(), only: bool = False
) -> str:
    """The flags of a request or of choices, without prompt, pictures and `private`.

    `without`: fields that are set elsewhere. Fields that were not chosen are left out; `only` turns
    presets and defaults off.
    """
    return " ".join([*([f"--{ONLY}"] if only else []), *_parts(request, without)])


def _parts(request: ImageFields, without: frozenset[str]) -> Iterator[str]:
    for field, write in WRITERS.items():
        if field not in without:
            yield from write(request)


Writer = Callable[[ImageFields], Iterator[str]]


def _single(name: str) -> Writer:
    """For a flag with one value, and for a switch."""
    flag = BY_NAME[plain_value(name)]
    field = flag.fields[0]
    default = ImageFields.model_fields[field].default

    def write(request: ImageFields) -> Iterator[str]:
        value = getattr(request, field)
        if value == default and field not in OF_MODEL:
            return
        if flag.kind is not None:
            yield f"--{name} {flag.kind.write(value)}"
        else:
            yield f"--{name}" if getattr(flag.alone, field) == value else f"--no-{name}"

    return write


def _models(request: ImageFields) -> Iterator[str]:
    for name in request.models:
        yield f"--model {MODEL.write(name)}"
    if not request.models:
        yield f"--model {ANY}"


def _size(request: ImageFields) -> Iterator[str]:
    yield f"--size {Size().write((request.width, request.height))}"


def _hires(request: ImageFields) -> Iterator[str]:
    strength = request.hires_strength
    said = "" if strength is None else f" {HIRES.write(strength)}"
    if request.hires_fix:
        yield f"--hires{said}"
    elif said:
        yield f"--hires-strength{said}"


def _loras(request: ImageFields) -> Iterator[str]:
    for lora in request.loras:
        name = "lora-version" if lora.is_version else "lora"
        yield f"--{name} {LoraText(lora.is_version).write(lora)}"


def _embeddings(request: ImageFields) -> Iterator[str]:
    for embedding in request.embeddings:
        yield f"--ti {EmbeddingText().write(embedding)}"


def _texts(request: ImageFields) -> Iterator[str]:
    texts = request.texts
    if request.workflow == QR and texts and texts[0].reference == QR:
        yield f"--qr {QrText().write(texts[0])}"
        texts = texts[1:]
    elif request.workflow is not None:
        yield f"--workflow {request.workflow}"
    for text in texts:
        yield f"--text {Referenced().write(text)}"


def _fields(request: ImageFields) -> Iterator[str]:
    for text in request.template_fields:
        yield f"--{FIELD} {FieldText().write(text)}"


def _image_strengths(request: ImageFields) -> Iterator[str]:
    strengths = [each.strength for each in request.extra_images]
    if any(strength != 1 for strength in strengths):
        yield f"--{IMAGE_STRENGTHS} {','.join(map(number_text, strengths))}"


def _workers(request: ImageFields) -> Iterator[str]:
    name = "not-worker" if request.worker_blacklist else "worker"
    for worker in request.workers:
        yield f"--{name} {WORKER.write(worker)}"


# By field, in the order of the table of flags.
_OWN: dict[str, Writer] = {
    "models": _models,
    "width": _size,
    "hires_strength": _hires,
    "loras": _loras,
    "embeddings": _embeddings,
    "image_strengths": _image_strengths,
    "texts": _texts,
    "template_fields": _fields,
    "workers": _workers,
}
_NOT_REQUESTED = frozenset({"shape", "preset", ONLY})  # already resolved in a request
_WITH_OTHERS = frozenset({"height", "workflow"})
WRITERS: dict[str, Writer] = {
    flag.fields[0]: _OWN.get(flag.fields[0]) or _single(flag.name)
    for flag in FLAGS
    if flag.fields[0] not in _NOT_REQUESTED | _WITH_OTHERS
}
