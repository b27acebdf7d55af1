"""The limits of the picture process on hosts that set or forbid some."""

import resource
import subprocess
import sys

import pytest

from bot.pictures import worker

LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_AS, (1_300_000_000, 1_300_000_000))
runpy.run_module("bot.pictures.worker", run_name="__main__")
"""


def test_lower_limit_of_the_host_is_kept() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED], input=b"", capture_output=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize("error", [ValueError("current limit exceeds maximum limit"), OSError(1)])
def test_refused_limit_is_one_line_and_no_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(resource, "setrlimit", refuse)
    worker._limit(resource.RLIMIT_AS, 1)
    assert caplog.messages[0].startswith("pictures are read without a limit")
