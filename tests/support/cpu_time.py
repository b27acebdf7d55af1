"""Limits for the processor's time, which other programs on the machine do not use up."""

import time
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def cpu_limit(seconds: float) -> Generator[None]:
    """Fail when this process needs more processor time than that."""
    before = time.process_time()
    yield
    used = time.process_time() - before
    assert used < seconds, f"{used:.2f} s of processor time"
