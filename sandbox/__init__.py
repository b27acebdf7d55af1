"""A Discord and an AI Horde on this machine: to try the bot, and to test it."""

from sandbox.servers import Sandbox, Urls

__all__ = ["Sandbox", "Urls"]
