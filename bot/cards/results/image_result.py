"""The pictures of an image request, and the reasons for missing ones."""

from collections.abc import Sequence
from pathlib import PurePath

from bot.cards import formatting, labels
from bot.cards.card import ALT_MAX, GALLERY_MAX, Block, Gallery, Picture, TextBlock
from bot.cards.card_lines import NAME_MAX, REMARK_MAX, made, missing_results, remarks, titled
from bot.cards.context import CardContext, ResultPart
from bot.cards.downgrade import cut_lines
from bot.cards.markdown import inline_code, line, safe_line
from bot.cards.progress import expected
from bot.cards.source_notes import source_notes
from bot.domain.generations import ImageGeneration
from bot.domain.requests import ImageRequest, Request
from bot.domain.results import Phase, Status
from bot.i18n import N_, _, ngettext
from bot.parameters.flags import lora_flags, strays

NO_BYTES = N_("The download failed. Press **Again** to try once more.")
STRAY_FLAGS = N_(
    "Used as words of the prompt: {flags}. Flags and LoRAs belong in the option `extra`."
)

SEEDS = 4  # shown seeds; more would displace the rest
STRAYS = 5  # flags and tags in a prompt that are named
Numbered = tuple[int, ImageGeneration]


def image_part(scene: CardContext, _room: int) -> ResultPart:
    """The gallery of arrived pictures, the line about it, the missing ones."""
    request = scene.record.request
    assert isinstance(request, ImageRequest)
    pictures = scene.status.pictures
    numbered = arrived_of(scene.status)
    arrived = [picture for _number, picture in numbered]
    problems = ["" if picture.arrived else _why(picture, scene) for picture in pictures]
    return ResultPart(
        blocks=(_gallery(scene, numbered[:GALLERY_MAX]),) if arrived else _preview(scene),
        arrived=len(arrived),
        title=_stopped(scene, arrived),
        line=_line(scene, request, arrived),
        missing=missing_results(scene, problems),
        notes=_notes(request, scene.status, arrived),
        censored=bool(pictures) and all(picture.censored for picture in pictures),
    )


def _stopped(scene: CardContext, arrived: list[ImageGeneration]) -> str:
    """The title of a cancelled request whose last image is not finished; "" for any other."""
    done, total = sum(not image.unfinished for image in arrived), expected(scene)[1]
    if scene.phase is not Phase.CANCELLED or done == len(arrived):
        return ""
    if done:
        text = _("Cancelled after {done} of {total}. The last image is not finished.")
        return text.format(done=done, total=total)
    return ngettext(
        "Cancelled before the image was finished",
        "Cancelled before the first image was finished",
        total,
    )


def image_filename(record_id: int, number: int, file: str) -> str:
    """File name of a result."""
    return f"{stem(record_id)}{number}{PurePath(file).suffix.lower()}"


def stem(record_id: int) -> str:
    """Common beginning of the file names of one request."""
    return f"hordecord-{record_id}-"


def arrived_of(status: Status) -> list[Numbered]:
    """The arrived pictures, each with its 1-based number among all of them."""
    return [pair for pair in enumerate(status.pictures, start=1) if pair[1].arrived]


def image_overflow(scene: CardContext) -> tuple[Block, ...]:
    """The message after the card: the pictures from the eleventh on; () for none."""
    over = arrived_of(scene.status)[GALLERY_MAX : 2 * GALLERY_MAX]
    if not over:
        return ()
    shown = formatting.numbers([number for number, _image in over])
    title = ngettext("Image {numbers} of #{id}", "Images {numbers} of #{id}", len(over))
    title = title.format(numbers=shown, id=scene.record.id)
    return (TextBlock(titled(scene, title)), _gallery(scene, over))


def _gallery(scene: CardContext, pictures: Sequence[Numbered]) -> Gallery:
    request = scene.record.request
    assert isinstance(request, ImageRequest)
    alt = line(request.prompt, ALT_MAX)
    return Gallery(
        tuple(
            Picture(
                *(picture.file, image_filename(scene.record.id, number, picture.file), alt),
                spoiler=request.spoiler,
                as_png=request.file_format == "png",
            )
            for number, picture in pictures
        )
    )


def _preview(scene: CardContext) -> tuple[Block, ...]:
    """The newest image of an unfinished job, behind a spoiler where its result will be."""
    request, preview = scene.record.request, scene.status.preview
    assert isinstance(request, ImageRequest)
    if preview is None or not preview.file or not scene.phase.is_open:
        return ()
    name = f"{stem(scene.record.id)}preview-{preview.version}"  # its type follows from the bytes
    alt = line(request.prompt, ALT_MAX)
    return (Gallery((Picture(preview.file, name, alt, spoiler=request.spoiler),)),)


def _line(scene: CardContext, request: ImageRequest, arrived: list[ImageGeneration]) -> str:
    first = next(iter(arrived), None)
    size = (first.width, first.height) if first and first.width else (request.width, request.height)
    seeds = [inline_code(seed, NAME_MAX) for seed in dict.fromkeys(g.seed for g in arrived) if seed]
    shown = ngettext("seed {seeds}", "seeds {seeds}", len(seeds)).format(seeds=" ".join(seeds))
    seed = shown if seeds else ""
    if len(seeds) > SEEDS:
        seed = ngettext("{count} seed", "{count} seeds", len(seeds))
        seed = seed.format(count=len(seeds))  # each is beside its picture in the menu
    models, workers = (g.model for g in arrived), (g.worker for g in arrived)
    return made(scene, models, workers, seed, formatting.size(size[0], size[1]))


def _why(picture: ImageGeneration, scene: CardContext) -> str:
    request = scene.record.request
    assert isinstance(request, ImageRequest)
    if picture.censored == "csam":
        return scene.why(labels.BLOCKED)
    if picture.censored:
        return scene.why(labels.CENSORED if request.nsfw else labels.CENSORED_HERE)
    return safe_line(picture.problem, REMARK_MAX) or _(NO_BYTES)


def passed_over(request: Request) -> str:
    """Choices without effect: beside a style of the Horde, or as a flag or a tag in the prompt."""
    if not isinstance(request, ImageRequest):
        return ""
    found = strays(request)
    flags = [inline_code(text, NAME_MAX) for text in found[:STRAYS]]
    if (over := len(found) - STRAYS) > 0:
        flags.append(ngettext("{count} more", "{count} more", over).format(count=over))
    lines = [
        labels.dropped(request),
        _(STRAY_FLAGS).format(flags=formatting.listed(flags)) if flags else "",
        _lora_advice(request),
    ]
    return "\n".join(f"-# {line}" for line in lines if line)


def _lora_advice(request: ImageRequest) -> str:
    """How to add the LoRAs that are words of the prompt; "" for none."""
    flags = [inline_code(text, NAME_MAX) for text in lora_flags(request)[:STRAYS]]
    if not flags:
        return ""
    text = _("LoRAs belong into the option `extra`: {flags}.")
    return text.format(flags=formatting.listed(flags))


def _notes(request: ImageRequest, status: Status, arrived: list[ImageGeneration]) -> str:
    found = [passed_over(request), source_notes(request), cut_lines(request, status)]
    found.append(remarks((n for one in arrived for n in one.notes), f"-# {labels.WARNING}"))
    return "\n".join(filter(None, found))
