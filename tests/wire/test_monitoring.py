"""How the bot is doing, asked from outside: /healthz, /metrics, and a log for machines."""

import json
import re

import aiohttp
import pytest
from aiohttp.test_utils import unused_port
from prometheus_client.parser import text_string_to_metric_families

from tests.support.bots.process import BotProcess
from tests.support.credentials import BOT_TOKEN
from tests.support.discord.client import Control
from tests.support.paths import DOCS
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
END = re.compile(r"_(bucket|sum|count|total)$")
UP = {"gateway": True, "database": True, "horde": True}


class Outside:
    """A client that can reach [http] listen and nothing else."""

    def __init__(self, bot: BotProcess, **more: str) -> None:
        self._base = f"http://127.0.0.1:{(port := unused_port())}"
        bot.start_bot(HORDECORD_HTTP__LISTEN=f"127.0.0.1:{port}", **more)

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{self._base}/{path}") as answer:
                return answer.status, await answer.text()

    async def health(self) -> tuple[int, dict[str, bool]]:
        status, text = await self.get("healthz")
        return status, json.loads(text)

    async def becomes(self, **parts: bool) -> None:
        """Wait until /healthz says that."""
        wanted = UP | parts

        async def look() -> bool | None:
            status, found = await self.health()
            assert (status == 200) is all(found.values())
            return (found == wanted) or None

        await eventually(look, f"health {wanted}")

    async def figure(self, name: str, **labels: str) -> float:
        """The sum of what fits those labels; 0 when there is none."""
        _, text = await self.get("metrics")
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == f"hordecord_{name}" and labels.items() <= sample.labels.items()
        )


async def test_figures_of_a_picture_without_a_trace_of_its_person(
    own: BotProcess, own_control: Control
) -> None:
    outside = Outside(own)
    await outside.becomes()
    ada = await own_control.person("ada")
    done = await ada.result(await ada.command("imagine", prompt="a heron at dusk", seed="4711"))
    for name, labels in (
        ("delivered_total", {"kind": "image", "phase": "done"}),
        ("ack_seconds_count", {"type": "application_command"}),
        ("outcome_shown_seconds_count", {"kind": "image"}),
        ("backend_call_seconds_count", {"call": "submit", "kind": "image", "backend": "horde"}),
        ("guilds", {}),
        ("gateway_up", {}),
    ):
        assert await outside.figure(name, **labels) == 1, name
    for name, labels in (
        ("backend_call_seconds_count", {"call": "status", "kind": "image"}),
        ("discord_calls_total", {"call": "edit", "answer": "2xx"}),
        ("spool_bytes", {}),
        ("loop_lag_seconds_count", {}),
    ):
        assert await outside.figure(name, **labels) >= 1, name
    for name in ("queue_depth", "open_requests", "backend_outage", "backend_errors_total"):
        assert await outside.figure(name) == 0, name
    _, text = await outside.get("metrics")
    secrets = await own_control.get("secrets")
    hidden = ["heron", "4711", ada.id, ada.channel_id, done.id, BOT_TOKEN, "0000000000"]
    hidden += [secrets["bot_token"], *secrets["tokens"], *done.pictures]
    words = re.sub(r" [0-9.e+-]+$", "", text, flags=re.MULTILINE)  # a figure may hold any digits
    for secret in hidden:
        assert secret not in words
    drawn = "".join((DOCS / name).read_text("utf-8") for name in ("grafana.json", "alerts.yaml"))
    names = {END.sub("", name) for name in re.findall(r"hordecord_\w+", drawn)}
    there = {END.sub("", family.name) for family in text_string_to_metric_families(text)}
    assert len(names) > 20
    assert names <= there  # the dashboard and the alerts ask this bot for nothing it does not have


async def test_what_waits_and_what_is_open(own: BotProcess, own_control: Control) -> None:
    outside = Outside(own)
    await own_control.post("horde/knobs", job_seconds=[30, 30])
    ada = await own_control.person("ada")
    for number in range(5):
        await ada.command("imagine", prompt=f"wish {number}")
    assert await outside.figure("queue_depth", kind="image") >= 1  # two leave in a second
    assert await outside.figure("open_requests") == 5


async def test_the_gateway_is_down_and_comes_back(own: BotProcess, own_control: Control) -> None:
    outside = Outside(own)
    await outside.becomes()
    await own_control.post("gateway", action="down")
    await outside.becomes(gateway=False)
    assert await outside.figure("gateway_up") == 0
    await own_control.post("gateway", action="up")
    await outside.becomes()


async def test_the_horde_is_out_and_comes_back(own: BotProcess, own_control: Control) -> None:
    outside = Outside(own)
    await own_control.post("horde/knobs", outage=True)
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="patience")
    await outside.becomes(horde=False)

    async def noticed() -> bool | None:
        return (await outside.figure("backend_outage", backend="horde") == 1) or None

    await eventually(noticed, "an outage in the figures")
    assert await outside.figure("backend_errors_total", call="submit", error="BackendDown") >= 1
    await own_control.post("horde/knobs", outage=False)
    await ada.result(answer)
    assert await outside.figure("backend_outage") == 0
    assert await outside.figure("backend_outages") == 1
    await outside.becomes()


async def test_a_429_is_counted_and_nobody_sees_it(own: BotProcess, own_control: Control) -> None:
    outside = Outside(own)
    await own_control.post(
        "faults",
        server="horde",
        route="POST /generate/async",
        kind="rate_limit",
        times=1,
        seconds=0.5,
    )
    ada = await own_control.person("ada")
    done = await ada.result(await ada.command("imagine", prompt="a patient snail"))
    assert len(done.pictures) == 1
    assert await outside.figure("backend_429_total", kind="image", limit="rate") == 1
    assert await outside.figure("delivered_total", phase="done") == 1


async def test_a_log_for_machines_holds_no_secret(own: BotProcess, own_control: Control) -> None:
    own.start_bot(HORDECORD_LOG__FORMAT="json")
    ada = await own_control.person("ada")
    await ada.result(await ada.command("imagine", prompt="a heron at dusk"))
    assert own.stop_bot() == 0
    lines = [json.loads(line) for line in own.log.splitlines()]
    assert {"time", "level", "logger", "message"} <= lines[0].keys()
    assert any(line["message"] == "ready" for line in lines)
    sent = [line for line in lines if line.get("request") == 1]
    assert any(re.search(r"#1 (submitted|done)", line["message"]) for line in sent)
    secrets = await own_control.get("secrets")
    for secret in ("heron", BOT_TOKEN, secrets["bot_token"], *secrets["tokens"]):
        assert secret not in own.log
