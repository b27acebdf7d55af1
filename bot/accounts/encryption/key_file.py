"""The key file beside the database, used without `secret_keys`. Created once, with mode 0600."""

import contextlib
import logging
import os
import secrets
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.accounts.encryption.vault import Vault, new_key
from bot.errors import VaultError
from bot.settings import StoreSettings
from bot.storage.atomic_file import sync_folder, write_whole

log = logging.getLogger(__name__)

_MEND = (
    " Restore the right one from a backup. If it is lost, `hordecord rotate-keys --forget-lost` "
    "deletes API keys that cannot be decrypted, and their owners must log in again."
)
_LOST = (
    "The key file {path} is missing, and the database contains API keys encrypted with it." + _MEND
)
_WRONG = "{where} is not the one that the stored API keys were encrypted with." + _MEND

NAME = "hordecord.key"
_SIZE_MAX = 64 * 1024  # bytes of a thousand keys; a larger file is another one


def key_path(store: StoreSettings) -> Path:
    """Path of the key file."""
    return store.path.parent / NAME


def load_keys(store: StoreSettings, *, make: bool = True) -> list[str]:
    """The secret keys, newest first: those of the settings, else those of the key file.

    `make`: create a missing file. Raises VaultError when the file cannot be read or created, or has
    other contents.
    """
    if store.secret_keys:
        return [key.get_secret_value() for key in store.secret_keys]
    path = key_path(store)
    try:
        if not path.exists():
            if not make:
                raise VaultError(_LOST.format(path=path))
            _make(path)
        keys = _read(path)
    except OSError as error:
        raise VaultError(f"The key file {path} cannot be used: {error.strerror}.") from None
    try:
        Vault(keys)
    except VaultError:
        raise VaultError(
            f"The key file {path} must contain keys from `hordecord keygen`, one per line,"
            " newest first. Take it from a backup; without it stored API keys cannot be read."
        ) from None
    return keys


def open_vault(store: StoreSettings, sealed: Iterable[bytes]) -> Vault:
    """A vault for the `sealed` keys. Raises VaultError when it opens none of them.

    A key file is created only if no key is sealed: a new one would hide that the old one was lost.
    """
    found = list(sealed)
    vault = Vault(load_keys(store, make=not found))
    if found and not any(opens(vault, each) for each in found):
        where = "[store] secret_keys" if store.secret_keys else f"The key file {key_path(store)}"
        raise VaultError(_WRONG.format(where=where))
    return vault


def opens(vault: Vault, sealed: bytes) -> bool:
    """Whether the vault has the key that this was sealed with."""
    with contextlib.suppress(VaultError):
        return bool(vault.open(sealed))
    return False


def save_keys(store: StoreSettings, keys: Sequence[str]) -> None:
    """Write the key file completely or not at all. Raises VaultError."""
    path = key_path(store)
    try:
        write_whole(path, "".join(f"{key}\n" for key in keys).encode())
    except OSError as error:
        raise VaultError(f"The key file {path} cannot be written: {error.strerror}.") from None


def open_to_others(path: Path) -> bool:
    """Whether other users of this machine may read or change it. Always False on Windows."""
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _read(path: Path) -> list[str]:
    with path.open("rb") as file:
        lines = file.read(_SIZE_MAX).decode("utf-8", "replace").split("\n")
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _make(path: Path) -> None:
    """Written under another name, then linked: of two starting bots one wins, both read it.

    A half-written or lost key would make every stored API key unreadable.
    """
    part = path.with_name(f".{NAME}.{secrets.token_hex(8)}")
    try:
        write_whole(part, f"{new_key()}\n".encode())
        _claim(part, path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)
    log.info("created the key file %s: back it up too", path)


def _claim(part: Path, path: Path) -> None:
    try:
        with contextlib.suppress(FileExistsError):  # the other process won: its key counts
            path.hardlink_to(part)
    except OSError:
        part.replace(path)  # a file system without hard links (exFAT, some network shares)
