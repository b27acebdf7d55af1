"""Workers, teams, accounts and sponsors of the Horde, and the chart of its load."""

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


@pytest.fixture
async def ada(shared: BotProcess, control: Control) -> Person:
    """A member, once the bot knows which models are NSFW."""
    del shared
    ada = await control.person("ada")

    async def look() -> bool | None:
        return "Pony" not in (await shown(ada, "models", search="pony")).plain_text or None

    await eventually(look, "the model reference is known")
    return ada


async def shown(person: Person, name: str, **options: str) -> Message:
    answer = await person.command(f"horde {name}", **options)
    found = await person.sees(answer.message_id, lambda m: "###" in m.text, "the list")
    assert found.is_private
    return found


async def details(person: Person, message: Message, label: str) -> Message:
    """The details of that entry, in the same message."""
    select = next(part for part in message.parts if part["type"] == 3)
    value = next(o["value"] for o in select["options"] if o["label"] == label)
    await person.act(
        "component", message_id=message.id, custom_id=select["custom_id"], values=[value]
    )
    return await person.sees(message.id, lambda m: f"### {label}" in m.text, f"details of {label}")


async def test_horde_workers_search_and_details(ada: Person) -> None:
    one = await details(ada, await shown(ada, "workers", search="night"), "Night Owl")
    assert "**Models** " in one.text
    assert "**Team** Night Shift" in one.text
    assert "Pony" not in one.text  # an NSFW model, and this is #general
    assert list(one.buttons) == ["Back to the list"]
    await ada.press(one, "Back")
    await ada.sees(one.id, lambda m: "### Workers" in m.text, "the list again")


async def test_horde_teams_search_and_details(ada: Person) -> None:
    one = await details(ada, await shown(ada, "teams", search="sea"), "Harbour Crew")
    assert "**Creator** Dorothea" in one.text
    assert "**Workers** Harbour Cluster" in one.text


async def test_horde_leaderboard_pages_and_details(ada: Person) -> None:
    first = await shown(ada, "leaderboard")
    assert "1st · 3,200,000" in first.text
    await ada.press(first, "Next page")
    second = await ada.sees(first.id, lambda m: "9 to 16 of" in m.text, "the second page")
    one = await details(ada, second, "juniper#1010")
    assert "**Age of the account** " in one.text


async def test_horde_sponsors_details(ada: Person) -> None:
    one = await details(ada, await shown(ada, "sponsors"), "Lantern Works")
    assert "Patrons" in one.text


async def test_horde_status_has_a_chart_with_its_figures(ada: Person, control: Control) -> None:
    await ada.result(await ada.command("imagine", prompt="a weather chart"))
    found = await shown(ada, "status")
    assert "Top: queued images" in found.text
    assert (await control.fetch(found.pictures[0])).startswith(b"\x89PNG")
    gallery = next(part for part in found.parts if part["type"] == 12)
    assert "Images per minute: " in gallery["items"][0]["description"]
