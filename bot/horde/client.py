"""HordeClient: all calls to a Horde."""

import time
from collections.abc import Callable

import aiohttp

from bot.horde.accounts import AccountCalls
from bot.horde.downloads import SIZE_MAX, Downloads
from bot.horde.job_calls import JobCalls
from bot.horde.load_samples import LoadSamples
from bot.horde.moderation.address_timeouts import AddressTimeoutCalls
from bot.horde.moderation.operator_calls import OperatorCalls
from bot.horde.moderation.prompt_filters import PromptFilterCalls
from bot.horde.moderation.user_changes import UserChangeCalls
from bot.horde.sampler_constraints import SamplerConstraintCalls
from bot.horde.server_info import Performance, ServerInfoCalls
from bot.horde.style_editing.style_changes import StyleChangeCalls
from bot.horde.style_editing.style_collections import CollectionCalls
from bot.horde.style_editing.style_contract import StyleContractCalls
from bot.horde.styles import StyleCalls
from bot.horde.submitted_requests import SubmittedRequestCalls
from bot.horde.transport import Transport
from bot.horde.worker_api.alchemy_jobs import AlchemyJobCalls
from bot.horde.worker_api.image_jobs import ImageJobCalls
from bot.horde.worker_api.text_jobs import TextJobCalls
from bot.horde.worker_api.worker_messages import WorkerMessageCalls
from bot.horde.workers import TeamCalls, WorkerCalls


class _RequesterCalls(
    JobCalls, SubmittedRequestCalls, ServerInfoCalls, SamplerConstraintCalls, StyleCalls
):
    """Calls of people who request something."""


class _OwnerCalls(
    AccountCalls,
    UserChangeCalls,
    WorkerCalls,
    TeamCalls,
    StyleChangeCalls,
    CollectionCalls,
    StyleContractCalls,
):
    """Calls of the owners of accounts, workers, teams and styles."""


class _WorkerCalls(ImageJobCalls, TextJobCalls, AlchemyJobCalls, WorkerMessageCalls):
    """Calls of workers."""


class _ModeratorCalls(PromptFilterCalls, AddressTimeoutCalls, OperatorCalls):
    """Calls of moderators and admins."""


class HordeClient(_RequesterCalls, _OwnerCalls, _WorkerCalls, _ModeratorCalls):
    """One Horde at `url`. The caller closes the sessions.

    It has a method for every route of the API, also for those that the bot does not use (yet): the
    calls of workers and of moderators too. So a new function of the bot begins with a tested call.

    `links`: for results that workers put elsewhere (`public_addresses.open_links`); without it they
    are not downloaded.

    `clock`: seconds, for how long a missing function is remembered. `retired`: the message for a
    410, as of `Transport`.

    Every method raises BackendError and nothing else; no error contains a key or a request's id.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        client_agent: str,
        links: aiohttp.ClientSession | None = None,
        clock: Callable[[], float] = time.monotonic,
        retired: str = "",
    ) -> None:
        super().__init__(
            Transport(session, url, client_agent=client_agent, clock=clock, retired=retired)
        )
        self._downloads = Downloads(session, url, links)
        self.load_samples = LoadSamples()

    async def get_performance(self) -> Performance:
        """The load of the whole Horde; it is kept as a sample."""
        load = await super().get_performance()
        self.load_samples.add(load)
        return load

    async def fetch(self, url: str, limit: int = SIZE_MAX) -> bytes:
        """The bytes of a result's link. Raises BackendDown, or BadReply when there are none."""
        return await self._downloads.fetch(url, limit)
