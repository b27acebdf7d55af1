"""Backend for Algovera: text to image by job id. Legacy: docs/backends.md#algovera."""

import contextlib
import hashlib
import secrets
import time
from collections.abc import Callable

from bot.backends.algovera.client import AlgoveraClient, AlgoveraJob
from bot.backends.algovera.jobs import OpenJob, OpenJobs
from bot.backends.base import QueuedBackend
from bot.backends.timing import timed
from bot.backends.values import Account, Health, Limits, Model, Receipt, for_all_kinds
from bot.backends.without_kudos import BackendWithoutKudos
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.generations import ImageGeneration
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import ImageRequest, Kind, Request
from bot.domain.results import Phase, Status
from bot.errors import BackendError, BadReply, RequestGone, RequestRejected
from bot.i18n import N_, _

TITLE = "Algovera"
# Fields that the server takes. A negative prompt and source images are not documented.
FIELDS = frozenset({"width", "height", "steps", "cfg_scale", "seed"})
DEFAULT_MODEL = "stable diffusion v1.5"
SIDE_MIN, SIDE_MAX, STEPS_MAX = 128, 1024, 100
SEEDS = 2**31
# Seconds. A job can stay unfinished for ever, which no status shows.
DEADLINE = 300.0
# The server documents no limits: these are our own. It works on one job at a time.
LIMITS = for_all_kinds(Limits(windows=((1, 1.0), (30, 60.0)), waiting=5, running=True))
ASSET = "algovera:"  # before the id of a job: the address of its file, which no browser can open
UNKNOWN_JOB = "0" * 32  # names no job: the refusal tells whether the key is valid
IMAGES_ONLY = N_("{backend} makes images only.")
SIZE = N_("{backend} makes images of {least} to {most} pixels on each side. Choose another size.")
STEPS = N_("{backend} takes up to {most} steps. Choose fewer.")
FAILED = N_("{backend} failed to make the image. Press **Again** to send it again.")
TOO_LATE = N_(
    "{backend} did not finish the image within 5 minutes. Press **Again** to send it again."
)
NOT_ITS_OWN = N_("The result is not stored at {backend}.")
AVAILABLE = N_("{backend} is available.")


