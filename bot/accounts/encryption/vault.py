"""Seals API keys at rest. The only place where a stored key is plain text."""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import SecretKeyError, VaultError
from bot.i18n import N_, _

_LOST = N_("The bot cannot read this API key any more. Add the key again with `/account login`.")


class Vault:
    """Seals with the newest key and opens with any, so that keys can be rotated."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys`: Fernet keys, newest first. Raises SecretKeyError for none or a malformed one."""
        if not keys:
            raise SecretKeyError("There is no secret key: create one with `hordecord keygen`.")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SecretKeyError(
                "A secret key is not a Fernet key: create one with `hordecord keygen`."
            ) from None
        self._secrets = tuple(base64.urlsafe_b64decode(key) for key in keys)

    def __repr__(self) -> str:
        return f"Vault(keys={len(self._secrets)})"

    def seal(self, text: str) -> bytes:
        """`text`, unreadable without the keys."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """The sealed text. Raises VaultError when no key fits or it was tampered with."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise VaultError(_(_LOST)) from None

    def rotate(self, sealed: bytes) -> bytes:
        """The same sealed with the newest key. Raises VaultError as `open` does."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            raise VaultError(_(_LOST)) from None

    def derive(self, purpose: bytes) -> tuple[bytes, ...]:
        """32 bytes per key, newest first, for a purpose other than sealing (the webhook's path).

        It must not reveal the keys themselves: HKDF cannot be inverted.
        """
        return tuple(HKDF(SHA256(), 32, None, purpose).derive(secret) for secret in self._secrets)


def new_key() -> str:
    """A fresh Fernet key as text."""
    return Fernet.generate_key().decode()
