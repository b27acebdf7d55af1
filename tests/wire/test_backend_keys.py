"""Keys, prices and budgets of a second backend, AI Power Grid, beside a Horde."""

import re
from collections.abc import AsyncGenerator, Callable

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person, controlling
from tests.support.discord.messages import Message

pytestmark = pytest.mark.wire
KEY = "grid_ada_0123456789abcdef"


@pytest.fixture
def bot(with_servers: Callable[..., BotProcess]) -> BotProcess:
    return with_servers("aipg")


@pytest.fixture
async def control(bot: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(bot.control) as found:
        yield found


async def give_key(person: Person, command: str, words: str) -> Message:
    form = await person.command(command, **({"backend": "aipg"} if "login" in command else {}))
    answer = await person.fill(form.modal, KEY)
    return await person.sees(answer.message_id, lambda m: words in m.plain_text, words)


async def test_own_key_of_a_second_backend_pays_in_dollars(
    bot: BotProcess, control: Control
) -> None:
    bot.start_bot_with("aipg")
    ada = await control.person("ada")
    titles = [
        choice["name"] for choice in await ada.complete("account login", "backend", backend="")
    ]
    assert titles == ["AI Horde", "AI Power Grid"]
    told = await give_key(ada, "account login", "Logged in as")
    assert "at AI Power Grid" in told.text
    assert "$" in told.text
    assert "no key of yours for AI Horde" in (await ada.ask("account status")).text
    await ada.ask("server backend", name="aipg")
    assert "AI Power Grid" in (await ada.ask("account status")).text
    price = await ada.ask("estimate", prompt="a heron")
    assert "Price: $0." in price.text
    assert "kudos" not in price.text
    done = await ada.imagine("a heron")
    assert re.search(r"\$0\.\d", done.text), done.text
    assert "kudos" not in done.text
    assert "your key for AI Power Grid" in (await ada.ask("account logout")).text
    await ada.command("imagine", prompt="a heron")
    assert "AI Power Grid needs an API key" in (await ada.hears("needs an API key")).text
    assert KEY not in bot.log


async def test_budget_of_a_second_backend_is_in_dollars(bot: BotProcess, control: Control) -> None:
    bot.start_bot_with("aipg")
    ada = await control.person("ada")
    await ada.ask("server key budget", a_day=500)
    await ada.ask("server backend", name="aipg")
    await give_key(ada, "server key set", "now pays for members")
    assert "No budget is set" in (await ada.ask("server key budget")).text
    assert "$0.02 per day" in (await ada.ask("server key budget", a_day=0.02)).text
    shown = (await ada.ask("server show")).text
    assert "`aipg`: $0.02 per day" in shown
    assert re.search(r"500\skudos per day", shown)
    await ada.imagine("a heron", model="z-image-turbo")
    assert "$0.001 per day" in (await ada.ask("server key budget", a_day=0.001)).text
    await ada.command("imagine", prompt="a heron", model="z-image-turbo")
    refused = await ada.hears("Use your own key")
    assert re.search(r"costs about \$0\.\d+", refused.text), refused.text
