"""What the bot answers on Discord: first cards, errors with a number, held results, forms."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.backends.values import Account
from bot.domain.results import Phase
from bot.errors import NotAllowed
from sandbox import Sandbox
from tests.support.bots.bot_on_discord import BotOnDiscord, bot_on, fault
from tests.support.builders import FOX_REQUEST, PRIVATE_FOX, webp
from tests.support.discord.client import Person
from tests.support.discord.routes import INTERACTION_CALLBACK
from tests.support.fakes.submission import FakeCredentials, FakeService
from tests.support.waiting import eventually

# Answering


async def test_a_request_is_answered_with_its_first_card(live: BotOnDiscord, ada: Person) -> None:
    live.next_is(FOX_REQUEST)
    answer = await ada.command("ask")
    assert (answer.raw["type"], answer.raw["ephemeral"]) == (4, False)
    assert live.service.asked == [("acked", 1, int(answer.message_id))]
    card = await live.control.message(answer.message_id)
    assert "a fox" in card.text
    assert list(card.buttons) == ["Cancel"]


async def test_a_private_request_is_answered_in_private(live: BotOnDiscord, ada: Person) -> None:
    live.next_is(PRIVATE_FOX)
    assert (await ada.command("ask")).raw["ephemeral"]
    assert live.service.origins[0].message.ephemeral


async def test_a_dropped_answer_is_given_again(live: BotOnDiscord, ada: Person) -> None:
    live.next_is(FOX_REQUEST)
    await fault(live.control, INTERACTION_CALLBACK, "drop")
    answer = await ada.command("ask")
    assert await live.settled("acked") == ("acked", 1, int(answer.message_id))


@pytest.mark.parametrize("kind", ["drop_after", "garbage", "truncate"])
async def test_an_answer_that_was_taken_silently_counts(
    live: BotOnDiscord, ada: Person, kind: str
) -> None:
    live.next_is(FOX_REQUEST)
    await fault(live.control, INTERACTION_CALLBACK, kind)
    answer = await ada.command("ask")
    assert await live.settled("acked") == ("acked", 1, int(answer.message_id))
    assert len(await live.control.messages(ada.channel_id, ada.id)) == 1


async def test_a_refused_answer_cancels_the_request(live: BotOnDiscord, ada: Person) -> None:
    live.next_is(FOX_REQUEST)
    too_late = {"code": 10062, "message": "Unknown interaction"}
    await fault(live.control, INTERACTION_CALLBACK, "status", status=404, body=too_late)
    await live.control.post("knobs", ack_timeout=0.2)
    assert not (await ada.command("ask")).raw["acked"]
    assert await live.settled("unacked") == ("unacked", 1)
    assert await live.control.messages(ada.channel_id, ada.id) == []


async def test_nothing_is_shown_when_a_rule_refuses(live: BotOnDiscord, ada: Person) -> None:
    live.next_is(FOX_REQUEST)
    live.service.refuse = NotAllowed("Not in this channel.")
    answer = await ada.command("ask")
    assert answer.raw["ephemeral"]
    assert (await live.control.message(answer.message_id)).text.strip() == "Not in this channel."
    assert live.service.asked == []


async def test_an_interaction_delivered_twice_runs_once(live: BotOnDiscord, ada: Person) -> None:
    live.next_is(FOX_REQUEST)
    answer = await ada.command("ask")
    assert not live.client.repeats.is_new(int(answer.raw["interaction_id"]))


async def test_an_unexpected_error_gets_a_number(
    live: BotOnDiscord, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    setattr(live.client, "next_error", RuntimeError("a secret detail"))  # noqa: B010
    answer = await ada.command("oops")
    told = (await live.control.message(answer.message_id)).text
    assert "a secret detail" not in told
    (logged,) = [r for r in caplog.records if r.getMessage().startswith("unexpected error")]
    assert logged.getMessage().split()[-1] in told
    assert logged.exc_info is not None


async def test_held_results_come_with_the_next_command(live: BotOnDiscord, ada: Person) -> None:
    record, status = await live.finish(await live.ask(ada, PRIVATE_FOX), webp())
    live.service.held.append(replace(record, phase=Phase.HELD, status=status))
    answer = await ada.command("account logout")

    async def offered() -> list[str] | None:
        seen = await live.control.messages(ada.channel_id, ada.id)
        return next((m.pictures for m in seen if m.pictures and m.is_private), None)

    assert len(await eventually(offered, "the held result")) == 1
    assert live.service.held == []
    assert answer.raw["ack_ms"] is not None


async def test_a_held_result_that_cannot_be_offered_stays_held(
    live: BotOnDiscord, ada: Person
) -> None:
    record, status = await live.finish(await live.ask(ada, PRIVATE_FOX), webp())
    live.service.held.append(replace(record, phase=Phase.HELD, status=status))
    refused = {"code": 50035, "message": "Invalid"}
    await fault(live.control, "POST /webhooks/{app}/{token}", "status", status=400, body=refused)
    await ada.command("account logout")

    async def tried() -> bool | None:
        calls = await live.control.calls("discord")
        return any(c["route"] == "POST /webhooks/{app}/{token}" for c in calls) or None

    await eventually(tried, "the offer")
    assert live.service.held


# Modals


async def test_a_key_is_taken_by_a_private_modal(live: BotOnDiscord, ada: Person) -> None:
    live.service.credentials.accounts["my-key"] = Account("ada#1", 1234)
    modal = (await ada.command("account login")).modal
    answer = await ada.fill(modal, "my-key")
    told = await ada.sees(answer.message_id, lambda m: "ada" in m.text, "logged in")
    assert told.is_private
    assert "1,234" in told.text
    assert "my-key" not in told.text


async def test_a_wrong_key(live: BotOnDiscord, ada: Person) -> None:
    modal = (await ada.command("account login")).modal
    answer = await ada.fill(modal, "not-a-key")
    told = await ada.sees(answer.message_id, lambda m: "not know" in m.text, "refused")
    assert told.is_private


async def test_a_modal_from_before_a_restart(tmp_path: Path) -> None:
    service = FakeService(credentials=FakeCredentials({"my-key": Account("ada#1", 5)}))
    async with Sandbox(horde=None) as box:
        async with bot_on(box, tmp_path) as before:
            modal = (await (await before.control.person("ada")).command("account login")).modal
        async with bot_on(box, tmp_path, service=service) as after:
            ada = await after.control.person("ada")
            answer = await ada.fill(modal, "my-key")
            await ada.sees(answer.message_id, lambda m: "ada" in m.text, "logged in")


async def test_modals_leave_nothing_behind(live: BotOnDiscord, ada: Person) -> None:
    await ada.command("account login")
    kept: Any = live.client._connection._view_store
    assert not kept._modals
