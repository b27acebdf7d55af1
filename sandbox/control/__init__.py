"""The control API: acts as people, shows what they see, and makes trouble on demand."""

from sandbox.control.app import build_app

__all__ = ["build_app"]
