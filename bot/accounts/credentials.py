"""API keys of users, servers and the bot: order of payers, login and logout, account data."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.accounts.encryption.pseudonyms import Pseudonyms
from bot.accounts.encryption.vault import Vault
from bot.backends.base import Backend
from bot.backends.values import Account, Allowance
from bot.domain.capabilities import Capabilities
from bot.domain.people import Credential
from bot.domain.records import Payer, Record
from bot.domain.requests import Kind
from bot.errors import RequestRejected, UserError
from bot.i18n import N_, _
from bot.settings import ANONYMOUS_KEY
from bot.storage import Store

DELETED = N_(
    "The Horde refuses this key because its account is about to be deleted. Restore the account "
    "at the Horde, or use another key with `/account login`."
)


@dataclass(frozen=True, slots=True)
class PayerOrder:
    """`payers`: possible payers, the first one first. `passed`: those whose shared key
    cannot pay.
    """

    payers: tuple[Payer, ...]
    passed: tuple[Payer, ...] = ()


class Credentials:
    """Finds keys by owner: `owner` is Payer.USER or Payer.GUILD, `owner_id` that user's or guild's.

    Plain keys leave it only for the one call that needs them. `backends`: the default first; `own`:
    the bot's key at each, by the backend's name. Without a name the default backend is meant.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        backends: Mapping[str, Backend],
        own: Mapping[str, str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._vault = vault
        self._backends = backends
        self._own = own
        self._clock = clock
        self.marks = Pseudonyms(vault)

    async def order(
        self, user_id: int, guild_id: int | None, kind: Kind, backend: str
    ) -> PayerOrder:
        """Possible payers for this kind: the user, the server, the bot, or the anonymous account.

        None when the backend needs a key and there is none.
        """
        payers, passed = list[Payer](), list[Payer]()
        for owner, owner_id in ((Payer.USER, user_id), (Payer.GUILD, guild_id)):
            if owner_id is None:
                continue
            credential = await self._store.credentials.get(owner, owner_id, backend)
            if credential is not None:
                (payers if kind in credential.pays else passed).append(owner)
        own = self._own[backend]
        if (
            kind is Kind.ALCHEMY
            and own != ANONYMOUS_KEY
            and self._backends[backend].is_shared_key(own)
        ):
            passed.append(Payer.BOT)
            own = ANONYMOUS_KEY
        if own != ANONYMOUS_KEY:
            payers.append(Payer.BOT)
        elif self._backends[backend].capabilities.keys != "required":
            payers.append(Payer.ANONYMOUS)
        return PayerOrder(tuple(payers), tuple(passed))

    # Keys for calls

    async def key_of(self, record: Record) -> str:
        """The plain key that pays for it. Raises RequestRejected if it was removed."""
        return await self.key_for(record.payer, record.user_id, record.guild_id, record.backend)

    async def key_for(self, payer: Payer, user_id: int, guild_id: int | None, backend: str) -> str:
        """The plain key of that payer. Raises RequestRejected if it was removed."""
        if payer in {Payer.BOT, Payer.ANONYMOUS, Payer.STYLE}:
            return self._own[backend] if payer is Payer.BOT else ANONYMOUS_KEY
        owner_id = user_id if payer is Payer.USER else guild_id
        key = await self.key_of_owner(payer, owner_id or 0, backend)
        if key is None:
            raise RequestRejected(
                _(
                    "The key for this request was removed. Press **Again** to use the key that "
                    "pays now, or add one with `/account login`."
                ),
                private=True,
            )
        return key

    async def key_of_owner(self, owner: Payer, owner_id: int, backend: str = "") -> str | None:
        """The plain key of a user or a server, for a question about its account."""
        credential = await self.find(owner, owner_id, backend)
        return self._vault.open(credential.sealed) if credential else None

    async def allowance_of(
        self, payer: Payer, user_id: int, guild_id: int | None, backend: str
    ) -> Allowance | None:
        """Limits of that payer's key, read now; None unless it is a shared one.

        Raises BackendError.
        """
        key = await self.key_for(payer, user_id, guild_id, backend)
        found = self._backends[backend]
        return await found.allowance(key) if found.is_shared_key(key) else None

    # Login, logout and account data

    async def login(self, owner: Payer, owner_id: int, key: str, backend: str = "") -> Account:
        """Check a key with the backend and store it sealed for its owner.

        Raises UserError for an invalid key, BackendError when it cannot be checked.
        """
        key = key.strip()
        found = self._backend(backend)
        able = found.capabilities
        if key == ANONYMOUS_KEY and able.has_kudos:
            raise UserError(_("This is the anonymous key. The bot uses it when no other key pays."))
        if key == ANONYMOUS_KEY or not able.can_be_key(key):
            text = _("This is not an API key of {backend}. Copy your key again.")
            raise UserError(text.format(backend=able.title))
        try:
            account = await found.account(key)
        except RequestRejected:
            raise UserError(_unknown_key(able)) from None
        if account.deleted:
            raise UserError(_(DELETED))
        pays = frozenset(Kind) - {Kind.ALCHEMY} if account.shared else frozenset(Kind)
        await self.keep(owner, owner_id, found.name, key, account.username, pays)
        return account

    async def keep(
        self, owner: Payer, owner_id: int, backend: str, key: str, username: str,
        pays: frozenset[Kind],
    ) -> None:  # fmt: skip
        """Seal a checked key and store it for its owner."""
        credential = Credential(
            owner=owner,
            owner_id=owner_id,
            backend=backend,
            sealed=self._vault.seal(key),
            username=username,
            pays=pays,
            created_at=self._clock(),
        )
        await self._store.credentials.put(credential)

    async def logout(self, owner: Payer, owner_id: int, backend: str = "") -> bool:
        """Delete the owner's key. False when there was none."""
        return await self._store.credentials.delete(owner, owner_id, self._name(backend))

    async def find(self, owner: Payer, owner_id: int, backend: str = "") -> Credential | None:
        """The owner's sealed key; None without one."""
        return await self._store.credentials.get(owner, owner_id, self._name(backend))

    async def account(self, owner: Payer, owner_id: int, backend: str = "") -> Account | None:
        """The account of the owner's key, read now; None without a key. Raises BackendError."""
        key = await self.key_of_owner(owner, owner_id, backend)
        return await self._backend(backend).account(key) if key is not None else None

    async def allowance(self, owner: Payer, owner_id: int, backend: str = "") -> Allowance | None:
        """Limits of the owner's key, read now; None unless it is a shared one.

        Raises BackendError.
        """
        key = await self.key_of_owner(owner, owner_id, backend)
        return await self._backend(backend).allowance(key) if key is not None else None

    def _name(self, backend: str) -> str:
        return backend or next(iter(self._backends))

    def _backend(self, name: str) -> Backend:
        return self._backends[self._name(name)]


def _unknown_key(able: Capabilities) -> str:
    if not able.keys_from:
        return _("{backend} does not know this key. Copy it again.").format(backend=able.title)
    text = _("{backend} does not know this key. Copy it again from {place}.")
    return text.format(backend=able.title, place=able.keys_from)
