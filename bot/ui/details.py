"""The Details card: every parameter, and the command that makes it again."""

from typing import cast

from bot.records import Record
from bot.requests import AlchemyRequest, ImageRequest, Request, TextRequest
from bot.results import Status
from bot.ui import words
from bot.ui.card import Attachment, Block, Card, Colour, Text
from bot.ui.markdown import clean, code_block, inline_code, safe_line, unchanged
from bot.ui.repeat import Repeat, command_for
from bot.ui.scene import DOT, NAME_MAX

PARAMETERS_MAX, COMMAND_MAX = 1_500, 1_200  # what a card of 4,000 characters has room for
VALUE_SHORT = 450  # of a prompt in the block of parameters, when the whole does not fit
PICTURES = 6
# What every request has, whether somebody chose it or not; the rest is listed when it was chosen.
ALWAYS = frozenset(
    {"prompt", "negative", "models", "width", "height", "steps", "cfg_scale", "sampler", "karras"}
    | {"n", "seed", "nsfw", "censor_nsfw", "allow_downgrade", "private"}
    | {*TextRequest.model_fields, *AlchemyRequest.model_fields}
)
NOT_SHOWN = frozenset({"kind", "source"})  # said elsewhere; a link to a file of Discord's


def details(record: Record, status: Status | None) -> Card:
    """Every parameter as a block to copy, the command that repeats it, the facts of its making."""
    status = status or record.status
    parameters, repeat = _parameters(record), command_for(record, status)
    fits = unchanged(parameters, PARAMETERS_MAX)
    shown = parameters if fits else _parameters(record, VALUE_SHORT)
    blocks: list[Block] = [
        Text(_heading(record, status)),
        Text(code_block(shown, PARAMETERS_MAX)),
        Text(f"{_repeat_words(record, status, repeat)}\n{code_block(repeat.line, COMMAND_MAX)}"),
    ]
    if lines := _pictures(status):
        blocks.append(Text(lines))
    if not (fits and unchanged(repeat.line, COMMAND_MAX)):
        data = f"{parameters}\n\n{repeat.line}\n".encode("utf-8", "replace")
        blocks.append(Text(f"-# {words.LONG_ATTACHED}"))
        blocks.append(Attachment(f"hordecord-{record.id}-details.txt", data=data))
    return Card(Colour.QUIET, tuple(blocks))


def _heading(record: Record, status: Status | None) -> str:
    parts = [
        f"asked <t:{round(record.created_at)}:f>",
        words.PHASES[record.phase],
        words.PAYERS[record.payer],
        words.kudos(status.kudos) if status and status.kudos > 0 else "",
        f"again from #{record.parent}" if record.parent else "",
    ]
    title = words.DETAILS_TITLE.format(id=record.id)
    return f"### {title}\n{DOT.join(filter(None, parts))}"


def _parameters(record: Record, longest: int = 0) -> str:
    """One parameter a line, under the name that the request has for it."""
    request, lines = record.request, list[str]()
    for name, value in sorted(request, key=lambda field: field[0] == "private"):  # that one last
        if name in NOT_SHOWN or (name not in ALWAYS and value == _default(request, name)):
            continue
        text = _written(value) or ("random" if name == "seed" else "none")
        lines.append(f"{name}: {clean(text, longest) if longest else text}")
    if isinstance(request, AlchemyRequest):
        lines.insert(0, f"picture: {request.source.filename}")
    return "\n".join([*lines, f"backend: {record.backend}"])


def _default(request: Request, name: str) -> object:
    return type(request).model_fields[name].get_default()


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, cast("tuple[object, ...]", value))) or "any"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _repeat_words(record: Record, status: Status | None, repeat: Repeat) -> str:
    request = record.request
    if not repeat.exact:
        return words.REPEAT_NEAR
    if isinstance(request, AlchemyRequest):
        return words.REPEAT_WITH_PICTURE
    if not isinstance(request, ImageRequest):
        return words.REPEAT_TEXT
    if request.n > 1 and not request.seed and status and status.pictures:
        return words.REPEAT_FIRST
    return words.REPEAT


def _pictures(status: Status | None) -> str:
    pictures = status.pictures if status else ()
    lines = [
        DOT.join(
            filter(
                None,
                [
                    f"**{number}**",
                    f"seed {inline_code(picture.seed, NAME_MAX)}" if picture.seed else "",
                    safe_line(picture.model, NAME_MAX),
                    f"by {safe_line(picture.worker, NAME_MAX)}" if picture.worker else "",
                ],
            )
        )
        for number, picture in enumerate(pictures[:PICTURES], start=1)
    ]
    return "\n".join(lines)
