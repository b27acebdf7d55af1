"""The key file: made once, private, and never silently replaced."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.accounts.encryption.key_file import key_path, load_keys, open_to_others
from bot.errors import VaultError
from bot.settings import StoreSettings

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")


@pytest.fixture
def store_settings(tmp_path: Path) -> StoreSettings:
    return StoreSettings(path=tmp_path / "data" / "hordecord.db")


def test_the_settings_keys_come_first_and_make_no_file(store_settings: StoreSettings) -> None:
    key = Fernet.generate_key().decode()
    own = store_settings.model_copy(update={"secret_keys": (SecretStr(key),)})
    assert load_keys(own) == [key]
    assert not key_path(own).exists()


def test_a_file_is_made_once_beside_the_database(store_settings: StoreSettings) -> None:
    keys = load_keys(store_settings)
    Fernet(keys[0])
    assert load_keys(store_settings) == keys
    assert key_path(store_settings).parent == store_settings.path.parent
    assert [path.name for path in store_settings.path.parent.iterdir()] == ["hordecord.key"]


@posix
def test_it_is_private_whatever_the_umask(store_settings: StoreSettings) -> None:
    before = os.umask(0)
    try:
        load_keys(store_settings)
    finally:
        os.umask(before)
    path = key_path(store_settings)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not open_to_others(path)
    path.chmod(0o640)
    assert open_to_others(path)


def test_of_two_that_start_at_once_both_have_the_same_key(store_settings: StoreSettings) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(load_keys, [store_settings] * 16))
    assert all(key == keys[0] for key in keys)


def test_a_disk_without_hard_links_will_do(
    store_settings: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert load_keys(store_settings) == load_keys(store_settings)


def test_several_keys_with_comments(store_settings: StoreSettings) -> None:
    keys = [Fernet.generate_key().decode() for _ in range(2)]
    store_settings.path.parent.mkdir()
    key_path(store_settings).write_text(f"# newest\r\n{keys[0]}\r\n\r\n# of 2025\n{keys[1]}\n")
    assert load_keys(store_settings) == keys


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff\x00" * 500, b"# nothing\n"])
def test_garbage_is_an_error_and_stays_as_it_is(
    store_settings: StoreSettings, content: bytes
) -> None:
    store_settings.path.parent.mkdir()
    key_path(store_settings).write_bytes(content)
    with pytest.raises(VaultError, match="one per line"):
        load_keys(store_settings)
    assert key_path(store_settings).read_bytes() == content


def test_a_file_that_cannot_be_read_or_made(store_settings: StoreSettings) -> None:
    key_path(store_settings).mkdir(parents=True)
    with pytest.raises(VaultError, match="cannot be used"):
        load_keys(store_settings)
    blocked = StoreSettings(path=key_path(store_settings).parent / "file" / "x.db")
    blocked.path.parent.write_bytes(b"")
    with pytest.raises(VaultError, match="cannot be used"):
        load_keys(blocked)
