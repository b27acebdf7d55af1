"""Builds Discord's nested ``errors`` object."""

from collections.abc import Callable
from typing import Any


class ErrorReport:
    """A location in a body, and the errors found in that body.

    ``report / "embeds" / 0`` is the location of the first embed. All locations of one body write to
    the same list, so a check needs no other object.
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
        """Report that Discord refuses the value at this location."""
        self._found.append((self._path, {"code": code, "message": message}))

    @property
    def error_count(self) -> int:
        """The number of errors in the whole body so far."""
        return len(self._found)

    def errors(self) -> dict[str, Any] | None:
        """The object for the key ``errors`` beside code 50035, or None.

        Discord's objects have either own errors or fields with errors. Where both were found, only
        the errors of the fields are returned.
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
"""Checks a value (never null) and reports what Discord would refuse."""
