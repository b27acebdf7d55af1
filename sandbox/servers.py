"""All servers together, as an asynchronous context manager."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox import control, reference
from sandbox.discord import DiscordServer
from sandbox.faults import Faults, Range
from sandbox.horde import HordeServer
from sandbox.horde.newer.versions import DEFAULT_VERSION, HordeVersion
from sandbox.optional.optional_server import ServerOptions
from sandbox.optional.table import OPTIONAL_SERVERS

Address = tuple[str, int]
ANY_PORT = ("127.0.0.1", 0)


@dataclass(frozen=True, slots=True)
class Urls:
    """The URLs of the servers; `horde` is None without a local Horde.

    The reference files are at `{page}reference/models.json` and so on; the model reference host,
    which the newer version of the Horde has, is at `{page}reference/api`. `optional`: the URL of
    each optional server that runs, by its name.
    """

    discord: str
    gateway: str
    page: str
    horde: str | None
    control: str
    optional: Mapping[str, str]

    def by_name(self) -> dict[str, str | None]:
        """All URLs in one flat object."""
        urls = asdict(self)
        return urls | urls.pop("optional")


class Sandbox:
    """Runs a local Discord, a local Horde and the named optional servers inside `async with`.

    `job_seconds`: duration of a job (minimum, maximum). `latency`: seconds added to every
    call in each direction (minimum, maximum), or None. `horde=None`: no local Horde.
    `message_content`: whether the bot may use Discord's privileged message content intent.
    `horde_version`: the version of AI Horde whose routes and rules the local Horde has.
    `optional`: the address of each optional server to run, by its name in `OPTIONAL_SERVERS`.
    """

    def __init__(
        self,
        *,
        discord: Address = ANY_PORT,
        horde: Address | None = ANY_PORT,
        job_seconds: tuple[float, float] = (2.0, 4.0),
        latency: Range | None = None,
        message_content: bool = False,
        horde_version: HordeVersion = DEFAULT_VERSION,
        optional: Mapping[str, Address] | None = None,
    ) -> None:
        self.faults = Faults(latency={"discord": latency})
        self.discord = DiscordServer(faults=self.faults, message_content=message_content)
        self.horde: HordeServer | None = None
        if horde is not None:
            self.horde = HordeServer(
                faults=self.faults,
                job_seconds=job_seconds,
                latency=latency,
                version=horde_version,
            )
        options = ServerOptions(self.faults, job_seconds, latency)
        self._optional_addresses = dict(optional or {})
        self.optional = {name: OPTIONAL_SERVERS[name](options) for name in self._optional_addresses}
        self._discord_address = discord
        self._horde_address = horde
        self._stack = AsyncExitStack()

    @property
    def urls(self) -> Urls:
        base = f"http://{self.discord.address}"
        return Urls(
            discord=f"{base}/api/v10",
            gateway=self.discord.state.gateway.payload_handler.url,
            page=f"{base}/",
            horde=self.horde.url if self.horde else None,
            control=f"{base}/control",
            optional={name: server.url for name, server in self.optional.items()},
        )

    def example_keys(self) -> list[tuple[str, str, float]]:
        """API key, name and kudos of each account of the local Horde; none without one."""
        if self.horde is None:
            return []
        users = self.horde.state.accounts.by_id.values()
        return [(user.api_key, user.name, user.kudos) for user in users if not user.anonymous]

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            if self.horde and self._horde_address:
                stack.push_async_callback(self.horde.close)
                await self.horde.start(*self._horde_address)
            for name, server in self.optional.items():
                stack.push_async_callback(server.close)
                await server.start(*self._optional_addresses[name])
            control_app = control.build_app(self.discord.state, self._control_apps())
            stack.push_async_callback(self.discord.close)
            state = self.horde.state if self.horde else None
            public_files = reference.build_app(self.faults, state)
            mounted = {"/control": control_app, "/reference": public_files}
            await self.discord.start(*self._discord_address, mounted)
            self._stack = stack.pop_all()
        return self

    def _control_apps(self) -> dict[str, web.Application]:
        """The part of each running server of the control API, by folder."""
        apps = {name: server.control_app() for name, server in self.optional.items()}
        return apps | ({"horde": self.horde.control_app()} if self.horde else {})

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()
