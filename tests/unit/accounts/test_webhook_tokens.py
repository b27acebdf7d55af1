"""Tokens of webhooks: sealed at rest, and never in a text."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.accounts.encryption.vault import Vault, new_key
from bot.accounts.encryption.webhook_tokens import WebhookAddress, WebhookTokens
from bot.storage import Store

CHANNEL, GUILD = 11, 5
ADDRESS = WebhookAddress(70, "secret-token")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[Store]:
    async with Store.open(tmp_path / "hordecord.db") as opened:
        yield opened


async def test_token_is_sealed_at_rest_and_read_after_a_restart(store: Store) -> None:
    vault = Vault([new_key()])
    await WebhookTokens(store, vault).put(GUILD, CHANNEL, ADDRESS)
    (stored,) = await store.chat.webhooks.all()
    assert b"secret-token" not in stored.token
    assert "secret" not in f"{stored!r} {ADDRESS!r}"
    assert await WebhookTokens(store, vault).of(CHANNEL) == ADDRESS


async def test_token_of_a_lost_key_counts_as_unknown(store: Store) -> None:
    await WebhookTokens(store, Vault([new_key()])).put(GUILD, CHANNEL, ADDRESS)
    assert await WebhookTokens(store, Vault([new_key()])).of(CHANNEL) is None


async def test_a_deleted_webhook_is_forgotten(store: Store) -> None:
    tokens = WebhookTokens(store, Vault([new_key()]))
    await tokens.put(GUILD, CHANNEL, ADDRESS)
    await tokens.forget(CHANNEL)
    assert await tokens.of(CHANNEL) is None
    assert await store.chat.webhooks.all() == ()


async def test_webhooks_of_a_left_server_are_deleted(store: Store) -> None:
    tokens = WebhookTokens(store, Vault([new_key()]))
    await tokens.put(GUILD, CHANNEL, ADDRESS)
    await tokens.put(6, 12, ADDRESS)
    await store.guilds.forget(GUILD)
    assert [one.guild_id for one in await store.chat.webhooks.all()] == [6]


async def test_a_channel_that_refuses_is_left_alone_and_told_once(store: Store) -> None:
    tokens = WebhookTokens(store, Vault([new_key()]))
    assert not tokens.is_refused(CHANNEL)
    tokens.refuse(CHANNEL)
    assert tokens.is_refused(CHANNEL)
    assert tokens.is_news(CHANNEL)
    assert not tokens.is_news(CHANNEL)
