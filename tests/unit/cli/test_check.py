"""`check`: what it finds right and wrong, and what it says to do."""

import base64
import os
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, cast

import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from pydantic import SecretStr

from bot.accounts.encryption.key_file import key_path, load_keys
from bot.cli.check import examine
from bot.cli.check_discord import application_id, check_token
from bot.cli.check_finding import Finding, table
from bot.cli.check_permissions import PAGE
from bot.cli.invite import PERMISSIONS
from bot.errors import SettingsError
from bot.settings import (
    BackendSettings,
    DiscordSettings,
    HttpSettings,
    Settings,
    StoreSettings,
)
from bot.storage import Store
from bot.storage.database import migrations
from bot.storage.process_lock import only_one
from tests.support.json_types import Json

UNSHAPED_TOKEN = "a-token-for-the-look-alike"
OWN_KEY = "a-horde-key-of-ours"

ALL = discord.Permissions(**dict.fromkeys(PERMISSIONS, True)).value
HEALTHY: dict[str, tuple[int, Any]] = {
    "/api/v10/users/@me": (200, {"id": "1", "username": "Hordecord"}),
    "/api/v10/oauth2/applications/@me": (200, {"id": "1", "flags": 0}),
    "/api/v10/users/@me/guilds": (200, [{"id": "5", "name": "Testers", "permissions": str(ALL)}]),
    "/api/v2/status/heartbeat": (200, {"message": "OK", "version": "5", "db_connection": True}),
    "/api/v2/status/modes": (200, {"maintenance_mode": False, "invite_only_mode": False}),
    "/api/v2/status/models": (200, [{"name": "Deliberate", "count": 3}]),
    "/api/v2/workers": (200, []),
    "/api/v2/find_user": (200, {"username": "ada#1", "id": 1, "kudos": 1234.0}),
}


def _page(guilds: Any, after: int, limit: int) -> Any:
    """The part of a list of servers that a call asks for."""
    if not isinstance(guilds, list) or len(cast("list[Any]", guilds)) < 2:
        return cast("Any", guilds)
    return [guild for guild in cast("list[Json]", guilds) if int(guild["id"]) > after][:limit]


class FakeServers:
    """A Discord and a Horde that answer what a test wants."""

    def __init__(self, folder: Path) -> None:
        self.answers = dict(HEALTHY)
        self.date: datetime | None = None
        self.authorised: list[str] = []
        self.store = StoreSettings(path=folder / "data" / "hordecord.db")
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self.server = TestServer(app)

    async def _answer(self, request: web.Request) -> web.Response:
        status, body = self.answers.get(request.path, (404, None))
        self.authorised.append(request.headers.get("Authorization", ""))
        if request.path.endswith("/guilds"):
            body = _page(body, int(request.query["after"]), int(request.query["limit"]))
        response = web.json_response(body, status=status)
        if self.date:
            response.headers["Date"] = format_datetime(self.date, usegmt=True)
        return response

    def say_guilds(self, guilds: list[tuple[str, int]]) -> None:
        """The bot is on servers of these names, with these permissions there."""
        body = [
            {"id": str(number), "name": name, "permissions": str(bits)}
            for number, (name, bits) in enumerate(guilds, start=1)
        ]
        self.answers["/api/v10/users/@me/guilds"] = (200, body)

    def settings(self, api: str | None = None, *, message_content: bool = False) -> Settings:
        base = str(self.server.make_url("/").origin())
        return Settings(
            discord=DiscordSettings(
                token=SecretStr(UNSHAPED_TOKEN),
                api=f"{base}/api/v10" if api is None else api,
                message_content=message_content,
            ),
            store=self.store,
            backends={"horde": BackendSettings(url=f"{base}/api/v2", api_key=SecretStr(OWN_KEY))},
        )

    async def findings(self, settings: Settings | None = None) -> dict[str, Finding]:
        found = await examine(settings or self.settings())
        text = table(found)
        assert UNSHAPED_TOKEN not in text
        assert OWN_KEY not in text
        return {finding.name: finding for finding in found}


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[FakeServers]:
    servers = FakeServers(tmp_path)
    async with servers.server:
        yield servers


async def test_a_healthy_installation_is_all_ok_and_stays_untouched(servers: FakeServers) -> None:
    found = await servers.findings()
    assert all(finding.ok for finding in found.values()), table(list(found.values()))
    assert list(found) == [
        "Discord login",
        "Intents",
        "Permissions",
        "Backend horde",
        "Models of horde",
        "Key of horde",
        "Data folder",
        "Database",
        "Secret keys",
        "Disk space",
        "Clock",
    ]
    assert "Hordecord" in found["Discord login"].text
    assert "ada#1, 1,234 kudos" in found["Key of horde"].text
    assert not servers.store.path.parent.exists()


async def test_a_refused_token(servers: FakeServers) -> None:
    servers.answers["/api/v10/users/@me"] = (401, {"message": "401: Unauthorized", "code": 0})
    found = await servers.findings()
    assert not found["Discord login"].ok
    assert "Reset the token" in found["Discord login"].mend
    assert "Intents" not in found


