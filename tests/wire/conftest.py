"""The whole bot as its own process, against the sandbox as its own process, over sockets."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from sandbox.horde.newer.versions import NEWER
from tests.support.bots.process import BotProcess, BotWithSandbox
from tests.support.discord.client import Control, controlling


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[BotProcess]:
    """One world for the tests that leave it as they found it."""
    with closing(BotWithSandbox(tmp_path_factory.mktemp("shared"))) as bot:
        bot.start_bot()
        yield bot


@pytest.fixture
def own(tmp_path: Path) -> Generator[BotProcess]:
    """A world for one test, its bot not started yet."""
    with closing(BotWithSandbox(tmp_path)) as bot:
        yield bot


@pytest.fixture
def newer(tmp_path: Path) -> Generator[BotProcess]:
    """The same with a newer Horde."""
    with closing(BotWithSandbox(tmp_path, horde_version=NEWER)) as bot:
        yield bot


@pytest.fixture
def with_servers(tmp_path: Path) -> Generator[Callable[..., BotProcess]]:
    """Makes a world whose sandbox has the named optional servers; its bot is not started yet."""
    with ExitStack() as stack:

        def make(*servers: str) -> BotProcess:
            bot = BotWithSandbox(tmp_path, servers=servers)
            return stack.enter_context(closing(bot))

        yield make


@pytest.fixture
async def newer_control(newer: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(newer.control) as found:
        yield found


@pytest.fixture
async def control(shared: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(shared.control) as found:
        yield found
        await found.call("DELETE", "faults")


@pytest.fixture
async def own_control(own: BotProcess) -> AsyncGenerator[Control]:
    async with controlling(own.control) as found:
        yield found
