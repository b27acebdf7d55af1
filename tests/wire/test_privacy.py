"""All that is stored about a person, handed out; and none of it left after they were forgotten."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


async def exported(person: Person) -> Json:
    message = await person.ask("account export")
    (file,) = message.raw["attachments"]
    assert file["filename"] == "hordecord-account.json"
    return json.loads(await person.control.fetch(file["url"]))


async def forget_everything(person: Person) -> Message:
    """Erase all data of that person, with the confirmation."""
    asked = await person.ask("account forget")
    await person.press(asked, "Erase everything")
    words = "all settings are erased"
    return await person.sees(asked.id, lambda m: words in m.text, words, 40)


async def leave_traces(control: Control, person: Person) -> tuple[Message, str]:
    """Leave a trace in every table that a person can reach; gives a result, and their key."""
    key = (await control.post("horde/users", username="adas", kudos=5000))["api_key"]
    await person.log_in(key)
    done = await person.result(await person.command("imagine", prompt="a xylophone in fog"))
    await person.press(done, "Save")
    await person.told("is saved")
    await person.ask("preset save", name="Quokka", extra="--steps 17")
    await person.ask("defaults set", count=1, notify="dm")
    return done, key


def files(bot: BotProcess) -> dict[str, bytes]:
    """Everything in the folder of the bot's data but the public lists."""
    data = bot.folder / "data"
    found = [path for path in data.rglob("*") if path.is_file() and "catalog" not in path.parts]
    return {path.name: path.read_bytes() for path in found}


def row_counts(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as db:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        tables = [row[0] for row in db.execute(names).fetchall()]
        return {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables}


async def test_an_export_holds_everything_and_no_secret(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    _, key = await leave_traces(own_control, ada)
    found = await exported(ada)
    assert found["user_id"] == int(ada.id)
    (request,) = found["requests"]
    assert request["request"]["prompt"] == "a xylophone in fog"
    assert request["status"]["generations"][0]["seed"]
    assert request["payer"] == "user"
    assert [row["name"] for row in found["presets"]] == ["Quokka"]
    assert found["presets"][0]["choices"] == {"steps": 17}
    assert found["people"][0]["settings"]["notify"] == "dm"
    assert found["credentials"][0]["username"].startswith("adas#")
    assert len(found["favourites"]) == len(found["messages"]) == len(found["history"]) == 1
    text = json.dumps(found)
    secrets = await own_control.get("secrets")
    horde = [each["id"] for each in await own_control.horde_requests()]
    for secret in (key, secrets["bot_token"], *secrets["tokens"], *horde):
        assert secret not in text
    ben = await own_control.person("ben")
    assert (await exported(ben))["requests"] == []


async def test_nothing_is_left_of_a_person_who_was_forgotten(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    done, key = await leave_traces(own_control, ada)
    kept = await ben.result(await ben.command("imagine", prompt="a walrus of ben"))
    await own_control.post("horde/knobs", job_seconds=[60, 60])
    open_ = await ada.command("imagine", prompt="a xylophone under way")
    before = files(own)
    number = int(ada.id).to_bytes(8, "big")
    assert any(b"xylophone" in data for data in before.values())
    assert any(number in data for data in before.values())
    assert len([name for name in before if name.startswith("1-")]) == 1
    said = await forget_everything(ada)
    assert "2 requests" in said.text
    cancelled = await own_control.message(open_.message_id)
    assert "Cancelled" in cancelled.text
    for moment in ("now", "after a stop"):
        after = files(own)
        for word in (b"xylophone", b"Quokka", key.encode(), ada.id.encode(), number):
            assert [name for name, data in after.items() if word in data] == [], (moment, word)
        assert not [name for name in after if name.startswith("1-")]
        assert any(b"walrus" in data for data in after.values())
        if moment == "now":
            assert own.stop_bot() == 0
    assert "xylophone" not in own.log
    counted = row_counts(own.folder / "data" / "hordecord.db")
    assert counted["requests"] == 1
    assert counted["presets"] == counted["credentials"] == counted["people"] == 0
    own.start_bot()
    await ada.press(done, "Again")
    assert "no longer stored" in (await ada.told("no longer stored")).text
    assert "no results yet" in (await ada.ask("history")).text
    assert (await exported(ada))["requests"] == []
    assert "Details" in kept.buttons


async def test_it_asks_first(control: Control) -> None:
    ben = await control.person("ben")
    done = await ben.result(await ben.command("imagine", prompt="a keeper"))
    asked = await ben.ask("account forget")
    assert "cannot be undone" in asked.text
    await ben.press(asked, "Keep everything")
    await ben.sees(asked.id, lambda m: "Nothing was changed" in m.text, "nothing happened")
    assert (await exported(ben))["requests"][-1]["request"]["prompt"] == "a keeper"
    assert "Again" in done.buttons


async def test_a_server_that_is_left_is_noted(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    world = await own_control.get("world")
    await ada.ask("defaults set", count=2, where="this server")
    database = own.folder / "data" / "hordecord.db"
    assert row_counts(database)["departures"] == 0
    await own_control.call("DELETE", f"guilds/{world['guilds'][0]['id']}")

    async def noted() -> bool | None:
        return row_counts(database)["departures"] == 1 or None

    await eventually(noted, "it is written down that the bot has left")
    assert row_counts(database)["defaults"] == 1  # in case it comes back
