"""Commands wherever Discord offers them: in servers, in direct messages, and with the bot away."""

import pytest

from tests.support.bots.crashes import database_file, grow_old, rows
from tests.support.bots.process import BotProcess
from tests.support.builders import png
from tests.support.discord.actions import delete_result, post_message, use_message_command
from tests.support.discord.channels import (
    FORUM,
    PLACES,
    Place,
    new_channel,
    new_thread,
    person_in,
    pictured,
    server_id,
)
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Answer, Message
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
AWAY = 25 * 60.0
PEOPLE = ("ada", "ben", "cleo")


async def picture_dm(control: Control, name: str, words: str) -> Message:
    home = await control.person(name, "dm")

    async def look() -> Message | None:
        found = pictured(await control.messages(home.channel_id, home.id), words)
        return found[0] if found else None

    return await eventually(look, f"a direct message about {words}")


async def begun_everywhere(control: Control) -> list[tuple[str, str, Place, Person, Answer]]:
    """A request in every kind of place; no one person has more open than one may have."""
    begun: list[tuple[str, str, Place, Person, Answer]] = []
    for number, (kind, spot) in enumerate(PLACES.items()):
        name = PEOPLE[number % len(PEOPLE)]
        person = await person_in(control, name, spot)
        answer = await person.command("imagine", prompt=f"a lamp in {kind}.")
        begun.append((kind, name, spot, person, answer))
    return begun


@pytest.mark.parametrize("kind", PLACES)
async def test_a_card_a_result_and_again(control: Control, kind: str) -> None:
    ada = await person_in(control, "ada", PLACES[kind])
    done = await ada.result(await ada.command("imagine", prompt=f"a fox in {kind}"))
    assert len(done.pictures) == 1
    assert not done.is_private
    again = await ada.result(await ada.press(done, "Again"))
    assert len(again.pictures) == 1
    assert again.raw["channel_id"] == ada.channel_id
    await delete_result(ada, again)
    await ada.sees(again.id, lambda m: m.raw["deleted"], "it is deleted")


@pytest.mark.parametrize("kind", ["a thread", "a forum's post", "a group", "another server"])
async def test_what_is_private_and_what_is_published(control: Control, kind: str) -> None:
    ada = await person_in(control, "ada", PLACES[kind])
    done = await ada.result(await ada.command("imagine", prompt=f"mist in {kind}", private=True))
    assert done.is_private
    await ada.press(done, "Publish")

    async def public() -> Message | None:
        found = pictured(await control.messages(ada.channel_id, ada.id), "mist in")
        return next((m for m in found if not m.is_private), None)

    assert len((await eventually(public, "published")).pictures) == 1


async def test_a_restart_in_the_middle(own: BotProcess, own_control: Control) -> None:
    await own_control.post("horde/knobs", job_seconds=[4, 4])
    own.start_bot()
    begun = await begun_everywhere(own_control)
    own.kill_bot()
    own.start_bot()
    again = 0  # killed between the send and its receipt: sent once more, and said
    for kind, _, _, person, answer in begun:
        done = await person.result(answer)
        assert len(done.pictures) == 1, kind
        again += "sent again" in done.text
        shown = await own_control.messages(person.channel_id, person.id)
        assert len(pictured(shown, f"a lamp in {kind}.")) == 1, kind
    made = len(await own_control.horde_requests())
    assert len(begun) <= made <= len(begun) + again


async def test_the_tokens_have_died(own: BotProcess, own_control: Control) -> None:
    """Where the bot is, its message is edited; elsewhere the result comes by direct message."""
    await own_control.post("horde/knobs", job_seconds=[4, 4])
    own.start_bot()
    begun = await begun_everywhere(own_control)

    async def known() -> bool | None:
        return all(row["acked"] for row in rows(database_file(own))) or None

    await eventually(known, "it is written down that every card is up")
    own.kill_bot()
    grow_old(database_file(own), AWAY)
    for _, _, _, _, answer in begun:
        await own_control.post("expire", interaction_id=answer.raw["interaction_id"])
    own.start_bot()
    for kind, name, spot, person, answer in begun:
        if spot.ours:
            done = await person.result(answer)
        else:
            done = await picture_dm(own_control, name, f"a lamp in {kind}.")
        assert len(done.pictures) == 1, kind
        here = await own_control.messages(person.channel_id, person.id)
        assert len(pictured(here, f"a lamp in {kind}.")) == int(spot.ours), kind


