"""A person's own account at the backend: logged in, asked, forgotten."""

from collections.abc import Callable

from bot.backends.base import Account, Backend
from bot.keys import Keys
from bot.records import Payer
from bot.store import Store


class Logins:
    """Whose own keys are kept, and what the backend says of them."""

    def __init__(
        self, store: Store, keys: Keys, backend: Backend, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._keys = keys
        self._backend = backend
        self._clock = clock

    async def login(self, user_id: int, key: str) -> Account:
        """Check a key with the backend, seal it and keep it for its person.

        Raises UserError for what is no key, BackendError when it cannot be checked.
        """
        return await self._keys.login(Payer.USER, user_id, key, self._backend, self._clock())

    async def logout(self, user_id: int) -> bool:
        """Forget a person's key. False when there was none."""
        return await self._store.drop_credential(Payer.USER, user_id, self._backend.name)

    async def account(self, user_id: int) -> Account | None:
        """A person's account, asked now; None without a key. Raises BackendError."""
        key = await self._keys.key_of_owner(Payer.USER, user_id, self._backend.name)
        return await self._backend.account(key) if key is not None else None
