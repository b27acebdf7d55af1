"""The webhooks by which characters speak with their own avatars."""

from dataclasses import dataclass

from bot.storage.database import Database, Row


@dataclass(frozen=True, slots=True)
class ChannelWebhook:
    """The webhook of a channel. `token`: sealed as API keys are."""

    channel_id: int
    guild_id: int
    webhook_id: int
    token: bytes

    def __repr__(self) -> str:
        """Without the token, sealed or not."""
        return f"ChannelWebhook({self.channel_id}, {self.webhook_id})"


class WebhookRepository:
    """The table channel_webhooks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, channel_id: int) -> ChannelWebhook | None:
        """The webhook of that channel."""
        rows = await self._database.read(
            "SELECT * FROM channel_webhooks WHERE channel_id = ?", (channel_id,)
        )
        return _webhook(rows[0]) if rows else None

    async def put(self, webhook: ChannelWebhook) -> None:
        """Store it instead of the one of its channel."""
        await self._database.write(
            "INSERT OR REPLACE INTO channel_webhooks VALUES (?, ?, ?, ?)",
            (webhook.channel_id, webhook.guild_id, webhook.webhook_id, webhook.token),
        )

    async def delete(self, channel_id: int) -> None:
        """Forget the webhook of that channel."""
        await self._database.write(
            "DELETE FROM channel_webhooks WHERE channel_id = ?", (channel_id,)
        )

    async def of_guild(self, guild_id: int) -> tuple[ChannelWebhook, ...]:
        """The webhooks of that server."""
        rows = await self._database.read(
            "SELECT * FROM channel_webhooks WHERE guild_id = ?", (guild_id,)
        )
        return tuple(map(_webhook, rows))

    async def all(self) -> tuple[ChannelWebhook, ...]:
        """All webhooks, whose tokens depend on the secret keys."""
        return tuple(map(_webhook, await self._database.read("SELECT * FROM channel_webhooks")))


def _webhook(row: Row) -> ChannelWebhook:
    return ChannelWebhook(row["channel_id"], row["guild_id"], row["webhook_id"], row["token"])
