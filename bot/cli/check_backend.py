"""Checks of a backend: its health and its key."""

import aiohttp

from bot.backends import open_backend
from bot.backends.base import Account
from bot.cli.check_finding import Finding, plain_line
from bot.errors import BackendError, BotError, RequestRejected, SettingsError
from bot.settings import ANONYMOUS_KEY, BackendSettings


async def examine_backend(
    name: str, backend: BackendSettings, session: aiohttp.ClientSession
) -> list[Finding]:
    """Health of that backend, and the account of its key."""
    mend = f"Check [backends.{name}] url and the network."
    try:
        server = open_backend(name, backend, session=session)
    except SettingsError as error:
        return [Finding(f"Backend {name}", ok=False, text=str(error))]
    try:
        health = await server.health()
    except BotError as error:
        return [Finding(f"Backend {name}", ok=False, text=str(error), mend=mend)]
    if health.maintenance:
        mend = "Wait until the maintenance is over. Requests wait too."
    fine = health.ok and not health.maintenance
    found = [Finding(f"Backend {name}", fine, plain_line(health.message), mend)]
    if not health.ok:
        return found
    key = backend.api_key.get_secret_value()
    mend = f"Check [backends.{name}] api_key. 0000000000 is the anonymous key."
    try:
        account = await server.account(key)
    except RequestRejected:
        return [*found, Finding(f"Key of {name}", ok=False, text="not a valid key", mend=mend)]
    except BackendError as error:
        return [
            *found,
            Finding(f"Key of {name}", ok=False, text=str(error), mend="Try again later."),
        ]
    if account.deleted:
        text = f"The Horde is about to delete the account {plain_line(account.username)}"
        found.append(Finding(f"Key of {name}", ok=False, text=text, mend=mend))
    else:
        found.append(Finding(f"Key of {name}", ok=True, text=_described(account, key)))
    return found


def _described(account: Account, key: str) -> str:
    if key == ANONYMOUS_KEY:
        return "anonymous, with the longest waits"
    has = "unlimited" if account.balance is None else f"{account.balance:,.0f}"
    return f"{plain_line(account.username)}, {has} kudos"
