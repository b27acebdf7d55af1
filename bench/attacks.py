"""What attacks cost the others: memory, and the latency of a small read while each goes on.

Runs in this process on temporary files, opens no connection, and stops by itself within two
minutes: python -m bench.attacks

With --whole the attacks are made on the whole bot, started as a process beside the sandbox, and
another member's commands are timed: python bench/attacks.py --whole
"""

import asyncio
import random
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from bot.domain.records import MessageRef, Payer
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase, Status
from bot.errors import NotAllowed
from bot.rules.guild_settings import GuildSettings, WordRule
from bot.rules.word_filter import check_words
from bot.services.personal_data.person_export import JsonPages, PersonFile
from bot.services.word_checks import WordChecks
from bot.storage import Store
from bot.storage.tables.person_data import ABOUT

ROWS, OPEN, TODAY = 5_000, 1_000, 20_000
ATTACKER, OTHER = 715_000_000_000_000_007, 815_000_000_000_000_008
LIMIT = 20.0  # seconds for one attack
SLOW = ("((a|b){1,1000})+Q", "(a?){960}Q", "(a{0,30}){0,30}Q", "([ab]{0,20}c?){30}Q")
RULES = GuildSettings(words=tuple(WordRule(text=text, how="regex") for text in SLOW))


async def fill(store: Store, user: int, count: int, first: int, *, ended: bool) -> None:
    """Requests of a person."""
    for number in range(first, first + count):
        record = await store.requests.add(
            interaction_id=number, backend="horde", user_id=user, guild_id=None,
            payer=Payer.ANONYMOUS, request=ImageRequest(prompt=f"fox {number} " + "x" * 900),
            message=MessageRef(channel_id=1), now=1.0,
        )  # fmt: skip
        if ended:
            await store.requests.change(
                record.id, phase=Phase.DONE, status=Status(phase=Phase.DONE), closed_at=2.0
            )


async def rules_of_a_server(_store: Store) -> None:
    checks, dice = WordChecks(), random.Random(1)
    text = "".join(dice.choices("abAB\u0430", k=4_000))
    for _ in range(10):
        with suppress(NotAllowed):
            await checks.run(5, RULES, lambda spend: check_words((text,), RULES.words, spend))


async def exports(store: Store) -> None:
    async def one() -> None:
        text, file = JsonPages({}, tuple(ABOUT)), PersonFile(10_000_000)
        file.write(text.start())
        async for table, rows in store.person_data.pages(ATTACKER, ()):
            await asyncio.to_thread(lambda t=table, r=rows: file.write(text.page(t, r)))
        file.close()

    await asyncio.gather(*(one() for _ in range(3)))


async def searches(store: Store) -> None:
    await asyncio.gather(*(store.history.page(ATTACKER, search="whale") for _ in range(20)))


async def deletes(store: Store) -> None:
    await asyncio.gather(*(store.requests.open_with_files_of(n) for n in range(1, 41)))


async def forgetting(store: Store) -> None:
    await store.person_data.forget(ATTACKER, (), TODAY)
    await store.person_data.scrub(TODAY)


ATTACKS: dict[str, Callable[[Store], Awaitable[None]]] = {
    "slow word rules, 10 checks": rules_of_a_server,
    "3 exports at once": exports,
    "20 searches at once": searches,
    "40 deletes at once": deletes,
    "forgetting, with a scrub": forgetting,
}


async def measured(store: Store, attack: Callable[[Store], Awaitable[None]]) -> list[float]:
    """Latencies of another person's reads, in seconds, while the attack goes on."""
    latencies: list[float] = []
    under_way = asyncio.create_task(asyncio.wait_for(attack(store), LIMIT))  # type: ignore[arg-type]
    while not under_way.done():
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        await store.requests.open_of(OTHER)
        latencies.append(time.perf_counter() - began - 0.005)
    await under_way
    return sorted(latencies)


def memory() -> float:
    """The most memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


async def main() -> None:
    """Print one line for each attack."""
    with tempfile.TemporaryDirectory() as folder:
        async with Store.open(Path(folder) / "bot.db") as store:
            await asyncio.gather(
                fill(store, ATTACKER, ROWS, 1, ended=True),
                fill(store, 9, OPEN, 1_000_000, ended=False),
            )
            print(f"{ROWS} requests of the attacker, {OPEN} open ones; {memory():.0f} MB")
            print(
                "| attack | s | median ms | worst ms | MB more |\n| --- | --- | --- | --- | --- |"
            )
            for name, attack in ATTACKS.items():
                before, began = memory(), time.perf_counter()
                found = await measured(store, attack)
                took = time.perf_counter() - began
                median, worst = found[len(found) // 2] * 1_000, found[-1] * 1_000
                more = memory() - before
                print(f"| {name} | {took:.1f} | {median:.1f} | {worst:.0f} | {more:.0f} |")


if __name__ == "__main__":
    if "--whole" in sys.argv:
        from whole_attacks import main as attack_the_bot  # bench/ is on the path

        asyncio.run(attack_the_bot())
    else:
        asyncio.run(main())
