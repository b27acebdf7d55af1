"""Blocked users, deletions by moderators, and the operator's actions."""

import subprocess
import sys

import pytest

from tests.support.bots.crashes import bot_has_died
from tests.support.bots.process import BotProcess
from tests.support.discord.actions import publish_result
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Answer, Message
from tests.support.paths import ROOT
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


async def info(person: Person, message: Message) -> Message:
    answer = await person.act("message_command", name="Generation info", target_id=message.id)
    return await person.control.message(answer.message_id)


async def refusal_text(person: Person, answer: Answer) -> str:
    message = await person.control.message(answer.message_id)
    assert message.is_private
    return message.text


async def test_a_person_who_is_blocked_here(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada, ben, cleo = [await own_control.person(name) for name in ("ada", "ben", "cleo")]
    done = await ben.result(await ben.command("imagine", prompt="before"))
    await own_control.post("horde/knobs", job_seconds=[60, 60])
    open_ = await ben.command("imagine", prompt="under way")
    with pytest.raises(AssertionError, match="lacks the permission"):  # Discord hides it from ben
        await ben.command("moderation block", person=cleo.id)
    said = await ada.ask("moderation block", person=ben.id, reason="too many foxes")
    assert "Cancelled requests: 1" in said.text
    await ben.sees(open_.message_id, lambda m: "Cancelled" in m.text, "cancelled")
    assert "has blocked you" in await refusal_text(
        ben, await ben.command("imagine", prompt="again")
    )
    assert "has blocked you" in await refusal_text(ben, await ben.command("history"))
    assert "has blocked you" in await refusal_text(ben, await ben.press(done, "Again"))
    assert "has blocked you" in (await info(ben, done)).text
    assert await ben.complete("imagine", "model", prompt="x", model="del") == []
    assert [r["prompt"] for r in await own_control.horde_requests()] == ["before", "under way"]
    direct = await own_control.person("ben", "dm")
    assert "no results yet" not in (await direct.ask("history")).text  # elsewhere it goes on
    assert (await ben.ask("account export")).raw["attachments"]  # their own data stays theirs
    assert "has no key of yours" in (await ben.ask("account logout")).text
    listed = await ada.ask("moderation blocked")
    assert f"<@{ben.id}>" in listed.text
    assert "too many foxes" in listed.text
    assert "already" in (await ada.ask("moderation block", person=ben.id)).text
    assert own.stop_bot() == 0
    own.start_bot()
    assert "has blocked you" in await refusal_text(ben, await ben.command("history"))
    assert "again" in (await ada.ask("moderation unblock", person=ben.id)).text
    assert "before" in (await ben.ask("history")).text


async def test_whom_nobody_blocks(control: Control) -> None:
    ada = await control.person("ada")
    assert "yourself" in (await ada.ask("moderation block", person=ada.id)).text
    bot = (await control.get("world"))["bot"]["id"]
    assert "Bots" in (await ada.ask("operator block", person=bot)).text


async def test_a_person_who_is_blocked_everywhere(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben", "dm")
    assert "Only an operator" in (await ben.ask("operator block", person=ada.id)).text
    assert "on any server" in (await ada.ask("operator block", person=ben.id)).text
    assert "has blocked you" in await refusal_text(ben, await ben.command("history"))
    here = await own_control.person("ben")
    assert "has blocked you" in await refusal_text(here, await here.command("help"))
    assert f"<@{ben.id}>" in (await ada.ask("operator blocked")).text
    assert "not blocked" in (await ada.ask("moderation unblock", person=ben.id)).text
    await ada.ask("operator unblock", person=ben.id)
    assert "no results yet" in (await ben.ask("history")).text


async def test_deleted_for_everybody_in_every_message(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    private = await ben.result(await ben.command("imagine", prompt="a rude duck", private=True))
    await publish_result(ben, private)

    async def copies() -> Message | None:
        seen = await own_control.messages(ada.channel_id, ada.id)
        return next((m for m in seen if "rude duck" in m.text and m.pictures), None)

    copy = await eventually(copies, "a copy for everybody")
    shown = await info(ada, copy)
    assert "a rude duck" in shown.text
    assert f"<@{ben.id}>" in shown.text
    spool = own.folder / "data" / "spool"
    assert list(spool.iterdir())
    await ada.press(shown, "Delete for everyone")
    assert "Deleted: #1" in (await ada.told("Deleted: #")).text
    for message in (private, copy):
        assert (await own_control.get(f"messages/{message.id}"))["deleted"]
    assert list(spool.iterdir()) == []
    assert "no results yet" in (await ben.ask("history")).text


async def test_what_is_under_way_is_stopped_and_deleted(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    await own_control.post("horde/knobs", job_seconds=[60, 60])
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    open_ = await ben.command("imagine", prompt="a rude goose")
    shown = await info(ada, await own_control.message(open_.message_id))
    await ada.press(shown, "Delete for everyone")
    assert "Deleted: #1" in (await ada.told("Deleted: #")).text
    assert (await own_control.get(f"messages/{open_.message_id}"))["deleted"]


async def test_the_servers_and_a_way_out_of_one(own: BotProcess, own_control: Control) -> None:
    guilds = [f"Guild {number}" for number in range(12)]
    made = [await own_control.post("guilds", name=name) for name in guilds]
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    assert "Only an operator" in (await ben.ask("operator guilds")).text
    first = await ada.ask("operator guilds")
    assert "Servers (13)" in first.text
    await ada.press(first, "Next page")
    second = await ada.sees(first.id, lambda m: m.text != first.text, "the second page")
    assert {name for name in (*guilds, "The Workshop") if name in first.text + second.text} == {
        *guilds,
        "The Workshop",
    }
    gone = made[-1]["id"]
    page = second if gone in second.text else first
    if page is first:
        await ada.press(second, "Previous page")
        page = await ada.sees(first.id, lambda m: gone in m.text, "the first page")
    await ada.choose(page, gone)
    closeup = await ada.sees(first.id, lambda m: "Leave the server" in m.buttons, "one server")
    await ada.press(closeup, "Leave the server")
    sure = await ada.sees(first.id, lambda m: "can add the bot" in m.text, "the question")
    await ada.press(sure, "Leave the server")
    await ada.sees(first.id, lambda m: "has left" in m.text, "it was left")
    assert "Servers (12)" in (await ada.ask("operator guilds")).text


async def test_a_message_to_all_servers(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    assert "Only an operator" in (await ben.ask("operator broadcast")).text
    modal = (await ada.command("operator broadcast")).modal
    nobody = await own_control.message((await ada.fill(modal, "hello")).message_id)
    await ada.sees(nobody.id, lambda m: "No server has a log channel" in m.text, "nobody")
    await ada.ask("server log", channel=ada.channel_id)
    modal = (await ada.command("operator broadcast")).modal
    answer = await ada.fill(modal, "The bot **moves** at noon.\nBack at one. @everyone")
    asked = await ada.sees(answer.message_id, lambda m: "Send" in m.buttons, "the question")
    assert "1 of 1 server?" in asked.text
    await ada.press(asked, "Send")
    await ada.sees(asked.id, lambda m: "received the message: 1;" in m.text, "it was sent")
    seen = await own_control.messages(ben.channel_id, ben.id)
    (posted,) = [m for m in seen if "at noon" in m.text]
    assert "Message from the operators of the bot" in posted.text
    assert posted.raw["mention_everyone"] is False
    await killed_while_it_is_sent(own, own_control, ada)


async def killed_while_it_is_sent(own: BotProcess, own_control: Control, ada: Person) -> None:
    """It was posted, and that was not stored: after the restart it is there once."""
    assert own.process is not None
    route = "POST /channels/{channel}/messages"
    rule = {"server": "discord", "route": route, "kind": "kill", "when": "answered"}
    await own_control.post("faults", **rule, times=1, pid=own.process.pid)
    modal = (await ada.command("operator broadcast")).modal
    answer = await ada.fill(modal, "And gone at two.")
    asked = await ada.sees(answer.message_id, lambda m: "Send" in m.buttons, "the question")
    await ada.press(asked, "Send")
    await bot_has_died(own)
    own.start_bot()
    home = await own_control.person("ada", "dm")

    async def heard() -> bool | None:
        seen = await own_control.messages(home.channel_id, home.id)
        return any("received the message: 1;" in m.text for m in seen) or None

    await eventually(heard, "how many have it")
    seen = await own_control.messages(ada.channel_id, ada.id)
    assert len([m for m in seen if "gone at two" in m.text and m.id != asked.id]) == 1


def restore(bot: BotProcess, file: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "restore", file],
        cwd=bot.folder,
        env=bot.environment() | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_a_backup_and_back(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    await ada.ask("preset save", name="Dusk", extra="--steps 17")
    done = await ada.result(await ada.command("imagine", prompt="kept in a copy"))
    assert "Only an operator" in (await ben.ask("operator backup")).text
    said = await ada.ask("operator backup")
    (copy,) = (own.folder / "data").glob("hordecord-backup-*.db")
    assert copy.name in said.text
    await ada.ask("preset delete", name="Dusk")
    ran = restore(own, str(copy))
    assert ran.returncode == 1
    assert "Another Hordecord uses" in ran.stderr
    assert own.stop_bot() == 0
    ran = restore(own, str(copy))
    assert ran.returncode == 0, ran.stderr
    assert len(list((own.folder / "data").glob("hordecord-before-restore-*.db"))) == 1
    own.start_bot()
    assert "--steps 17" in (await ada.ask("preset show", name="dusk")).text
    assert (await ada.result(await ada.press(done, "Again"))).pictures
