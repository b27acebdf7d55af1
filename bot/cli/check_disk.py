"""Checks of this machine: the data folder, the database, the secret keys."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from bot.accounts.encryption.key_file import key_path, load_keys, open_to_others, opens
from bot.accounts.encryption.vault import Vault
from bot.cli.check_finding import Finding
from bot.errors import StoreError, VaultError
from bot.settings import StoreSettings
from bot.storage.database import check_file, migrations
from bot.storage.process_lock import is_locked
from bot.storage.sqlite_version import check_sqlite

FREE_MIN = 200 * 1024 * 1024  # bytes; less is full after a few hours of images


def examine_disk(store: StoreSettings) -> list[Finding]:
    """Contents of the data folder, and the free space."""
    folder = store.path.parent.absolute()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not existing.is_dir():
        text = f"{existing} is a file, so {folder} cannot be created"
        mend = "Choose another [store] path."
        return [Finding("Data folder", ok=False, text=text, mend=mend)]
    mend = f"Allow the bot's user to write to {existing}."
    try:
        with tempfile.TemporaryFile(dir=existing):
            free = shutil.disk_usage(existing).free
    except OSError as error:
        return [Finding("Data folder", ok=False, text=f"{existing}: {error.strerror}", mend=mend)]
    return [
        Finding("Data folder", ok=True, text=f"{folder} can be written"),
        _database(store.path),
        _keys(store),
        Finding(
            "Disk space",
            free >= FREE_MIN,
            f"{free / 2**30:.1f} GB free, results can use {store.spool_megabytes / 1024:.1f} GB",
            "Free disk space, or move [store] path to another disk.",
        ),
    ]


def _database(path: Path) -> Finding:
    newest = len(migrations())
    try:
        check_sqlite()
        check_file(path)
    except StoreError as error:
        return Finding("Database", ok=False, text=str(error))
    if not path.exists():
        text = f"{path.absolute()} will be created with version {newest}"
        return Finding("Database", ok=True, text=text)
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=2)
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        mend = "Check the owner of the file and the disk space, or restore a backup."
        return Finding("Database", ok=False, text=f"{path}: {error}", mend=mend)
    if version > newest:
        mend = "Run the newer version of the bot, or restore an older backup."
        text = f"version {version} is from a newer bot; this one supports {newest}"
        return Finding("Database", ok=False, text=text, mend=mend)
    text = f"version {version}" + (f", will become {newest}" if version < newest else "")
    if is_locked(path):
        text += ", used by a running bot; a second one cannot start"
    return Finding("Database", ok=True, text=f"{path.absolute()}, {text}")


def _keys(store: StoreSettings) -> Finding:
    path = key_path(store)
    if store.secret_keys:
        return Finding("Secret keys", ok=True, text=f"{len(store.secret_keys)} from the settings")
    if not path.exists():
        lost = bool(_sealed(store))
        text = (
            f"{path} {'is missing: stored API keys cannot be read' if lost else 'will be created'}"
        )
        mend = "Restore it from a backup. Without a backup, users must log in again."
        return Finding("Secret keys", not lost, text, mend)
    try:
        count = len(load_keys(store))
    except VaultError as error:
        return Finding("Secret keys", ok=False, text=str(error))
    if lost := _lost(store):
        text = f"{path} cannot decrypt {lost} of the stored API keys"
        mend = "Restore the right file, or run `hordecord rotate-keys --forget-lost`."
        return Finding("Secret keys", ok=False, text=text, mend=mend)
    if open_to_others(path):
        text = f"other users of this machine can read {path}"
        return Finding("Secret keys", ok=False, text=text, mend=f"chmod 600 {path}")
    return Finding("Secret keys", ok=True, text=f"{count} in {path}")


def _lost(store: StoreSettings) -> int:
    """How many stored API keys were sealed with another secret key."""
    vault = Vault(load_keys(store))
    return sum(not opens(vault, sealed) for sealed in _sealed(store))


def _sealed(store: StoreSettings) -> list[bytes]:
    """The stored API keys, sealed; none for a database that cannot be read."""
    address = f"{store.path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=2)) as database:
            rows = database.execute("SELECT sealed FROM credentials").fetchall()
    except sqlite3.Error:  # reported with the database
        return []
    return [sealed for (sealed,) in rows]
