"""The whole bot as its own process, against the sandbox as its own process, over sockets."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.support.paths import ROOT

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.wire12.not-a-real-token-but-shaped-like-one"
START = 60.0  # seconds until the bot must be there; it takes two, or twenty on a busy machine
READY = re.compile(r'[ "]ready\b')  # in a log of text, or of JSON
REGISTERED = re.compile(
    r"commands registered|commands could not be registered|does not take the commands"
)


class BotProcess:
    """A sandbox and a bot, and a folder for the bot's data. `module`: what runs the sandbox."""

    def __init__(self, folder: Path, *sandbox: str, module: str = "sandbox") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._log = (folder / "bot.log").open("ab")
        self._sandbox_log = (folder / "sandbox.log").open("ab")
        command = [sys.executable, "-m", module, "--discord", "127.0.0.1:0"]
        command += ["--horde", "127.0.0.1:0", "--job-seconds", "0.4-0.8", *sandbox]
        self._sandbox = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self._sandbox_log, cwd=ROOT
        )
        assert self._sandbox.stdout is not None
        self.urls: dict[str, str] = json.loads(self._sandbox.stdout.readline())
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def control(self) -> str:
        return self.urls["control"]

    @property
    def log(self) -> str:
        return (self.folder / "bot.log").read_text(encoding="utf-8", errors="replace")

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "HORDECORD_DISCORD__TOKEN": TOKEN,
            "HORDECORD_DISCORD__API": self.urls["discord"],
            "HORDECORD_BACKENDS__HORDE__URL": self.urls["horde"],
            "HORDECORD_STORE__PATH": str(self.folder / "data" / "hordecord.db"),
            **{f"HORDECORD_REFERENCE__{name}": url for name, url in self.reference.items()},
        }

    @property
    def reference(self) -> dict[str, str]:
        """Where the sandbox has what the internet has else."""
        base = f"{self.urls['page']}reference"
        return {
            "MODELS_URL": f"{base}/models.json",
            "STYLES_URL": f"{base}/styles.json",
            "CATEGORIES_URL": f"{base}/categories.json",
            "PREVIEWS_URL": f"{base}/previews.json",
            "ENHANCEMENTS_URL": f"{base}/enhancements.json",
            "CIVITAI_URL": f"{base}/civitai/models",
        }

    def start_bot(self, **more: str) -> None:
        """Start it, and wait until it says that it is ready and Discord knows its commands."""
        before = len(READY.findall(self.log))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            stdout=self._log,
            stderr=self._log,
            cwd=self.folder,
            env=self.environment() | {"PYTHONPATH": str(ROOT)} | more,
        )
        end = time.monotonic() + START
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
        for process in (self.process, self._sandbox):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if self._sandbox.stdout is not None:
            self._sandbox.stdout.close()
        self._log.close()
        self._sandbox_log.close()
