"""What one web UI has: models, LoRAs, upscalers. Read when they are needed, kept for a minute."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from bot.aio.clock import ticks
from bot.aio.recent_answer import RecentAnswer
from bot.backends.a1111.client import WebuiClient
from bot.backends.a1111.forms import OfferedForms
from bot.backends.a1111.payloads import can_be_named
from bot.backends.a1111.responses import Checkpoint, Named
from bot.backends.a1111.sampling import SAMPLERS, SCHEDULERS, offered
from bot.backends.values import OfferedNames
from bot.domain.requests import ImageRequest
from bot.errors import RequestRejected
from bot.i18n import N_, _

FRESH = 60.0  # seconds
NO_MODEL = N_("{backend} does not have the model {name}. Choose one from the list.")
NO_LORA = N_("{backend} does not have the LoRA {name}. Use the name of its file there.")
NO_EMBEDDING = N_("{backend} does not have the embedding {name}. Use the name of its file there.")
T = TypeVar("T")


class WebuiLists:
    """The lists of one web UI. An unknown name is refused: the web UI would ignore it."""

    def __init__(self, client: WebuiClient) -> None:
        self._title = client.title
        self._client = client
        self._models: RecentAnswer[tuple[Checkpoint, ...]] = _recent(client.checkpoints)
        self._loras: RecentAnswer[tuple[Named, ...]] = _recent(client.loras)
        self._embeddings: RecentAnswer[frozenset[str]] = _recent(client.embeddings)
        self._forms: RecentAnswer[OfferedForms] = _recent(self._read_forms)

    async def forms(self) -> OfferedForms:
        """The alchemy forms."""
        return (await self._forms.get())[0]

    async def names(self) -> OfferedNames:
        """What requests may name."""
        samplers, schedulers = await self._client.samplers(), await self._client.schedulers()
        loras, embeddings = (await self._loras.get())[0], (await self._embeddings.get())[0]
        return OfferedNames(
            samplers=offered(SAMPLERS, (name for each in samplers for name in each.names)),
            schedulers=offered(SCHEDULERS, (name for each in schedulers for name in each.names)),
            loras=tuple(sorted({each.name for each in loras if can_be_named(each.name)})),
            embeddings=tuple(sorted(filter(can_be_named, embeddings))),
        )

    async def resolved(self, request: ImageRequest) -> ImageRequest:
        """The request with the title of its model; of several, that of the first that exists.

        Raises RequestRejected for a model, a LoRA or an embedding that the web UI lacks.
        """
        if request.loras:
            loras = (await self._loras.get())[0]
            known = frozenset(name for each in loras for name in (each.name, each.alias))
            self._must_have(known, (each.name for each in request.loras), NO_LORA)
        if request.embeddings:
            known = (await self._embeddings.get())[0]
            self._must_have(known, (each.name for each in request.embeddings), NO_EMBEDDING)
        if not request.models:
            return request
        return request.model_copy(update={"models": (await self._model(request.models),)})

    async def _model(self, names: tuple[str, ...]) -> str:
        models = (await self._models.get())[0]
        for name in names:
            for each in models:
                if name in each.names:
                    return each.title
        raise self._missing(NO_MODEL, names[0])

    async def _read_forms(self) -> OfferedForms:
        upscalers = await self._client.upscalers()
        return OfferedForms.of(upscalers, await self._client.face_restorers())

    def _must_have(self, known: frozenset[str], names: Iterable[str], message: str) -> None:
        for name in names:
            if name not in known:
                raise self._missing(message, name)

    def _missing(self, message: str, name: str) -> RequestRejected:
        shown = f"`{name.replace('`', '')}`"
        return RequestRejected(_(message).format(backend=self._title, name=shown))


def _recent(ask: Callable[[], Awaitable[T]]) -> RecentAnswer[T]:
    return RecentAnswer(ask, FRESH, ticks)
