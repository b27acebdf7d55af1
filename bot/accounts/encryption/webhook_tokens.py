"""The webhooks by which characters speak, with their tokens, which allow anyone to post."""

import time
from dataclasses import dataclass

from cachetools import LRUCache, TTLCache

from bot.accounts.encryption.vault import Vault
from bot.errors import VaultError
from bot.storage import Store
from bot.storage.tables.chat_tables.webhooks import ChannelWebhook

REFUSED_FOR = 600.0  # seconds without another attempt in a channel that has no webhook
CHANNELS_KEPT, MESSAGES_KEPT = 4_096, 16_384


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """Id and token of a webhook."""

    id: int
    token: str

    def __repr__(self) -> str:
        """Without the token, so that no log line contains it."""
        return f"WebhookAddress({self.id})"


class WebhookTokens:
    """Stores them sealed, and remembers which channels refuse webhooks."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self._known: LRUCache[int, WebhookAddress] = LRUCache(CHANNELS_KEPT)
        self._refused: TTLCache[int, bool] = TTLCache(CHANNELS_KEPT, REFUSED_FOR, time.monotonic)
        self._told: LRUCache[int, bool] = LRUCache(CHANNELS_KEPT)
        self._posted: LRUCache[int, bool] = LRUCache(MESSAGES_KEPT)

    async def of(self, channel_id: int) -> WebhookAddress | None:
        """The webhook of that channel, if one is known and its token can be read."""
        if (known := self._known.get(channel_id)) is not None:
            return known
        stored = await self._store.chat.webhooks.of(channel_id)
        if stored is None:
            return None
        try:
            token = self._vault.open(stored.token)
        except VaultError:  # sealed with a lost key: the bot asks Discord for it
            return None
        self._known[channel_id] = address = WebhookAddress(stored.webhook_id, token)
        return address

    async def put(self, guild_id: int, channel_id: int, address: WebhookAddress) -> None:
        """Store the webhook of that channel."""
        sealed = self._vault.seal(address.token)
        webhook = ChannelWebhook(channel_id, guild_id, address.id, sealed)
        await self._store.chat.webhooks.put(webhook)
        self._known[channel_id] = address

    async def forget(self, channel_id: int) -> None:
        """The webhook of that channel does not exist any more."""
        self._known.pop(channel_id, None)
        await self._store.chat.webhooks.delete(channel_id)

    def refuse(self, channel_id: int) -> None:
        """Try no webhook in that channel for ten minutes."""
        self._refused[channel_id] = True

    def is_refused(self, channel_id: int) -> bool:
        """Whether that channel refused a webhook a short time ago."""
        return channel_id in self._refused

    def is_news(self, channel_id: int) -> bool:
        """Whether that channel was not yet told why there are no webhooks; it is told now."""
        if channel_id in self._told:
            return False
        self._told[channel_id] = True
        return True

    def note_posted(self, message_id: int) -> None:
        """Remember that a webhook posted that message."""
        self._posted[message_id] = True

    def has_posted(self, message_id: int) -> bool:
        """Whether a webhook posted that message since the start."""
        return message_id in self._posted
