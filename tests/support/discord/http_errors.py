"""Errors of discord.py, as Discord's answers make them."""

from types import SimpleNamespace
from typing import Any, cast

import discord


def http_error(status: int, code: int) -> discord.HTTPException:
    """What discord.py raises for a refused call. `code`: Discord's own."""
    response = cast("Any", SimpleNamespace(status=status, reason="no"))
    return discord.HTTPException(response, {"code": code, "message": "no"})
