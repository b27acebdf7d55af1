"""A local web UI with the API of AUTOMATIC1111 (and of Forge)."""

from sandbox.a1111.server import A1111Server

__all__ = ["A1111Server"]
