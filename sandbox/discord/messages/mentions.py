"""The mentions of a message, limited by allowed_mentions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(everyone|here)\b")


@dataclass(frozen=True, slots=True)
class Mentions:
    users: tuple[str, ...]
    roles: tuple[str, ...]
    everyone: bool


def find_mentions(
    texts: Iterable[str], allowed: dict[str, Any] | None, replied_to: str | None = None
) -> Mentions:
    """The mentions in the texts. Without allowed_mentions all of them count."""
    text = "\n".join(texts)
    users = _allowed_ids(USER.findall(text), allowed, "users")
    roles = _allowed_ids(ROLE.findall(text), allowed, "roles")
    everyone = bool(EVERYONE.search(text)) and _allows_all(allowed, "everyone")
    if replied_to and (allowed is None or allowed.get("replied_user")):
        users.append(replied_to)
    return Mentions(tuple(dict.fromkeys(users)), tuple(dict.fromkeys(roles)), everyone)


def _allowed_ids(found: list[str], allowed: dict[str, Any] | None, kind: str) -> list[str]:
    if _allows_all(allowed, kind) or allowed is None:
        return found
    named = {str(name) for name in allowed.get(kind) or ()}
    return [name for name in found if name in named]


def _allows_all(allowed: dict[str, Any] | None, kind: str) -> bool:
    return allowed is None or kind in (allowed.get("parse") or ())
