"""Information about the server: health, load, models, news, statistics, documents."""

from typing import Literal

from pydantic import Field

from bot.horde.transport import Calls
from bot.http.schema import Amount, Count, Items, Tally, Wire

Format = Literal["html", "markdown"]
ModelState = Literal["known", "custom", "all"]


class Modes(Wire):
    """Operating modes of the server."""

    maintenance_mode: bool = False
    invite_only_mode: bool = False
    raid_mode: bool = False


class Performance(Wire):
    """Load of the whole Horde. Queues are counted each minute, workers every five minutes."""

    queued_requests: Count = 0
    queued_text_requests: Count = 0
    queued_forms: Amount = 0.0
    worker_count: Count = 0
    text_worker_count: Count = 0
    interrogator_count: Count = 0
    thread_count: Count = 0
    text_thread_count: Count = 0
    interrogator_thread_count: Count = 0
    queued_megapixelsteps: Amount = 0.0
    past_minute_megapixelsteps: Amount = 0.0
    queued_tokens: Amount = 0.0
    past_minute_tokens: Amount = 0.0


class ActiveModel(Wire):
    """A model that is served or requested.

    `count`: worker threads; `eta`: seconds until its queue is empty, 10000 when no worker serves
    it.
    """

    name: str
    type: str = "image"
    count: Count = 0
    performance: Amount = 0.0
    queued: Amount = 0.0
    jobs: Amount = 0.0
    eta: Count = 0


class Newspiece(Wire):
    """One piece of news; `newspiece` is markdown."""

    title: str = ""
    newspiece: str = ""
    date_published: str = ""
    importance: str = ""
    tags: Items[str] = ()
    more_info_urls: Items[str] = ()


class Heartbeat(Wire):
    """`message` is OK, DOWN or OVERLOADED."""

    message: str = "OK"
    version: str = ""
    queue: Count = 0
    threads: Count = 0
    active_count: Count = 0
    db_connection: bool = True


class ImagePeriod(Wire):
    """Pictures and pixelsteps of a period."""

    images: Amount = 0.0
    ps: Amount = 0.0


class TextPeriod(Wire):
    """Texts and tokens of a period."""

    requests: Amount = 0.0
    tokens: Amount = 0.0


class ImageTotals(Wire):
    """Pictures made, by period."""

    minute: ImagePeriod = Field(default_factory=ImagePeriod)
    hour: ImagePeriod = Field(default_factory=ImagePeriod)
    day: ImagePeriod = Field(default_factory=ImagePeriod)
    month: ImagePeriod = Field(default_factory=ImagePeriod)
    total: ImagePeriod = Field(default_factory=ImagePeriod)


class TextTotals(Wire):
    """Texts made, by period."""

    minute: TextPeriod = Field(default_factory=TextPeriod)
    hour: TextPeriod = Field(default_factory=TextPeriod)
    day: TextPeriod = Field(default_factory=TextPeriod)
    month: TextPeriod = Field(default_factory=TextPeriod)
    total: TextPeriod = Field(default_factory=TextPeriod)


class ModelStats(Wire):
    """Requests by model, by period."""

    day: Tally = Field(default_factory=dict[str, int])
    month: Tally = Field(default_factory=dict[str, int])
    total: Tally = Field(default_factory=dict[str, int])


class Document(Wire):
    """A legal text in the requested format."""

    html: str = ""
    markdown: str = ""


class ServerInfoCalls(Calls):
    """None of these calls needs a key."""

    async def get_modes(self) -> Modes:
        """Maintenance and other modes; cached for 50 s. The key of a non-moderator would be
        refused.
        """
        return await self._one(Modes, "GET", "/status/modes")

    async def get_heartbeat(self) -> Heartbeat:
        """Health and version. The only route without a limit."""
        return await self._one(Heartbeat, "GET", "/status/heartbeat")

    async def get_performance(self) -> Performance:
        """The load of the whole Horde."""
        return await self._one(Performance, "GET", "/status/performance")

    async def list_models(
        self,
        kind: Literal["image", "text"] = "image",
        *,
        min_count: int | None = None,
        max_count: int | None = None,
        model_state: ModelState | None = None,
    ) -> tuple[ActiveModel, ...]:
        """Models of that kind, between so many worker threads. Cached for 10 s."""
        query: dict[str, object] = {
            "type": kind,
            "min_count": min_count,
            "max_count": max_count,
            "model_state": model_state,
        }
        return await self._many(ActiveModel, "GET", "/status/models", query=query)

    async def get_model(self, model_name: str) -> ActiveModel | None:
        """That model, None when the Horde does not know it."""
        if "/" in model_name:  # no route of AI Horde 5.1.5 (2026-08) leads to such a name
            served = await self.list_models("text")
            return next((each for each in served if each.name == model_name), None)
        path = {"model_name": model_name}
        found = await self._many(ActiveModel, "GET", "/status/models/{model_name}", path=path)
        return next(iter(found), None)

    async def list_news(self) -> tuple[Newspiece, ...]:
        """The newest first; cached for 5 minutes."""
        return await self._many(Newspiece, "GET", "/status/news")

    async def get_image_stats_totals(self) -> ImageTotals:
        """Pictures made; cached for 50 s, like all statistics."""
        return await self._one(ImageTotals, "GET", "/stats/img/totals")

    async def get_image_stats_models(self, model_state: ModelState | None = None) -> ModelStats:
        """Pictures by model."""
        query = {"model_state": model_state}
        return await self._one(ModelStats, "GET", "/stats/img/models", query=query)

    async def get_text_stats_totals(self) -> TextTotals:
        """Texts made."""
        return await self._one(TextTotals, "GET", "/stats/text/totals")

    async def get_text_stats_models(self) -> ModelStats:
        """Texts by model."""
        return await self._one(ModelStats, "GET", "/stats/text/models")

    async def get_terms(self, form: Format = "markdown") -> Document:
        """The terms of service."""
        return await self._one(Document, "GET", "/documents/terms", query={"format": form})

    async def get_privacy(self, form: Format = "markdown") -> Document:
        """The privacy policy."""
        return await self._one(Document, "GET", "/documents/privacy", query={"format": form})

    async def get_sponsors(self, form: Format = "markdown") -> Document:
        """The sponsors of the servers."""
        query = {"format": form}
        return await self._one(Document, "GET", "/documents/sponsors", query=query)
