"""The card of /rate and its buttons: a rating from 1 to 10, then the artifacts."""

from bot.cards import formatting
from bot.cards.card import (
    Button,
    Card,
    Colour,
    Gallery,
    Picture,
    TextBlock,
    quiet_card,
)
from bot.cards.custom_ids import RATE, RATE_ARTIFACTS
from bot.cards.results.shown_pictures import shown_in
from bot.client.bot import HordecordBot
from bot.domain.records import Record
from bot.domain.requests import ImageRequest
from bot.errors import UserError
from bot.horde.job_payloads import ImageRating
from bot.i18n import _
from bot.services.community.ratings import NO_SUCH, images_of
from bot.ui.components.persistent_item import Press, Route, add_routes
from bot.ui.components.views import layout_of

RATINGS = 10
ARTIFACTS = 5  # the most


def rating_card(record: Record, number: int | None = None) -> Card:
    """One image of the request with the buttons 1 to 10. `number`: None is the first image.

    Raises UserError without that image.
    """
    number = number or next(iter(images_of(record)), 1)
    title = _("How good is image {number} of #{id}?").format(number=number, id=record.id)
    about = _("1 is the worst, 10 is the best. The Horde gets this rating.")
    buttons = [
        Button(RATE(record.id, number, rating), formatting.decimal(rating))
        for rating in range(1, RATINGS + 1)
    ]
    return _question(record, number, f"**{title}**\n-# {about}", buttons)


def artifacts_card(record: Record, number: int, rating: int) -> Card:
    """Asks for the artifacts of the image, from 0 to 5. Raises UserError without that image."""
    title = _("Rating {rating} of 10. How many artifacts does the image have?")
    title = title.format(rating=formatting.decimal(rating))
    about = _("0 is none, 5 makes the image unusable.")
    buttons = [
        Button(RATE_ARTIFACTS(record.id, number, rating, many), formatting.decimal(many))
        for many in range(ARTIFACTS + 1)
    ]
    return _question(record, number, f"**{title}**\n-# {about}", buttons)


def _question(record: Record, number: int, text: str, buttons: list[Button]) -> Card:
    request, shown = record.request, shown_in(record, record.status)
    picture = next((each for each in shown if each.number == number), None)
    if picture is None:
        raise UserError(_(NO_SUCH))
    half = len(buttons) // 2
    hidden = isinstance(request, ImageRequest) and request.spoiler
    image = Picture(picture.file, picture.filename, spoiler=hidden)
    return Card(
        Colour.QUIET,
        (TextBlock(text), Gallery((image,))),
        (tuple(buttons[:half]), tuple(buttons[half:])),
    )


async def rated(press: Press, record_id: int, number: int, rating: int) -> None:
    """Ask for the artifacts in the same message, which keeps its file."""
    _check(rating)
    record = await press.client.services.ratings.own(record_id, press.user.id)
    record = press.client.services.history.as_seen(await press.client.context(press), record)
    card = artifacts_card(record, number, rating)
    await press.response.edit_message(view=layout_of(card))


async def artifacts_chosen(
    press: Press, record_id: int, number: int, rating: int, artifacts: int
) -> None:
    """Send the rating. Its kudos, or the refusal, replace the question."""
    _check(rating, artifacts)
    ratings = press.client.services.ratings
    record = await ratings.own(record_id, press.user.id)
    given = ImageRating(id="", rating=rating, artifacts=artifacts)
    await press.response.defer()  # the backend is called
    try:
        reward = formatting.kudos(await ratings.rate(record, number, given))
        said = _("The Horde has your rating. You get {kudos}.").format(kudos=reward)
    except UserError as error:
        said = str(error)
    await press.edit_original_response(view=layout_of(quiet_card(said)), attachments=[])


def _check(rating: int, artifacts: int = 0) -> None:
    if not (1 <= rating <= RATINGS and artifacts <= ARTIFACTS):
        raise UserError(_("A rating is from 1 to 10, artifacts are from 0 to 5."))


def register(bot: HordecordBot) -> None:
    """Add the routes of these buttons."""
    add_routes(bot, Route(RATE, rated), Route(RATE_ARTIFACTS, artifacts_chosen))
