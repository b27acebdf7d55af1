"""The images of an answer of the web UI."""

from typing import cast

from bot.backends.a1111.responses import Images, Info
from bot.backends.inline_results import inline_picture
from bot.domain.generations import ImageGeneration
from bot.domain.results import Phase, Status
from bot.errors import BadReply
from bot.http.json import decoded
from bot.http.schema import read_as
from bot.i18n import N_, _, ngettext

NO_IMAGES = N_("{backend} sent no image.")
NO_IMAGE = N_("{backend} sent a file that is not an image.")


def outcome_of(answer: Images, count: int, title: str) -> Status:
    """The outcome with the images of an answer; `count`: the requested number.

    A grid of all images, which some programs send first, is left out.
    """
    facts = decoded(answer.info)
    info = read_as(Info, cast("object", facts)) if isinstance(facts, dict) else Info()
    found = answer.images[-count:] if len(answer.images) > count else answer.images
    if not found:
        raise BadReply(_(NO_IMAGES).format(backend=title))
    images = tuple(_image(image, n, info, title) for n, image in enumerate(found))
    if len(images) >= count:
        return Status(phase=Phase.DONE, finished=count, generations=images)
    text = ngettext(
        "{backend} sent {done} of {count} image.", "{backend} sent {done} of {count} images.", count
    )
    detail = text.format(backend=title, done=len(images), count=count)
    return Status(phase=Phase.PARTIAL, finished=len(images), generations=images, detail=detail)


def interrupted(answered: Status) -> Status:
    """The outcome of a job that was interrupted: the last image of its answer is unfinished."""
    pictures = answered.pictures
    if pictures:
        last = pictures[-1].model_copy(update={"unfinished": True})
        pictures = (*pictures[:-1], last)
    changes = {"generations": pictures, "finished": max(0, len(pictures) - 1), "processing": 0}
    return answered.with_outcome(Phase.CANCELLED, "").model_copy(update=changes)


def _image(image: str, number: int, info: Info, title: str) -> ImageGeneration:
    url = inline_picture(image)
    return ImageGeneration(
        id=str(number + 1),
        url=url,
        seed=str(info.all_seeds[number]) if number < len(info.all_seeds) else "",
        model=info.sd_model_name,
        problem="" if url else _(NO_IMAGE).format(backend=title),
    )
