"""The command line: run, try, check, keygen, rotate-keys, restore, invite."""

import asyncio
import importlib
import io
import logging
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
import discord

from bot.accounts.encryption.key_rotation import rotate
from bot.accounts.encryption.vault import new_key
from bot.app import run as run_bot
from bot.cli.check import examine
from bot.cli.check_discord import check_token
from bot.cli.check_finding import Finding, table
from bot.cli.check_variables import examine_variables
from bot.cli.health_probe import config_of_container, probe
from bot.cli.invite import invitation
from bot.cli.trial import run_trial
from bot.errors import BotError, SettingsError
from bot.http.proxies import reach_loopback_directly, use_all_proxy
from bot.monitoring.logs import (
    JsonLines,
    RedactingFormatter,
    one_line,
    plain_lines,
    shows_colours,
)
from bot.settings import LogSettings, Settings, ignored_variables, load
from bot.storage.backup import restore
from bot.version import __version__

log = logging.getLogger(__name__)
CLOSE = 7.5  # seconds; service managers wait 8 (Docker 10) before they kill

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Settings file. Default: ./config.toml if it exists, and the environment.",
)


class _Commands(click.Group):
    """Turns errors into one line and an exit code: 2 for settings, 1 for anything else."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BotError as error:
            click.echo(f"hordecord: {error}", err=True)
            ctx.exit(2 if isinstance(error, SettingsError) else 1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hordecord")
def main() -> None:
    """Hordecord: a Discord bot for the AI Horde."""
    use_all_proxy(os.environ)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console may lack a character of a name
            stream.reconfigure(errors="backslashreplace")


@main.command("run")
@config_option
def run_command(config: Path | None) -> None:
    """Run the bot until SIGINT or SIGTERM."""
    settings = load(config)
    check_token(settings.discord)
    _set_up_log(settings.log)
    if ignored := ignored_variables(os.environ):
        log.warning("ignored environment variables that are not settings: %s", ", ".join(ignored))
    # other users of this machine must not read prompts, images and tokens
    os.umask(0o077)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_run(settings))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The loop of uvloop where the `speed` extra is installed, else asyncio's own."""
    try:
        return importlib.import_module("uvloop").new_event_loop
    except ImportError:
        return None


async def _run(settings: Settings) -> None:
    async with _stop_signals() as stop:
        await run_bot(settings, stop=stop)


@asynccontextmanager
async def _stop_signals() -> AsyncGenerator[asyncio.Event]:
    """An event that SIGINT and SIGTERM set. The process is cut off if closing takes too long."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    limit = asyncio.timeout(None)

    def set_stop() -> None:
        if not stop.is_set():
            limit.reschedule(loop.time() + CLOSE)
        stop.set()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(set_stop)

    try:
        async with limit:
            # signal.signal and not loop.add_signal_handler, which Windows does not have.
            before = {n: signal.signal(n, on_signal) for n in (signal.SIGINT, signal.SIGTERM)}
            try:
                yield stop
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)
    except TimeoutError:
        if not limit.expired():
            raise
        raise BotError(f"The bot did not stop within {CLOSE} s after the signal.") from None


@main.command("try")
@click.option("--live", is_flag=True, help="Use the real AI Horde anonymously, not a local one.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port of the page. 0: any free port."
)
@click.option("--no-browser", is_flag=True, help="Print the address, but open no browser.")
def try_command(live: bool, port: int, no_browser: bool) -> None:
    """Try the bot in a browser, without an account.

    It needs no token, and no data leaves this machine. Press Ctrl+C to stop it.
    """
    _set_up_log(LogSettings(level="WARNING"))
    reach_loopback_directly(os.environ)
    asyncio.run(_try(live=live, port=port, browser=not no_browser))


async def _try(*, live: bool, port: int, browser: bool) -> None:
    async with _stop_signals() as stop:
        await run_trial(stop, live=live, port=port, browser=browser)


def _set_up_log(log: LogSettings) -> None:
    level, handler = logging.getLevelNamesMapping()[log.level], logging.StreamHandler()
    if log.format == "json":
        discord.utils.setup_logging(handler=handler, level=level, formatter=JsonLines())
    elif shows_colours(sys.stderr, os.environ):
        discord.utils.setup_logging(handler=handler, level=level)
    else:
        discord.utils.setup_logging(handler=handler, level=level, formatter=plain_lines())
    if log.format == "text":
        handler.addFilter(one_line)
    if handler.formatter is not None:
        handler.setFormatter(RedactingFormatter(handler.formatter))


@main.command("check")
@config_option
@click.pass_context
def check_command(ctx: click.Context, config: Path | None) -> None:
    """Check an installation.

    Lists each error and how to correct it. Exit code 1 if there is an error.
    """
    try:
        settings = load(config)
    except SettingsError as error:
        findings = [Finding("Settings", ok=False, text=str(error))]
    else:
        findings = [Finding("Settings", ok=True, text="complete")]
        findings += examine_variables(os.environ)
        findings += asyncio.run(examine(settings))
    click.echo(table(findings))
    ctx.exit(0 if all(finding.ok for finding in findings) else 1)


@main.command("health")
@config_option
def health_command(config: Path | None) -> None:
    """Check the health of the running bot.

    For a container: exit code 1 if [http] listen does not answer, or if the connection to Discord
    or the database is down.
    """
    asyncio.run(probe(load(config or config_of_container()).http))


@main.command("restore")
@config_option
@click.argument("file", type=click.Path(path_type=Path))
def restore_command(config: Path | None, file: Path) -> None:
    """Restore a backup of the database. Stop the bot first. The old database is kept."""
    old = restore(load(config).store.path, file)
    click.echo(f"Restored {file}." + (f" The old database is {old}." if old else ""))


@main.command("rotate-keys")
@config_option
@click.option(
    "--forget-lost",
    is_flag=True,
    help="Delete stored API keys that cannot be decrypted. Their owners must log in again.",
)
def rotate_command(config: Path | None, forget_lost: bool) -> None:
    """Encrypt all stored API keys with a new secret key. Stop the bot first."""
    click.echo(str(rotate(load(config).store, forget_lost=forget_lost)))


@main.command("keygen")
def keygen_command() -> None:
    """Print a new key for [store] secret_keys."""
    click.echo(new_key())


@main.command("invite")
@config_option
def invite_command(config: Path | None) -> None:
    """Print the links that add the bot to a server or an account."""
    click.echo(asyncio.run(invitation(load(config).discord)))
