"""Whose key pays: the person's, the server's, the bot's, or nobody's (anonymous)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.accounts.pseudonyms import Pseudonyms
from bot.accounts.vault import Vault
from bot.backends.base import Account, Backend
from bot.backends.horde_shared_keys import is_shared
from bot.domain.people import Credential
from bot.domain.records import Payer, Record
from bot.domain.requests import Kind
from bot.errors import RequestRejected, UserError
from bot.storage import Store

ANONYMOUS = "0000000000"  # HORDE 0: ten zeros
KEY_MAX = 64  # a Horde key has 22 characters, a shared key 36


@dataclass(frozen=True, slots=True)
class PayerOrder:
    """`payers`: who can pay, the first first. `passed`: whose key is a shared one that cannot."""

    payers: tuple[Payer, ...]
    passed: tuple[Payer, ...] = ()


class Credentials:
    """Finds keys by owner. Plain keys leave it only for the one call that needs them."""

    def __init__(self, store: Store, vault: Vault, own: Mapping[str, str]) -> None:
        self._store = store
        self._vault = vault
        self._own = own  # by backend: the key in the settings
        self.marks = Pseudonyms(vault)

    async def payer(self, user_id: int, guild_id: int | None, kind: Kind, backend: str) -> Payer:
        """The first in the order of PRODUCT whose key can pay for this kind."""
        return (await self.line(user_id, guild_id, kind, backend)).payers[0]

    async def line(
        self, user_id: int, guild_id: int | None, kind: Kind, backend: str
    ) -> PayerOrder:
        """Everybody whose key can pay for this kind, in the order of PRODUCT."""
        payers, passed = list[Payer](), list[Payer]()
        for owner, owner_id in ((Payer.USER, user_id), (Payer.GUILD, guild_id)):
            if owner_id is None:
                continue
            credential = await self._store.credentials.get(owner, owner_id, backend)
            if credential is not None:
                (payers if kind in credential.pays else passed).append(owner)
        own = self._own[backend]
        if own != ANONYMOUS and is_shared(own) and kind is Kind.ALCHEMY:
            passed.append(Payer.BOT)
            own = ANONYMOUS
        payers.append(Payer.ANONYMOUS if own == ANONYMOUS else Payer.BOT)
        return PayerOrder(tuple(payers), tuple(passed))

    async def key_of(self, record: Record) -> str:
        """The plain key that pays for it. Raises RequestRejected when it was taken away."""
        return await self.key_for(record.payer, record.user_id, record.guild_id, record.backend)

    async def key_for(self, payer: Payer, user_id: int, guild_id: int | None, backend: str) -> str:
        """The plain key of that payer. Raises RequestRejected when it was taken away."""
        if payer in {Payer.BOT, Payer.ANONYMOUS}:
            return self._own[backend] if payer is Payer.BOT else ANONYMOUS
        owner_id = user_id if payer is Payer.USER else guild_id
        credential = await self._store.credentials.get(payer, owner_id or 0, backend)
        if credential is None:
            raise RequestRejected(
                "The key that was to pay for this is no longer here. Press Again to send it "
                "with what is there now, or add a key with /account login.",
                private=True,
            )
        return self._vault.open(credential.sealed)

    async def login(
        self, owner: Payer, owner_id: int, key: str, backend: Backend, now: float
    ) -> Account:
        """Check a key with the backend and keep it for its owner, sealed. Raises UserError."""
        key = key.strip()
        if not key or len(key) > KEY_MAX or not key.isascii() or not key.isprintable():
            raise UserError("That does not look like an API key of the AI Horde.")
        if key == ANONYMOUS:
            raise UserError("That is the anonymous key. It is used anyway when you have none.")
        try:
            account = await backend.account(key)
        except RequestRejected:
            raise UserError(
                "The Horde does not know that key. Copy it again from aihorde.net/register."
            ) from None
        pays = frozenset(Kind) - {Kind.ALCHEMY} if account.shared else frozenset(Kind)
        await self.keep(owner, owner_id, backend.name, key, account.username, pays, now)
        return account

    async def keep(
        self, owner: Payer, owner_id: int, backend: str, key: str, username: str,
        pays: frozenset[Kind], now: float,
    ) -> None:  # fmt: skip
        """Seal a checked key and remember it for its owner."""
        credential = Credential(
            owner=owner,
            owner_id=owner_id,
            backend=backend,
            sealed=self._vault.seal(key),
            username=username,
            pays=pays,
            created_at=now,
        )
        await self._store.credentials.put(credential)

    async def key_of_owner(self, owner: Payer, owner_id: int, backend: str) -> str | None:
        """A person's or a server's key in the clear, for a question about its account."""
        credential = await self._store.credentials.get(owner, owner_id, backend)
        return self._vault.open(credential.sealed) if credential else None


class Logins:
    """Whose own keys are kept, and what the backend says of them."""

    def __init__(
        self, store: Store, keys: Credentials, backend: Backend, clock: Callable[[], float]
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
        return await self._store.credentials.delete(Payer.USER, user_id, self._backend.name)

    async def account(self, user_id: int) -> Account | None:
        """A person's account, asked now; None without a key. Raises BackendError."""
        key = await self._keys.key_of_owner(Payer.USER, user_id, self._backend.name)
        return await self._backend.account(key) if key is not None else None
