"""One browser, sandbox and demo bot for all; each test has a channel and a page of its own."""

import asyncio
import itertools
import re
import sys
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.cli.trial import JOB_SECONDS
from sandbox import Sandbox
from tests.support.bots.page_bot import running_page_bot
from tests.support.browser.chat_page import Chat, open_chat
from tests.support.browser.chromium import ARGUMENTS, executable
from tests.support.discord.client import controlling

channel_numbers = itertools.count(1)
TRIAL_ADDRESS = re.compile(rb"Open (http://127\.0\.0\.1:\d+/)")
TRIAL_START_MAX = 30  # seconds until the trial is there
QUICK_JOBS = (0.8, 1.6)  # seconds of a job where its progress does not matter


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncGenerator[Browser]:
    path = executable()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def box(browser: Browser) -> AsyncGenerator[Sandbox]:
    """A sandbox with the demo bot in it.

    It asks for the browser first, so that nothing is started for tests that are skipped.
    """
    async with Sandbox(horde=None) as box, running_page_bot(box.urls):
        yield box


@pytest_asyncio.fixture(loop_scope="session")
async def chat(browser: Browser, box: Sandbox) -> AsyncGenerator[Chat]:
    """A channel of its own with the demo bot, on a desktop's screen."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    async with open_chat(context, box.urls.page, f"test-{next(channel_numbers)}") as chat:
        yield chat


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, box: Sandbox) -> AsyncGenerator[Chat]:
    """The same on a phone."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    async with open_chat(context, box.urls.page, f"test-{next(channel_numbers)}") as chat:
        yield chat


@pytest_asyncio.fixture(loop_scope="session")
async def trial_chat(
    browser: Browser, trial: str, request: pytest.FixtureRequest
) -> AsyncGenerator[Chat]:
    """A channel of the test file's name in the trial, on a screen with room for long cards."""
    context = await browser.new_context(viewport={"width": 1280, "height": 1000})
    channel = request.path.stem.removeprefix("test_").replace("_", "-")
    async with open_chat(context, trial, channel) as chat:
        yield chat


async def pace(page: str, seconds: tuple[float, float]) -> None:
    """How long the trial's Horde works at a picture from now on."""
    async with controlling(f"{page}control") as control:
        await control.post("horde/knobs", job_seconds=seconds)


@pytest_asyncio.fixture(loop_scope="session")
async def trial(trial_process: str) -> str:
    """The address of the trial, with a quick Horde."""
    await pace(trial_process, QUICK_JOBS)
    return trial_process


@pytest_asyncio.fixture(loop_scope="session")
async def unhurried(trial_process: str) -> str:
    """The trial as a newcomer has it."""
    await pace(trial_process, JOB_SECONDS)
    return trial_process


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def trial_process(browser: Browser) -> AsyncGenerator[str]:
    """The address that `hordecord try` prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "try", "--no-browser"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(TRIAL_START_MAX):
            found = TRIAL_ADDRESS.match(await process.stdout.readline())
        assert found
        yield found[1].decode()
    finally:
        process.terminate()
        assert await process.wait() == 0
