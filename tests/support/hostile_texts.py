"""Texts of an attacker: typed, or sent by a stranger's server."""

import re
from collections.abc import Iterator
from typing import Any, cast

EVIL = "https://evil.test"
SOMEBODY = "99999999999999999"  # an id of a person who is asked for nothing

HOSTILE_TEXTS: dict[str, str] = {
    "everyone": "@everyone @here look",
    "mentions": f"<@{SOMEBODY}> <@!{SOMEBODY}> <@&{SOMEBODY}> <#{SOMEBODY}> </login:{SOMEBODY}>",
    "masked link": f"[free kudos]({EVIL}/a) [x](<{EVIL}/b>)",
    "bare link": f"{EVIL}/c <{EVIL}/d>",
    "markdown": "# big\n-# small\n> quote\n- list\n1. one\n||hidden|| **b** __u__ ~~s~~ `c`",
    "a fence": f"```\n@everyone [x]({EVIL})\n``` out of it @everyone",
    "emoji": f"<:a:{SOMEBODY}> <a:b:{SOMEBODY}> <t:1700000000:R> <id:customize>",
    "invisible": "a\u200bb\u2060c\ufeffd\u00ade\u3164f\u2800g\U000e0041h",
    "bidi": "\u202e@gnp.exe\u202c \u2066x\u2069 \u200f y",
    "zalgo": "z" + "\u0301\u0316" * 200 + "algo",
    "split": "a fox ### an owl ### a wolf",
    "nul": "a\x00b\x07c\x1b[31md\x7f\x85e",
    "sql": "x'); DROP TABLE requests; -- \" OR 1=1 %_",
    "format": "{0} {prompt} %s %(x)s ${HOME} {{7*7}}",
    "paths": "../../etc/passwd ..\\..\\x file:///etc/passwd",
    "log": "x\nINFO bot: all is well\r\n[2026-01-01 00:00:00] [ERROR   ] forged",
    "long": "wide \U0001f469\u200d\U0001f467 " * 300,
    "one word": "雪" * 3000,
}

# Never displayed: characters that change the order of letters, are invisible, or control.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_OURS = re.compile(r"\]\(https?://(?:127\.0\.0\.1[:\w]*|discord\.com|example\.org)/[^)]*\)")
_WRITTEN = re.compile(
    rf"@everyone|@here|(?<!\\)(?:<[@#]?[!&]?{SOMEBODY}>|<a?:\w+:{SOMEBODY}>|</\w+:{SOMEBODY}>)"
)
_LINKED = re.compile(rf"(?<!\\)\]\(|{re.escape(EVIL)}")


def _inside(value: Any) -> Iterator[tuple[str, Any]]:
    """What an object or a list holds, with the names."""
    if isinstance(value, dict):
        yield from cast("dict[str, Any]", value).items()
    elif isinstance(value, list):
        yield from (("", inner) for inner in cast("list[Any]", value))


def strings(value: Any, name: str = "") -> Iterator[str]:
    """Every text in JSON, but for ids and links to files."""
    if isinstance(value, str) and name not in {"custom_id", "url", "id", "nonce"}:
        yield value
    for inner_name, inner in _inside(value):
        yield from strings(inner, inner_name)


def marked_up(value: Any, name: str = "") -> Iterator[str]:
    """What Discord reads as markdown in a message: its content and its text displays."""
    if isinstance(value, str) and name == "content":
        yield value
    for inner_name, inner in _inside(value):
        yield from marked_up(inner, inner_name)


def links_in(value: Any, name: str = "") -> Iterator[str]:
    """Addresses that Discord is asked to fetch or to open."""
    if isinstance(value, str) and name == "url":
        yield value
    for inner_name, inner in _inside(value):
        yield from links_in(inner, inner_name)


def harm_in(text: str) -> list[str]:
    """What of a hostile text still does something in that markdown; none for harmless text.

    In code nothing links or formats. Links of our own lead to Discord; the local reference has its
    models at example.org.
    """
    outside = _CODE.sub("", text)
    outside = _OURS.sub("", outside)
    return [*_WRITTEN.findall(outside), *_LINKED.findall(outside), *UNSEEN.findall(text)]
