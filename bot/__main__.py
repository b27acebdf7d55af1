"""The start of the program. It may be told to stop while it still loads."""

import importlib
import os
import signal
import sys
from collections.abc import MutableMapping
from types import FrameType

STOPPABLE = ("run", "try")  # others end by a signal as programs usually do


def main() -> None:
    """The command line, which takes about a second to load."""
    if sys.argv[1:2] and sys.argv[1] in STOPPABLE:
        # Until `run` itself waits for these signals, nothing is open that would have to be closed.
        signal.signal(signal.SIGINT, _end)
        signal.signal(signal.SIGTERM, _end)
    _use_certificates(os.environ)
    importlib.import_module("bot.cli.commands").main()


def _use_certificates(env: MutableMapping[str, str]) -> None:
    """Make REQUESTS_CA_BUNDLE count: Python knows SSL_CERT_FILE alone, and reads it on import."""
    bundle = env.get("REQUESTS_CA_BUNDLE", "")
    if bundle and not env.get("SSL_CERT_FILE") and not env.get("SSL_CERT_DIR"):
        env["SSL_CERT_DIR" if os.path.isdir(bundle) else "SSL_CERT_FILE"] = bundle  # noqa: PTH112


def _end(_number: int, _frame: FrameType | None) -> None:
    os._exit(0)


if __name__ == "__main__":
    main()
