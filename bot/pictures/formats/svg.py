"""Check of SVG drawings: a worker's SVG is opened in browsers, where scripts would run.

It is never changed: a drawing with forbidden parts is refused.
"""

import re
from xml.parsers import expat

from bot.errors import PictureError
from bot.i18n import N_, _

BYTES_MAX = 5 * 1024 * 1024
STARTS = (b"<svg", b"<?xml")
# Nothing that runs, loads, links, repeats, animates or embeds a document.
ELEMENTS = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title"}
    | {"desc", "metadata", "defs", "clipPath", "mask", "text", "tspan", "stop"}
    | {"linearGradient", "radialGradient"}
)
# Functions allowed in values besides url(#...): colours and transformations. Other CSS can load
# files.
CALLS = frozenset(
    {"rgb", "rgba", "hsl", "hsla", "matrix", "translate", "scale", "rotate", "skewx", "skewy"}
)
_CALL = re.compile(r"([\w-]*)\s*$", re.ASCII)
_INSIDE = re.compile(r"\s*[\"']?#")
_DOCTYPE = "http://www.w3.org/Graphics/SVG/"
_NAME_MAX = 32  # characters checked before a bracket
# A backslash can spell a function in another way: \75rl(...) is url(...).
_OUTSIDE = re.compile(r"\\|@import|javascript:|data:", re.IGNORECASE)
_NO_DRAWING = N_("This file is not an SVG drawing of shapes.")
_DECLARED = N_("This drawing contains declarations of its own.")


def check_svg(data: bytes) -> None:
    """Raises PictureError for a file that is no SVG or has forbidden parts."""
    if len(data) > BYTES_MAX or not data[:1024].lstrip().lower().startswith(STARTS):
        raise PictureError(_(_NO_DRAWING))
    parser, found = expat.ParserCreate(), _Found()
    parser.StartElementHandler = found.element
    parser.StartDoctypeDeclHandler = found.doctype
    parser.SkippedEntityHandler = found.refused  # declared by another document
    parser.EntityDeclHandler = found.refused  # "a billion laughs" begins with one
    parser.ProcessingInstructionHandler = found.refused  # a style sheet from elsewhere
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        raise PictureError(_(_NO_DRAWING)) from None


class _Found:
    """Visits a drawing, element by element."""

    def __init__(self) -> None:
        self._first = True

    def element(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local not in ELEMENTS or (self._first and local != "svg"):
            raise PictureError(_("This drawing contains an element that is not allowed."))
        self._first = False
        for attribute, value in attributes.items():
            if not _harmless(_local(attribute).lower(), value):
                raise PictureError(_("This drawing contains a script or a reference."))

    def doctype(self, _name: str, system: str | None, _public: str | None, subset: int) -> None:
        """Some programs name the W3C's own document type, which declares nothing that is used."""
        if subset or (system is not None and not system.startswith(_DOCTYPE)):
            raise PictureError(_(_DECLARED))

    def refused(self, *_found: object) -> None:
        raise PictureError(_(_DECLARED))


def _harmless(attribute: str, value: str) -> bool:
    if attribute.startswith("on") or attribute == "base":  # the base of every "#"
        return False
    if attribute == "href":
        return value.strip().startswith("#")
    brackets = (found.start() for found in re.finditer(r"\(", value))
    return not _OUTSIDE.search(value) and all(_known(value, at) for at in brackets)


def _known(value: str, bracket: int) -> bool:
    called = _CALL.search(value[max(0, bracket - _NAME_MAX) : bracket])
    name = called[1].lower() if called else ""
    return name in CALLS or (name == "url" and bool(_INSIDE.match(value, bracket + 1)))


def _local(name: str) -> str:
    return name.rpartition(":")[2]
