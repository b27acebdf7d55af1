"""The vault: what it seals only its keys open."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.accounts.encryption.vault import Vault, new_key
from bot.errors import VaultError

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
VAULT = Vault([NEW, OLD])


@given(st.text(st.characters(codec="utf-8")))
@settings(deadline=None)
def test_it_opens_what_it_sealed(text: str) -> None:
    assert VAULT.open(VAULT.seal(text)) == text


def test_what_is_sealed_cannot_be_read() -> None:
    sealed = VAULT.seal("my-horde-key")
    assert b"my-horde-key" not in sealed
    assert sealed != VAULT.seal("my-horde-key")


def test_old_keys_still_open_and_rotate() -> None:
    sealed = Vault([OLD]).seal("secret")
    assert VAULT.open(sealed) == "secret"
    assert Vault([NEW]).open(VAULT.rotate(sealed)) == "secret"


def test_the_newest_key_seals() -> None:
    assert Vault([NEW]).open(VAULT.seal("secret")) == "secret"


@pytest.mark.parametrize(
    "sealed",
    [b"", b"garbage", Vault([OLD]).seal("secret")],
    ids=["nothing", "garbage", "another key"],
)
def test_what_does_not_fit_says_what_to_do(sealed: bytes) -> None:
    vault = Vault([NEW])
    for verb in (vault.open, vault.rotate):
        with pytest.raises(VaultError, match="/account login"):
            verb(sealed)


def test_a_changed_byte_is_noticed() -> None:
    sealed = bytearray(VAULT.seal("secret"))
    sealed[20] ^= 1
    with pytest.raises(VaultError):
        VAULT.open(bytes(sealed))


@pytest.mark.parametrize(
    "keys",
    [[], ["short"], [NEW, "ü" * 44], [NEW, ""]],
    ids=["none", "short", "not ASCII", "an empty one"],
)
def test_keys_of_another_form_are_refused(keys: list[str]) -> None:
    with pytest.raises(VaultError, match="keygen"):
        Vault(keys)


def test_derived_keys_follow_the_keys_and_the_purpose() -> None:
    newest, oldest = VAULT.derive(b"webhook")
    assert Vault([OLD]).derive(b"webhook") == (oldest,)
    assert len({newest, oldest, *VAULT.derive(b"another")}) == 4
    assert len(newest) == 32


def test_neither_repr_nor_errors_show_a_key() -> None:
    assert NEW not in repr(VAULT)
    with pytest.raises(VaultError) as caught:
        Vault([NEW, NEW[:-2]])
    assert NEW[:-2] not in str(caught.value)


def test_new_keys_are_keys() -> None:
    assert new_key() != new_key()
    Vault([new_key()])
