"""Alchemy jobs: how a worker takes forms and returns their results."""

from typing import Any, Literal

from pydantic import Field

from bot.horde.job_responses import FormPayload, Rewarded
from bot.horde.transport import Calls
from bot.http.client import UPLOAD
from bot.http.schema import Count, Items, Sent, Wire


class AlchemyOffer(Sent):
    """What an alchemist can do. `max_tiles`: of 512 x 512 pixels."""

    name: str
    forms: tuple[str, ...]
    bridge_agent: str | None = Field(default=None, max_length=1000)
    amount: int | None = None
    threads: int | None = Field(default=None, ge=1, le=100)
    max_tiles: int | None = Field(default=None, ge=1, le=256)
    priority_usernames: tuple[str, ...] | None = None


class FormJob(Wire):
    """One form to do. `r2_upload`: where an image as the result is sent by PUT."""

    id: str
    form: str = ""
    payload: FormPayload = Field(default_factory=FormPayload)
    source_image: str = ""
    r2_upload: str = ""


class AlchemySkipped(Wire):
    """Numbers of forms that this worker could not be given, by the reason."""

    worker_id: Count = 0
    untrusted: Count = 0
    bridge_version: Count = 0


class AlchemyJobs(Wire):
    """The forms to do; none when there is nothing."""

    forms: Items[FormJob] = ()
    skipped: AlchemySkipped = Field(default_factory=AlchemySkipped)


class AlchemyJobResult(Sent):
    """The result of a form: {form: its result}, "R2" for an uploaded image."""

    id: str
    result: dict[str, Any]
    state: Literal["ok", "faulted"] = "ok"


class AlchemyJobCalls(Calls):
    """With the key of the worker's owner; 60 calls a second."""

    async def pop_alchemy_job(self, offer: AlchemyOffer, *, key: str) -> AlchemyJobs:
        """Take forms."""
        return await self._one(AlchemyJobs, "POST", "/interrogate/pop", body=offer, key=key)

    async def return_alchemy_job(self, result: AlchemyJobResult, *, key: str) -> Rewarded:
        """Return the result of a form."""
        route = "/interrogate/submit"
        return await self._one(Rewarded, "POST", route, body=result, key=key, seconds=UPLOAD)
