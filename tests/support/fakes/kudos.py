"""Accounts whose kudos are transferred in memory, with idempotency keys as the Horde has them."""

from bot.domain.people import Credential
from bot.domain.records import Payer
from bot.errors import UserError, VaultError
from bot.storage import Store


class Killed(BaseException):
    """The process ended there."""


class FakeKudos:
    """Stands in for SharedKeys and Credentials. `transfers`: (giver, username, kudos) by key.

    `before` and `after`: raised once by the next call, before or after its transfer. `unreadable`:
    users whose keys cannot be opened.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.accounts: dict[int, str] = {}
        self.transfers: dict[tuple[str, str], tuple[int, str, int]] = {}
        self.calls = 0
        self.unreadable = set[int]()
        self.before: BaseException | None = None
        self.after: BaseException | None = None

    async def log_in(self, user_id: int, username: str) -> None:
        self.accounts[user_id] = username
        key = Credential(Payer.USER, user_id, "horde", b"sealed", username)
        await self._store.credentials.put(key)

    async def find(self, owner: Payer, owner_id: int, backend: str) -> Credential | None:
        return await self._store.credentials.get(owner, owner_id, backend)

    async def own_account(self, user_id: int) -> str:
        if user_id in self.unreadable:
            raise VaultError("The key cannot be read.")
        if user_id not in self.accounts:
            raise UserError("This needs your own key.")
        return self.accounts[user_id]

    async def send(self, user_id: int, username: str, kudos: int, *, once: str) -> None:
        self.calls += 1
        error, self.before = self.before, None
        if error:
            raise error
        account = await self.own_account(user_id)
        self.transfers.setdefault((account, once), (user_id, username, kudos))
        error, self.after = self.after, None
        if error:
            raise error
