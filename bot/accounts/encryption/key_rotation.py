"""`hordecord rotate-keys`: a new secret key, and all sealed data under it.

It may be interrupted at any moment: the new key is stored before it seals anything, and an old one
is removed when nothing needs it any more.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.accounts.encryption.key_file import key_path, load_keys, opens, save_keys
from bot.accounts.encryption.pseudonyms import Pseudonyms
from bot.accounts.encryption.vault import Vault, new_key
from bot.domain.people import Credential
from bot.errors import BotError, VaultError
from bot.settings import StoreSettings
from bot.storage import Store
from bot.storage.process_lock import only_one

NO_DATABASE = "There is no database at {path}, so there are no API keys to encrypt."
LOST = (
    "{lost} of {count} stored API keys cannot be decrypted with the present secret keys. Nothing "
    "was changed. Restore the right secret keys. If they are lost, --forget-lost deletes these API "
    "keys, and their owners must log in again."
)
ONE_ONLY = (
    "[store] secret_keys contains one key. Put a new one from `hordecord keygen` in front of it, "
    "run this command again, and then remove the old one."
)
UNSOUND = "The newly encrypted API keys cannot be decrypted. The old secret keys are still there."


@dataclass(frozen=True, slots=True)
class RotationResult:
    """`count` API keys were sealed with the new key, `forgotten` ones were deleted.

    `in_file`: the key file was changed, not only the settings. `old_needed`: the older keys must
    stay, because a user who erased all data is blocked under one of them.
    """

    count: int
    forgotten: int
    in_file: bool
    old_needed: bool

    def __str__(self) -> str:
        """Text for the terminal."""
        said = [f"{self.count} stored API keys are encrypted with the newest secret key."]
        if self.forgotten:
            said.append(f"{self.forgotten} could not be decrypted and were deleted.")
        where = "in the key file" if self.in_file else "in [store] secret_keys"
        if self.old_needed:
            said.append(f"Keep the older keys {where}: a block of a forgotten user needs them.")
        elif self.in_file:
            said.append("The key file contains only that key. Older backups need the older key.")
        else:
            said.append(f"The older keys {where} can be removed. Older backups need them.")
        return " ".join(said)


def rotate(store: StoreSettings, *, forget_lost: bool = False) -> RotationResult:
    """Encrypt all API keys with a new key. The bot must be stopped. If it raises BotError, nothing
    was changed.
    """
    if not store.path.exists():
        raise BotError(NO_DATABASE.format(path=store.path))
    with only_one(store.path):
        return asyncio.run(_rotate(store, forget_lost=forget_lost))


async def _rotate(settings: StoreSettings, *, forget_lost: bool) -> RotationResult:
    async with Store.open(settings.path) as store:
        kept = await store.credentials.all()
        old = _present(settings, forget_lost=forget_lost)
        fine, lost = _sorted(kept, old)
        if lost and not forget_lost:
            raise VaultError(LOST.format(lost=len(lost), count=len(kept)))
        in_file = not settings.secret_keys
        keys = _with_new(settings, old, alone=forget_lost)
        vault = Vault(keys)
        again = [replace(one, sealed=vault.rotate(one.sealed)) for one in fine]
        webhooks = [
            replace(one, token=vault.rotate(one.token))
            for one in await store.chat.webhooks.all()
            if opens(vault, one.token)
        ]
        whole = await store.resealing.reseal(again, lost, webhooks, Pseudonyms(vault).of)
        newest = Vault(keys[:1])
        if not all(opens(newest, one.sealed) for one in await store.credentials.all()):
            raise VaultError(UNSOUND)
        if in_file and whole:
            save_keys(settings, keys[:1])
        return RotationResult(len(again), len(lost), in_file=in_file, old_needed=not whole)


def _present(settings: StoreSettings, *, forget_lost: bool) -> list[str]:
    """The existing keys; none if the file is missing and may be."""
    if forget_lost and not settings.secret_keys and not key_path(settings).exists():
        return []
    return load_keys(settings, make=False)


def _with_new(settings: StoreSettings, old: Sequence[str], *, alone: bool) -> list[str]:
    """All keys, the new one first; it is on the disk before it is used.

    `alone`: a single key of the settings is enough, because it stays.
    """
    if settings.secret_keys:
        if len(old) == 1 and not alone:
            raise VaultError(ONE_ONLY)
        return list(old)
    keys = [new_key(), *old]
    save_keys(settings, keys)
    return keys


def _sorted(
    kept: Sequence[Credential], keys: Sequence[str]
) -> tuple[list[Credential], list[Credential]]:
    """The sealed keys that the vault opens, and the others."""
    vault = Vault(keys) if keys else None
    fine = [one for one in kept if vault is not None and opens(vault, one.sealed)]
    return fine, [one for one in kept if one not in fine]
