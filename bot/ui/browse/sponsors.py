"""The page about the sponsors of a Horde as entries. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ITEM = re.compile(r"^\s*[*+-]\s+(.+)$")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\(([^()\s]*)\)")
_MARKS = re.compile(r"[*_`]{1,3}|<[^<>\n]{0,300}>")
PAGE_MAX, LINE_MAX = 60_000, 2_000  # characters that are read


@dataclass(frozen=True, slots=True)
class Sponsor:
    """A sponsor: `group` is the heading above, `link` "" without one."""

    name: str
    group: str = ""
    link: str = ""


def sponsors_of(page: str) -> tuple[Sponsor, ...]:
    """The items of its lists, in order; without lists, its lines."""
    lines = page[:PAGE_MAX].splitlines()
    found = list(_entries(lines, items=True)) or list(_entries(lines, items=False))
    return tuple(dict.fromkeys(found))


def _entries(lines: list[str], *, items: bool) -> Iterator[Sponsor]:
    group = ""
    for line in lines:
        text = line[:LINE_MAX]
        if text.startswith("#"):
            group = _plain(text.lstrip("#"))
            continue
        item = _ITEM.match(text)
        if items and item is None:
            continue
        said = item[1] if item else text
        link = _LINK.search(said)
        if name := _plain(said):
            yield Sponsor(name, group, link[2] if link else "")


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", text)).split())
