"""A local AI Horde with workers, to try and test the bot without the real one."""

from sandbox.horde.server import HordeServer

__all__ = ["HordeServer"]
