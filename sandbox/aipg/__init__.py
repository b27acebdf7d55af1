"""A local AI Power Grid, as its API /v1 is since September 2026."""

from sandbox.aipg.server import AipgServer

__all__ = ["AipgServer"]
