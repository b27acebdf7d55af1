"""Text jobs: how a worker takes one and returns its text."""

from typing import Literal

from pydantic import Field

from bot.horde.job_responses import Rewarded
from bot.horde.submitted_requests import SubmittedTextParams
from bot.horde.transport import Calls
from bot.horde.worker_api.job_fields import Job, JobOffer, MetadataInput, Skipped
from bot.http.schema import Count, Sent


class TextOffer(JobOffer):
    """What a text worker can do. Lengths in tokens."""

    max_length: int | None = None
    max_context_length: int | None = None
    softprompts: tuple[str, ...] | None = None


class TextSkipped(Skipped):
    """Numbers of skipped requests, with the reasons that only texts have."""

    max_context_length: Count = 0
    max_length: Count = 0
    matching_softprompt: Count = 0


class TextJobParams(SubmittedTextParams):
    """Parameters of a text job."""

    prompt: str = ""


class TextJob(Job):
    """A text job."""

    payload: TextJobParams = Field(default_factory=TextJobParams)
    skipped: TextSkipped = Field(default_factory=TextSkipped)
    softprompt: str = ""


class TextJobResult(Sent):
    """The text of a job."""

    id: str
    generation: str
    state: Literal["ok", "censored", "faulted", "csam"] = "ok"
    gen_metadata: tuple[MetadataInput, ...] | None = None


class TextJobCalls(Calls):
    """With the key of the worker's owner; 60 calls a second."""

    async def pop_text_job(self, offer: TextOffer, *, key: str) -> TextJob:
        """Take a job, or learn why there is none."""
        return await self._one(TextJob, "POST", "/generate/text/pop", body=offer, key=key)

    async def return_text_job(self, result: TextJobResult, *, key: str) -> Rewarded:
        """Return the text of a job."""
        return await self._one(Rewarded, "POST", "/generate/text/submit", body=result, key=key)
