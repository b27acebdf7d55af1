"""What backends without kudos have in common, and those among them whose call is the job."""

from bot.backends.base import SmallResults
from bot.backends.open_calls import OpenCalls
from bot.backends.timing import CallTimer, timed, untimed
from bot.backends.values import NOT_TOLD, Allowance, OfferedNames, Priced
from bot.domain.capabilities import Capabilities
from bot.domain.requests import SIDE_MAX, Kind, Request
from bot.domain.results import Status
from bot.errors import FeatureMissing
from bot.i18n import _

TOKENS_MAX = 4096


class BackendWithoutKudos(SmallResults):
    """A backend on which nothing needs kudos in advance, and no key is a shared one."""

    def __init__(self, name: str, capabilities: Capabilities) -> None:
        self.name = name
        self.capabilities = capabilities
        self.seen_rate: dict[Kind, int] = {}
        self.timer: CallTimer = untimed

    async def estimate(self, request: Priced, key: str) -> float:  # noqa: ARG002  (a protocol)
        """The API tells no prices."""
        return 0.0

    async def free_side(self) -> int:
        """No size needs kudos here."""
        return SIDE_MAX

    async def free_tokens(self) -> int:
        """No length needs kudos here."""
        return TOKENS_MAX

    async def names(self) -> OfferedNames:
        """The API tells none."""
        return NOT_TOLD

    async def has_content(
        self,
        remote_id: str,  # noqa: ARG002  (a protocol)
        request: Request,  # noqa: ARG002
        key: str,  # noqa: ARG002
        *,
        webhook: str = "",  # noqa: ARG002
    ) -> bool:
        """Requests cannot be read back."""
        raise FeatureMissing(_("This server cannot tell."), feature="content")

    async def allowance(self, key: str) -> Allowance | None:  # noqa: ARG002  (a protocol)
        """There are no shared keys."""
        return None

    def is_shared_key(self, key: str) -> bool:  # noqa: ARG002  (a protocol)
        """There are no shared keys."""
        return False


class BlockingBackend(BackendWithoutKudos):
    """A backend whose call is the job. Its calls under way are in memory, by their tokens."""

    def __init__(self, name: str, capabilities: Capabilities) -> None:
        super().__init__(name, capabilities)
        self._calls = OpenCalls(capabilities.title, free=capabilities.resubmit == "free")

    async def status(self, remote_id: str, kind: Kind, *, n: int, full: bool = False) -> Status:  # noqa: ARG002  (a protocol)
        """The newest status of a call, from memory. Raises RequestGone."""
        return self._calls.status(remote_id)

    @timed("cancel")
    async def cancel(self, remote_id: str, kind: Kind, *, n: int) -> Status:  # noqa: ARG002  (a protocol)
        """Close the connection. Most servers then stop a text; an image may be finished there."""
        return await self._calls.cancel(remote_id)

    def resume(self, token: str, request: Request, key: str) -> bool:  # noqa: ARG002  (a protocol)
        """The API has no way to ask for the result of an earlier call."""
        return False

    def forget(self, remote_id: str) -> None:
        """The outcome of a request is stored: nothing of its call is needed any more."""
        self._calls.forget(remote_id)

    async def drain(self, seconds: float) -> int:
        """Wait that long for the calls under way. Returns how many have not ended."""
        return await self._calls.drain(seconds)

    async def close(self) -> None:
        """End the calls under way."""
        await self._calls.close()
