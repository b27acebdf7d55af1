"""An SQLite that is too old is named before any file is touched."""

import sqlite3
from pathlib import Path

import pytest

from bot.cli.check_disk import examine_disk
from bot.errors import StoreError
from bot.settings import StoreSettings
from bot.storage import Store, sqlite_version
from bot.storage.backup import restore
from bot.storage.sqlite_version import check_sqlite


def test_sqlite_of_this_python_is_new_enough() -> None:
    check_sqlite()


def test_sqlite_without_json_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_version, "_has_json", lambda: False)
    with pytest.raises(StoreError, match="JSON functions is required"):
        check_sqlite()


async def test_old_sqlite_stops_the_start_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.36.0")
    with pytest.raises(StoreError, match=r"installed version is 3\.36\.0\. .*container image\.$"):
        async with Store.open(tmp_path / "data" / "bot.db"):
            pass
    assert list(tmp_path.iterdir()) == []


def test_old_sqlite_restores_no_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "copy.db").touch()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(StoreError, match="is required"):
        restore(tmp_path / "bot.db", tmp_path / "copy.db")


def test_old_sqlite_is_wrong_in_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    found = {finding.name: finding for finding in examine_disk(StoreSettings(path=tmp_path / "x"))}
    assert not found["Database"].ok
    assert "is required" in found["Database"].text


def test_missing_key_file_of_a_database_without_keys_is_fine(tmp_path: Path) -> None:
    (tmp_path / "bot.db").touch()
    settings = StoreSettings(path=tmp_path / "bot.db")
    found = {finding.name: finding for finding in examine_disk(settings)}
    assert found["Secret keys"].ok
    assert found["Secret keys"].text.endswith("will be created")
