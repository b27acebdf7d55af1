"""Backend for AI Power Grid: texts as a stream, images by paid calls that can be recovered."""

from collections.abc import Mapping
from typing import BinaryIO

from bot.backends.aipg.client import AipgClient
from bot.backends.aipg.fitting import fitted_image
from bot.backends.aipg.media_jobs import MediaJobs
from bot.backends.aipg.media_results import image_job, video_job
from bot.backends.aipg.offers import Offers
from bot.backends.aipg.payloads import IMAGE_FIELDS, media_image_input, video_input
from bot.backends.aipg.responses import Owner
from bot.backends.inline_results import plain_answer
from bot.backends.open_calls import OpenCall
from bot.backends.openai.texts import TextWriter
from bot.backends.timing import timed
from bot.backends.values import Account, Health, Limits, Model, Priced, Receipt, for_all_kinds
from bot.backends.without_kudos import BlockingBackend
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import ImageRequest, Kind, Request, TextRequest, VideoRequest
from bot.domain.results import Status
from bot.errors import BackendDown, BackendError, BadReply, RequestRejected
from bot.horde.downloads import SIZE_MAX, Downloads
from bot.i18n import N_, _
from bot.settings import ANONYMOUS_KEY

TITLE = "AI Power Grid"
LIFETIME = 3600.0  # seconds, longer than any call and its recovery
# Of one account. The server counts images and videos together, and takes four of them.
TEXTS_AT_ONCE, MEDIA_AT_ONCE = 24, 4
VIDEOS_AT_ONCE = 1
IMAGES_AT_ONCE = MEDIA_AT_ONCE - VIDEOS_AT_ONCE
WINDOWS = ((20, 1.0),)  # from one address; the server limits keys only
LIMITS = for_all_kinds(
    Limits(WINDOWS, waiting=IMAGES_AT_ONCE, running=True, account_windows=((10, 60.0),)),
    video=Limits(WINDOWS, waiting=VIDEOS_AT_ONCE, running=True, account_windows=((4, 60.0),)),
    text=Limits(WINDOWS, waiting=TEXTS_AT_ONCE, running=True, account_windows=((30, 60.0),)),
)
KEY_NEEDED = N_("{backend} needs an API key. Add yours with `/account login`.")
NOT_HERE = N_("{backend} makes no such results. Choose another command.")
FROM_PROMPT = N_("{backend} makes images from a prompt only. Leave the source image out.")
ONE_EACH = N_("{backend} makes one image per request. Set the number of images to 1.")
NO_LINK = N_("{backend} sent no link to the result.")
AVAILABLE = N_("{backend} is available.")


