"""Kudos lent and given: a person's shared keys at the Horde, and gifts to other accounts."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.accounts.credentials import Credentials
from bot.backends.base import Allowance, Backend
from bot.backends.horde_shared_keys import allowance_of, is_shared
from bot.domain.records import Payer
from bot.errors import UserError
from bot.horde.accounts import SharedKey, SharedKeyInput
from bot.horde.client import HordeClient

NO_KEY = (
    "For that the bot needs your own key: `/account login` adds it. "
    "You get one for free at aihorde.net/register."
)
ONLY_SHARED = (
    "Your key here is a shared key, which only makes things. For this log in with your account's "
    "own key first: `/account login`."
)
NO_SHARING = "The server behind this bot knows no shared keys and no gifts."
NOT_FOUND = (
    "You have no shared key of that name. `/kudos keys` lists yours; a new one after half a minute."
)
SEVERAL = "Several of your shared keys have that name: delete them at the Horde's own site."


@dataclass(frozen=True, slots=True)
class SharedKeyState:
    """A shared key of a person, without the key itself."""

    name: str
    allowance: Allowance


class SharedKeys:
    """What a person may do with the kudos of an account of their own."""

    def __init__(self, keys: Credentials, backend: Backend) -> None:
        self._keys = keys
        self._backend = backend

    async def share(self, user_id: int, wanted: SharedKeyInput) -> str:
        """Make a shared key; gives the key itself, which is shown to its person once."""
        client, key = await self._own(user_id)
        return (await client.create_shared_key(wanted, key=key)).id

    async def lent(self, user_id: int) -> list[SharedKeyState]:
        """A person's shared keys, by name."""
        found = [
            SharedKeyState(each.name, allowance_of(each)) for each in await self._shared(user_id)
        ]
        return sorted(found, key=lambda each: each.name.casefold())

    async def revoke(self, user_id: int, name: str) -> SharedKeyState:
        """End a shared key for good. Raises UserError when there is none of that name."""
        client, key = await self._own(user_id)
        wanted = " ".join(name.split()).casefold()
        found = [
            each
            for each in await self._shared(user_id)
            if " ".join(each.name.split()).casefold() == wanted
        ]
        if len(found) != 1:
            raise UserError(SEVERAL if found else NOT_FOUND)
        await client.delete_shared_key(found[0].id, key=key)
        return SharedKeyState(found[0].name, allowance_of(found[0]))

    async def send(self, user_id: int, username: str, kudos: int, *, once: int) -> float:
        """Give kudos to an account (`name#123`); gives how many went over.

        `once`: a number for this gift: a second try with it gives nothing more.
        """
        client, key = await self._own(user_id)
        gift = await client.transfer_kudos(
            username, kudos, key=key, idempotency_key=f"hordecord-{once}"
        )
        return gift.transferred

    async def _shared(self, user_id: int) -> Sequence[SharedKey]:
        client, key = await self._own(user_id)
        user = await client.find_user(key=key)
        return [await client.get_shared_key(each) for each in user.sharedkey_ids]

    async def _own(self, user_id: int) -> tuple[HordeClient, str]:
        client = getattr(self._backend, "client", None)
        if not isinstance(client, HordeClient):
            raise UserError(NO_SHARING)
        key = await self._keys.key_of_owner(Payer.USER, user_id, self._backend.name)
        if key is None:
            raise UserError(NO_KEY)
        if is_shared(key):
            raise UserError(ONLY_SHARED)
        return client, key
