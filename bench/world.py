"""A sandbox and a bot as two processes of their own, and people who use them."""

import asyncio
import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from tests.support.paths import ROOT

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.bench1.not-a-real-token-but-shaped-like-one"
BOTS = {
    "hordecord": (sys.executable, "-m", "bot", "run"),
    "control": (sys.executable, str(ROOT / "bench" / "control_bot.py")),
}
START_LIMIT = 60.0  # seconds until a bot must be ready
TROUBLE = ("ERROR", "CRITICAL", "Traceback")
SHOWN = 3_000  # characters of a log's trouble
Json = dict[str, Any]


class BenchError(Exception):
    """Something the bench needs did not come about; nothing was measured."""


@dataclass
class World:
    """What a scenario works with. Times are UTC seconds of one machine's clock."""

    urls: Mapping[str, str]
    folder: Path
    session: aiohttp.ClientSession
    bot: psutil.Popen | None = None
    start_seconds: float = 0.0  # from the start of the process to "ready"
    _starts: Any = field(default_factory=lambda: itertools.count(1))
    _names: Any = field(default_factory=lambda: itertools.count(1))

    # The sandbox

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the control API."""
        url = f"{self.urls['control']}/{path}"
        async with self.session.request(method, url, json=body) as answer:
            if answer.status >= 400:
                raise BenchError(f"{method} {path}: {answer.status} {await answer.text()}")
            return await answer.json(content_type=None) if answer.status != 204 else None

    async def knobs(self, **knobs: Any) -> None:
        """Turn the Horde's knobs."""
        await self.call("POST", "horde/knobs", knobs)

    async def channels(self) -> list[str]:
        """The channels of all servers, oldest first."""
        world = await self.call("GET", "world")
        return [c["id"] for g in world["guilds"] for c in g["channels"] if not c["nsfw"]]

    async def new_servers(self, count: int, channels: int = 1) -> list[str]:
        """More servers; gives the ids of their channels."""
        names = [f"channel{n}" for n in range(channels)]
        bodies = [{"name": f"server{next(self._names)}", "channels": names} for _ in range(count)]
        made = [await self.call("POST", "guilds", body) for body in bodies]
        return [channel["id"] for server in made for channel in server["channels"]]

    async def newcomers(self, count: int) -> list[str]:
        """New users, so that no user's limit is reached."""
        bodies = [{"username": f"person{next(self._names)}"} for _ in range(count)]
        return [(await self.call("POST", "users", body))["id"] for body in bodies]

    async def interact(self, acts: Sequence[Json]) -> list[Json]:
        """All of them at the same instant; what became of each, once it was answered."""
        return await self.call("POST", "interactions", [{"kind": "command", **a} for a in acts])

    async def last_call(self) -> int:
        """The number of the newest recorded call."""
        calls = (await self.call("GET", "calls"))["calls"]
        return calls[-1]["n"] if calls else 0

    async def calls(self, server: str, since: int = 0) -> list[Json]:
        """What the bot called after the call numbered `since`."""
        return (await self.call("GET", f"calls?server={server}&since={since}"))["calls"]

    # The bot

    async def start_bot(self, name: str, env: Mapping[str, str] | None = None) -> None:
        """Start it (again), on the same data, and wait until it can be used."""
        settings = {
            "HORDECORD_DISCORD__TOKEN": TOKEN,
            "HORDECORD_DISCORD__API": self.urls["discord"],
            "HORDECORD_BACKENDS__HORDE__URL": self.urls["horde"],
            "HORDECORD_STORE__PATH": str(self.folder / "hordecord.db"),
            "HORDECORD_REFERENCE__ENABLED": "false",
            "BENCH_GATEWAY": self.urls["gateway"],
            "PYTHONPATH": str(ROOT),
            **(env or {}),
        }
        log = self.folder / f"log-{next(self._starts)}"
        begun = time.time()
        with log.open("wb") as out:
            self.bot = psutil.Popen(
                BOTS[name], stdout=out, stderr=out, cwd=self.folder, env=os.environ | settings
            )
        while not _says_ready(log):
            if self.bot.poll() is not None or time.time() > begun + START_LIMIT:
                raise BenchError(f"the bot did not start:\n{log.read_text('utf-8')[-SHOWN:]}")
            await asyncio.sleep(0.01)
        self.start_seconds = time.time() - begun
        for _ in range(200):
            if await self.call("GET", "commands"):
                return
            await asyncio.sleep(0.05)
        raise BenchError("the bot registered no commands")

    def stop_bot(self, *, kill: bool = False) -> None:
        """End it, and the children it leaves; with `kill` as a power cut would."""
        if self.bot is not None:
            end(self.bot, kill=kill)
            self.bot = None

    def uss(self) -> float:
        """Memory that is the bot's alone, in MB, its children counted."""
        assert self.bot is not None
        processes = [self.bot, *self.bot.children(recursive=True)]
        return sum(p.memory_full_info().uss for p in processes) / 1e6

    def cpu(self) -> float:
        """Seconds of processor time so far; conversions, which are child processes, apart."""
        assert self.bot is not None
        times = self.bot.cpu_times()
        return times.user + times.system

    def trouble(self) -> str:
        """The first errors in each log, the sandbox's and the bot's."""
        found: list[str] = []
        for log in sorted(self.folder.glob("log-*")):
            lines = log.read_text("utf-8", "replace").splitlines()
            wrong = [i for i, line in enumerate(lines) if any(t in line for t in TROUBLE)]
            if wrong:
                found.append(f"{log.name}:\n" + "\n".join(lines[wrong[0] :])[:SHOWN])
        return "\n".join(found)


@contextlib.asynccontextmanager
async def world(
    *, latency: str = "", jobs: str = "8-16", servers: Sequence[str] = ()
) -> AsyncIterator[World]:
    """A sandbox, ready, without a bot as yet; everything is ended at the end.

    `latency`: "60-250" adds so many milliseconds each way; `jobs`: seconds that a job takes.
    `servers`: names of the sandbox's optional servers that run.
    """
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    command = [sys.executable, "-m", "sandbox", "--discord", "127.0.0.1:0"]
    command += ["--horde", "127.0.0.1:0", "--job-seconds", jobs]
    command += ["--latency", latency] if latency else []
    for name in servers:
        command += [f"--{name}", "127.0.0.1:0"]
    with tempfile.TemporaryDirectory(prefix="hordecord-bench-") as folder:
        with (Path(folder) / "log-sandbox").open("wb") as log:
            box = psutil.Popen(command, stdout=subprocess.PIPE, stderr=log, cwd=ROOT)
        place: World | None = None
        try:
            line = box.stdout.readline()
            if not line:
                raise BenchError("the sandbox did not start")
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(120)) as session:
                place = World(json.loads(line), Path(folder), session)
                yield place
        finally:
            if place is not None:
                place.stop_bot()
                if trouble := place.trouble():
                    print(trouble, file=sys.stderr)
            end(box)


def _says_ready(log: Path) -> bool:
    return any(line.endswith("ready") for line in log.read_text("utf-8").splitlines())


def end(process: psutil.Popen, *, kill: bool = False) -> None:
    """End a process and whatever it started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        children = process.children(recursive=True)
        if process.poll() is None:
            (process.kill if kill else process.terminate)()
        _, left = psutil.wait_procs([process, *children], timeout=12)
        for survivor in left:
            survivor.kill()
        psutil.wait_procs(left, timeout=5)


def free_port() -> int:
    """A port that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed; nan when there are none."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