class AipgBackend(BlockingBackend):
    """AI Power Grid behind the protocol of bot/backends/base.py. Prices are in micro-USD."""

    request_lifetime = LIFETIME
    limits: Mapping[Kind, Limits] = LIMITS

    def __init__(self, name: str, client: AipgClient, downloads: Downloads) -> None:
        able = Capabilities(
            title=client.title,
            kinds=frozenset({Kind.TEXT, Kind.IMAGE, Kind.VIDEO}),
            submits="blocking",
            resubmit="recoverable",
            cancels=frozenset({Kind.TEXT}),
            streams=True,
            progress=True,
            unit=PriceUnit.MICRO_USD,
            image_fields=IMAGE_FIELDS,
            forms=frozenset(),
            results_max=1,
            keys="required",
            keys_from="console.aipowergrid.io",
        )
        super().__init__(name, able)
        self._client = client
        self._downloads = downloads
        self._offers = Offers(client)
        self._texts = TextWriter(client, self._offers.text_cost)
        self._jobs = MediaJobs(client)

    @timed("submit")
    async def submit(
        self,
        request: Request,
        key: str,
        *,
        pictures: Pictures = NO_PICTURES,
        webhook: str = "",  # noqa: ARG002  (the call itself brings the result)
        token: str = "",
    ) -> Receipt:
        """Start the call, which is the job."""
        if not key or key == ANONYMOUS_KEY:
            raise RequestRejected(self._say(KEY_NEEDED), private=True)
        match request:
            case TextRequest():
                return await self._submit_text(request, key, token)
            case ImageRequest():
                return await self._submit_image(request, key, token)
            case VideoRequest():
                return await self._submit_video(request, key, token, pictures.source)
            case _:
                raise RequestRejected(self._say(NOT_HERE))

    async def _submit_text(self, request: TextRequest, key: str, token: str) -> Receipt:
        offer = await self._offers.chosen(request.models, Kind.TEXT)

        async def work(call: OpenCall) -> Status:
            return await self._texts.write(call, request, offer.name, key)

        await self._calls.start(token, work, count=request.n)
        return Receipt(token, cost=await self._offers.most_for(request))

    async def _submit_image(self, request: ImageRequest, key: str, token: str) -> Receipt:
        if request.sources:
            raise RequestRejected(self._say(FROM_PROMPT))
        if request.n > 1:
            raise RequestRejected(self._say(ONE_EACH))
        offer = await self._offers.chosen(request.models, Kind.IMAGE)
        rules = await self._offers.rules(offer.name)
        request, warnings = fitted_image(request, offer.name, rules)
        body = media_image_input(request, offer.name, rules, token)
        job = image_job(token, key, offer)

        async def work(call: OpenCall) -> Status:
            return await self._jobs.run(call, job, lambda: self._client.create_image(body, key))

        await self._calls.start(token, work)
        return Receipt(token, cost=job.price, warnings=warnings)

    async def _submit_video(
        self, request: VideoRequest, key: str, token: str, image: bytes
    ) -> Receipt:
        offer = await self._offers.chosen(request.models, Kind.VIDEO)
        rules = await self._offers.rules(offer.name)
        body = video_input(request, offer.name, rules, token, image)
        job = video_job(token, key, offer, request, self._downloads)

        async def work(call: OpenCall) -> Status:
            return await self._jobs.run(call, job, lambda: self._client.create_video(body, key))

        await self._calls.start(token, work)
        return Receipt(token, cost=job.price)

    def resume(self, token: str, request: Request, key: str) -> bool:
        """Ask for the result of an earlier run. A text is lost with its connection."""
        if not isinstance(request, ImageRequest | VideoRequest) or key in {"", ANONYMOUS_KEY}:
            return False

        async def work(call: OpenCall) -> Status:
            offer = await self._offers.of_earlier_run(request.models, Kind(request.kind))
            if isinstance(request, VideoRequest):
                job = video_job(token, key, offer, request, self._downloads)
            else:
                job = image_job(token, key, offer)
            return await self._jobs.recover(call, job)

        self._calls.resume(token, work)
        return True

    @timed("estimate")
    async def estimate(self, request: Priced, key: str) -> float:  # noqa: ARG002  (a protocol)
        """The price in micro-USD, from the list of models; 0 is unknown."""
        if isinstance(request, TextRequest):
            return await self._offers.most_for(request)
        offer = await self._offers.chosen(request.models, Kind(request.kind))
        if isinstance(request, VideoRequest):
            return offer.pricing.video(request.seconds)
        return offer.pricing.image * request.n

    @timed("cancel")
    async def cancel(self, remote_id: str, kind: Kind, *, n: int) -> Status:  # noqa: ARG002
        """Stop a text, of which the sent part is charged. An image goes on, and is charged."""
        if kind in self.capabilities.cancels:
            return await self._calls.cancel(remote_id)
        return self._calls.status(remote_id)

    @timed("fetch")
    async def fetch(self, url: str, limit: int = SIZE_MAX) -> bytes:
        """The bytes of an image."""
        return await self._downloads.fetch(self._link(url), limit)

    @timed("fetch")
    async def save(self, url: str, into: BinaryIO, limit: int = SIZE_MAX) -> None:
        """Download a video into an empty file."""
        await self._downloads.save(self._link(url), into, limit)

    def _link(self, url: str) -> str:
        """The address of a result. A host other than the server's own needs https."""
        if not (url.startswith("https://") or self._downloads.is_home(url)):
            raise BadReply(self._say(NO_LINK))
        return url

    @timed("models")
    async def models(self, kind: Kind) -> tuple[Model, ...]:
        """The models that have workers, with their prices."""
        return await self._offers.models(kind)

    @timed("account")
    async def account(self, key: str) -> Account:
        """The account of a key with its balance in micro-USD. RequestRejected for another key."""
        found = await self._client.credits(key)
        try:
            owner = await self._client.owner(key)
        except BackendError:  # the name alone is missing
            owner = Owner()
        balance = float(found.total_spendable_micro)
        name = plain_answer(owner.username, 60) or self._client.title
        return Account(name, balance, spendable=balance, concurrency=MEDIA_AT_ONCE)

    @timed("health")
    async def health(self) -> Health:
        """Whether the server answers."""
        try:
            await self._client.offers()
        except BackendDown as error:
            return Health(ok=False, message=str(error))
        except BackendError as error:  # it is up, and refuses this call
            return Health(ok=True, message=str(error))
        return Health(ok=True, message=self._say(AVAILABLE))

    def _say(self, message: str) -> str:
        return _(message).format(backend=self._client.title)
