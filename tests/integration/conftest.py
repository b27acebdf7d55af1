"""Fixtures of the tests that use the sandbox's servers in this process."""

from tests.support.local_horde import local, server

__all__ = ["local", "server"]
