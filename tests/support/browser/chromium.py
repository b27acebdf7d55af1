"""Where a Chromium is on this machine, and how it is started quietly."""

import os
import shutil

import pytest

EXECUTABLES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str:
    """The browser's path. Without one the test is skipped; CI installs one, so there it fails."""
    named = os.environ.get("CHROMIUM")
    found = next(
        (path for name in (named, *EXECUTABLES) if name and (path := shutil.which(name))), None
    )
    if found:
        return found
    reason = f"no browser: none of {', '.join(EXECUTABLES)} is on PATH and CHROMIUM names none"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
