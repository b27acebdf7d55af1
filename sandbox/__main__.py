"""`python -m sandbox`: the local servers alone, for any bot and any client of a backend."""

import argparse
import asyncio
import contextlib
import json
import logging
import signal
import sys

from sandbox.faults import Range
from sandbox.horde.newer.versions import DEFAULT_VERSION, VERSIONS
from sandbox.optional.table import OPTIONAL_SERVERS
from sandbox.servers import Address, Sandbox


def main() -> None:
    """Run until SIGINT or SIGTERM. Prints the URLs as one JSON line on standard output."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(_arguments()))


async def _serve(arguments: argparse.Namespace) -> None:
    sandbox = Sandbox(
        discord=arguments.discord,
        horde=arguments.horde,
        job_seconds=arguments.job_seconds,
        latency=arguments.latency,
        message_content=arguments.message_content,
        horde_version=arguments.horde_version,
        optional=_optional_addresses(arguments),
    )
    async with sandbox:
        stop = _stop_event()
        print(json.dumps(sandbox.urls.by_name()), flush=True)  # noqa: T201  the line scripts wait for
        await stop.wait()


def _optional_addresses(arguments: argparse.Namespace) -> dict[str, Address]:
    """The address of each optional server that the command names."""
    given = {name: getattr(arguments, name.replace("-", "_")) for name in OPTIONAL_SERVERS}
    return {name: address for name, address in given.items() if address is not None}


def _stop_event() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no such handlers; there Ctrl+C ends asyncio.run by itself.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--discord", type=_address, default=("127.0.0.1", 0), metavar="HOST:PORT")
    parser.add_argument("--horde", type=_address, default=("127.0.0.1", 0), metavar="HOST:PORT")
    for name in OPTIONAL_SERVERS:
        parser.add_argument(f"--{name}", type=_address, metavar="HOST:PORT", help="off by default")
    parser.add_argument("--job-seconds", type=_span, default=(2.0, 4.0), metavar="MIN-MAX")
    parser.add_argument(
        "--latency", type=_milliseconds, metavar="MS-MS", help="milliseconds, each way"
    )
    parser.add_argument(
        "--message-content",
        action="store_true",
        help="the application has Discord's message content intent",
    )
    parser.add_argument("--horde-version", choices=VERSIONS, default=DEFAULT_VERSION)
    return parser.parse_args()


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host.strip("[]"), int(port)


def _span(text: str) -> Range:
    """A range of seconds: "8-16" or "2"."""
    low, _, high = text.partition("-")
    try:
        span = float(low), float(high or low)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not MIN-MAX") from error
    if not 0 <= span[0] <= span[1]:
        raise argparse.ArgumentTypeError(f"{text!r} is not a range from low to high")
    return span


def _milliseconds(text: str) -> Range:
    low, high = _span(text)
    return low / 1000, high / 1000


if __name__ == "__main__":
    main()
