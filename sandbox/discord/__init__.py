"""Discord on the wire: gateway and REST v10, as any bot library expects them."""

from sandbox.discord.server import DiscordServer

__all__ = ["DiscordServer"]
