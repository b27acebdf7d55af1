"""`hordecord try`: the bot in a browser, on a local Discord and Horde."""

import os
import secrets
import sys
import tempfile
import threading
import webbrowser
from asyncio import Event
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import click
from pydantic import SecretStr

from bot.app import run
from bot.errors import BotError, reason_of
from bot.settings import (
    BackendSettings,
    DiscordSettings,
    LogSettings,
    ReferenceSettings,
    Settings,
    StoreSettings,
)

ANY_PORT = ("127.0.0.1", 0)
JOB_SECONDS = (3.0, 8.0)  # of the local Horde: long enough to see a card change
LIVE = "https://aihorde.net/api/v2"
# The other backends of a local trial: each is a server of the sandbox with that name. They draw
# landscapes.
OTHERS = {
    "a1111": BackendSettings(type="a1111", safe=True),
    "aipg": BackendSettings(type="aipg", api_key=SecretStr("grid_ada_0123456789abcdef"), safe=True),
    "openai": BackendSettings(type="openai", kinds=("text", "image"), safe=True),
}


async def run_trial(stop: Event, *, live: bool, port: int, browser: bool) -> None:
    """Run the bot and the page until `stop` is set; nothing is left of them then.

    `live`: with the real Horde. `port`: of the page, 0 for any free one; raises BotError when it
    cannot be used. `browser`: open the page there too.
    """
    from sandbox import Sandbox  # noqa: PLC0415 - `run` does without its memory

    horde = None if live else ANY_PORT
    box = Sandbox(
        discord=("127.0.0.1", port),
        horde=horde,
        job_seconds=JOB_SECONDS,
        optional={} if live else dict.fromkeys(OTHERS, ANY_PORT),
    )
    async with AsyncExitStack() as stack:
        folder = tempfile.TemporaryDirectory(prefix="hordecord-", ignore_cleanup_errors=True)
        path = Path(stack.enter_context(folder))
        try:
            await stack.enter_async_context(box)
        except OSError as error:
            raise BotError(f"Port {port} cannot be used: {reason_of(error)}.") from error
        others = {n: OTHERS[n].model_copy(update={"url": u}) for n, u in box.urls.optional.items()}
        settings = _settings(path, box.urls.discord, box.urls.horde or LIVE, others)
        if not live:
            settings = settings.model_copy(update={"reference": _local(box.urls.page)})
        await run(
            settings,
            stop=stop,
            ready=_opener(box.urls.page, _hints(box.example_keys(), others), browser=browser),
        )


def _settings(
    folder: Path, api: str, horde: str, others: Mapping[str, BackendSettings]
) -> Settings:
    """Settings that ignore the file and the environment: a real token stays unused."""
    return Settings(
        discord=DiscordSettings(token=SecretStr(f"trial-{secrets.token_hex(16)}"), api=api),
        store=StoreSettings(path=folder / "hordecord.db"),
        backends={"horde": BackendSettings(url=horde), **others},
        log=LogSettings(level="WARNING"),
    )


def _local(page: str) -> ReferenceSettings:
    """The public files of the sandbox."""
    base = f"{page}reference"
    return ReferenceSettings(
        models_url=f"{base}/models.json",
        host_url=f"{base}/api/model_references/v2",
        text_models_url=f"{base}/text_models.json",
        styles_url=f"{base}/styles.json",
        categories_url=f"{base}/categories.json",
        previews_url=f"{base}/previews.json",
        enhancements_url=f"{base}/enhancements.json",
        civitai=True,
        civitai_url=f"{base}/civitai/models",
    )


def _opener(page: str, hints: Sequence[str], *, browser: bool) -> Callable[[], None]:
    def opened() -> None:
        click.echo(f"Open {page}")
        for line in hints:
            click.echo(line)
        click.echo("Press Ctrl+C to stop it. No data is kept.")
        sys.stdout.flush()
        if browser and _has_screen():
            # In a thread of its own: some systems wait until the browser is closed.
            threading.Thread(target=webbrowser.open, args=(page,), daemon=True).start()

    return opened


def _hints(accounts: Iterable[tuple[str, str, float]], others: Collection[str]) -> list[str]:
    """The accounts (key, name, kudos) of the local Horde, and the other backends."""
    keys = [f"  {key}  {name}, {kudos:,.0f} kudos" for key, name, kudos in accounts]
    lines = ["API keys for /account login:", *keys] if keys else []
    if others:
        lines.append(f"Other backends for /server backend: {', '.join(others)}")
    return lines


def _has_screen() -> bool:
    """Without a display a text browser would take over the terminal."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
