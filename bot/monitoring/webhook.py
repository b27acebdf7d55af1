"""Signed webhook addresses: one per request, checked with a keyed hash."""

import hashlib
import hmac

from bot.accounts.encryption.vault import Vault

PURPOSE = b"doorbell"


class WebhookUrls:
    """Makes and checks the webhook address of a request."""

    def __init__(self, vault: Vault, public_url: str) -> None:
        self._keys = vault.derive(PURPOSE)
        self._base = public_url.rstrip("/")

    def address(self, record_id: int) -> str:
        """The URL to send with that request; "" when no public address is set."""
        if not self._base:
            return ""
        return f"{self._base}/ring/{record_id}/{_mark(self._keys[0], record_id)}"

    def is_genuine(self, record_id: int, mark: str) -> bool:
        """Whether the bot made that address, with this key or an older one. Constant time."""
        given = mark.encode()
        checks = [hmac.compare_digest(_mark(key, record_id).encode(), given) for key in self._keys]
        return any(checks)  # compares all, so that the time is constant


def _mark(key: bytes, record_id: int) -> str:
    return hmac.new(key, str(record_id).encode(), hashlib.sha256).hexdigest()[:40]