async def test_closed_direct_messages_hold_it_for_the_next_command(
    own: BotProcess, own_control: Control
) -> None:
    await own_control.post("horde/knobs", job_seconds=[2, 2])
    own.start_bot()
    ada = await person_in(own_control, "ada", PLACES["another server's thread"])
    home = await own_control.person("ada", "dm")
    await own_control.post("permissions", channel_id=home.channel_id, deny=["SEND_MESSAGES"])
    answer = await ada.command("imagine", prompt="a patient owl")
    await own_control.post("expire", interaction_id=answer.raw["interaction_id"])

    async def held() -> bool | None:
        return "#1 held" in own.log or None

    await eventually(held, "it is held")
    await ada.command("queue")

    async def offered() -> Message | None:
        found = pictured(await own_control.messages(ada.channel_id, ada.id), "a patient owl")
        return found[0] if found else None

    assert (await eventually(offered, "offered at the next command")).is_private


# Age restriction


@pytest.mark.parametrize("nsfw", [False, True])
@pytest.mark.parametrize("kind", [0, FORUM])
async def test_a_thread_is_as_restricted_as_its_channel(
    control: Control, kind: int, nsfw: bool
) -> None:
    ada, guild = await control.person("ada"), await server_id(control)
    place = await new_channel(control, guild, kind, nsfw=nsfw)
    inside = await new_thread(control, place, ada)
    words = f"dusk {kind} {nsfw}"
    await inside.result(await inside.command("imagine", prompt=words))
    assert (await control.horde_payload(words))["nsfw"] is nsfw
    assert (await control.horde_payload(words))["censor_nsfw"] is not nsfw


@pytest.mark.parametrize(
    "kind", ["direct messages with the bot", "a group", "somebody else's direct messages"]
)
async def test_nothing_adult_in_private_places(control: Control, kind: str) -> None:
    ada = await person_in(control, "ada", PLACES[kind])
    await ada.result(await ada.command("imagine", prompt=f"dawn in {kind}"))
    sent = await control.horde_payload(f"dawn in {kind}")
    assert (sent["nsfw"], sent["censor_nsfw"]) == (False, True)


async def test_a_thread_of_a_server_that_the_bot_does_not_know(control: Control) -> None:
    """Its channel's age restriction is unknown there: it counts as not restricted."""
    ada, guild = await control.person("ada"), await server_id(control, elsewhere=True)
    inside = await new_thread(control, await new_channel(control, guild, nsfw=True), ada)
    await inside.result(await inside.command("imagine", prompt="noon elsewhere"))
    assert (await control.horde_payload("noon elsewhere"))["nsfw"] is False


# Menus


@pytest.mark.parametrize(
    "kind", ["a thread", "a forum's post", "a voice channel's text", "a group", "another server"]
)
async def test_menus_on_messages_and_people(control: Control, kind: str) -> None:
    ada = await person_in(control, "ada", PLACES[kind])
    message = await post_message(ada, ("boat.png", png(64, 64)))
    assert "Caption" in (await ada.result(await use_message_command(ada, "Describe", message))).text
    modal = (await use_message_command(ada, "Remix", message)).modal
    assert len((await ada.result(await ada.fill(modal, "a raft", "0.5"))).pictures) == 1
    cleo = await control.person("cleo")
    modal = (await ada.act("user_command", name="Remix avatar", target_id=cleo.id)).modal
    assert len((await ada.result(await ada.fill(modal, "a knight", "0.5"))).pictures) == 1


async def test_menus_in_direct_messages_with_the_bot(control: Control) -> None:
    ada = await control.person("ada", "dm")
    message = await post_message(ada, ("boat.png", png(64, 64)))
    larger = await ada.result(await use_message_command(ada, "Upscale", message))
    assert len(larger.pictures) >= 1
    bot = (await control.get("world"))["bot"]["id"]
    modal = (await ada.act("user_command", name="Remix avatar", target_id=bot)).modal
    assert len((await ada.result(await ada.fill(modal, "a robot", "0.5"))).pictures) == 1
