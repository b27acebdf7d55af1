"""The jobs under way: what a poll needs and the job's id does not tell."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.errors import RequestGone
from bot.i18n import N_, _

NO_KEY = N_("{backend} cannot be asked for this request, because its key was removed.")


@dataclass(frozen=True, slots=True)
class OpenJob:
    """One job. `since`: in seconds of the clock, when this process first knew it."""

    key: str = field(repr=False)
    model: str
    seed: str
    since: float


class OpenJobs:
    """The jobs under way, by id. `clock`: seconds; only differences count.

    A poll needs the key of the job, which is neither in the id nor in the stored request.
    """

    def __init__(self, title: str, clock: Callable[[], float]) -> None:
        self._title = title
        self._clock = clock
        self._jobs: dict[str, OpenJob] = {}

    def __len__(self) -> int:
        return len(self._jobs)

    def add(self, job_id: str, key: str, model: str, seed: str) -> None:
        """Remember a job of this run, or of an earlier one."""
        self._jobs[job_id] = OpenJob(key, model, seed, self._clock())

    def get(self, job_id: str) -> OpenJob:
        """Raises RequestGone for a job whose key is unknown."""
        job = self._jobs.get(job_id)
        if job is None:
            raise RequestGone(_(NO_KEY).format(backend=self._title))
        return job

    def age(self, job: OpenJob) -> float:
        """Seconds since the job became known."""
        return self._clock() - job.since

    def forget(self, job_id: str) -> None:
        """The outcome of the job is stored."""
        self._jobs.pop(job_id, None)
