"""The table of the optional servers: the name of each and what makes it."""

from collections.abc import Callable, Mapping

from sandbox.openai import OpenAiServer
from sandbox.optional.optional_server import OptionalServer, ServerOptions

# The name is the option of `python -m sandbox`, the key of the printed URL, the folder of the
# control API, and the `server` of fault rules.
OPTIONAL_SERVERS: Mapping[str, Callable[[ServerOptions], OptionalServer]] = {
    "openai": OpenAiServer,
}
