"""Search for models, and the models that are used most."""

from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import Field

from bot.horde.missing_features import Feature
from bot.horde.model_reference.model_records import Category, ModelRecord
from bot.horde.transport import Calls
from bot.http.schema import Amount, Count, Items, Wire

Popularity = Literal["worker_count", "usage_day", "usage_month", "usage_total"]


@dataclass(frozen=True, slots=True)
class ModelFilter:
    """Conditions of a search; None and an empty list are no condition.

    `sort_by`: a field of a record; `limit`: 1 to 500. `baseline` and `inpainting` are for images,
    the last three for texts; a search through all categories ignores these five.
    """

    nsfw: bool | None = None
    name_contains: str | None = None
    tags_any: tuple[str, ...] = ()
    tags_all: tuple[str, ...] = ()
    tags_none: tuple[str, ...] = ()
    sort_by: str | None = None
    sort_desc: bool | None = None
    limit: int = 50
    offset: int = 0
    baseline: str | None = None
    inpainting: bool | None = None
    backend: str | None = None
    exclude_backend_variations: bool | None = None
    quantized: bool | None = None


class FoundModels(Wire):
    """A page of a search; `total` counts all pages."""

    results: Items[ModelRecord]
    total: Count = 0
    offset: Count = 0
    limit: Count = 0
    has_more: bool | None = None


class Usage(Wire):
    """Results of a model in a day, a month, and ever."""

    day: Count = 0
    month: Count = 0
    total: Count = 0


class LiveNumbers(Wire):
    """The state of a model at the Horde. `eta` in seconds."""

    worker_count: Count = 0
    queued_jobs: Amount = 0.0
    queued: Amount = 0.0
    performance: Amount = 0.0
    eta: Count = 0
    usage_stats: Usage = Field(default_factory=Usage)


class PopularModel(Wire):
    """A model, its record and its live numbers."""

    name: str
    record: ModelRecord = Field(default_factory=ModelRecord)
    stats: LiveNumbers = Field(default_factory=LiveNumbers)


class ModelSearchCalls(Calls):
    """Search and popularity."""

    async def search_models(
        self, wanted: ModelFilter, category: Category | None = None
    ) -> FoundModels:
        """Models of all categories, or of one, that meet the conditions."""
        route = "/{category}/search" if category else "/search"
        path, query = {"category": category or ""}, asdict(wanted)
        feature = Feature.MODEL_SEARCH
        return await self._one(FoundModels, "GET", route, path=path, query=query, feature=feature)

    async def list_popular_models(
        self, category: Category, *, limit: int = 10, sort_by: Popularity = "worker_count"
    ) -> tuple[PopularModel, ...]:
        """The 1 to 100 models that are used most; none for a category without workers."""
        route, path = "/{category}/popular", {"category": category}
        query: dict[str, object] = {"limit": limit, "sort_by": sort_by}
        feature = Feature.POPULAR_MODELS
        return await self._many(PopularModel, "GET", route, path=path, query=query, feature=feature)
