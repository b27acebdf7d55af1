"""Which functions of the bot run for one /imagine: the bot in this process, the sandbox beside it.

A server key pays, one picture, no error. Recorded with sys.setprofile in all threads, from the
arrival of the interaction until the request's row is closed and its slot free again. What an idle
period runs too is background and left out. A nested function counts as the function around it; a
property is read and not called, so it does not count.
"""

import ast
import asyncio
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from world import ROOT, TOKEN, Json, World, world

KEY = "RichTrustedSandboxKey2"  # an account that the sandbox's Horde has
IDLE = 5.0  # seconds of the idle period; the request takes about two
AFTER = 0.2  # seconds after the row is closed: the account's slot is free again
LIMIT = 60.0  # seconds until the request must be closed
LOCAL = ".<locals>"


class Function(NamedTuple):
    """A function of the bot: its module with dots, and its name with that of its class."""

    module: str
    name: str


@dataclass(frozen=True)
class Call:
    """One entry into a function. `begins`: a call, and not a coroutine that goes on."""

    function: Function
    caller: Function | None  # the nearest function of the bot on the stack
    begins: bool


@dataclass(frozen=True)
class Way:
    """The calls of one request in their order, without the background and without properties."""

    calls: tuple[Call, ...]

    @property
    def functions(self) -> list[Function]:
        """All that ran, in the order of first visits."""
        return list(dict.fromkeys(call.function for call in self.calls))

    @property
    def steps(self) -> list[Function]:
        """Those that call a function of another module: they lead the request on."""
        steps = {
            call.caller
            for call in self.calls
            if call.caller and call.caller.module != call.function.module
        }
        return [function for function in self.functions if function in steps]

    def count(self, functions: set[Function]) -> int:
        """How often these were called."""
        return sum(call.begins and call.function in functions for call in self.calls)


def figures(functions: list[Function]) -> tuple[int, int, int]:
    """Functions, modules, and how often the next one is in another module."""
    changes = sum(one.module != other.module for one, other in pairwise(functions))
    return len(functions), len({function.module for function in functions}), changes


class Recorder:
    """Takes down the calls of the bot's functions, in every thread started after it."""

    def __init__(self) -> None:
        self._folders = (f"{ROOT / 'bot'}{os.sep}", f"{ROOT / 'cogs'}{os.sep}")
        self._calls: list[Call] = []
        self._on = False
        threading.setprofile(self._profile)
        sys.setprofile(self._profile)

    def start(self) -> None:
        self._calls.clear()
        self._on = True

    def stop(self) -> list[Call]:
        self._on = False
        return list(self._calls)

    def _profile(self, frame: FrameType, event: str, _argument: object) -> None:
        if self._on and event == "call" and frame.f_code.co_filename.startswith(self._folders):
            # The argument of RESUME is 0 at a start, else the coroutine goes on.
            begins = frame.f_code.co_code[frame.f_lasti + 1] == 0
            nested = LOCAL in frame.f_code.co_qualname
            self._calls.append(Call(_function(frame), self._caller(frame), begins and not nested))

    def _caller(self, frame: FrameType) -> Function | None:
        own, outer = _function(frame), frame.f_back
        while outer is not None:
            if outer.f_code.co_filename.startswith(self._folders):
                found = _function(outer)
                if found != own:
                    return found
            outer = outer.f_back
        return None


def _function(frame: FrameType) -> Function:
    path = Path(frame.f_code.co_filename).relative_to(ROOT).with_suffix("")
    return Function(".".join(path.parts), frame.f_code.co_qualname.split(LOCAL)[0])


async def trace() -> Way:
    """The way of one request through the bot of this checkout."""
    async with world(jobs="0.8-0.8") as place:
        stop, ready = asyncio.Event(), asyncio.Event()
        recorder = Recorder()
        bot = asyncio.create_task(_bot(place, stop, ready.set))
        try:
            await asyncio.wait_for(ready.wait(), LIMIT)
            return await asyncio.wait_for(_recorded(place, recorder), LIMIT)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
            stop.set()
            await bot


async def _bot(place: World, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    os.environ |= {
        "HORDECORD_DISCORD__TOKEN": TOKEN,
        "HORDECORD_DISCORD__API": place.urls["discord"],
        "HORDECORD_BACKENDS__HORDE__URL": place.urls["horde"],
        "HORDECORD_STORE__PATH": str(_database(place)),
        "HORDECORD_REFERENCE__ENABLED": "false",
    }
    sys.path.insert(0, str(ROOT))  # as a script bench/ is the only folder that is looked in
    from bot.app import run  # noqa: PLC0415 - of this checkout, whatever is installed
    from bot.settings import load  # noqa: PLC0415

    await run(load(None), stop=stop, ready=ready)


async def _recorded(place: World, recorder: Recorder) -> Way:
    while not await place.call("GET", "commands"):  # noqa: ASYNC110 - another process has them
        await asyncio.sleep(0.05)
    ada, ben = (user["id"] for user in (await place.call("GET", "world"))["users"][:2])
    channel = (await place.channels())[0]
    await _set_key(place, {"user_id": ada, "channel_id": channel})
    recorder.start()
    await asyncio.sleep(IDLE)
    left_out = {call.function for call in recorder.stop()} | _properties()
    recorder.start()
    act = {"user_id": ben, "channel_id": channel, "options": {"prompt": "a fox"}}
    await place.interact([{"name": "imagine", **act}])
    while not _is_closed(place):  # noqa: ASYNC110 - the database has no event for it
        await asyncio.sleep(0.005)
    await asyncio.sleep(AFTER)
    calls = recorder.stop()
    return Way(tuple(call for call in calls if call.function not in left_out))


def _properties() -> set[Function]:
    return {
        Function(module, name)
        for module, name, node in methods("bot", "cogs")
        if any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
    }


def methods(*folders: str) -> Iterator[tuple[str, str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """The methods of all classes in these folders: module, name with that of the class, node."""
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for owner in ast.parse(path.read_text("utf-8")).body:
            for node in owner.body if isinstance(owner, ast.ClassDef) else ():
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield module, f"{owner.name}.{node.name}", node


async def _set_key(place: World, who: Json) -> None:
    (opened,) = await place.interact([{"name": "server key set", **who}])
    form = opened["modal"]
    (field,) = (part["custom_id"] for part in _parts(form) if part["type"] == 4)
    typed = {"custom_id": form["custom_id"], "fields": {field: KEY}}
    await place.interact([{"kind": "modal", **who, **typed}])
    await asyncio.sleep(1)  # it is checked at the Horde after the answer


def _parts(component: Json) -> Iterator[Json]:
    for part in component.get("components", ()):
        yield part
        yield from _parts(part)
        if inner := part.get("component"):
            yield inner


def _is_closed(place: World) -> bool:
    with closing(sqlite3.connect(f"file:{_database(place)}?mode=ro", uri=True)) as db:
        row = db.execute("SELECT phase, payer, closed_at IS NOT NULL FROM requests").fetchone()
    if row is None or not row[2]:
        return False
    assert row[:2] == ("done", "guild"), row
    return True


def _database(place: World) -> Path:
    return place.folder / "hordecord.db"
