"""What may stay of somebody who had everything forgotten: a keyed hash of their Discord id.

Without the secret keys nobody can tell whose it is, not even by trying every id there is.
"""

import hashlib
import hmac

from bot.accounts.vault import Vault

PURPOSE = b"hordecord people"


class Pseudonyms:
    """Marks of people, made with keys derived from the secret keys."""

    def __init__(self, vault: Vault) -> None:
        self._keys = vault.derive(PURPOSE)

    def of(self, user_id: int) -> str:
        """The person's mark, made with the newest key: 32 hexadecimal digits."""
        return _mark(self._keys[0], user_id)

    def all_of(self, user_id: int) -> tuple[str, ...]:
        """The person's marks, one a key, the newest first: an older one may be written down."""
        return tuple(_mark(key, user_id) for key in self._keys)


def _mark(key: bytes, user_id: int) -> str:
    return hmac.new(key, str(user_id).encode(), hashlib.sha256).hexdigest()[:32]
