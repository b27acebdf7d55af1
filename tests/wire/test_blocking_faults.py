"""Faults of backends whose calls are their jobs: one outcome in each case, nothing paid twice."""

from collections.abc import Callable

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, controlling

pytestmark = pytest.mark.wire
KEY = "grid_ada_0123456789abcdef"
ROUTES = {
    "aipg": "POST /v1/images/generations",
    "openai": "POST /v1/chat/completions",
    "a1111": "POST /sdapi/v1/txt2img",
}
COMMANDS = {"aipg": "imagine", "openai": "write", "a1111": "imagine"}
LOST_FOR = 60.0  # seconds that AI Power Grid is asked for a job whose answer was lost
PRICED = {"aipg", "openai"}  # servers of the sandbox that charge
STATUSES = (402, 429, 500, 503, 504)


async def assert_paid_once(control: Control, server: str, *, made: bool) -> None:
    """One submit and one charge for a result; neither without one."""
    found = await control.get(f"{server}/jobs")
    assert sum(found["submits"].values()) == len(found["jobs"]) == int(made), found
    if server in PRICED:
        assert found["charged_micro"] == sum(job["charged_micro"] for job in found["jobs"])
        assert (found["charged_micro"] > 0) is made


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("server", ROUTES)
async def test_refused_call_has_one_outcome_and_one_charge_at_most(
    with_servers: Callable[..., BotProcess], server: str, status: int
) -> None:
    bot = with_servers(server)
    bot.start_bot_with(server, api_key=KEY)
    async with controlling(bot.control) as control:
        ada = await control.person("ada")
        await ada.ask("server backend", name=server)
        rule = {"kind": "status", "status": status, "times": 1, "route": ROUTES[server]}
        await control.post("faults", server=server, **rule)
        answer = await ada.command(COMMANDS[server], prompt="a heron")
        done = await ada.result(answer, wait=LOST_FOR + 30.0)
        assert "Again" in done.buttons, done.text
        made = bool(done.pictures) or "You wrote" in done.text
        await assert_paid_once(control, server, made=made)
        assert KEY not in bot.log
