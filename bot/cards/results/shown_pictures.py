"""The numbered pictures of a result, each with its file."""

from dataclasses import dataclass

from bot.cards import labels
from bot.cards.card import OPTION_MAX, Menu, Option, Verb
from bot.cards.custom_ids import CARD
from bot.cards.formatting import DOT
from bot.cards.markdown import line
from bot.cards.results import alchemy_files, alchemy_result, image_result
from bot.domain.alchemy.alchemy_forms import form_of
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, ImageRequest
from bot.domain.results import Status
from bot.i18n import _


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """One picture. `number`: 1-based among all requested ones, so missing ones are skipped.

    `file`: its stored file, `filename`: its name on Discord. Sides in pixels, 0 if unknown.
    """

    number: int
    file: str
    filename: str
    width: int = 0
    height: int = 0
    seed: str = ""
    model: str = ""
    form: str = ""  # of alchemy: the label of the form


def shown_in(record: Record, status: Status | None) -> tuple[ShownPicture, ...]:
    """The pictures of a result in the order of its card, without withheld ones."""
    request = record.request
    if status is None:
        return ()
    if isinstance(request, ImageRequest):
        return tuple(
            ShownPicture(
                number=number,
                file=picture.file,
                filename=image_result.image_filename(record.id, number, picture.file),
                width=picture.width,
                height=picture.height,
                seed=picture.seed,
                model=picture.model,
            )
            for number, picture in image_result.arrived_of(status)
        )
    return _of_forms(record.id, request, status) if isinstance(request, AlchemyRequest) else ()


def pick_menu(
    record: Record, pictures: tuple[ShownPicture, ...], verb: Verb, placeholder: str
) -> Menu:
    """Menu to choose a picture by its number."""
    options = tuple(Option(str(one.number), _label(one)) for one in pictures)
    return Menu(CARD(verb, record.id, 0), placeholder, options)


def _of_forms(record_id: int, request: AlchemyRequest, status: Status) -> tuple[ShownPicture, ...]:
    found = {form.form: form for form in status.forms}
    if alchemy_result.withheld(request, found, is_open=False):
        return ()
    return tuple(
        ShownPicture(
            number=number,
            file=found[name].file,
            filename=alchemy_files.alchemy_filename(record_id, found[name]),
            width=found[name].width,
            height=found[name].height,
            form=form_of(name).shown,
        )
        for number, name in enumerate(request.forms, start=1)
        if name in found and found[name].arrived and alchemy_files.is_picture(found[name])
    )


def _label(picture: ShownPicture) -> str:
    if picture.form:
        return line(picture.form, OPTION_MAX)
    label = _(labels.PICTURE).format(number=picture.number)
    seed = _("seed {seed}").format(seed=picture.seed) if picture.seed else ""
    return line(DOT.join(filter(None, [label, seed])), OPTION_MAX)
