"""`hordecord rotate-keys`: whatever moment it is cut off at, nothing that is stored is lost."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from bot.accounts.encryption import key_rotation
from bot.accounts.encryption.key_file import key_path, load_keys, open_vault, save_keys
from bot.accounts.encryption.key_rotation import rotate
from bot.accounts.encryption.pseudonyms import Pseudonyms
from bot.accounts.encryption.vault import Vault, new_key
from bot.accounts.encryption.webhook_tokens import WebhookAddress, WebhookTokens
from bot.cli.check_disk import examine_disk
from bot.cli.commands import main
from bot.domain.people import Credential, UserBan
from bot.domain.records import Payer
from bot.errors import BotError, VaultError
from bot.settings import StoreSettings
from bot.storage import Store
from bot.storage.process_lock import only_one
from bot.storage.tables.moderation import BanRepository
from bot.storage.tables.resealing import Resealing

NUMBERS = range(4)


@pytest.fixture
def settings(tmp_path: Path) -> StoreSettings:
    found = StoreSettings(path=tmp_path / "hordecord.db")
    asyncio.run(fill(found))
    return found


async def fill(settings: StoreSettings) -> None:
    async with Store.open(settings.path) as store:
        vault = open_vault(settings, await store.resealing.sealed())
        for number in NUMBERS:
            sealed = vault.seal(f"secret-{number}")
            await store.credentials.put(Credential(Payer.USER, number, "horde", sealed, "ada#1"))


def stored_keys(settings: StoreSettings, keys: list[str] | None = None) -> list[str]:
    """Every stored API key in the clear; as the bot opens them, or with these keys."""

    async def read() -> list[str]:
        async with Store.open(settings.path) as store:
            vault = Vault(keys) if keys else open_vault(settings, await store.resealing.sealed())
            return sorted(vault.open(one.sealed) for one in await store.credentials.all())

    return asyncio.run(read())


ALL = [f"secret-{number}" for number in NUMBERS]


def test_everything_is_sealed_with_a_new_key_alone(settings: StoreSettings) -> None:
    (old,) = load_keys(settings)
    done = rotate(settings)
    (new,) = load_keys(settings)
    assert new != old
    assert stored_keys(settings, [new]) == ALL
    with pytest.raises(VaultError):
        stored_keys(settings, [old])
    assert (done.count, done.forgotten, done.old_needed) == (len(ALL), 0, False)


def test_tokens_of_webhooks_are_sealed_again(settings: StoreSettings) -> None:
    async def put(vault: Vault) -> None:
        async with Store.open(settings.path) as store:
            await WebhookTokens(store, vault).put(5, 11, WebhookAddress(70, "token"))

    async def found(vault: Vault) -> WebhookAddress | None:
        async with Store.open(settings.path) as store:
            return await WebhookTokens(store, vault).of(11)

    asyncio.run(put(Vault(load_keys(settings))))
    rotate(settings)
    assert asyncio.run(found(Vault(load_keys(settings)))) == WebhookAddress(70, "token")


class Cut(Exception):
    """The process ends here."""


CUTS = ("before the file", "after the file", "in the database", "after the database", "at the end")


@pytest.mark.parametrize("moment", CUTS)
def test_cut_off_at_any_moment_everything_opens_and_it_can_be_run_again(
    settings: StoreSettings, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves = iter((moment == "before the file", moment == "after the database"))
    after = iter((moment == "after the file", moment == "at the end"))

    def save(where: StoreSettings, keys: list[str]) -> None:
        if next(saves):
            raise Cut
        save_keys(where, keys)
        if next(after):
            raise Cut

    async def reseal(
        self: Resealing, again: Any, lost: Any, webhooks: Any, mark: Callable[[int], str]
    ) -> bool:
        def broken(_user_id: int) -> str:
            raise Cut

        await BanRepository(self._database).put(UserBan(0, "m", 1, 2, 3.0))
        marks = broken if moment == "in the database" else mark
        return await true(self, again, lost, webhooks, marks)

    true = Resealing.reseal
    with monkeypatch.context() as patched:
        patched.setattr(key_rotation, "save_keys", save)
        patched.setattr(Resealing, "reseal", reseal)
        with pytest.raises(Cut):
            rotate(settings)
    assert stored_keys(settings) == ALL
    rotate(settings)
    assert stored_keys(settings, load_keys(settings)[:1]) == ALL


def test_a_lost_key_file_is_said_and_none_is_made(settings: StoreSettings) -> None:
    path = key_path(settings)
    path.unlink()
    for attempt in (lambda: stored_keys(settings), lambda: rotate(settings)):
        with pytest.raises(VaultError, match=r"is missing.*backup"):
            attempt()
        assert not path.exists()


def test_a_wrong_key_file_is_said_and_nothing_is_changed(settings: StoreSettings) -> None:
    (old,), wrong = load_keys(settings), new_key()
    save_keys(settings, [wrong])
    with pytest.raises(VaultError, match="is not the one"):
        stored_keys(settings)
    with pytest.raises(VaultError, match=r"4 of 4 .*Nothing was changed"):
        rotate(settings)
    assert load_keys(settings) == [wrong]
    save_keys(settings, [old])
    assert stored_keys(settings) == ALL


def test_the_check_says_it_too(settings: StoreSettings) -> None:
    save_keys(settings, [new_key()])
    found = next(one for one in examine_disk(settings) if one.name == "Secret keys")
    assert not found.ok
    assert "cannot decrypt 4" in found.text


def test_lost_ones_can_be_forgotten(settings: StoreSettings) -> None:
    key_path(settings).unlink()
    done = rotate(settings, forget_lost=True)
    assert (done.count, done.forgotten) == (0, 4)
    assert stored_keys(settings) == []
    asyncio.run(fill(settings))
    assert stored_keys(settings) == ALL


def test_keys_of_the_settings_are_rotated_by_hand(settings: StoreSettings) -> None:
    (old,), new = load_keys(settings), new_key()
    alone = settings.model_copy(update={"secret_keys": (SecretStr(old),)})
    with pytest.raises(VaultError, match="in front of it"):
        rotate(alone)
    both = settings.model_copy(update={"secret_keys": (SecretStr(new), SecretStr(old))})
    assert not rotate(both).in_file
    assert stored_keys(both, [new]) == ALL
    assert load_keys(settings) == [old]  # the file is not what counts


def test_blocks_are_known_afterwards_too(settings: StoreSettings) -> None:
    before = Pseudonyms(Vault(load_keys(settings)))

    async def block(user_id: int | None, mark: str) -> None:
        async with Store.open(settings.path) as store:
            await store.bans.put(UserBan(0, mark, user_id, 2, 3.0))

    async def marks() -> set[str]:
        async with Store.open(settings.path) as store:
            return {one.mark for one in await store.bans.all()}

    asyncio.run(block(7, before.of(7)))
    assert not rotate(settings).old_needed
    assert asyncio.run(marks()) == {Pseudonyms(Vault(load_keys(settings))).of(7)}
    forgotten = Pseudonyms(Vault(load_keys(settings))).of(8)
    asyncio.run(block(None, forgotten))  # that user is unknown now
    assert rotate(settings).old_needed
    assert len(load_keys(settings)) == 2
    assert forgotten in Pseudonyms(Vault(load_keys(settings))).all_of(8)
    assert stored_keys(settings, load_keys(settings)[:1]) == ALL


def test_not_while_the_bot_runs(settings: StoreSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_rotation, "only_one", partial(only_one, wait=0.0))
    before = load_keys(settings)
    with only_one(settings.path), pytest.raises(BotError, match="Stop it first"):
        rotate(settings)
    assert load_keys(settings) == before


def test_on_the_command_line(settings: StoreSettings, tmp_path: Path) -> None:
    env = {"HORDECORD_DISCORD__TOKEN": "x" * 20, "HORDECORD_STORE__PATH": str(settings.path)}
    done = CliRunner().invoke(main, ["rotate-keys"], env=env)
    assert done.exit_code == 0, done.output
    assert "4 stored API keys are encrypted" in done.output
    assert load_keys(settings)[0] not in done.output
    nowhere = env | {"HORDECORD_STORE__PATH": str(tmp_path / "other" / "hordecord.db")}
    failed = CliRunner().invoke(main, ["rotate-keys"], env=nowhere)
    assert failed.exit_code == 1
    assert "no database" in failed.output
