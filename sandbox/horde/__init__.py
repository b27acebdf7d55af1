"""A local AI Horde with workers, for trying and testing the bot without the real one."""

from sandbox.horde.server import HordeServer

__all__ = ["HordeServer"]
