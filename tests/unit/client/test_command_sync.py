"""The commands that Discord has: kept as they are, registered again, or refused for good."""

import logging
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.client.commands import command_sync
from bot.client.commands.command_sync import sync_commands
from tests.support.discord.http_errors import http_error

ENTRY = {"id": "9", "type": 4, "name": "launch", "version": "1", "handler": 2}


class FakeCommandApi:
    """Discord's list of global commands."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []
        self.writes = 0
        self.errors: list[Exception] = []

    async def get_global_commands(self, _application_id: int) -> list[dict[str, Any]]:
        return list(self.commands)

    async def bulk_upsert_global_commands(
        self, _application_id: int, payload: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        self.writes += 1
        if self.errors:
            raise self.errors.pop(0)
        self.commands = [{"id": str(n), "version": "1", **one} for n, one in enumerate(payload)]
        return self.commands


class NotesInDict(dict[str, str]):
    async def read(self, key: str) -> str | None:
        return self.get(key)

    async def write(self, key: str, value: str) -> None:
        self[key] = value


class NamedCommand:
    def __init__(self, name: str) -> None:
        self.name = name

    def to_dict(self, _tree: object) -> dict[str, Any]:
        return {"name": self.name, "type": 1, "description": "x"}


@pytest.fixture
def api() -> FakeCommandApi:
    return FakeCommandApi()


@pytest.fixture
def notes() -> NotesInDict:
    return NotesInDict()


async def sync(api: FakeCommandApi, notes: NotesInDict, *names: str) -> None:
    client = SimpleNamespace(application_id=1, http=api)
    tree = SimpleNamespace(get_commands=lambda: [NamedCommand(name) for name in names])
    await sync_commands(cast("Any", client), cast("Any", tree), cast("Any", notes), "commands")


async def test_known_commands_are_not_registered_again(
    api: FakeCommandApi, notes: NotesInDict
) -> None:
    await sync(api, notes, "imagine", "write")
    await sync(api, notes, "write", "imagine")
    assert api.writes == 1
    await sync(api, notes, "imagine")
    assert [command["name"] for command in api.commands] == ["imagine"]


@pytest.mark.parametrize("change", ["all", "one", "edited", "added"])
async def test_commands_that_another_program_changed_come_back(
    api: FakeCommandApi, notes: NotesInDict, change: str
) -> None:
    await sync(api, notes, "imagine", "write")
    wanted = list(api.commands)
    match change:
        case "all":
            api.commands = []
        case "one":
            del api.commands[0]
        case "edited":
            api.commands[0] = api.commands[0] | {"version": "2", "description": "y"}
        case _:
            api.commands.append({"id": "7", "version": "1", "name": "foreign", "type": 1})
    await sync(api, notes, "imagine", "write")
    assert api.commands == wanted


async def test_entry_point_of_an_activity_is_kept(api: FakeCommandApi, notes: NotesInDict) -> None:
    api.commands = [ENTRY]
    await sync(api, notes, "imagine")
    assert [command["name"] for command in api.commands] == ["imagine", "launch"]
    await sync(api, notes, "imagine")
    assert api.writes == 1


@pytest.mark.parametrize(
    ("status", "code"), [(400, 50240), (403, 50001), (404, 10002), (400, 30032), (401, 0), (413, 0)]
)
async def test_refusal_for_good_is_said_once(
    api: FakeCommandApi,
    notes: NotesInDict,
    caplog: pytest.LogCaptureFixture,
    status: int,
    code: int,
) -> None:
    api.errors = [http_error(status, code)] * 3
    await sync(api, notes, "imagine")
    assert (api.writes, len(caplog.records)) == (1, 1)
    assert caplog.records[0].levelno == logging.ERROR
    assert not notes


@pytest.mark.parametrize("error", [http_error(503, 0), http_error(429, 0), OSError()])
async def test_outage_is_tried_again(
    api: FakeCommandApi, notes: NotesInDict, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(command_sync, "RETRY_FIRST", 0.001)
    api.errors = [error]
    await sync(api, notes, "imagine")
    assert api.writes == 2
    assert notes
