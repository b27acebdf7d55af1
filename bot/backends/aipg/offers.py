"""The models that have workers, their prices and the values that they take."""

from collections.abc import Sequence

from bot.aio.clock import ticks
from bot.backends.aipg.client import AipgClient
from bot.backends.aipg.parameter_rules import ParameterRules
from bot.backends.aipg.responses import MICRO, ModelOffer, Parameters
from bot.backends.inline_results import plain_answer
from bot.backends.openai.error_mapping import unlisted
from bot.backends.openai.responses import TokenUsage
from bot.backends.openai.texts import BYTES_OF_TOKEN
from bot.backends.values import Model
from bot.chat.request_texts import prompt_bytes
from bot.domain.requests import Kind, TextRequest
from bot.errors import BackendError

LIST_AGE = 30.0  # seconds; the lists of all kinds are one answer
PARAMETERS_AGE = 600.0  # seconds
MODELS_MAX = 500
IMAGE_DEFAULT = "FLUX.2 Klein 4B FP8"  # that of the server
ANY_TEXT = "auto"  # the server chooses
VIDEO_DEFAULT = "LTX-2.3"  # that of the server
USUAL = {Kind.IMAGE: IMAGE_DEFAULT, Kind.TEXT: ANY_TEXT, Kind.VIDEO: VIDEO_DEFAULT}


class Offers:
    """What the server offers, asked for at most each half minute."""

    def __init__(self, client: AipgClient) -> None:
        self._client = client
        self._listed: tuple[ModelOffer, ...] = ()
        self._listed_at = float("-inf")
        self._parameters: dict[str, tuple[float, Parameters]] = {}

    async def fresh(self) -> tuple[ModelOffer, ...]:
        """All models. Raises BackendError."""
        if ticks() - self._listed_at >= LIST_AGE:
            self._listed = (await self._client.offers())[:MODELS_MAX]
            self._listed_at = ticks()
        return self._listed

    async def models(self, kind: Kind) -> tuple[Model, ...]:
        """The models of that kind. Raises BackendError."""
        return tuple(_model(offer, kind) for offer in await self.fresh() if offer.type == kind)

    async def chosen(self, wanted: Sequence[str], kind: Kind) -> ModelOffer:
        """The first of these models that has workers, else the usual one of the server.

        While no list can be read, the first one. Raises RequestRejected for a single model that is
        not listed, which was chosen.
        """
        listed = await self._listed_of(kind)
        if not self._listed and wanted:
            return ModelOffer(name=wanted[0], type=kind)
        if len(wanted) == 1 and wanted[0] != ANY_TEXT and not _named(listed, wanted):
            raise unlisted(self._client.title, wanted[0])
        return _nearest(listed, wanted, kind)

    async def of_earlier_run(self, wanted: Sequence[str], kind: Kind) -> ModelOffer:
        """The model of a job that was sent before; another one when it has no workers any more."""
        return _nearest(await self._listed_of(kind), wanted, kind)

    def text_cost(self, model: str, usage: TokenUsage) -> float:
        """What a text cost, in micro-USD; 0 is unknown. For a model that is not listed: at most."""
        texts = [offer for offer in self._listed if offer.type == Kind.TEXT]
        offers = _named(texts, [model]) or texts
        spent = (usage.prompt_tokens, usage.completion_tokens)
        return float(max((offer.pricing.text(*spent) for offer in offers), default=0))

    async def most_for(self, request: TextRequest) -> float:
        """What a text costs at most, in micro-USD; 0 is unknown.

        Where the server chooses the model, that is the price of the dearest one.
        """
        offer = await self.chosen(request.models, Kind.TEXT)
        listed = await self._listed_of(Kind.TEXT)
        offers = _named(listed, [offer.name]) or listed
        return float(max((_text_price(each, request) for each in offers), default=0))

    async def rules(self, model: str) -> ParameterRules:
        """The accepted values of the parameters of a model; unknown when they cannot be read."""
        read_at, known = self._parameters.get(model, (float("-inf"), Parameters()))
        if ticks() - read_at >= PARAMETERS_AGE:
            try:
                known = await self._client.parameters(model)
            except BackendError:  # the server checks them, too
                return ParameterRules(model, known)
            if len(self._parameters) >= MODELS_MAX:
                self._parameters.clear()
            self._parameters[model] = (ticks(), known)
        return ParameterRules(model, known)

    async def _listed_of(self, kind: Kind) -> list[ModelOffer]:
        return [offer for offer in await self._known() if offer.type == kind]

    async def _known(self) -> tuple[ModelOffer, ...]:
        """All models; those of the last answer when the server does not answer."""
        try:
            return await self.fresh()
        except BackendError:
            return self._listed


def _named(listed: Sequence[ModelOffer], names: Sequence[str]) -> list[ModelOffer]:
    """The offers with these names, in the order of the names."""
    by_name = {offer.name.casefold(): offer for offer in listed}
    return [by_name[name.casefold()] for name in names if name.casefold() in by_name]


def _nearest(listed: Sequence[ModelOffer], wanted: Sequence[str], kind: Kind) -> ModelOffer:
    """The first one of `wanted` that is listed, else the usual one, else any."""
    usual = USUAL[kind]
    found = _named(listed, (*wanted, usual))
    if kind is not Kind.TEXT:
        found += listed
    return found[0] if found else ModelOffer(name=usual, type=kind)


def _text_price(offer: ModelOffer, request: TextRequest) -> int:
    prompt = prompt_bytes(request) // BYTES_OF_TOKEN
    return offer.pricing.text(prompt, request.max_length) * request.n


def _model(offer: ModelOffer, kind: Kind) -> Model:
    prices = offer.pricing
    match kind:
        case Kind.TEXT:
            each = prices.text(0, MICRO)
        case Kind.VIDEO:
            each = prices.video(1)
        case _:
            each = prices.image
    name = plain_answer(offer.name, 200)
    return Model(name, kind, offer.count, round(offer.avg_latency_s), micro_usd=each)
