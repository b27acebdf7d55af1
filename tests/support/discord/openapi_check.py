"""Holds bodies of either direction against Discord's own OpenAPI description.

That file is no part of the project: it is read from `HORDECORD_DISCORD_OPENAPI`, or from beside
the checkout. Tests call `checker()`, which skips them where the file is missing.
"""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from tests.support.discord.openapi_schemas import Schemas, as_answered, as_sent
from tests.support.paths import REFERENCE

VARIABLE = "HORDECORD_DISCORD_OPENAPI"
BESIDE = REFERENCE / "discord" / "openapi.json"

GATEWAY_EVENTS: Mapping[str, Mapping[str, str]] = {
    "MESSAGE_CREATE": {"": "MessageResponse"},
    "MESSAGE_UPDATE": {"": "MessageResponse"},
    "INTERACTION_CREATE": {
        "user": "UserResponse",
        "member": "PrivateGuildMemberResponse",
        "message": "MessageResponse",
        "data.resolved": "ResolvedObjectsResponse",
        "data.resolved.attachments.*": "MessageAttachmentResponse",
        "data.resolved.messages.*": "MessageResponse",
    },
    "GUILD_CREATE": {
        "roles.*": "GuildRoleResponse",
        "members.*": "GuildMemberResponse",
        "channels.*": "GuildChannelResponse",
        "threads.*": "ThreadResponse",
    },
    "CHANNEL_CREATE": {"": "GuildChannelResponse"},
    "THREAD_CREATE": {"": "ThreadResponse"},
    "THREAD_UPDATE": {"": "ThreadResponse"},
}
"""Gateway events have no schema of their own; these parts of them have one."""

JSON_SCHEMA_PATH = ("content", "application/json", "schema")


class SpecChecker:
    """Finds faults of a body; each finding is one short line, none means right."""

    def __init__(self, text: str) -> None:
        self._sent, self._answered = Schemas(as_sent(text)), Schemas(as_answered(text))
        self._spec = as_answered(text)
        self._templates = sorted(map(_segments, self._spec["paths"]), key=_by_literals)

    @classmethod
    def load(cls) -> "SpecChecker | None":
        """The checker for Discord's file, or None where there is no such file."""
        path = Path(os.environ.get(VARIABLE) or BESIDE)
        return cls(path.read_text(encoding="utf-8")) if path.is_file() else None

    def check_request(self, method: str, path: str, body: Any) -> list[str]:
        """Findings in a request's JSON (of a multipart one: its ``payload_json``)."""
        place = self._operation(method, path)
        if place is None:
            return ["no such operation"]
        request = self._at(place).get("requestBody")
        if body is None:
            return ["body: missing"] if request and request.get("required") else []
        if request is None:
            return ["body: this operation takes none"]
        return self._sent.findings((*place, "requestBody", *JSON_SCHEMA_PATH), body)

    def check_response(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Findings in an answer. Failures of Discord itself (5xx) have no description."""
        place = self._operation(method, path)
        if place is None:
            return ["no such operation"]
        if status >= 500:
            return []
        responses = self._at(place)["responses"]
        key = next((key for key in (str(status), f"{status // 100}XX") if key in responses), None)
        if key is None:
            return [f"status {status} is not described"]
        reference: str | None = responses[key].get("$ref")
        place = (*place, "responses", key) if reference is None else _segments(reference)[1:]
        if "content" not in self._at(place):
            return [] if body is None else ["body: this answer has none"]
        return self._answered.findings((*place, *JSON_SCHEMA_PATH), body)

    def check_message(self, message: Any) -> list[str]:
        """Findings in a message as Discord shows it."""
        return self.check_schema("MessageResponse", message)

    def check_schema(self, name: str, value: Any) -> list[str]:
        """Findings in anything that Discord sends and the file names."""
        return self._answered.findings(("components", "schemas", name), value)

    def check_event(self, name: str, data: Any) -> list[str]:
        """Findings in those parts of a gateway event that have a schema."""
        return [
            f"{place}{finding}"
            for path, schema in GATEWAY_EVENTS.get(name, {}).items()
            for place, value in _parts(data, path.split(".") if path else [])
            for finding in self.check_schema(schema, value)
        ]

    def name(self, method: str, path: str) -> str:
        """The operation's name for a person, which no id or token is part of."""
        place = self._operation(method, path)
        return f"{method} {place[1] if place else '(unknown)'}"

    def _operation(self, method: str, path: str) -> tuple[str, ...] | None:
        asked = _segments(path.partition("?")[0])
        for template in self._templates:
            place = ("paths", "/".join(template), method.lower())
            if _matches(template, asked) and place[2] in self._spec["paths"][place[1]]:
                return place
        return None

    def _at(self, place: tuple[str, ...]) -> dict[str, Any]:
        found: Any = self._spec
        for step in place:
            found = found[step]
        return found


def _segments(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


def _by_literals(template: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """Paths with fewer parameters first: ``@original`` comes before ``{message_id}``."""
    return sum(step.startswith("{") for step in template), template


def _matches(template: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    return len(template) == len(asked) and all(
        known == step or (known.startswith("{") and step != "")
        for known, step in zip(template, asked, strict=True)
    )


def _parts(value: Any, path: list[str], place: str = "") -> Iterator[tuple[str, Any]]:
    """The values at a path of keys, where ``*`` means each item; missing ones are left out."""
    if not path:
        yield place, value
        return
    inside: dict[Any, Any] = (
        dict(enumerate(cast("list[Any]", value))) if isinstance(value, list) else value
    )
    for key in inside if path[0] == "*" else [path[0]]:
        if inside.get(key) is not None:
            yield from _parts(inside[key], path[1:], f"{place}{key}.")


@cache
def _loaded() -> SpecChecker | None:
    return SpecChecker.load()


def checker() -> SpecChecker:
    """The checker for a test; without Discord's file the test is skipped."""
    found = _loaded()
    if found is None:
        pytest.skip(f"Discord's OpenAPI file is not here; {VARIABLE} may name it")
    return found


class Exchanges:
    """Notes REST exchanges as they happen, and checks them all afterwards.

    An instance is a hook for ``on_exchange`` of the sandbox's Discord server.
    """

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, Any, int, Any]] = []

    def __call__(self, method: str, path: str, request: Any, status: int, answer: Any) -> None:
        self.seen.append((method, path, request, status, answer))

    def findings(self, spec: SpecChecker) -> list[str]:
        """Faults of any body, after the operation and status it belongs to.

        A refused request may be wrong, or was never read.
        """
        found: list[str] = []
        for method, path, request, status, answer in self.seen:
            asked = [] if status >= 400 else spec.check_request(method, path, request)
            answered = spec.check_response(method, path, status, answer)
            name = spec.name(method, path)
            found += [f"{name} asked {line}" for line in asked]
            found += [f"{name} answered {status} {line}" for line in answered]
        return found