async def test_the_token_goes_to_discord_only(servers: FakeServers) -> None:
    await servers.findings()
    assert servers.authorised.count(f"Bot {UNSHAPED_TOKEN}") == 3
    assert servers.authorised.count("") == 7


@pytest.mark.parametrize("body", [None, [], "text", 5])
async def test_a_discord_that_answers_nonsense(servers: FakeServers, body: object) -> None:
    servers.answers["/api/v10/users/@me"] = (200, body)
    assert "Discord login" in await servers.findings()


async def test_a_missing_permission_is_named_with_its_server(servers: FakeServers) -> None:
    party = discord.Permissions(create_public_threads=True).value
    everything = discord.Permissions(administrator=True).value
    guilds = [("Testers", ALL), ("Potters", ALL & ~party), ("Owners", everything)]
    servers.say_guilds(guilds)
    found = (await servers.findings())["Permissions"]
    assert not found.ok
    assert found.text == "missing on Potters: Create Public Threads"
    assert "hordecord invite" in found.mend


async def test_an_optional_permission_is_not_missing(servers: FakeServers) -> None:
    webhooks = discord.Permissions(manage_webhooks=True).value
    servers.say_guilds([("Testers", ALL), ("Potters", ALL & ~webhooks)])
    found = (await servers.findings())["Permissions"]
    assert found.ok
    assert found.text.endswith("(servers: 2); servers without the optional Manage Webhooks: 1")


async def test_many_servers_without_permissions_are_counted(servers: FakeServers) -> None:
    servers.say_guilds([(f"Guild {number}", 0) for number in range(PAGE + 50)])
    found = (await servers.findings())["Permissions"]
    assert found.text.startswith("missing on Guild 0: View Channel, Send Messages, ")
    assert found.text.endswith(f"; more servers: {PAGE + 47}")


@pytest.mark.parametrize("body", [None, 5, "text", [5], [{"id": "1"}], [{"permissions": "x"}]])
async def test_servers_that_cannot_be_read_are_no_finding(
    servers: FakeServers, body: object
) -> None:
    servers.answers["/api/v10/users/@me/guilds"] = (200, body)
    assert "Permissions" not in await servers.findings()


async def test_nothing_in_reach(servers: FakeServers) -> None:
    settings = servers.settings()
    await servers.server.close()
    found = await servers.findings(settings)
    assert not found["Discord login"].ok
    assert not found["Backend horde"].ok
    assert "Clock" not in found


@pytest.mark.parametrize(("flags", "ok"), [(0, False), (1 << 18, True), (1 << 19, True)])
async def test_the_message_content_intent(servers: FakeServers, flags: int, ok: bool) -> None:
    servers.answers["/api/v10/oauth2/applications/@me"] = (200, {"id": "1", "flags": flags})
    found = await servers.findings(servers.settings(message_content=True))
    assert found["Intents"].ok is ok


async def test_a_wrong_horde_key(servers: FakeServers) -> None:
    servers.answers["/api/v2/find_user"] = (404, {"message": f"no {OWN_KEY}", "rc": "UserNotFound"})
    found = await servers.findings()
    assert not found["Key of horde"].ok
    assert "api_key" in found["Key of horde"].mend


async def test_a_horde_in_maintenance(servers: FakeServers) -> None:
    servers.answers["/api/v2/status/modes"] = (200, {"maintenance_mode": True})
    found = await servers.findings()
    assert not found["Backend horde"].ok
    assert "maintenance" in found["Backend horde"].text


async def test_a_horde_that_is_down(servers: FakeServers) -> None:
    servers.answers["/api/v2/status/heartbeat"] = (500, None)
    found = await servers.findings()
    assert not found["Backend horde"].ok
    assert "Key of horde" not in found


async def test_a_kind_of_backend_that_does_not_exist(servers: FakeServers) -> None:
    settings = servers.settings()
    backends = {"mine": BackendSettings(type="unheard_of")}
    found = await servers.findings(settings.model_copy(update={"backends": backends}))
    assert "unheard_of" in found["Backend mine"].text
    assert not found["Backend mine"].mend  # the address is not at fault
    assert not found["Backend mine"].ok


@pytest.mark.parametrize(("hours", "word"), [(2, "behind"), (-2, "ahead")])
async def test_a_clock_that_is_wrong(servers: FakeServers, hours: int, word: str) -> None:
    servers.date = datetime.now(UTC) + timedelta(hours=hours)
    found = await servers.findings()
    assert not found["Clock"].ok
    assert word in found["Clock"].text


def test_tokens_are_judged_by_their_shape_for_discord_itself() -> None:
    head = base64.urlsafe_b64encode(b"1042424242424242424").decode().rstrip("=")
    assert application_id(f"{head}.GkqLmN.{'x' * 38}") == 1042424242424242424
    for other in ("", "x", "....", "ünï", "bm90IGEgbnVtYmVy.x.y", "a" * 64):
        assert application_id(other) is None


