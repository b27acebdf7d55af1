"""Rate limits, server errors and lost connections on the REST side."""

import aiohttp
import discord
import pytest

from tests.support.discord.local_discord import LocalDiscord
from tests.support.discord.routes import EDIT_ANSWER, INTERACTION_CALLBACK


async def test_a_channel_takes_five_messages_in_five_seconds(local: LocalDiscord) -> None:
    path = f"/channels/{local.general}/messages"
    for left in (4, 3, 2, 1, 0):
        status, _, headers = await local.rest("POST", path, json={"content": "x"})
        assert (status, headers["X-RateLimit-Remaining"]) == (200, str(left))
    status, body, headers = await local.rest("POST", path, json={"content": "x"})
    assert (status, body["global"], headers["X-RateLimit-Scope"]) == (429, False, "user")
    assert 0 < body["retry_after"] <= 5
    assert float(headers["Retry-After"]) == body["retry_after"]
    assert headers["Via"]
    other = f"/channels/{local.pictures}/messages"
    assert (await local.rest("POST", other, json={"content": "x"}))[0] == 200


async def test_the_limits_can_be_off(local: LocalDiscord) -> None:
    await local.control.post("knobs", rate_limits=False)
    path = f"/channels/{local.general}/messages"
    answers = [await local.rest("POST", path, json={"content": "x"}) for _ in range(12)]
    assert {status for status, _, _ in answers} == {200}


async def test_a_bot_has_fifty_calls_a_second(local: LocalDiscord) -> None:
    answers = [await local.rest("GET", "/users/@me") for _ in range(51)]
    status, body, headers = answers[-1]
    assert (status, body["global"], headers["X-RateLimit-Global"]) == (429, True, "true")
    # What an interaction's token opens is outside of it: no 429, but an unknown webhook.
    path = f"/webhooks/{local.world['application_id']}/none"
    assert (await local.rest("POST", path, json={"content": "x"}))[0] == 404


async def test_discord_py_waits_for_a_token_that_is_limited(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("card")
        await interaction.edit_original_response(content="edited")

    bot = await local.start(do)
    await local.control.post("faults", kind="rate_limit", route=EDIT_ANSWER, times=1, seconds=0.05)
    done = await local.act(name="do")
    assert (bot.failed, (await local.message(done["message_id"]))["content"]) == ([], "edited")
    assert [call["status"] for call in await local.calls(EDIT_ANSWER)] == [429, 200]


async def test_a_429_without_via_is_a_ban(local: LocalDiscord) -> None:
    """So discord.py reads it; the sandbox's own 429s bear the header, this fault does not."""
    bot = await local.start()
    fault = {"route": "GET /users/*", "status": 429, "body": {"message": "banned"}}
    await local.control.post("faults", kind="status", times=1, **fault)
    with pytest.raises(discord.HTTPException) as refused:
        await bot.fetch_user(int(local.ada))
    assert refused.value.status == 429


async def test_discord_py_repeats_a_response_after_a_500(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("card")

    bot = await local.start(do)
    await local.control.post(
        "faults", kind="status", route=INTERACTION_CALLBACK, times=1, status=500
    )
    done = await local.act(name="do")
    assert (done["acked"], bot.failed) == (True, [])
    assert done["ack_ms"] >= 1000  # discord.py waits a second
    assert [call["status"] for call in await local.calls(INTERACTION_CALLBACK)] == [500, 200]


async def test_a_dropped_connection_is_no_http_exception(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("card")
        await interaction.edit_original_response(content="edited")

    bot = await local.start(do)
    await local.control.post("faults", kind="drop", route=EDIT_ANSWER, times=1)
    done = await local.act(name="do")
    assert isinstance(bot.failed[0], aiohttp.ServerDisconnectedError)
    assert (await local.message(done["message_id"]))["content"] == "card"


async def test_a_call_whose_answer_is_lost_was_carried_out(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("card")
        await interaction.edit_original_response(content="edited")

    bot = await local.start(do)
    await local.control.post("faults", kind="drop_after", route=EDIT_ANSWER, times=1)
    done = await local.act(name="do")
    assert isinstance(bot.failed[0], aiohttp.ServerDisconnectedError)
    assert (await local.message(done["message_id"]))["content"] == "edited"


async def test_answers_that_are_no_json(local: LocalDiscord) -> None:
    await local.control.post("faults", kind="html", route="GET /users/@me", times=1)
    async with aiohttp.ClientSession() as http:
        url = f"{local.box.urls.discord}/users/@me"
        async with http.get(url, headers={"Authorization": "Bot 1234567890"}) as answer:
            assert (answer.status, answer.content_type) == (502, "text/html")


async def test_endpoints_that_there_are_not(local: LocalDiscord) -> None:
    status, body, headers = await local.rest("GET", "/nothing/here")
    assert (status, body["code"], headers["Content-Type"]) == (404, 0, "application/json")
    assert (await local.rest("DELETE", "/users/@me"))[0] == 405
    path = f"/channels/{local.general}/messages"
    status, body, _ = await local.rest(
        "POST", path, data=b"{", headers={"Content-Type": "application/json"}
    )
    assert (status, body["code"]) == (400, 50109)
    status, body, _ = await local.rest("POST", path, json=[])
    assert (status, body["code"]) == (400, 50035)
    status, _, _ = await local.rest("GET", path, headers={"Authorization": "Bearer 1234567890"})
    assert status == 401
