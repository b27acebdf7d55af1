"""Gifts of kudos over the wire: to members with and without a key, once whatever happens."""

import pytest

from tests.support.bots.crashes import bot_has_died, database_file, rows
from tests.support.bots.process import BotProcess
from tests.support.builders import png
from tests.support.credentials import POOR, RICH
from tests.support.discord.actions import post_message
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.horde.routes import TRANSFER_KUDOS
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
FOX = "\N{FOX FACE}"


async def gift(giver: Person, recipient: Person, kudos: int, words: str) -> Message:
    """Gift kudos in the menu of a member, and its answer."""
    modal = (await giver.act("user_command", name="Gift kudos", target_id=recipient.id)).modal
    answer = await giver.fill(modal, str(kudos))
    return await giver.sees(answer.message_id, lambda m: words in m.plain_text, words)


async def transfers(control: Control) -> list[Json]:
    """The calls that transferred kudos."""
    return [c for c in await control.calls("horde") if c["route"] == TRANSFER_KUDOS]


async def received(control: Control, name: str) -> float:
    """Kudos of an account of the Horde."""
    users = await control.get("horde/users")
    names = {name, name.partition("#")[0]}
    return next(user["kudos"] for user in users if user["username"] in names)


async def test_gift_waits_for_the_login_through_a_restart(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    await gift(ada, ben, 120, "This needs your own key")
    await ada.log_in(RICH)
    held = await gift(ada, ben, 120, "no kudos have left your account")
    assert held.is_private
    assert await transfers(own_control) == []
    own.kill_bot()
    own.start_bot()
    login = await ben.command("account login")
    answer = await ben.fill(login.modal, POOR)
    await ben.sees(answer.message_id, lambda m: "120 kudos" in m.plain_text, "the gift is said")
    notice = await (await own_control.person("ada", "dm")).hears("Sent 120")
    assert f"<@{ben.id}>" in notice.text
    assert [call["status"] for call in await transfers(own_control)] == [200]
    again = await gift(ada, ben, 30, "30 kudos to")  # sent, or later: the Horde takes one a second
    assert "poor" not in again.text
    assert len(await transfers(own_control)) == 2
    bot = (await own_control.get("world"))["bot"]["id"]
    refused = await ada.act("user_command", name="Gift kudos", target_id=bot)
    assert "no Horde account" in (await own_control.message(refused.message_id)).text


async def test_reaction_gives_once_for_each_message(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    await ada.ask("server gifts", "not an emoji", emoji="fox")
    await ada.ask("server gifts", "7", emoji=FOX, amount=7, daily=2)
    result = await ben.imagine("a fox")
    posted = [await post_message(ben, ("boat.png", png())) for _ in range(2)]
    await ada.react(result, FOX)  # without a key nothing is given
    await ada.unreact(result, FOX)
    await ada.log_in(RICH)
    await ben.log_in(POOR)
    robot = await own_control.post("users", username="robot", bot=True)
    await ada.react(await post_message(Person(own_control, robot["id"], ada.channel_id)), FOX)
    for emoji in ("\N{BEAR FACE}", FOX, FOX):
        await ada.react(result, emoji)
        await ada.unreact(result, emoji)
    await ben.react(result, FOX)  # a request of his own
    await (await own_control.person("ada", "dm")).hears("Sent 7")
    own.kill_bot()
    own.start_bot()
    for message in (result, *posted):  # the limit is two a day
        await ada.react(message, FOX)

    async def gave_twice() -> bool | None:
        sent = [call for call in await transfers(own_control) if call["status"] == 200]
        return len(sent) >= 2 or None

    await eventually(gave_twice, "a second gift")
    await ada.ask("server gifts", "not set", off=True)
    assert len([c for c in await transfers(own_control) if c["status"] == 200]) == 2
    stored = rows(database_file(own), "SELECT phase, recipient_id FROM gifts")
    assert stored == [{"phase": "sent", "recipient_id": int(ben.id)}] * 2  # none for the robot


@pytest.mark.parametrize("when", ["receiving", "answered"])
async def test_kill_at_the_transfer_gives_once(
    own: BotProcess, own_control: Control, when: str
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await ada.log_in(RICH)
    assert own.process is not None
    rule = {"server": "horde", "route": TRANSFER_KUDOS, "kind": "kill", "when": when}
    await own_control.post("faults", **rule, times=1, pid=own.process.pid)
    before = await received(own_control, "poor#3")
    form = await ada.command("kudos send", to="poor#3", kudos=50)
    await ada.fill(form.modal, "poor#3", "50")
    await bot_has_died(own)
    own.start_bot()
    await (await own_control.person("ada", "dm")).hears("Sent 50")

    async def arrived() -> bool | None:
        return await received(own_control, "poor#3") >= before + 50 or None

    await eventually(arrived, "the kudos are there")
    assert await received(own_control, "poor#3") == before + 50


@pytest.mark.parametrize("when", ["receiving", "answered"])
async def test_party_rewards_its_style_once_through_a_kill_and_ends_by_itself(
    own: BotProcess, own_control: Control, when: str
) -> None:
    own.start_bot()
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    await ben.log_in(POOR)
    style = (await ada.complete("party start", "style", style="oil painting"))[0]["value"]
    options = {"name": "foxes", "award": 1_000, "duration": 1, "pay": 2_000, "style": style}
    await ada.ask("party start", "This needs your own key", **options)
    await ada.log_in(RICH)
    started = await ada.ask("party start", "The party has started in", **options)
    await ada.ask("party start", "You already have a party", **options)
    thread = started.text.split("<#")[1].split(">")[0]
    there, owner = Person(own_control, ben.id, thread), Person(own_control, ada.id, thread)
    assert "unless another one is chosen" in (await there.hears("Party: foxes")).text
    before = await received(own_control, "poor#3")
    assert own.process is not None
    rule = {"server": "horde", "route": TRANSFER_KUDOS, "kind": "kill", "when": when}
    await own_control.post("faults", **rule, times=1, pid=own.process.pid)
    await there.ask("defaults show", "Style of the party in this thread")
    await there.imagine("a fox")  # has the style without an option
    await bot_has_died(own)
    own.start_bot()
    await owner.imagine("a fox of the owner")
    await there.imagine("a second fox")
    await there.hears("The party is over")

    async def rewarded() -> bool | None:
        return await received(own_control, "poor#3") > before + 1_900 or None

    await eventually(rewarded, "both rewards")  # less the price of the images
    assert await received(own_control, "poor#3") <= before + 2_000
    await ada.ask("party end", "You have no party here")