class AlgoveraBackend(BackendWithoutKudos, QueuedBackend):
    """Algovera behind the protocol of bot/backends/base.py. `clock`: seconds, for the deadline."""

    request_lifetime = DEADLINE
    limits = LIMITS

    def __init__(
        self, name: str, client: AlgoveraClient, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        able = Capabilities(
            title=client.title,
            kinds=frozenset({Kind.IMAGE}),
            submits="queued",
            resubmit="never",
            cancels=frozenset(),
            unit=PriceUnit.NONE,
            image_fields=FIELDS,
            forms=frozenset(),
            results_max=1,
            keys="required",
        )
        super().__init__(name, able)
        self._client = client
        self._jobs = OpenJobs(client.title, clock)

    @timed("submit")
    async def submit(
        self,
        request: Request,
        key: str,
        *,
        pictures: Pictures = NO_PICTURES,  # noqa: ARG002  (it takes none)
        webhook: str = "",  # noqa: ARG002  (it has none)
        token: str = "",  # noqa: ARG002  (it makes the id)
    ) -> Receipt:
        """Submit an image."""
        job = self._job_of(request)
        job_id = await self._client.submit(job, key)
        self._jobs.add(job_id, key, job.base_model, str(job.seed))
        return Receipt(job_id)

    def resume(self, token: str, request: Request, key: str) -> bool:
        """A job of an earlier run: its key is needed for each poll."""
        if not isinstance(request, ImageRequest):
            return False
        model = request.models[0] if request.models else DEFAULT_MODEL
        self._jobs.add(token, key, model, str(_seed_of(request.seed)) if request.seed else "")
        return True

    def forget(self, remote_id: str) -> None:
        """The outcome of a job is stored: its key is not needed any more."""
        self._jobs.forget(remote_id)

    @timed("status")
    async def status(
        self,
        remote_id: str,
        kind: Kind,  # noqa: ARG002  (a protocol)
        *,
        n: int,  # noqa: ARG002
        full: bool = False,  # noqa: ARG002
    ) -> Status:
        """Poll a job. Raises RequestGone, also when its key is unknown."""
        job = self._jobs.get(remote_id)
        word = await self._client.status(remote_id, job.key)
        if word == "done":
            return Status(phase=Phase.DONE, finished=1, generations=(_image(remote_id, job),))
        if word == "failed":
            return self._faulted(FAILED)
        if self._jobs.age(job) > DEADLINE:
            return self._faulted(TOO_LATE)
        # `created` is a job that waits, or runs; any other word is one that runs.
        return Status(phase=Phase.PROCESSING, processing=1)

    def _faulted(self, detail: str) -> Status:
        return Status(phase=Phase.FAULTED, detail=_(detail).format(backend=self._client.title))

    @timed("cancel")
    async def cancel(self, remote_id: str, kind: Kind, *, n: int) -> Status:
        """The job goes on: nothing can cancel it. A finished one keeps its outcome."""
        now = await self.status(remote_id, kind, n=n)
        return now.with_phase(Phase.CANCELLED) if now.phase.is_open else now

    @timed("fetch")
    async def fetch(self, url: str, limit: int) -> bytes:
        """Download the file of a job."""
        if not url.startswith(ASSET):
            raise BadReply(_(NOT_ITS_OWN).format(backend=self._client.title))
        job_id = url.removeprefix(ASSET)
        try:
            return await self._client.asset(job_id, self._jobs.get(job_id).key, limit)
        except (RequestGone, RequestRejected) as error:
            raise BadReply(str(error)) from None

    @timed("models")
    async def models(self, kind: Kind) -> tuple[Model, ...]:
        """The models by name; the server tells nothing else of them."""
        if kind is not Kind.IMAGE:
            return ()
        return tuple(Model(name, kind, 1, 0) for name in await self._client.models())

    @timed("account")
    async def account(self, key: str) -> Account:
        """The API tells nothing of an account. Raises RequestRejected for an unknown key."""
        with contextlib.suppress(RequestGone):  # the answer to a valid key
            await self._client.status(UNKNOWN_JOB, key)
        return Account(self._client.title, None, concurrency=LIMITS[Kind.IMAGE].waiting)

    @timed("health")
    async def health(self) -> Health:
        """Whether the server answers. Needs no key."""
        try:
            await self._client.models()
        except BackendError as error:
            return Health(ok=False, message=str(error))
        return Health(ok=True, message=_(AVAILABLE).format(backend=self._client.title))

    async def free_side(self) -> int:
        """The largest side; no size has a price of its own."""
        return SIDE_MAX

    def _job_of(self, request: Request) -> AlgoveraJob:
        """The body of a submit. Raises RequestRejected for what the server cannot make."""
        title = self._client.title
        if not isinstance(request, ImageRequest):
            raise RequestRejected(_(IMAGES_ONLY).format(backend=title))
        if not all(SIDE_MIN <= side <= SIDE_MAX for side in (request.width, request.height)):
            raise RequestRejected(_(SIZE).format(backend=title, least=SIDE_MIN, most=SIDE_MAX))
        if request.steps > STEPS_MAX:
            raise RequestRejected(_(STEPS).format(backend=title, most=STEPS_MAX))
        return AlgoveraJob(
            prompt=request.prompt,
            width=request.width,
            height=request.height,
            inf_steps=request.steps,
            guidance_scale=request.cfg_scale,
            seed=_seed_of(request.seed),
            base_model=request.models[0] if request.models else DEFAULT_MODEL,
        )


def _seed_of(seed: str) -> int:
    """A seed for the server, always: without one each of its images has the same."""
    if not seed:
        return secrets.randbelow(SEEDS)
    if seed.isascii() and seed.isdigit() and len(seed) < 20:
        return int(seed) % SEEDS
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4]) % SEEDS


def _image(job_id: str, job: OpenJob) -> ImageGeneration:
    return ImageGeneration(id=job_id, url=ASSET + job_id, seed=job.seed, model=job.model)
