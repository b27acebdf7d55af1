"""Discord's nested ``errors`` object, gathered step by step."""

from collections.abc import Callable
from typing import Any


class ErrorReport:
    """A place in a body, and what was found wrong there and below.

    ``report / "embeds" / 0`` is the place of the first embed; every place of one body writes to
    the same list, so a check needs to know only where it stands.
    """

    __slots__ = ("_found", "_path")

    def __init__(
        self,
        path: tuple[str, ...] = (),
        found: list[tuple[tuple[str, ...], dict[str, str]]] | None = None,
    ) -> None:
        self._path = path
        self._found: list[tuple[tuple[str, ...], dict[str, str]]] = [] if found is None else found

    def __truediv__(self, step: str | int) -> "ErrorReport":
        return ErrorReport((*self._path, str(step)), self._found)

    def refuse(self, code: str, message: str) -> None:
        """Say that Discord refuses what stands here."""
        self._found.append((self._path, {"code": code, "message": message}))

    @property
    def count(self) -> int:
        """How much was refused so far, anywhere in the body: a check may ask what it added."""
        return len(self._found)

    def errors(self) -> dict[str, Any] | None:
        """The object for the key ``errors`` beside code 50035, or None.

        Discord's objects have either faults of their own or fields with faults. Where both were
        found, those of the fields stand: the others may be gone when they are mended.
        """
        tree: dict[str, Any] = {}
        for path, fault in sorted(self._found, key=lambda found: -len(found[0])):
            node = tree
            for step in path:
                node = node.setdefault(step, {})
            if not node or "_errors" in node:
                node.setdefault("_errors", []).append(fault)
        return tree or None


Check = Callable[[ErrorReport, Any], None]
"""Looks at a value that is there (never at null) and reports what Discord would refuse."""
