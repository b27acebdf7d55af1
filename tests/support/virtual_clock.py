"""An event loop in which time passes only when all tasks wait, and then at once.

Hours of waiting take milliseconds, and everything happens in the same order each time. A wait for
an event that never comes fails at once: a lost wake-up cannot hide behind a time-out.
"""

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

TICK = 1e-7  # seconds that a turn of the loop takes; else what waits for a rounding error spins
P = ParamSpec("P")
Returned = TypeVar("Returned")


class Stuck(RuntimeError):
    """All tasks wait, and nothing is due."""


class _Selector(selectors.DefaultSelector):
    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Stuck
        self.now += max(timeout, TICK)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its clock is its own."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.now

    def run_in_executor(
        self, executor: Any, func: Callable[..., Returned], *args: Any
    ) -> asyncio.Future[Returned]:
        """At once and here: no thread could tell this clock how long it takes."""
        del executor
        future: asyncio.Future[Returned] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - raised in the caller
            future.set_exception(error)
        return future


def virtual(test: Callable[P, Coroutine[Any, Any, Returned]]) -> Callable[P, Returned]:
    """Runs an asynchronous test on a loop of its own."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> Returned:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            return runner.run(test(*args, **kwargs))

    return run
