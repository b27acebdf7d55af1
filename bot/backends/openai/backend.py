"""Backend for servers with OpenAI's API: local ones without a price, and paid ones."""

from collections.abc import Mapping, Sequence

from bot.backends.inline_results import inline_content
from bot.backends.open_calls import OpenCall
from bot.backends.openai.client import OpenAIClient
from bot.backends.openai.error_mapping import unlisted
from bot.backends.openai.images import ImageMaker
from bot.backends.openai.models import listed_models
from bot.backends.openai.texts import TextWriter
from bot.backends.timing import timed
from bot.backends.values import Account, Health, Limits, Model, Receipt, for_all_kinds
from bot.backends.without_kudos import BlockingBackend
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import ImageRequest, Kind, Request, TextRequest
from bot.domain.results import Status
from bot.errors import BackendDown, BackendError, BadReply, RequestRejected
from bot.horde.downloads import SIZE_MAX, Downloads
from bot.i18n import N_, _

TITLE = "OpenAI-compatible server"
LIFETIME = 3600.0  # seconds, longer than any call
# From one address and for each kind. Servers with stricter limits answer 429, which is obeyed.
LIMITS = Limits(windows=((10, 1.0), (120, 60.0)), waiting=4, running=True)
AVAILABLE = N_("{backend} is available.")
NOT_HERE = N_("{backend} makes no such results. Choose another command.")
NO_MODELS = N_("{backend} lists no model. Enter the name of a model.")


class OpenAIBackend(BlockingBackend):
    """A server with OpenAI's API behind the protocol of bot/backends/base.py.

    `own_key`: the operator's, "" for none. `priced`: requests with a key may be charged. The API
    tells no prices, so the unit is none; but a call that may have been charged is never repeated.
    `kinds`: what the server makes, since its list of models does not tell.
    """

    request_lifetime = LIFETIME
    limits: Mapping[Kind, Limits] = for_all_kinds(LIMITS)

    def __init__(
        self,
        name: str,
        client: OpenAIClient,
        *,
        kinds: Sequence[Kind],
        own_key: str,
        priced: bool,
        downloads: Downloads,
    ) -> None:
        charged = priced and bool(own_key)
        super().__init__(name, _capabilities(client.title, kinds, charged=charged))
        self._client = client
        self._own_key = own_key
        self._downloads = downloads
        self._texts, self._images = TextWriter(client), ImageMaker(client)
        self._listed: dict[Kind, tuple[Model, ...]] = {}

    @timed("submit")
    async def submit(
        self,
        request: Request,
        key: str,
        *,
        pictures: Pictures = NO_PICTURES,  # noqa: ARG002  (no request has any here)
        webhook: str = "",  # noqa: ARG002  (the call itself brings the result)
        token: str = "",
    ) -> Receipt:
        """Start the call, which is the job."""
        if request.kind not in self.capabilities.kinds:
            raise RequestRejected(_(NOT_HERE).format(backend=self._client.title))

        async def work(call: OpenCall) -> Status:
            return await self._work(call, request, key)

        await self._calls.start(token, work, count=request.count)
        return Receipt(token)

    async def _work(self, call: OpenCall, request: Request, key: str) -> Status:
        match request:
            case TextRequest():
                model = await self._model(request.models, Kind.TEXT, key)
                return await self._texts.write(call, request, model, key)
            case ImageRequest():
                model = await self._known(request.models, Kind.IMAGE, key)
                return await self._images.make(call, request, model, key)
            case _:
                raise RequestRejected(_(NOT_HERE).format(backend=self._client.title))

    async def _model(self, wanted: Sequence[str], kind: Kind, key: str) -> str:
        """The model to use: a chosen one, else the first of the list.

        Raises RequestRejected without any.
        """
        if found := await self._known(wanted, kind, key):
            return found
        if not self._listed.get(kind):
            raise RequestRejected(_(NO_MODELS).format(backend=self._client.title))
        return self._listed[kind][0].name

    async def _known(self, wanted: Sequence[str], kind: Kind, key: str) -> str:
        """The first of these models that is listed; the first at all when none is listed yet.

        "" when no model is wanted, and when none of several is listed: they were all that were
        allowed. Raises RequestRejected for one that is not listed, which was chosen.
        """
        if not self._listed.get(kind):
            try:
                await self._list(kind, key)
            except BadReply as error:  # of a question, which is not charged
                raise BackendDown(str(error), title=self._client.title) from None
        listed = {model.name for model in self._listed.get(kind, ())}
        found = [name for name in wanted if not listed or name in listed]
        if not found and len(wanted) == 1:
            raise unlisted(self._client.title, wanted[0])
        return found[0] if found else ""

    @timed("fetch")
    async def fetch(self, url: str, limit: int = SIZE_MAX) -> bytes:
        """The bytes of an image, which came inside the answer or as a link."""
        inline = inline_content(url, limit)
        return inline if inline is not None else await self._downloads.fetch(url, limit)

    @timed("models")
    async def models(self, kind: Kind) -> tuple[Model, ...]:
        """The models that the server lists, in its order."""
        return await self._list(kind, self._own_key)

    async def _list(self, kind: Kind, key: str) -> tuple[Model, ...]:
        self._listed[kind] = listed_models(await self._client.models(key), kind)
        return self._listed[kind]

    @timed("account")
    async def account(self, key: str) -> Account:
        """The API has no accounts; a key that the server refuses raises RequestRejected."""
        await self._client.models(key)
        return Account(username=self._client.title, balance=None)

    @timed("health")
    async def health(self) -> Health:
        """Whether the server answers."""
        try:
            await self._client.models(self._own_key)
        except BackendDown as error:
            return Health(ok=False, message=str(error))
        except BackendError as error:  # it is up, and refuses the key or this call
            return Health(ok=True, message=str(error))
        return Health(ok=True, message=_(AVAILABLE).format(backend=self._client.title))


def _capabilities(title: str, kinds: Sequence[Kind], *, charged: bool) -> Capabilities:
    return Capabilities(
        title=title,
        kinds=frozenset(kinds),
        submits="blocking",
        resubmit="never" if charged else "free",
        cancels=frozenset(kinds),
        streams=True,
        unit=PriceUnit.NONE,
        image_fields=frozenset({"n", "width", "height"}),
        forms=frozenset(),
        results_max=LIMITS.waiting,
        keys="optional" if charged else "none",
        chosen_models=True,
    )
