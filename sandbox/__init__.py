"""A local Discord and a local AI Horde, to try the bot and to test it."""

from sandbox.servers import Sandbox, Urls

__all__ = ["Sandbox", "Urls"]
