"""The version, and the name of the bot for other servers."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("hordecord")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0.0.0"

PROJECT_URL = "https://github.com/hordecord/hordecord"
# Sent with every call (docs/horde-api.md#headers-and-keys).
CLIENT_AGENT = f"hordecord:{__version__}:{PROJECT_URL}"
