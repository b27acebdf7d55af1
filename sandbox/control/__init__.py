"""The control API: performs actions of members, shows messages, and injects faults."""

from sandbox.control.app import build_app

__all__ = ["build_app"]
