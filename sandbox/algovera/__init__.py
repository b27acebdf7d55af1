"""A local Algovera: images by job id, with its retired API."""

from sandbox.algovera.server import AlgoveraServer

__all__ = ["AlgoveraServer"]
