"""Pseudonym of a user who erased all data: a keyed hash of the Discord id.

Without the secret keys it cannot be resolved, not even by trying all ids.
"""

import hashlib
import hmac

from bot.accounts.encryption.vault import Vault

PURPOSE = b"hordecord people"


class Pseudonyms:
    """Marks of users, made with keys derived from the secret keys."""

    def __init__(self, vault: Vault) -> None:
        self._keys = vault.derive(PURPOSE)

    def of(self, user_id: int) -> str:
        """The user's mark, made with the newest key: 32 hexadecimal digits."""
        return _mark(self._keys[0], user_id)

    def all_of(self, user_id: int) -> tuple[str, ...]:
        """The user's marks, one for each key, the newest first: an older one may be stored."""
        return tuple(_mark(key, user_id) for key in self._keys)


def _mark(key: bytes, user_id: int) -> str:
    return hmac.new(key, str(user_id).encode(), hashlib.sha256).hexdigest()[:32]
