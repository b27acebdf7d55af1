"""The Details card: every parameter, and the command that repeats the request."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import starmap
from typing import Any

from bot.cards import formatting, labels
from bot.cards.card import TEXT_MAX, Attachment, Block, Card, Colour, TextBlock
from bot.cards.card_lines import FROM, NAME_MAX, made_by
from bot.cards.downgrade import cut_values
from bot.cards.formatting import DOT
from bot.cards.markdown import clean, code_block, inline_code, safe_line, unchanged, units
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.generations import ImageGeneration
from bot.domain.records import Record
from bot.domain.requests import (
    AlchemyRequest,
    Embedding,
    ExtraImage,
    ExtraText,
    ImageRequest,
    Lora,
    Request,
    Source,
    TemplateText,
    TextRequest,
    VideoRequest,
)
from bot.domain.results import Phase, Status
from bot.i18n import N_, _, ngettext
from bot.parameters.flags.addon_types import EmbeddingText, LoraText
from bot.parameters.flags.compound_types import FieldText, Referenced, Sides
from bot.parameters.flags.value_types import number_text
from bot.parameters.repeat_command import Repeat, command_for

# Details
DETAILS_TITLE = N_("Request #{id}")
REPEAT_FIRST = N_("Command that repeats the first image. The seeds of the others are below.")
REPEAT_TEXT = N_("Command that repeats the request.")
ADD_FILES = N_("Attach {files}.")
REPEAT_NEAR = N_("Command that is closest to the request. A part of the text cannot be pasted.")
REPEAT_WITH_PICTURE = N_("Command that repeats the request. Attach the source image.")
ONE_BATCH = N_("Images with the same seed were created together. The seed repeats the first one.")
NOT_TOLD = N_("seed, model and worker unknown")
LONG_ATTACHED = N_("The attached file has the full texts.")

PARAMETERS_MAX, COMMAND_MAX = 1_500, 1_200  # characters that fit on a card of 4,000
VALUE_SHORT = 450  # of a prompt in the block of parameters, if the whole does not fit
MORE = 300  # units for the part after the seeds, and for the requester
PICTURES = 6  # lines about seeds; the file lists them all
# Parameters of every request, chosen or not; others are listed if they were chosen.
ALWAYS = frozenset(
    {"prompt", "negative", "models", "width", "height", "steps", "cfg_scale", "sampler", "karras"}
    | {"n", "seed", "nsfw", "censor_nsfw", "allow_downgrade", "private"}
    | {*TextRequest.model_fields, *AlchemyRequest.model_fields, *VideoRequest.model_fields}
    - {"source"}
)
NOT_SHOWN = frozenset({"kind", "style_takes", "ignored", "written"})


def details(
    record: Record, status: Status | None, *, own: bool = False, made_by: Capabilities = HORDE
) -> Card:
    """Every parameter as a block to copy, the command that repeats it, the facts of its making.

    `own`: the requester reads it. `made_by`: the abilities of its backend.
    """
    status = status or record.status
    cut = cut_values(record.request, status)
    made = replace(record, request=record.request.model_copy(update=cut))
    parameters, repeat = _parameters(record, cut), command_for(made, status)
    fits = unchanged(parameters, PARAMETERS_MAX)
    shown = parameters if fits else _parameters(record, cut, VALUE_SHORT)
    texts = [
        _heading(record, status, own=own, made_by=made_by),
        code_block(shown, PARAMETERS_MAX),
        f"{_repeat_words(record, status, repeat)}\n{code_block(repeat.line, COMMAND_MAX)}",
    ]
    if dropped := _dropped(record):
        texts.append(f"-# {dropped}")
    seeds = _made(status)
    lines = _fitting(seeds[:PICTURES], TEXT_MAX - MORE - sum(map(units, texts)))
    if any(not numbers.isdigit() and one.seed for numbers, one in seeds):
        texts.append(f"-# {_(ONE_BATCH)}")
    blocks: list[Block] = [TextBlock(text) for text in (*texts, "\n".join(lines)) if text]
    if not (fits and unchanged(repeat.line, COMMAND_MAX) and len(lines) == len(seeds)):
        parts = [parameters, repeat.line, "\n".join(starmap(_plain_line, seeds))]
        data = "\n\n".join(filter(None, parts)).encode("utf-8", "replace")
        blocks.append(TextBlock(f"-# {_(LONG_ATTACHED)}"))
        blocks.append(Attachment(f"hordecord-{record.id}-details.txt", data=data))
    return Card(Colour.QUIET, tuple(blocks))


def _heading(record: Record, status: Status | None, *, own: bool, made_by: Capabilities) -> str:
    parts = [
        _("requested {time}").format(time=f"<t:{round(record.created_at)}:f>"),
        _(labels.PHASES[_phase(record, status)]),
        "" if own else labels.requester(record.user_id),
        labels.payer_label(record.payer, own=own, able=made_by),
        formatting.price(status.cost, record.unit) if status and status.cost > 0 else "",
        _(FROM).format(number=f"#{record.parent}") if record.parent else "",
    ]
    title = _(DETAILS_TITLE).format(id=record.id)
    return f"### {title}\n{DOT.join(filter(None, parts))}"


def _phase(record: Record, status: Status | None) -> Phase:
    """As on its card: shown results end a request a moment before its row is closed."""
    ended = status is not None and not status.phase.is_open
    return status.phase if status is not None and ended and record.phase.is_open else record.phase


def _parameters(record: Record, cut: Mapping[str, object], longest: int = 0) -> str:
    """One parameter a line, by the name of the request's field.

    `cut`: the values of a downgrade where they differ from the requested ones.
    """
    request, lines = record.request, list[str]()
    for name, value in sorted(request, key=lambda field: field[0] == "private"):  # that one last
        if name in NOT_SHOWN or (name not in ALWAYS and value == _default(request, name)):
            continue
        write = BY_NAME.get(name, _written)
        text = write(value) or (_("random") if name == "seed" else _("not set"))
        if name in cut:
            both = _("{made} (requested: {requested})")
            text = both.format(made=write(cut[name]), requested=text)
        lines.append(f"{name}: {clean(text, longest) if longest else text}")
    return "\n".join([*lines, f"backend: {record.backend}"])


def _default(request: Request, name: str) -> object:
    return type(request).model_fields[name].get_default()


def _written(value: object) -> str:
    """A value as text; the parts of `extra` as flags."""
    for kind, write in WRITTEN.items():
        if isinstance(value, kind):
            return write(value)
    return str(value)


def _lora(lora: Lora) -> str:
    text = LoraText().write(lora)
    return _("version {number}").format(number=text) if lora.is_version else text


def _extra_image(image: ExtraImage) -> str:
    return f"{image.source.filename} ({number_text(image.strength)})"


WRITTEN: dict[type, Callable[[Any], str]] = {
    bool: lambda value: _("yes") if value else _("no"),
    float: number_text,
    tuple: lambda values: ", ".join(map(_written, values)) or _("any"),
    Source: lambda source: source.filename,
    ExtraImage: _extra_image,
    Lora: _lora,
    Embedding: EmbeddingText().write,
    ExtraText: Referenced().write,
    TemplateText: FieldText().write,
}


# Where a field means more than its type.
BY_NAME: dict[str, Callable[[Any], str]] = {"expand": Sides().write}


def _repeat_words(record: Record, status: Status | None, repeat: Repeat) -> str:
    request = record.request
    if not repeat.exact:
        return _(REPEAT_NEAR)
    if isinstance(request, AlchemyRequest):
        return _(REPEAT_WITH_PICTURE)
    if not isinstance(request, ImageRequest):
        return _(REPEAT_TEXT)
    files = _to_add(request)
    return " ".join(filter(None, [_pasting(request, status), files]))


def _pasting(request: ImageRequest, status: Status | None) -> str:
    arrived = any(one.arrived for one in status.pictures) if status else False
    if not (arrived or request.seed):
        return _(REPEAT_TEXT)
    if request.n > 1 and not request.seed:
        return _(REPEAT_FIRST)
    return ngettext(
        "Command that repeats the image.",
        "Command that repeats the images.",
        request.n,
    )


def _to_add(request: ImageRequest) -> str:
    """Which pictures to add to which options; "" without a source."""
    files = {"image": request.source, "mask": request.mask} | {
        f"image{number}": each.source for number, each in enumerate(request.extra_images, start=2)
    }
    named = [
        _("{file} as **{option}**").format(
            file=inline_code(source.filename, NAME_MAX), option=option
        )
        for option, source in files.items()
        if source is not None
    ]
    return _(ADD_FILES).format(files=formatting.listed(named)) if named else ""


def _dropped(record: Record) -> str:
    """Chosen parameters that a style of the Horde replaces."""
    request = record.request
    return labels.dropped(request) if isinstance(request, ImageRequest) else ""


def _made(status: Status | None) -> list[tuple[str, ImageGeneration]]:
    """Every seed once, after the numbers of its pictures."""
    made: dict[tuple[str, str, str], list[int]] = {}
    pictures = status.pictures if status else ()
    for number, one in enumerate(pictures, start=1):
        made.setdefault((one.seed, one.model, one.worker), []).append(number)
    return [(formatting.numbers(found), pictures[found[0] - 1]) for found in made.values()]


def _fitting(made: list[tuple[str, ImageGeneration]], room: int) -> list[str]:
    """As many lines as fit: names and seeds come from strangers."""
    lines = list[str]()
    for line in starmap(_line, made):
        room -= units(line) + 1
        if room < 0:
            break
        lines.append(line)
    return lines


def _line(numbers: str, one: ImageGeneration) -> str:
    """The line as a card shows it."""
    seed = _("seed {seed}").format(seed=inline_code(one.seed, NAME_MAX)) if one.seed else ""
    facts = [f"**{numbers}**", seed, safe_line(one.model, NAME_MAX), made_by(one.worker)]
    return DOT.join(filter(None, facts))


def _plain_line(numbers: str, one: ImageGeneration) -> str:
    """The line in a file."""
    seed = _("seed {seed}").format(seed=one.seed) if one.seed else ""
    worker = _("by\N{NO-BREAK SPACE}{worker}").format(worker=one.worker) if one.worker else ""
    facts = _(", ").join(filter(None, [seed, one.model, worker]))
    return f"{numbers}: {facts or _(NOT_TOLD)}"
