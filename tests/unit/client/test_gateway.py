"""On the gateway is who is connected and was answered."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from bot.client.gateway import intents_of, is_alive
from bot.settings import Settings

INTERVAL = 41.25


def shard(*, closed: bool = False, answered: float | None = 0.0) -> Any:
    """One whose last heartbeat was answered so many seconds ago; None: it has no heart."""
    heart = None
    if answered is not None:
        heart = SimpleNamespace(_last_ack=time.perf_counter() - answered, interval=INTERVAL)
    parent = SimpleNamespace(ws=SimpleNamespace(_keep_alive=heart))
    return SimpleNamespace(is_closed=lambda: closed, _parent=parent)


@pytest.mark.parametrize(
    ("state", "alive"),
    [
        ({}, True),
        ({"answered": INTERVAL + 5}, True),
        ({"answered": INTERVAL + 16}, False),
        ({"answered": None}, False),
        ({"closed": True}, False),
    ],
)
def test_one_shard(state: dict[str, Any], alive: bool) -> None:
    assert is_alive([shard(**state)]) is alive


def test_one_of_several_is_enough() -> None:
    assert is_alive([shard(closed=True), shard()])


def test_nobody_is_not_there() -> None:
    assert not is_alive([])


@pytest.mark.parametrize("content", [True, False])
def test_intents_only_message_content_is_privileged(content: bool) -> None:
    discord_section = {"token": "some-token", "message_content": content}
    intents = intents_of(Settings.model_validate({"discord": discord_section}))
    assert intents.guild_messages
    assert intents.dm_messages
    assert intents.message_content is content
    assert not intents.members
    assert not intents.presences
