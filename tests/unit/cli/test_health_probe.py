"""`hordecord health`: the bot at its own address, whatever it is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.cli.health_probe import config_of_container, probe
from bot.errors import BotError
from bot.settings import HttpSettings

WELL = {"gateway": True, "database": True, "horde": True}


class FakeHealth:
    def __init__(self) -> None:
        self.parts = dict(WELL)

    async def answer(self, _request: web.Request) -> web.Response:
        status = 200 if all(self.parts.values()) else 503
        return web.json_response(self.parts, status=status)


@pytest.fixture
def health() -> FakeHealth:
    return FakeHealth()


@pytest.fixture(params=["127.0.0.1", "127.0.0.2", "0.0.0.0", "::", "::1", "localhost"])
async def listen(health: FakeHealth, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/healthz", health.answer)
    host, port = str(request.param), unused_port()
    async with TestServer(app, host=host, port=port):
        yield f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def test_bot_is_asked_at_its_own_address(
    listen: str, health: FakeHealth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    await probe(HttpSettings(listen=listen))
    health.parts["horde"] = False
    await probe(HttpSettings(listen=listen))
    health.parts["gateway"] = False
    with pytest.raises(BotError, match="Down: gateway"):
        await probe(HttpSettings(listen=listen))


async def test_bot_that_does_not_answer_is_not_well() -> None:
    with pytest.raises(BotError, match="does not answer"):
        await probe(HttpSettings(listen=f"127.0.0.1:{unused_port()}"))


async def test_nothing_is_asked_where_nothing_listens() -> None:
    await probe(HttpSettings())


@pytest.mark.parametrize(
    ("words", "config"),
    [
        ("/app/.venv/bin/python /app/.venv/bin/hordecord run --config /etc/h.toml", "/etc/h.toml"),
        ("/sbin/docker-init -- hordecord run --config=/etc/h.toml", "/etc/h.toml"),
        ("hordecord run", None),
        ("/sbin/init --config /etc/h.toml", None),
        ("", None),
    ],
)
def test_settings_file_is_the_one_of_the_bot_in_the_container(
    words: str, config: str | None, tmp_path: Path
) -> None:
    first = tmp_path / "cmdline"
    first.write_bytes(words.replace(" ", "\0").encode() + b"\0")
    assert config_of_container(first) == (Path(config) if config else None)


def test_without_a_first_process_to_read_no_settings_file_is_named(tmp_path: Path) -> None:
    assert config_of_container(tmp_path / "none") is None
