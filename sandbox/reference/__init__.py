"""Local copies of the public model and style files and of CivitAI, with invented data."""

from sandbox.reference.server import build_app

__all__ = ["build_app"]
