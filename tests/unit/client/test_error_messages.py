"""What an error says to the person."""

import aiohttp
import pytest
from discord import app_commands

from bot.client.error_messages import OUR_BUG, OUTDATED, sentence
from bot.errors import BackendDown, NotAllowed

# What an error says


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotAllowed("Not here."), "Not here."),
        (app_commands.CommandNotFound("old", []), OUTDATED),
        (app_commands.NoPrivateMessage(), "servers only"),
        (app_commands.MissingPermissions(["manage_guild"]), "**Manage Guild**"),
        (app_commands.BotMissingPermissions(["attach_files"]), "**Attach Files**"),
        (app_commands.CommandOnCooldown(app_commands.Cooldown(1, 5), 3.2), "3\N{NO-BREAK SPACE}s"),
        (app_commands.CheckFailure(), "cannot use this here"),
        (aiohttp.ServerDisconnectedError(), "Try again"),
    ],
)
def test_known_errors_say_what_to_do(error: Exception, said: str) -> None:
    assert said in sentence(error)


def test_what_nobody_expected_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    said = sentence(ZeroDivisionError("x"))
    assert said.startswith(OUR_BUG.partition("`")[0])
    assert "ZeroDivisionError" in caplog.text


def test_outage_of_another_backend_is_told_with_its_title() -> None:
    down = BackendDown("own-gpu is not available.", title="own-gpu")
    assert sentence(down) == (
        "own-gpu cannot be reached now, and nothing was changed. Try again in a few minutes."
    )
    in_doubt = BackendDown("lost", in_doubt=True, title="own-gpu")
    assert sentence(in_doubt) == "own-gpu cannot be reached now. Try again in a few minutes."


def test_outage_is_told_in_plain_words() -> None:
    told = sentence(BackendDown("The Horde answered with a page instead of data (502)."))
    assert told == (
        "The Horde cannot be reached now, and nothing was changed. Try again in a few minutes."
    )
    assert "nothing was changed" not in sentence(BackendDown("lost", in_doubt=True))
