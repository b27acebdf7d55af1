"""Emojis that an application has uploaded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredEmoji:
    """An emoji. `picture`: as it was uploaded."""

    id: str
    name: str
    picture: bytes