async def test_another_secret_in_the_tokens_place(
    servers: FakeServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "bot.cli.check_discord.DISCORD_API", f"{servers.server.make_url('/api/v10')}"
    )
    found = await servers.findings(servers.settings(api=""))
    assert not found["Discord token"].ok
    assert "client secret" in found["Discord token"].mend


async def test_a_database_of_now_and_one_of_the_future(servers: FakeServers) -> None:
    path = servers.store.path
    path.parent.mkdir()
    load_keys(servers.store)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(migrations())}")
    assert (await servers.findings())["Database"].ok
    connection.execute(f"PRAGMA user_version = {len(migrations()) + 1}")
    found = (await servers.findings())["Database"]
    assert not found.ok
    assert "newer" in found.mend
    connection.close()


async def test_a_database_that_is_none(servers: FakeServers) -> None:
    servers.store.path.parent.mkdir()
    servers.store.path.write_bytes(b"this is text" * 100)
    found = await servers.findings()
    assert not found["Database"].ok


async def test_a_folder_that_cannot_be_written(servers: FakeServers) -> None:
    servers.store.path.parent.write_bytes(b"")  # a file where the folder should be
    found = await servers.findings()
    assert not found["Data folder"].ok
    assert "Database" not in found


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
async def test_a_key_file_that_others_can_read(servers: FakeServers) -> None:
    load_keys(servers.store)
    key_path(servers.store).chmod(0o644)
    found = (await servers.findings())["Secret keys"]
    assert not found.ok
    assert found.mend.startswith("chmod 600")


async def test_a_key_file_of_garbage(servers: FakeServers) -> None:
    key_path(servers.store).parent.mkdir()
    key_path(servers.store).write_bytes(b"garbage")
    assert not (await servers.findings())["Secret keys"].ok


async def test_a_full_disk(servers: FakeServers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.check_disk.FREE_MIN", 2**62)
    assert not (await servers.findings())["Disk space"].ok


def test_the_table_reads_without_colours() -> None:
    text = table(
        [Finding("One", ok=True, text="fine"), Finding("Other", ok=False, text="x", mend="do")]
    )
    assert text.splitlines() == [
        "ok     One    fine",
        "WRONG  Other  x",
        "              -> do",
    ]


def with_listen(settings: Settings, listen: str) -> Settings:
    return settings.model_copy(update={"http": HttpSettings(listen=listen)})


async def test_port_in_use_is_found_as_run_would_find_it(servers: FakeServers) -> None:
    port = servers.server.make_url("/").port
    found = await servers.findings(with_listen(servers.settings(), f"127.0.0.1:{port}"))
    assert not found["HTTP server"].ok
    assert f"127.0.0.1:{port} cannot be used: address already in use" in found["HTTP server"].text
    found = await servers.findings(with_listen(servers.settings(), f"127.0.0.1:{unused_port()}"))
    assert found["HTTP server"].ok


async def test_host_that_is_not_of_this_machine_is_found(servers: FakeServers) -> None:
    found = await servers.findings(with_listen(servers.settings(), "192.0.2.1:8080"))
    assert "192.0.2.1:8080 cannot be used: cannot assign" in found["HTTP server"].text


async def test_bot_that_runs_is_named_and_its_port_is_no_fault(
    servers: FakeServers, tmp_path: Path
) -> None:
    async with Store.open(servers.store.path):
        pass
    load_keys(servers.store)
    link = tmp_path / "link.db"
    link.symlink_to(servers.store.path)
    listen = f"127.0.0.1:{servers.server.make_url('/').port}"
    with only_one(link):
        found = await servers.findings(with_listen(servers.settings(), listen))
    assert "used by a running bot" in found["Database"].text
    assert all(finding.ok for finding in found.values())


async def test_path_that_is_a_folder_is_named_once(servers: FakeServers) -> None:
    servers.store.path.mkdir(parents=True)
    found = await servers.findings()
    assert "is a folder. Set [store] path to the database file." in found["Database"].text
    assert [name for name, finding in found.items() if not finding.ok] == ["Database"]


async def test_restore_that_was_cut_off_is_found(servers: FakeServers) -> None:
    folder = servers.store.path.parent
    folder.mkdir()
    (folder / "hordecord.db.part").touch()
    (folder / "hordecord-before-restore-20260101-000000.db").touch()
    assert "Run `hordecord restore` again" in (await servers.findings())["Database"].text


@pytest.mark.parametrize("token", ["PASTE-THE-TOKEN-HERE", "x" * 32, "a.b.c"])
def test_what_cannot_be_a_token_is_refused_before_discord_is_asked(token: str) -> None:
    with pytest.raises(SettingsError, match="Copy the token from"):
        check_token(DiscordSettings(token=SecretStr(token)))
    check_token(DiscordSettings(token=SecretStr(token), api="http://127.0.0.1:1"))
