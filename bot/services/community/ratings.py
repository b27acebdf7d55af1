"""Ratings of a user's own images, which a Horde collects for training."""

import time
from collections.abc import Callable, Mapping

from bot.accounts.credentials import Credentials
from bot.accounts.own_account import NO_HORDE
from bot.domain.records import Payer, Record
from bot.domain.requests import Kind
from bot.domain.results import ImageGeneration
from bot.errors import FeatureMissing, RequestGone, RequestRejected, UserError
from bot.horde.client import HordeClient
from bot.horde.job_payloads import ImageRating, RatingInput
from bot.i18n import N_, _
from bot.rules.place_checks import check_owner
from bot.services.history import History

NOT_OFFERED = N_("This Horde does not offer ratings of images.")
NOT_PUBLIC = "AestheticsNotPublic"  # the refusal of servers that share no image
GONE = N_("The Horde no longer stores this image. Rate an image within 20 minutes.")
NO_SUCH = N_("This result has no such image.")
REMEMBERED = 3600.0  # seconds in which a Horde without ratings is not asked again


class Ratings:
    """Rates images at the Horde that made them. Every refusal is a UserError.

    `hordes`: by the name of the backend. `clock`: seconds; only differences count.
    """

    def __init__(
        self,
        history: History,
        credentials: Credentials,
        hordes: Mapping[str, HordeClient],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._history = history
        self._credentials = credentials
        self._hordes = hordes
        self._clock = clock
        self._refused: dict[str, float] = {}  # time of the refusal by the name of the backend

    async def newest(self, user_id: int) -> Record:
        """The user's newest request with an image."""
        if not self._hordes:
            raise UserError(_(NO_HORDE))
        for record in await self._history.ended_of(user_id, kind=Kind.IMAGE):
            if record.remote_id and record.backend in self._hordes and images_of(record):
                self._check_offered(record.backend)
                return record
        raise UserError(_("You have no image to rate. Create one with `/imagine`."))

    async def own(self, record_id: int, user_id: int) -> Record:
        """That request of the user."""
        record = await self._history.get(record_id)
        check_owner(record, user_id)
        self._check_offered(record.backend)
        return record

    async def rate(self, record: Record, number: int, rating: ImageRating) -> float:
        """Kudos for the rating of that image, counted from 1. `rating`: its id is replaced."""
        image, client = images_of(record).get(number), self._hordes.get(record.backend)
        if image is None or record.remote_id is None or client is None:
            raise UserError(_(NO_SUCH))
        wanted = RatingInput(ratings=(rating.model_copy(update={"id": image.id}),))
        key = await self._key(record)
        try:
            return (await client.rate_image(record.remote_id, wanted, key=key)).reward
        except RequestGone:
            raise UserError(_(GONE)) from None
        except (FeatureMissing, RequestRejected) as error:
            if isinstance(error, RequestRejected) and error.rc != NOT_PUBLIC:
                raise
            self._refused[record.backend] = self._clock()
            raise UserError(_(NOT_OFFERED)) from None

    def _check_offered(self, backend: str) -> None:
        refused = self._refused.get(backend)
        if refused is not None and self._clock() - refused < REMEMBERED:
            raise UserError(_(NOT_OFFERED))

    async def _key(self, record: Record) -> str:
        """The user's own key, so that the user gets the kudos; else the key that paid."""
        own = await self._credentials.key_of_owner(Payer.USER, record.user_id, record.backend)
        return own or await self._credentials.key_of(record)


def images_of(record: Record) -> dict[int, ImageGeneration]:
    """The images that arrived, by their numbers on the card."""
    images = record.status.pictures if record.status else ()
    return {number: image for number, image in enumerate(images, start=1) if image.arrived}
