"""Checks of a backend: its health, its models and its key. No request is submitted."""

import aiohttp

from bot.backends import BACKENDS, open_backend
from bot.backends.base import Backend
from bot.backends.values import Account, Health
from bot.cli.check_finding import Finding, plain_line
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.requests import Kind
from bot.errors import BackendError, BotError, RequestRejected, SettingsError
from bot.settings import ANONYMOUS_KEY, BackendSettings

NOT_TRIED = "no request was submitted"
LEGACY = "legacy, unverified"


async def examine_backend(
    name: str, backend: BackendSettings, session: aiohttp.ClientSession
) -> list[Finding]:
    """Health of that backend, what it offers, and the account of its key."""
    try:
        server = open_backend(name, backend, session=session)
    except SettingsError as error:
        return [Finding(f"Backend {name}", ok=False, text=str(error))]
    try:
        health = await _health(server)
        found = [_state(name, backend, health)]
        if health.ok:
            found += [await _models(name, server), *await _key(name, backend, server)]
    finally:
        await server.close()
    return found


async def _health(server: Backend) -> Health:
    try:
        return await server.health()
    except BotError as error:
        return Health(ok=False, message=str(error))


def _state(name: str, backend: BackendSettings, health: Health) -> Finding:
    mend = f"Check [backends.{name}] url and the network."
    if health.maintenance:
        mend = "Wait until the maintenance is over. Requests wait too."
    text = plain_line(health.message)
    if BACKENDS[backend.type].legacy:
        text = f"{text} ({LEGACY})"
    return Finding(f"Backend {name}", health.ok and not health.maintenance, text, mend)


async def _models(name: str, server: Backend) -> Finding:
    """How many models, and forms of alchemy, it offers for each of its kinds."""
    counts, title = dict[str, int](), f"Models of {name}"
    try:
        for kind in (kind for kind in Kind if kind in server.capabilities.kinds):
            counts[kind] = len(await server.models(kind))
    except RequestRejected as error:
        mend = f"Check [backends.{name}] api_key and kinds."
        return Finding(title, ok=False, text=plain_line(error), mend=mend)
    except BackendError as error:
        mend = f"Check [backends.{name}] url and type. Try again later."
        return Finding(title, ok=False, text=plain_line(error), mend=mend)
    text = ", ".join(f"{kind} {count}" for kind, count in counts.items())
    mend = f"Load a model on the server of [backends.{name}]."
    return Finding(title, any(counts.values()), f"{text}; {NOT_TRIED}", mend)


async def _key(name: str, backend: BackendSettings, server: Backend) -> list[Finding]:
    """The account of the key in the settings; nothing where a backend has no keys."""
    key, title = backend.api_key.get_secret_value(), f"Key of {name}"
    needs = server.capabilities
    if key == ANONYMOUS_KEY and needs.unit is not PriceUnit.KUDOS:
        return [] if needs.keys == "none" else [Finding(title, ok=True, text=_without(needs))]
    mend = f"Check [backends.{name}] api_key."
    if needs.unit is PriceUnit.KUDOS:
        mend += f" {ANONYMOUS_KEY} is the anonymous key."
    try:
        account = await server.account(key)
    except RequestRejected:
        return [Finding(title, ok=False, text="not a valid key", mend=mend)]
    except BackendError as error:
        return [Finding(title, ok=False, text=plain_line(error), mend="Try again later.")]
    if account.deleted:
        text = f"The account {plain_line(account.username)} is about to be deleted"
        return [Finding(title, ok=False, text=text, mend=mend)]
    return [Finding(title, ok=True, text=_described(account, key, needs.unit))]


def _without(needs: Capabilities) -> str:
    """What follows from a missing key."""
    if needs.keys == "required":
        return "none: members and servers need keys of their own (/account login)"
    return "none: requests are sent without a key"


def _described(account: Account, key: str, unit: PriceUnit) -> str:
    if key == ANONYMOUS_KEY:
        return "anonymous, with the longest waits"
    name = plain_line(account.username)
    if unit is PriceUnit.NONE:
        return f"accepted by {name}"
    return f"{name}, {_amount(account.balance, unit)}"


def _amount(balance: float | None, unit: PriceUnit) -> str:
    if unit is PriceUnit.MICRO_USD:
        return "unlimited credit" if balance is None else f"${balance / 1_000_000:,.2f}"
    return "unlimited kudos" if balance is None else f"{balance:,.0f} kudos"
