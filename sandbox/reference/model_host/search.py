"""Searches records: filters, sorting and pages."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
LIMIT = 50


class InvalidQuery(ValueError):
    """A number of the query is none, or outside its range."""


def search(records: list[Json], query: Mapping[str, str], tags: Mapping[str, list[str]]) -> Json:
    """The page of results for a query. `tags`: the lists tags_any, tags_all and tags_none."""
    found = [each for each in records if _matches(each, query) and _tagged(each, tags)]
    key = query.get("sort_by")
    if key:
        known = [each for each in found if each.get(key) is not None]
        unknown = [each for each in found if each.get(key) is None]
        descending = query.get("sort_desc", "false") == "true"
        found = [*sorted(known, key=lambda each: each[key], reverse=descending), *unknown]
    limit, offset = number(query, "limit", LIMIT, 1), number(query, "offset", 0, 0)
    page = found[offset : offset + limit]
    return {
        "results": page,
        "total": len(found),
        "offset": offset,
        "limit": limit,
        "has_more": offset + len(page) < len(found),
    }


def number(query: Mapping[str, str], name: str, default: int, least: int, most: int = 1000) -> int:
    """A whole number of the query. Raises InvalidQuery."""
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 9) or not least <= int(text) <= most:
        raise InvalidQuery(f"{name} must be a number from {least} to {most}")
    return int(text)


def _matches(record: Json, query: Mapping[str, str]) -> bool:
    for name in ("nsfw", "inpainting"):
        if name in query and bool(record.get(name)) != (query[name] == "true"):
            return False
    if "baseline" in query and record.get("baseline") != query["baseline"]:
        return False
    return query.get("name_contains", "").casefold() in record["name"].casefold()


def _tagged(record: Json, tags: Mapping[str, list[str]]) -> bool:
    own = set(record.get("tags", ()))
    some, every, none = (set(tags[name]) for name in ("tags_any", "tags_all", "tags_none"))
    return (not some or bool(own & some)) and every <= own and not own & none
