"""What a backend in memory has in hand: jobs, their results, and faults on order."""

from dataclasses import dataclass
from typing import Any

from bot.aio.clock import ticks
from bot.domain.generations import FormResult, ImageGeneration, TextGeneration
from bot.domain.requests import Kind, Request
from bot.errors import BackendDown


@dataclass(slots=True)
class Job:
    """One request as the backend has it. `done_at` by result, in ticks."""

    id: str
    kind: Kind
    n: int
    key: str
    prompt: str
    starts_at: float
    done_at: list[float]
    created_at: float
    cancelled: bool = False
    gone: bool = False
    webhook: str = ""
    request: Request | None = None

    def finished(self) -> int:
        return sum(at <= ticks() for at in self.done_at)

    def waiting(self) -> int:
        return 0 if self.cancelled or self.starts_at <= ticks() else self.n


@dataclass(slots=True)
class Fault:
    """The next such call ends with this error; `after`: although it was carried out."""

    error: BaseException
    after: bool = False


def lost() -> Fault:
    """The answer does not come back, but it was carried out."""
    return Fault(BackendDown("The connection to the Horde broke.", in_doubt=True), after=True)


def dropped() -> Fault:
    """As seen from here the same, but it never arrived."""
    return Fault(BackendDown("The connection to the Horde broke.", in_doubt=True))


def first_results(job: Job, finished: int) -> tuple[Any, ...]:
    """The first results of a job, of its kind."""
    if job.kind is Kind.TEXT:
        return tuple(TextGeneration(text=f"text {i}") for i in range(finished))
    if job.kind is Kind.ALCHEMY:
        return tuple(
            FormResult(form="caption", state="done", text="a fox") for _ in range(finished)
        )
    return tuple(
        ImageGeneration(id=f"{job.id}-{i}", url=f"https://r2/{job.id}-{i}") for i in range(finished)
    )
