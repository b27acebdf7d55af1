"""The public files about models and styles, and a CivitAI, all made up."""

from sandbox.reference.server import build_app

__all__ = ["build_app"]
