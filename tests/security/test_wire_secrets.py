"""A run that uses everything, with trouble on the way: no secret leaves its place."""

import json
import os
import random
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from sandbox import Sandbox
from tests.support.bots.every_command import use_every_command
from tests.support.bots.forged_events import AttackedBot, attacked_bot
from tests.support.credentials import BOT_TOKEN
from tests.support.discord.client import Control, Person
from tests.support.discord.declared_commands import calls_of
from tests.support.discord.routes import INTERACTION_CALLBACK

pytestmark = pytest.mark.wire

LAST = ("operator", "moderation")  # a drain takes nothing new, so these come after all else
TROUBLE: tuple[Mapping[str, object], ...] = (
    {"server": "horde", "route": "GET /generate/status/{id}", "kind": "garbage"},
    {"server": "horde", "route": "GET /generate/check/{id}", "kind": "truncate"},
    {"server": "horde", "route": "GET /r2/{object}", "kind": "drop"},
    {"server": "discord", "route": INTERACTION_CALLBACK, "kind": "drop_after"},
    {"server": "discord", "route": "PATCH /webhooks/*", "kind": "html"},
    {"server": "discord", "route": "PATCH /webhooks/*", "kind": "drop"},
    {"server": "discord", "route": "PATCH /webhooks/*", "kind": "garbage"},
    {"server": "discord", "route": "PATCH /webhooks/*", "kind": "status", "status": 404},
    {"server": "discord", "route": "POST /webhooks/*", "kind": "status", "status": 500},
)  # fmt: skip


async def everything_goes_wrong(ada: Person) -> None:
    """Each fault once, met by a picture that comes all the same."""
    for rule in TROUBLE:
        await ada.control.call("POST", "faults", {"times": 1, **rule})
        body = {"prompt": f"in spite of {rule['kind']}"}
        await ada.act("command", name="imagine", options=body)
    answer = await ada.command("imagine", prompt="after all that")
    await ada.result(answer)
    await ada.control.call("DELETE", "faults")


async def every_command(at: AttackedBot, ada: Person) -> None:
    """All that are registered, whatever they then say."""
    commands = [one for one in await at.control.get("commands") if one.get("type", 1) == 1]
    for command in sorted(commands, key=lambda one: one["name"] in LAST):
        for _, data in calls_of(command):
            await at.forge_command(ada, data)


async def rich_key(control: Control) -> str:
    users = await control.get("horde/users")
    return max(users, key=lambda user: user["kudos"])["api_key"]


async def said_outside(port: int) -> str:
    async with aiohttp.ClientSession() as session:
        texts: list[str] = []
        for path in ("healthz", "metrics", "ring/1/" + "0" * 40, "nowhere"):
            async with session.get(f"http://127.0.0.1:{port}/{path}") as answer:
                texts += [str(answer.headers), await answer.text()]
    return "\n".join(texts)


async def test_no_secret_in_anything_that_is_written_or_said(tmp_path: Path) -> None:
    port, own_key = unused_port(), "".join(random.choices("abcdefghkmnpqrstuvwxyz0123456789", k=22))

    def spoil(box: Sandbox) -> dict[str, str]:
        assert box.horde is not None
        accounts = box.horde.state.accounts
        accounts.by_key[own_key] = max(accounts.by_id.values(), key=lambda user: user.kudos)
        return {"HORDECORD_BACKENDS__HORDE__API_KEY": own_key}

    settings = {
        "HORDECORD_LOG__LEVEL": "DEBUG",
        "HORDECORD_HTTP__LISTEN": f"127.0.0.1:{port}",
        "HORDECORD_WEBHOOK__PUBLIC_URL": "https://bot.example",
    }
    async with attacked_bot(tmp_path, spoil=spoil, **settings) as at:
        ada, ben = await at.control.person("ada"), await at.control.person("ben")
        key = await rich_key(at.control)
        login = await ada.command("account login")
        said = await ada.fill(login.modal, key)
        await ada.sees(said.message_id, lambda m: "ogged in" in m.text, "logged in")
        await use_every_command(at.control)
        said = await ada.fill((await ada.command("account login")).modal, key)
        await ada.sees(said.message_id, lambda m: "ogged in" in m.text, "logged in")
        await everything_goes_wrong(ada)
        await ben.result(await ben.command("imagine", prompt="paid by the bot"))
        await every_command(at, ada)
        outside = await said_outside(port)
        await at.stop()

        requests = await at.control.horde_requests()
        tokens = (await at.control.get("secrets"))["tokens"]
        marks = {str(one["webhook"]).rsplit("/", 1)[1] for one in requests if one["webhook"]}
        assert len(requests) > 20
        assert len(tokens) > 60
        assert marks
        sealing = next(tmp_path.rglob("hordecord.key")).read_text(encoding="utf-8").split()
        keys = {BOT_TOKEN, key, own_key, *sealing}
        secret = keys | {one["id"] for one in requests} | {*tokens} | marks
        files = [data.decode("utf-8", "replace") for _, data in files_of(at) if _is_text(data)]
        for place, text in {
            "the log": at.log,
            "outside": outside,
            "messages": json.dumps([body for _, _, body, _ in at.traffic.sent]),
            "files": "\n".join(files),
        }.items():
            assert [one for one in secret if one in text] == [], place
        assert any("hordecord-account" in name for name, _ in files_of(at))
        written = [file for file in (tmp_path / "data").rglob("*") if file.is_file()]
        assert len(written) > 5
        if os.name == "posix":  # for no other user of the machine
            assert [file for file in written if file.stat().st_mode & 0o077] == []
        on_disk = b"".join(file.read_bytes() for file in tmp_path.rglob("*.db*"))
        for one in keys - {*sealing}:
            assert one.encode() not in on_disk


def files_of(at: AttackedBot) -> list[tuple[str, bytes]]:
    """Everything that was uploaded, by name."""
    kept = at.box.discord.state.cdn._files.values()
    return [(attachment.filename, data) for attachment, data in kept]


def _is_text(data: bytes) -> bool:
    return b"\x00" not in data[:512]
