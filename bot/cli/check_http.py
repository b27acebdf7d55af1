"""Check of the bot's HTTP server: whether its address can be used."""

import asyncio

from bot.cli.check_finding import Finding
from bot.errors import SettingsError
from bot.monitoring.http_server import no_address
from bot.settings import HttpSettings


async def examine_http(http: HttpSettings) -> list[Finding]:
    """Whether [http] listen can be used; nothing when it is not set."""
    if http.address is None:
        return []
    try:
        await _listen(http.address)
    except SettingsError as error:
        return [Finding("HTTP server", ok=False, text=str(error))]
    return [Finding("HTTP server", ok=True, text=f"{http.listen} is free")]


async def _listen(address: tuple[str, int]) -> None:
    """Listen for a moment, exactly as the bot does. Raises SettingsError."""
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, *address)
    except OSError as error:
        raise no_address(address, error) from error
    server.close()
    await server.wait_closed()
