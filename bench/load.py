"""Hordecord under load, beside a bot of the usual kind, as one Markdown table.

    python bench/load.py [--only NAME ...] [--at L|W ...] [--outage SECONDS] [--alone] [--quick]

L is the loopback as it is, W adds latency each way. Each scenario starts a sandbox and the bot as
processes of their own and is measured from outside, then once more with the control bot (bench/
control_bot.py). The database remembers 100,000 requests. `--quick` tries everything out with few
people: its figures say nothing.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
from breakdowns import killed, outage
from crowds import at_once, at_once_ringing, over_a_minute, thousand, two_people
from polled import polled
from remembered import remember
from setting import Figure, Setting
from world import BenchError

LATENCY = "60-250"  # milliseconds each way
REMEMBERED = 100_000


@dataclass(frozen=True)
class Scenario:
    """`control`: whether it says something about the control bot; `where`: L, W or both."""

    title: str
    run: Callable[[Setting], Awaitable[list[Figure]]]
    control: bool = True
    where: str = "LW"


SCENARIOS = {
    "at-once": Scenario("100 at once, one channel", at_once),
    "webhook": Scenario("100 at once, with webhook", at_once_ringing, control=False),
    "minute": Scenario("100 over 70 s, one channel", over_a_minute),
    "thousand": Scenario("1,000 at once, 200 servers, trusted key", thousand),
    "polled": Scenario("2,000 with the Horde, all polled", polled, where="L"),
    "outage": Scenario("outage, 200 sent and 200 unsent", outage),
    "kill": Scenario("kill -9 with 100 open", killed),
    "two": Scenario("one person with 50, then another with 1", two_people),
}


async def measured(scenario: Scenario, setting: Setting) -> list[Figure]:
    """The figures of one run, or one that says why there are none."""
    print(f"{time.strftime('%H:%M:%S')} {scenario.title}: {setting.bot}", file=sys.stderr)
    try:
        return await scenario.run(setting)
    except* (BenchError, aiohttp.ClientError) as group:
        print(group.exceptions, file=sys.stderr)
    return [Figure("could not be run", "see the error output")]


async def rows(scenario: Scenario, setting: Setting, *, alone: bool = False) -> list[str]:
    """The lines of the table for one scenario at one place."""
    ours = await measured(scenario, setting)
    beside = scenario.control and not alone
    theirs = await measured(scenario, replace(setting, bot="control")) if beside else []
    control = {figure.name: figure.value for figure in theirs}
    line = "W" if setting.latency else "L"
    return [
        f"| {scenario.title}, {line} | {each.name} | {each.asked[line == 'W'] or '-'} "
        f"| {each.value} | {control.get(each.name, '-')} |"
        for each in ours
    ]


async def main(chosen: argparse.Namespace) -> None:
    names: Sequence[str] = chosen.only or list(SCENARIOS)
    print("| scenario | figure | asked | reached | control |")
    print("| --- | --- | --: | --: | --: |", flush=True)
    with tempfile.TemporaryDirectory(prefix="hordecord-bench-") as folder:
        database = Path(folder) / "remembered.db"
        await remember(database, REMEMBERED)
        base = Setting("hordecord", "", chosen.quick, chosen.outage, database)
        for name in names:
            scenario = SCENARIOS[name]
            for line in chosen.at:
                if line in scenario.where:
                    latency = LATENCY if line == "W" else ""
                    found = await rows(scenario, replace(base, latency=latency), alone=chosen.alone)
                    print("\n".join(found), flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, metavar="NAME", help="of these")
    parser.add_argument("--at", nargs="+", choices=("L", "W"), default=["L", "W"])
    parser.add_argument("--outage", type=float, help="seconds (600; 15 with --quick)")
    parser.add_argument("--alone", action="store_true", help="without the control bot")
    parser.add_argument("--quick", action="store_true", help="small sizes, to try it out")
    chosen = parser.parse_args()
    if chosen.outage is None:
        chosen.outage = 15.0 if chosen.quick else 600.0
    return chosen


if __name__ == "__main__":
    asyncio.run(main(arguments()))
