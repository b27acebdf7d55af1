"""Backend for an own GPU: a web UI with the API `/sdapi/v1`. The call is the job."""

from bot.backends.a1111.client import JOB, WebuiClient
from bot.backends.a1111.forms import FORMS, forms_outcome, process, status_of_forms, unfinished
from bot.backends.a1111.lists import WebuiLists
from bot.backends.a1111.payloads import IMAGE_FIELDS, as_base64, webui_image_body
from bot.backends.a1111.progress import JobWatch, ProgressFeed
from bot.backends.a1111.results import interrupted, outcome_of
from bot.backends.inline_results import inline_content
from bot.backends.open_calls import OpenCall
from bot.backends.timing import timed
from bot.backends.values import Account, Health, Limits, Model, OfferedNames, Receipt, for_all_kinds
from bot.backends.without_kudos import BlockingBackend
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.generations import FormResult
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import (
    AlchemyRequest,
    ImageRequest,
    Kind,
    Request,
    TextRequest,
    VideoRequest,
)
from bot.domain.results import Phase, Status
from bot.errors import BackendError, BadReply, RequestRejected
from bot.i18n import N_, _

TITLE = "Stable Diffusion WebUI"
RESULTS_MAX = 4
INTERRUPT = 15.0  # seconds in which an interrupted job is expected to answer: one step of it
# One request at a time, so that the others wait in the fair queue of the bot.
LIMITS = for_all_kinds(Limits(windows=((10, 1.0),), waiting=1, running=True))
NO_TEXTS = N_("{backend} makes no texts.")
NO_VIDEOS = N_("{backend} makes no videos.")
NO_LINK = N_("{backend} sent a result that cannot be read.")
UP = N_("{backend} is available.")


class A1111Backend(BlockingBackend):
    """A web UI behind the protocol of bot/backends/base.py.

    `previews`: whether unfinished images are shown.
    """

    request_lifetime = JOB
    limits = LIMITS

    def __init__(self, name: str, client: WebuiClient, *, previews: bool = True) -> None:
        able = Capabilities(
            title=client.title,
            kinds=frozenset({Kind.IMAGE, Kind.ALCHEMY}),
            submits="blocking",
            resubmit="free",
            cancels=frozenset({Kind.IMAGE, Kind.ALCHEMY}),
            progress=True,
            unit=PriceUnit.NONE,
            image_fields=IMAGE_FIELDS,
            forms=FORMS,
            results_max=RESULTS_MAX,
            lora_tags=True,
            keys="none",
        )
        super().__init__(name, able)
        self._client = client
        self._lists = WebuiLists(client)
        self._feed = ProgressFeed(client, previews=previews)
        self._watches: dict[str, JobWatch] = {}

    @timed("submit")
    async def submit(
        self,
        request: Request,
        key: str,  # noqa: ARG002  (the client has that of the operator)
        *,
        pictures: Pictures = NO_PICTURES,
        webhook: str = "",  # noqa: ARG002  (a call needs none)
        token: str = "",
    ) -> Receipt:
        """Start the call of a request."""
        match request:
            case ImageRequest():
                await self._submit_image(request, pictures, token)
            case AlchemyRequest():
                await self._submit_alchemy(request, pictures, token)
            case TextRequest():
                raise RequestRejected(_(NO_TEXTS).format(backend=self.capabilities.title))
            case VideoRequest():
                raise RequestRejected(_(NO_VIDEOS).format(backend=self.capabilities.title))
        return Receipt(token)

    async def _submit_image(self, request: ImageRequest, pictures: Pictures, token: str) -> None:
        resolved = await self._lists.resolved(request)
        body = webui_image_body(resolved, pictures, self.capabilities.title)
        make = self._client.image_to_image if body.init_images else self._client.text_to_image
        watch = JobWatch(self._feed, "img2img" if body.init_images else "txt2img")
        await watch.look_before()

        async def work(call: OpenCall) -> Status:
            async with watch.following(request.n, call.show):
                answer = await make(body)
            return outcome_of(answer, request.n, self.capabilities.title)

        self._watches[token] = watch
        try:
            await self._calls.start(token, work, count=request.n)
        except BackendError:
            self._watches.pop(token, None)  # it may be forgotten already
            raise

    async def _submit_alchemy(
        self, request: AlchemyRequest, pictures: Pictures, token: str
    ) -> None:
        offered = await self._lists.forms()
        offered.check(request.asked, self.capabilities.title)
        image = as_base64(pictures.source)

        async def work(call: OpenCall) -> Status:
            done: tuple[FormResult, ...] = ()
            for form in request.asked:
                call.show(status_of_forms(Phase.PROCESSING, unfinished(request.asked, done)))
                done = (*done, await process(self._client, offered, form, image))
            return forms_outcome(done)

        await self._calls.start(token, work, count=request.count)

    @timed("cancel")
    async def cancel(self, remote_id: str, kind: Kind, *, n: int) -> Status:  # noqa: ARG002
        """Interrupt our job if it is the one that runs, and keep its unfinished images.

        A job that waits behind another one is only left: the web UI cannot remove it.
        """
        if not self._calls.status(remote_id).phase.is_open:
            return self._calls.status(remote_id)
        if await self._interrupted(remote_id):
            return interrupted(self._calls.status(remote_id))
        return await self._calls.cancel(remote_id)

    async def _interrupted(self, remote_id: str) -> bool:
        """Whether the call has ended after an interrupt of its job."""
        watch = self._watches.get(remote_id)
        if watch is None or not await watch.runs_now():
            return False
        try:
            await self._client.interrupt()
        except BackendError:
            return False
        return await self._calls.ended(remote_id, INTERRUPT)

    def forget(self, remote_id: str) -> None:
        """Nothing of that request is needed any more."""
        self._watches.pop(remote_id, None)
        self._calls.forget(remote_id)

    async def fetch(self, url: str, limit: int) -> bytes:
        """The bytes of a result, which came inside the answer."""
        content = inline_content(url, limit)
        if content is None:
            raise BadReply(_(NO_LINK).format(backend=self.capabilities.title))
        return content

    @timed("models")
    async def models(self, kind: Kind) -> tuple[Model, ...]:
        """The models by the names that results have; for alchemy the forms."""
        if kind is Kind.IMAGE:
            found = await self._client.checkpoints()
            return tuple(Model(each.model_name or each.title, kind, 1, 0) for each in found)
        if kind is Kind.ALCHEMY:
            return tuple(Model(name, kind, 1, 0) for name in (await self._lists.forms()).names)
        return ()

    @timed("names")
    async def names(self) -> OfferedNames:
        """The samplers, schedulers, LoRAs and embeddings of the web UI."""
        return await self._lists.names()

    @timed("account")
    async def account(self, key: str) -> Account:  # noqa: ARG002  (a protocol)
        """There are no accounts. Raises RequestRejected for a wrong password."""
        await self._client.checkpoints()
        return Account(self.capabilities.title, None, concurrency=RESULTS_MAX)

    @timed("health")
    async def health(self) -> Health:
        """Whether the web UI answers."""
        try:
            await self._client.checkpoints()
        except BackendError as error:
            return Health(ok=False, message=str(error))
        return Health(ok=True, message=_(UP).format(backend=self.capabilities.title))
