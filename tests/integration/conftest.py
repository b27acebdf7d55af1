"""Fixtures of the tests that use the sandbox's servers in this process."""

from tests.support.horde.fixtures import local, server

__all__ = ["local", "server"]
