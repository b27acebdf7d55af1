"""/worker and /team of an owner: shown, changed after a button, and refused without a key."""

from typing import Any

import pytest

from tests.support.bots.process import BotProcess
from tests.support.credentials import RICH
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


@pytest.fixture
async def owner(own: BotProcess, own_control: Control) -> Person:
    """A member with the key of the account that owns all workers of the sandbox."""
    own.start_bot()
    ada = await own_control.person("ada")
    await ada.ask("worker list", "This needs your own key")
    await ada.ask("team join", "This needs your own key", worker="Night Owl", team="Sandbox Crew")
    login = await ada.command("account login")
    await ada.fill(login.modal, RICH)
    await ada.told("Logged in")
    return ada


async def changed(person: Person, command: str, asked: str, label: str, **options: Any) -> Message:
    """The message after the question of that command was answered with its button."""
    question = await person.ask(command, asked, **options)
    assert question.is_private
    await person.press(question, label)
    return await person.sees(
        question.id, lambda m: "###" not in m.text and asked not in m.text, f"/{command} is done"
    )


async def worker_text(person: Person, name: str) -> str:
    return (await person.ask("worker show", "**Finished**", worker=name)).text


async def test_worker_commands_change_own_workers_after_a_button(
    owner: Person, own_control: Control
) -> None:
    listed = await owner.ask("worker list", "### Your workers")
    assert "**Attic GPU**\nImages · 5 models" in listed.text
    choices = await eventually(
        lambda: owner.complete("worker show", "worker", worker="night"), "own workers"
    )
    assert [each["name"].startswith("Night Owl · Images") for each in choices] == [True]
    night = choices[0]["value"]
    await owner.ask("worker show", "You have no worker of this name", worker="Missing GPU")

    options = {"worker": night, "message": "new *card*, back at noon"}
    question = await owner.ask("worker maintenance", "Start the maintenance of", **options)
    assert "> new \\*card\\*, back at noon" in question.text
    await owner.press(question, "Cancel")
    await owner.sees(question.id, lambda m: "Nothing was changed" in m.text, "that it is closed")
    assert "in maintenance" not in await worker_text(owner, "Night Owl")
    await changed(owner, "worker maintenance", "Start the", "Start maintenance", **options)
    sent = [c for c in await own_control.calls("horde") if c["route"].startswith("PUT /workers")]
    assert len(sent) == 1
    assert "in maintenance" in await worker_text(owner, "Night Owl")
    await changed(owner, "worker maintenance", "End the", "End", worker="night owl", on=False)
    assert "in maintenance" not in await worker_text(owner, "Night Owl")

    await changed(owner, "worker rename", "Rename Night", "Rename", worker=night, name="Day Owl")
    await changed(owner, "worker info", "Change the", "Change", worker="Day Owl", text="By day.")
    assert "By day." in await worker_text(owner, "day owl")

    paused = await owner.ask("worker pause", "Pause Day Owl?", worker="Day Owl")
    await owner.press(paused, "Pause")
    await owner.told("Only moderators of the Horde can do this.")

    await changed(owner, "worker delete", "Delete Day Owl?", "Delete", worker="Day Owl")
    await owner.ask("worker show", "You have no worker of this name", worker="Day Owl")


async def test_worker_messages_are_listed_sent_and_deleted(owner: Person) -> None:
    await owner.ask("worker messages", "No message waits", worker="Night Owl")
    question = {"worker": "Night Owl", "text": "Please *update*.", "hours": 48}
    await changed(owner, "worker messages", "for 48 hours", "Send", **question)
    listed = await owner.ask("worker messages", "### Messages to Night Owl", worker="Night Owl")
    assert listed.is_private
    assert "**1**\n> Please \\*update\\*." in listed.text

    second = await owner.ask("worker messages", "Send a message", worker="Night Owl", text="Now!")
    await owner.press(second, "Send")
    await owner.told("The AI Horde takes one message per minute.")

    await owner.ask("worker messages", "no message with this", worker="Night Owl", delete=2)
    gone = {"worker": "Night Owl", "delete": 1}
    await changed(owner, "worker messages", "Delete this message", "Delete", **gone)
    await owner.ask("worker messages", "No message waits", worker="Night Owl")


async def test_team_commands_change_teams_after_a_button(owner: Person) -> None:
    listed = await owner.ask("team list", "### Your teams")
    assert "**Sandbox Crew**" in listed.text
    shown = await owner.ask("team show", "**Creator** rich#2", team="sandbox crew")
    assert "The workers of this sandbox." in shown.text

    await changed(owner, "team create", "Create the team", "Create", name="Loft", info="High up.")
    await changed(owner, "team join", "Put Attic GPU", "Join", worker="Attic GPU", team="loft")
    assert "**Team** Loft" in await worker_text(owner, "Attic GPU")
    await owner.ask("team edit", "Give a new name or a new description", team="Loft")
    await changed(owner, "team edit", "Change the team", "Change", team="Loft", info="Higher up.")
    assert "Higher up." in (await owner.ask("team show", "**Workers** Attic GPU", team="Loft")).text
    await changed(owner, "team leave", "out of the team Loft", "Leave", worker="Attic GPU")
    await owner.ask("team leave", "This worker is not in a team", worker="Attic GPU")
    other = await owner.ask("team edit", "Change the team", team="Night Shift", name="Mine now")
    await owner.press(other, "Change")
    await owner.told("another account")
