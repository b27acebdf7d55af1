"""More pictures than a message holds: a second message, exactly once, whatever happens."""

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.actions import (
    OVERFLOW_COUNT,
    delete_result,
    overflow_message,
    overflow_messages,
    request_many_pictures,
)
from tests.support.discord.client import Control
from tests.support.discord.messages import Message
from tests.support.discord.routes import FOLLOW_UP
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


async def died(own: BotProcess) -> None:
    async def ended() -> bool | None:
        assert own.process is not None
        return own.process.poll() is not None or None

    await eventually(ended, "the kill point was reached")


async def test_ten_and_two_and_both_go(control: Control) -> None:
    ada = await control.person("ada")
    card = await ada.result(await request_many_pictures(ada, "a dozen brown eggs"))
    second = await overflow_message(ada, card)
    names = [url.rpartition("/")[2].partition(".")[0] for url in card.pictures + second.pictures]
    assert [int(name.rpartition("-")[2]) for name in names] == list(range(1, OVERFLOW_COUNT + 1))
    alone = await control.message((await ada.choose(second, "12", "Choose")).message_id)
    assert alone.pictures == [second.pictures[1]]
    varied = await ada.result(await ada.press(alone, "Vary"))
    await delete_result(ada, varied)
    await delete_result(ada, card)
    await ada.sees(second.id, lambda m: m.raw["deleted"], "the second message is gone too")
    assert (await control.message(card.id)).raw["deleted"]


async def test_private_ones_are_published_together(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    card = await ada.result(await request_many_pictures(ada, "a dozen secret doors", private=True))
    second = await overflow_message(ada, card)
    assert card.is_private
    assert second.is_private
    assert await overflow_messages(ben, card) == []
    await ada.press(card, "Publish")

    async def published() -> list[Message] | None:
        seen = await control.messages(ben.channel_id, ben.id)
        found = [m for m in seen if m.pictures and int(m.id) > int(second.id)]
        return found if len(found) == 2 else None

    first, other = await eventually(published, "both are published")
    assert sorted([len(first.pictures), len(other.pictures)]) == [2, 10]


async def test_a_lost_answer_posts_nothing_twice(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    rule: Json = {"server": "discord", "route": FOLLOW_UP, "kind": "drop_after", "times": 1}
    await own_control.call("POST", "faults", rule)
    card = await ada.result(await request_many_pictures(ada, "a dozen pigeons"))
    await overflow_message(ada, card)
    assert len(await overflow_messages(ada, card)) == 1


@pytest.mark.parametrize("when", ["receiving", "answered"])
async def test_killed_between_the_two(own: BotProcess, own_control: Control, when: str) -> None:
    own.start_bot()
    assert own.process is not None
    ada = await own_control.person("ada")
    rule: Json = {"server": "discord", "route": FOLLOW_UP, "kind": "kill", "when": when}
    await own_control.call("POST", "faults", rule | {"pid": own.process.pid, "times": 1})
    answer = await request_many_pictures(ada, "a dozen candles")
    await died(own)
    own.start_bot()
    card = await ada.result(answer)
    assert len(card.pictures) == 10
    await overflow_message(ada, card)
    assert len(await overflow_messages(ada, card)) == 1
    assert "Traceback" not in own.log


async def test_the_second_message_when_the_token_has_died(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await own_control.post("horde/knobs", job_seconds=[2, 2])
    answer = await request_many_pictures(ada, "a dozen old coins")
    await own_control.post("expire", message_id=answer.message_id)
    card = await ada.result(answer)
    second = await overflow_message(ada, card)
    assert not second.is_private
    assert len(await overflow_messages(ada, card)) == 1
