"""/estimate: a private price that costs nothing and delays no request."""

import asyncio
from typing import Any

import pytest

from tests.support.bots.process import BotProcess
from tests.support.credentials import RICH
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.horde.routes import SUBMIT_IMAGE

pytestmark = pytest.mark.wire


async def estimated(person: Person, **options: Any) -> Message:
    """What /estimate says, once it does."""
    answer = await person.command("estimate", **({"prompt": "a fox"} | options))
    shown = await person.sees(answer.message_id, lambda m: "kudos" in m.text, "a price")
    assert shown.is_private
    return shown


def price(message: Message) -> str:
    title = message.text.strip().splitlines()[0]
    return title.replace("\N{NO-BREAK SPACE}", " ").removeprefix("### ")


async def test_the_price_of_what_imagine_would_send(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    first = await estimated(ada)
    assert price(first).startswith("Price: ")
    assert "1 image" in first.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "free, no account" in first.text
    assert "You do not need any kudos" in first.text
    again = await estimated(ada, prompt="something else", seed="7", negative="dogs")
    assert price(again) == price(first)
    more = await estimated(ada, count=4)
    assert price(more) != price(first)
    calls = [c for c in await own_control.calls("horde") if c["route"] == SUBMIT_IMAGE]
    assert len(calls) == 2
    assert await own_control.horde_requests() == []


async def test_it_is_what_the_horde_charges(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await ada.log_in(RICH)
    shown = await estimated(ada, model="stable_diffusion")
    assert "paid by your key" in shown.text
    about = float(price(shown).split()[1])
    answer = await ada.command("imagine", prompt="a fox", model="stable_diffusion")
    done = (await ada.result(answer)).text.replace("\N{NO-BREAK SPACE}", " ")
    charged = next(float(part.split()[0]) for part in done.split(" · ") if part.endswith(" kudos"))
    assert about == pytest.approx(charged, abs=3)


async def test_an_unknown_model_is_said_at_once(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    answer = await ada.command("estimate", prompt="x", model="Deliberatte")
    said = await own_control.message(answer.message_id)
    assert said.is_private
    assert "There is no model" in said.text


async def test_those_who_wait_come_first(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    people = [await own_control.person(name) for name in ("ada", "ben", "cleo")]
    prompts = [(person, f"wish {number}") for number in range(5) for person in people]
    answers = await asyncio.gather(
        *(person.command("imagine", prompt=prompt) for person, prompt in prompts)
    )
    shown = await estimated(people[0])
    assert price(shown).startswith("Estimated price: ")
    assert "the bot's own estimate" in shown.text
    for (person, _), answer in zip(prompts, answers, strict=True):
        await person.result(answer)
    calls = [c for c in await own_control.calls("horde") if c["route"] == SUBMIT_IMAGE]
    assert len([c for c in calls if c["status"] == 200]) == 0  # a dry run is answered with a 200
    assert price(await estimated(people[0])).startswith("Price: ")


async def test_without_the_horde_it_is_reckoned(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await estimated(ada, model="stable_diffusion")  # the list of models has arrived
    await own_control.post("horde/knobs", outage=True)
    shown = await estimated(ada, model="stable_diffusion", count=2)
    assert price(shown).startswith("Estimated price: ")
