"""A user's shared keys at the Horde, and transfers of kudos to other accounts."""

import time

from cachetools import TTLCache

from bot.accounts.credentials import Credentials
from bot.accounts.own_account import NO_HORDE, own_key
from bot.backends.base import Backend
from bot.backends.values import Allowance
from bot.domain.records import Payer
from bot.errors import UserError
from bot.horde.accounts import SharedKeyInput
from bot.horde.client import HordeClient
from bot.i18n import _

UNLISTED_FOR = 60.0  # seconds; the Horde lists a new key after half a minute


class SharedKeys:
    """Uses of the kudos of a user's own account.

    `horde`: the client of the same backend, None where it is no Horde.
    """

    def __init__(
        self, credentials: Credentials, backend: Backend, horde: HordeClient | None
    ) -> None:
        self._credentials = credentials
        self._backend = backend
        self._horde = horde
        # By user: ids that an account does not list yet.
        self._made: TTLCache[int, tuple[str, ...]] = TTLCache(1_000, UNLISTED_FOR, time.monotonic)

    async def share(self, user_id: int, wanted: SharedKeyInput) -> str:
        """Create a shared key. Returns the key, which is shown to its owner once."""
        client, key = await self._own(user_id)
        made = (await client.create_shared_key(wanted, key=key)).id
        self._made[user_id] = (*self._made.get(user_id, ()), made)
        return made

    async def lent(self, user_id: int) -> list[Allowance]:
        """A user's shared keys and their limits, by name."""
        found = (await self._shared(user_id)).values()
        return sorted(found, key=lambda each: each.name.casefold())

    async def revoke(self, user_id: int, name: str) -> Allowance:
        """End a shared key for good. Raises UserError when there is none of that name."""
        client, key = await self._own(user_id)
        wanted, shared = _plain(name), await self._shared(user_id)
        found = [id_ for id_, each in shared.items() if _plain(each.name) == wanted]
        if len(found) != 1:
            raise UserError(
                _(
                    "Several of your shared keys have this name. Delete those you do not need on "
                    "the Horde's website."
                )
                if found
                else _("You have no shared key of this name. `/kudos keys` lists your keys.")
            )
        await client.delete_shared_key(found[0], key=key)
        self._made[user_id] = tuple(e for e in self._made.get(user_id, ()) if e != found[0])
        return shared[found[0]]

    async def send(self, user_id: int, username: str, kudos: int, *, once: str) -> None:
        """Transfer kudos to an account (`name#123`).

        `once`: an idempotency key: a repeated call of the same account transfers nothing more.
        """
        client, key = await self._own(user_id)
        await client.transfer_kudos(username, kudos, key=key, idempotency_key=f"hordecord-{once}")

    async def own_account(self, user_id: int) -> str:
        """The name of the account whose own key the user gave. Raises UserError without one."""
        await self._own(user_id)
        found = await self._credentials.find(Payer.USER, user_id, self._backend.name)
        return found.username if found else ""

    async def _shared(self, user_id: int) -> dict[str, Allowance]:
        client, key = await self._own(user_id)
        listed = (await client.find_user(key=key)).sharedkey_ids
        ids = dict.fromkeys((*listed, *self._made.get(user_id, ())))
        found = {each: await self._backend.allowance(each) for each in ids}
        return {each: allowance for each, allowance in found.items() if allowance is not None}

    @property
    def backend_name(self) -> str:
        """The name of the backend that has kudos; "" where none is configured."""
        return self._backend.name if self._horde is not None else ""

    def horde_name(self) -> str:
        """The same. Raises UserError where none is configured."""
        self._client()
        return self._backend.name

    def _client(self) -> HordeClient:
        if self._horde is None:
            raise UserError(_(NO_HORDE))
        return self._horde

    async def _own(self, user_id: int) -> tuple[HordeClient, str]:
        return self._client(), await own_key(self._credentials, self._backend, user_id)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
