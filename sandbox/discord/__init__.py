"""A local Discord: gateway and REST API v10, as bot libraries expect them."""

from sandbox.discord.server import DiscordServer

__all__ = ["DiscordServer"]
