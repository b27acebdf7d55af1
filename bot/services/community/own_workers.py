"""The workers of a user's account at the Horde, and their changes."""

import asyncio
import logging
import time

from cachetools import TTLCache

from bot.accounts.credentials import Credentials
from bot.accounts.own_account import own_key
from bot.backends.base import Backend
from bot.errors import BotError, RequestRejected, UserError
from bot.horde.accounts import User
from bot.horde.client import HordeClient
from bot.horde.worker_api.worker_messages import WorkerMessage, WorkerMessageInput
from bot.horde.workers import TeamName, Worker, WorkerUpdate
from bot.i18n import _
from bot.services.community.horde_info import HordeInfo

log = logging.getLogger(__name__)

DIRECT_MAX = 10  # workers that are requested one by one; more come from the list of all workers
ASKED_MAX = 25  # workers that are not on that list
KNOWN_FOR, KNOWN_MAX = 600.0, 1_000  # seconds, users: for autocomplete
TRIED_FOR = 60.0  # seconds between two background loads for one user
CHANGED_FOR = 40.0  # seconds; the Horde answers with an older copy for 30 s after a change


class OwnWorkers:
    """Each method takes the user's own key. Raises UserError without one, and BackendError.

    `backend`: that of users' keys.
    """

    def __init__(self, credentials: Credentials, backend: Backend, info: HordeInfo) -> None:
        self.backend = backend
        self.info = info
        self._credentials = credentials
        self._known: TTLCache[int, tuple[Worker, ...]] = TTLCache(
            KNOWN_MAX, KNOWN_FOR, time.monotonic
        )
        self._tried: TTLCache[int, bool] = TTLCache(KNOWN_MAX, TRIED_FOR, time.monotonic)
        self._loads: set[asyncio.Task[None]] = set()
        # Fields of a worker, by its id.
        self._changed: TTLCache[str, dict[str, object]] = TTLCache(
            KNOWN_MAX, CHANGED_FOR, time.monotonic
        )

    async def access(self, user_id: int) -> tuple[HordeClient, str]:
        """The client and the user's key."""
        client = self.info.client(self.backend.name)
        return client, await own_key(self._credentials, self.backend, user_id)

    async def account(self, user_id: int) -> User:
        """The user's account."""
        client, key = await self.access(user_id)
        return await client.find_user(key=key)

    async def list(self, user_id: int) -> tuple[Worker, ...]:
        """All workers of the account, by name."""
        client, key = await self.access(user_id)
        ids = (await client.find_user(key=key)).worker_ids
        online: dict[str, Worker] = {}
        if len(ids) > DIRECT_MAX:
            online = {one.id: one for one in await self.info.workers(self.backend.name)}
        others = [each for each in ids if each not in online][:ASKED_MAX]
        asked = await asyncio.gather(*(_worker(client, each, key) for each in others))
        found = [online[each] for each in ids if each in online]
        found += [one for one in asked if one is not None]
        found = [self._current(one) for one in found]
        self._known[user_id] = workers = tuple(sorted(found, key=lambda one: one.name.casefold()))
        return workers

    async def find(self, user_id: int, named: str) -> Worker:
        """The own worker of that name or id, read now."""
        client, key = await self.access(user_id)
        wanted = named.strip().casefold()
        for one in await self.list(user_id):
            if wanted in {one.id, one.name.casefold()}:
                return self._current(await client.get_worker(one.id, key=key))
        raise UserError(_("You have no worker of this name. `/worker list` shows your workers."))

    def known(self, user_id: int) -> tuple[Worker, ...]:
        """The workers from memory, for autocomplete. Unknown ones are loaded in the background."""
        found = self._known.get(user_id)
        if found is None and user_id not in self._tried:
            self._tried[user_id] = True
            load = asyncio.create_task(self._load(user_id))
            self._loads.add(load)
            load.add_done_callback(self._loads.discard)
        return found or ()

    async def change(self, user_id: int, worker_id: str, update: WorkerUpdate) -> None:
        """Change a worker."""
        client, key = await self.access(user_id)
        await client.update_worker(worker_id, update, key=key)
        self._changed[worker_id] = self._changed.get(worker_id, {}) | self._fields(update)
        self._forget(user_id)

    async def delete(self, user_id: int, worker_id: str) -> None:
        """Delete a worker for good."""
        client, key = await self.access(user_id)
        await client.delete_worker(worker_id, key=key)
        self._forget(user_id)

    async def messages(self, user_id: int, worker_id: str) -> tuple[WorkerMessage, ...]:
        """The messages that wait for the worker's software, the newest of many."""
        client, key = await self.access(user_id)
        return await client.list_worker_messages(key=key, worker_id=worker_id)

    async def write(self, user_id: int, wanted: WorkerMessageInput) -> None:
        """Send a message to a worker.

        The Horde answers further messages within a minute with the first one and loses them:
        docs/horde-api.md.
        """
        client, key = await self.access(user_id)
        sent = await client.create_worker_message(wanted, key=key)
        if (sent.message, sent.worker_id) != (wanted.message, wanted.worker_id):
            raise UserError(_("The AI Horde takes one message per minute. Try again in a minute."))

    async def delete_message(self, user_id: int, message_id: str) -> None:
        """Delete a message to a worker."""
        client, key = await self.access(user_id)
        await client.delete_worker_message(message_id, key=key)

    def _current(self, worker: Worker) -> Worker:
        """The worker with the changes made here, which the Horde's copy may not have yet."""
        return worker.model_copy(update=self._changed.get(worker.id, {}))

    def _fields(self, update: WorkerUpdate) -> dict[str, object]:
        """The fields of a worker that a change sets."""
        fields = update.model_dump(include={"name", "info", "paused"}, exclude_none=True)
        if update.maintenance is not None:
            fields["maintenance_mode"] = update.maintenance
        if update.team is not None:
            teams = self.info.known_teams(self.backend.name)
            name = next((team.name for team in teams if team.id == update.team), "")
            fields["team"] = TeamName(id=update.team, name=name)
        return fields

    def _forget(self, user_id: int) -> None:
        self._known.pop(user_id, None)
        self.info.forget_lists(self.backend.name)

    async def _load(self, user_id: int) -> None:
        try:
            await self.info.teams(self.backend.name)
            await self.list(user_id)
        except BotError as error:  # the command itself will say it
            log.debug("the workers of a user are unknown: %s", error)


async def _worker(client: HordeClient, worker_id: str, key: str) -> Worker | None:
    """That worker; None when it was deleted meanwhile."""
    try:
        return await client.get_worker(worker_id, key=key)
    except RequestRejected:
        return None
