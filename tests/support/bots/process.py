"""The whole bot as its own process, against a sandbox, over sockets."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from sandbox.horde.newer.versions import OLDER, HordeVersion
from sandbox.servers import Urls
from tests.support import pseudo_language
from tests.support.credentials import TOKEN_SETTING
from tests.support.paths import REFERENCE_FILES, ROOT

START_MAX = 60.0  # seconds until the bot must be there; it takes two, or twenty on a busy machine
READY = re.compile(r'[ "]ready\b')  # in a log of text, or of JSON
REGISTERED = re.compile(
    r"commands registered|commands could not be registered|does not take the commands"
)

PROGRAM = "tests.support.bots.pseudo_bot" if pseudo_language.wanted() else "bot"


def child_environment(**settings: str) -> dict[str, str]:
    """The environment of a child process, whose only settings are these."""
    kept = {name: value for name, value in os.environ.items() if "HORDECORD" not in name}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | settings


def sandbox_settings(urls: Urls) -> dict[str, str]:
    """The settings that point the bot at a sandbox and at the public files that it has."""
    assert urls.horde is not None
    return TOKEN_SETTING | {
        "HORDECORD_DISCORD__API": urls.discord,
        "HORDECORD_BACKENDS__HORDE__URL": urls.horde,
        "HORDECORD_REFERENCE__HOST_URL": f"{urls.page}reference/api/model_references/v2",
        "HORDECORD_REFERENCE__CIVITAI_URL": f"{urls.page}reference/civitai/models",
        **{
            f"HORDECORD_REFERENCE__{name.upper()}_URL": f"{urls.page}reference/{name}.json"
            for name in REFERENCE_FILES
        },
    }


def backend_settings(name: str, **fields: str) -> dict[str, str]:
    """The settings of the table `[backends.NAME]`, such as `type` and `url`."""
    prefix = f"HORDECORD_BACKENDS__{name.upper()}__"
    return {prefix + field.upper(): value for field, value in fields.items()}


class BotProcess:
    """A bot, and a folder for its log and data. The settings are those of each start."""

    def __init__(self, folder: Path, urls: Urls, **settings: str) -> None:
        self.folder = folder
        self.urls = urls
        self._log = (folder / "bot.log").open("ab")
        store = {"HORDECORD_STORE__PATH": str(folder / "data" / "hordecord.db")}
        self._settings = sandbox_settings(urls) | store | settings
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def control(self) -> str:
        return self.urls.control

    @property
    def log(self) -> str:
        return (self.folder / "bot.log").read_text(encoding="utf-8", errors="replace")

    def environment(self, **settings: str) -> dict[str, str]:
        """The environment of the bot, for a start or for another command of it."""
        return child_environment(**(self._settings | settings))

    def start_bot_with(self, server: str, **fields: str) -> None:
        """Start it with a second backend: the optional server of that name, as `type` of its own.

        `fields`: further settings of its table, such as `api_key`.
        """
        table = {"type": server.replace("-", "_"), "url": self.urls.optional[server]}
        self.start_bot(**backend_settings(server, **(table | fields)))

    def start_bot(self, **settings: str) -> None:
        """Start it, and wait until it says that it is ready and Discord knows its commands."""
        before = len(READY.findall(self.log))
        self.process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM, "run"],
            stdout=self._log,
            stderr=self._log,
            cwd=self.folder,
            env=self.environment(**settings),
        )
        end = time.monotonic() + START_MAX
        while len(READY.findall(self.log)) == before or not REGISTERED.search(self.log):
            assert self.process.poll() is None, f"the bot ended: {self.log[-3000:]}"
            assert time.monotonic() < end, f"never ready: {self.log[-3000:]}"
            time.sleep(0.03)

    def kill_bot(self) -> None:
        """The way a power cut does it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop_bot(self) -> int:
        """The way a service manager does it; gives the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=10)

    def close(self) -> None:
        if self.process is not None:
            _end(self.process)
        self._log.close()


class BotWithSandbox(BotProcess):
    """The same with a sandbox as a process of its own.

    `module`: what runs the sandbox. `horde_version`: of its Horde. `servers`: names of the optional
    servers of the sandbox that run; their URLs are `urls.optional`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        module: str = "sandbox",
        horde_version: HordeVersion = OLDER,
        servers: Iterable[str] = (),
    ) -> None:
        command = [sys.executable, "-m", module, "--discord", "127.0.0.1:0"]
        command += ["--horde", "127.0.0.1:0", "--job-seconds", "0.4-0.8"]
        command += ["--horde-version", horde_version]
        command += [part for name in servers for part in (f"--{name}", "127.0.0.1:0")]
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "sandbox.log").open("ab") as log:
            self._sandbox = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, cwd=ROOT)
        assert self._sandbox.stdout is not None
        urls = json.loads(self._sandbox.stdout.readline())
        own = {each.name: urls.pop(each.name) for each in fields(Urls) if each.name in urls}
        super().__init__(folder, Urls(**own, optional=urls))

    def close(self) -> None:
        super().close()
        _end(self._sandbox)
        if self._sandbox.stdout is not None:
            self._sandbox.stdout.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
