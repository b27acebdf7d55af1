"""Today's bot on what an earlier version left behind: its database, its messages, its buttons."""

from collections.abc import AsyncGenerator, Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.bots.process import BotProcess, BotWithSandbox
from tests.support.discord.client import Control, Person, controlling
from tests.support.discord.messages import Answer, Message
from tests.support.upgrade.old_data import old_messages, place_old_data
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
TINY_FLAGS = "--width 64 --height 64"


@pytest.fixture
def upgraded(tmp_path: Path) -> Generator[BotProcess]:
    """Today's bot on the recorded data, in the sandbox with the recorded messages."""
    with closing(BotWithSandbox(tmp_path, module="tests.support.upgrade.old_discord")) as world:
        place_old_data(tmp_path / "data")
        world.start_bot()
        yield world


@pytest.fixture
async def upgraded_control(upgraded: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(upgraded.control) as found:
        yield found


async def people(control: Control, *names: str) -> list[Person]:
    return [await control.person(name) for name in names]


async def old_message(control: Control, words: str) -> Message:
    """The recorded message that says this, as it is now."""
    raw = next(each for each in old_messages() if words in Message(each).text)
    return await control.message(raw["id"])


async def outcome_card(control: Control, person: Person, words: str) -> Message:
    """The recorded card of an open request, once it shows an outcome; it is the only one."""
    card = await old_message(control, words)
    done = await person.sees(
        card.id, lambda m: "Again" in m.buttons and "Cancel" not in m.buttons, f"{words} ends"
    )
    seen = await control.messages(done.raw["channel_id"], person.id)
    assert [m.id for m in seen if words in m.text and "Again" in m.buttons] == [done.id]
    return done


async def gone(control: Control, message: Message) -> None:
    """Wait until that message is deleted."""

    async def look() -> bool | None:
        return (await control.get(f"messages/{message.id}"))["deleted"] or None

    await eventually(look, "it is deleted")


async def sent_parameters(control: Control, prompt: str) -> dict[str, Any]:
    """The parameters with which the Horde was asked for that prompt."""
    found = [r for r in await control.horde_requests() if prompt in r["prompt"]]
    return found[-1]["payload"] | found[-1]["payload"]["params"]


async def test_open_requests_of_an_old_database_end_in_one_outcome_each(
    upgraded_control: Control,
) -> None:
    ada, ben, eve = await people(upgraded_control, "ada", "ben", "eve")
    home = await upgraded_control.person("ada", "dm")
    begun = await outcome_card(upgraded_control, eve, "a processing pier")
    assert not begun.pictures  # a worker had it: the Horde may have charged it
    expired = await outcome_card(upgraded_control, ben, "a waiting well")
    assert not expired.pictures  # its time at the Horde was over before the bot came back
    again = await outcome_card(upgraded_control, home, "a sending ship")
    assert len(again.pictures) == 1
    assert "sent again" in again.text
    queued = await outcome_card(upgraded_control, home, "a queued quail")
    assert len(queued.pictures) == 1
    assert "sent again" not in queued.text
    await home.hears("stopped before it sent request #12")
    prompts = [request["prompt"] for request in await upgraded_control.horde_requests()]
    words = ("a queued quail", "a sending ship")
    assert tuple(sorted(prompt.split(" ###")[0] for prompt in prompts)) == words
    await ada.ask("queue", "no open requests")


async def test_what_people_kept_with_an_old_bot_is_there(upgraded_control: Control) -> None:
    ben, eve = await people(upgraded_control, "ben", "eve")
    page = await ben.ask("history", "#6")
    assert all(f"#{number}" in page.text for number in (2, 3, 4, 6))
    thumbnails = [part["media"]["url"] for part in page.parts if part["type"] == 11]
    assert await upgraded_control.fetch(thumbnails[0])
    saved = await ben.ask("history", "#1", favourites=True)
    assert "#2" not in saved.text
    await ben.ask("history", "#2", search="HARES")
    await ben.ask("preset show", "--steps 11", name="mill")
    shown = await ben.ask("defaults show", "--cfg 4.5")
    assert "fog" in shown.text
    assert "direct message" in shown.text
    await eve.ask("kudos balance", "rich#2")
    picture = await ben.result(
        await ben.command("imagine", prompt="after the upgrade", preset="dusk", extra=TINY_FLAGS)
    )
    assert "paid by this server's key" in picture.text
    asked = await sent_parameters(upgraded_control, "after the upgrade")
    assert (asked["steps"], asked["sampler_name"], asked["cfg_scale"]) == (17, "k_heun", 4.5)
    assert asked["prompt"].endswith("fog")


async def test_what_an_old_server_decided_still_holds(upgraded_control: Control) -> None:
    ada, ben, cleo = await people(upgraded_control, "ada", "ben", "cleo")
    shown = await ada.ask("server show", "casino")
    assert "Dreamshaper" in shown.text
    assert "5,000 kudos per day" in shown.plain_text
    await ben.ask("imagine", "casino", prompt="the casino at night")
    await ben.ask("imagine", "steps", prompt="too fine", extra="--steps 61")
    await cleo.ask("history", "blocked you")
    assert "too many geese" in (await ada.ask("moderation blocked", "geese")).text
    made = await ada.result(await ada.command("imagine", prompt="defaults here", extra=TINY_FLAGS))
    assert made.pictures
    asked = await sent_parameters(upgraded_control, "defaults here")
    assert (asked["steps"], asked["sampler_name"]) == (22, "k_euler")


async def test_a_result_that_an_old_bot_held_is_offered(upgraded_control: Control) -> None:
    (dan,) = await people(upgraded_control, "dan")
    await dan.command("help")
    offered = await eventually(lambda: _pictured(dan, "a shy picture"), "the held picture")
    assert offered.is_private
    assert len(offered.pictures) == 1


async def _pictured(person: Person, words: str) -> Message | None:
    seen = await person.control.messages(person.channel_id, person.id)
    return next((m for m in seen if words in m.text and m.pictures), None)


async def press_old(person: Person, message: Message, custom_id: str, *values: str) -> Answer:
    """Press a component that the old bot made; the bot answers it."""
    answer = await person.act(
        "component", message_id=message.id, custom_id=custom_id, values=list(values)
    )
    assert answer.raw["acked"], answer.raw
    return answer


async def test_buttons_of_an_old_result_still_work(upgraded_control: Control) -> None:
    (ben,) = await people(upgraded_control, "ben")
    fox, hares = (
        await old_message(upgraded_control, "> a fox in snow"),
        await old_message(upgraded_control, "> two hares"),
    )
    for custom_id in ("hc:again:1", "hc:vary:1:1", "hc:upscale:1:1", "hc:describe:1:1"):
        done = await ben.result(await press_old(ben, fox, custom_id))
        assert "#1" in done.text, done.text
    details = await upgraded_control.message((await press_old(ben, fox, "hc:details:1")).message_id)
    assert "a fox in snow" in details.text
    for custom_id in ("hc:edit:1", "hc:use:1:1"):
        assert (await press_old(ben, fox, custom_id)).modal["components"]
    asked = await upgraded_control.message((await press_old(ben, hares, "hc:vary:2")).message_id)
    assert asked.is_private
    assert len(asked.pictures) == 2
    one = await upgraded_control.message((await press_old(ben, hares, "hc:pick:2", "2")).message_id)
    assert len(one.pictures) == 1
    caption = await old_message(upgraded_control, "boat.png")
    json = await upgraded_control.message((await press_old(ben, caption, "hc:json:4")).message_id)
    assert json.is_private
    await press_old(ben, hares, "hc:save:2")
    await ben.ask("history", "#2", favourites=True)
    story = await old_message(upgraded_control, "Once upon a time")
    await press_old(ben, story, "hc:delete:3")
    await ben.press(await ben.told("permanently?"), "Delete permanently")
    await gone(upgraded_control, story)


def chosen(message: Message) -> list[str]:
    """The values that its menus show as chosen."""
    options = [option for menu in message.menus for option in menu["options"]]
    return [option["value"] for option in options if option.get("default")]


async def test_pages_and_panels_of_an_old_bot_still_work(upgraded_control: Control) -> None:
    ada, ben = await people(upgraded_control, "ada", "ben")
    close = await old_message(upgraded_control, "#1 is saved")
    await press_old(ben, close, "hch:page:0:0:--:fox")
    back = await ben.sees(close.id, lambda m: "Back" not in m.buttons, "the page again")
    assert "#1" in back.text
    page = next(Message(raw) for raw in old_messages() if "with `hares`" in Message(raw).text)
    await press_old(ben, page, "hch:pick:0:0:--:hares", "2")
    await ben.sees(page.id, lambda m: "Back" in m.buttons, "it close up")
    queue = await old_message(upgraded_control, "### Under way")
    await press_old(ben, queue, "hcq:refresh")
    panel = await old_message(upgraded_control, "### Who may press")
    await press_old(ada, panel, "hcs:pick:press:0", "anyone")
    await ada.sees(panel.id, lambda m: "anyone" in chosen(m), "the new rule")
    setup = await old_message(upgraded_control, "1 of 5")
    assert (await press_old(ada, setup, "hcs:key")).modal["components"]
    await press_old(ada, setup, "hcs:go:2")
    await ada.sees(setup.id, lambda m: "2 of 5" in m.text, "the next step")
    info, hares = (
        await old_message(upgraded_control, "### Request #2"),
        await old_message(upgraded_control, "> two hares"),
    )
    await press_old(ada, info, f"hct:remove:2:{hares.id}")
    await gone(upgraded_control, hares)
