"""The table of the optional servers: the name of each and what makes it."""

from collections.abc import Callable, Mapping

from sandbox.a1111 import A1111Server
from sandbox.aipg import AipgServer
from sandbox.algovera import AlgoveraServer
from sandbox.horde import HordeServer
from sandbox.openai import OpenAiServer
from sandbox.optional.optional_server import OptionalServer, ServerOptions


def _aipg_v2(options: ServerOptions) -> HordeServer:
    return HordeServer(
        faults=options.faults,
        job_seconds=options.job_seconds,
        latency=options.latency,
        aipg_v2=True,
    )


# The name is the option of `python -m sandbox`, the key of the printed URL, the folder of the
# control API, and the `server` of fault rules.
OPTIONAL_SERVERS: Mapping[str, Callable[[ServerOptions], OptionalServer]] = {
    "aipg": AipgServer,
    "openai": OpenAiServer,
    "a1111": A1111Server,
    "algovera": AlgoveraServer,
    "aipg-v2": _aipg_v2,
}
