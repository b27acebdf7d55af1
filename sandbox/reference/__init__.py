"""The public files about models and styles, and a CivitAI, all made up."""

from sandbox.reference.server import build

__all__ = ["build"]
