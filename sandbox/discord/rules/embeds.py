"""Rules for embeds: each field, and 6,000 characters in all embeds of a message."""

from datetime import datetime
from typing import Any, cast

from sandbox.discord.rules.error_report import ErrorReport
from sandbox.discord.rules.field_checks import (
    INT32,
    JSON,
    boolean,
    filled_text,
    integer,
    listed,
    model,
    short_text,
    text,
    url,
)

TOTAL = 6000

link = url(2048, "http", "https")
picture_url = url(2048, "http", "https", "attachment")
_pixels = integer(-INT32 - 1, INT32)


def _timestamp(report: ErrorReport, value: Any) -> None:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        report.refuse(
            "DATE_TIME_TYPE_PARSE", f"Could not parse {short_text(value)}. Should be ISO8601."
        )


# A bot that reposts a received embed sends fields that it cannot set itself.
_picture = model(
    {
        "url": picture_url,
        "width": _pixels,
        "height": _pixels,
        "placeholder": text(0, 64),
        "placeholder_version": integer(0, INT32),
        "is_animated": boolean,
        "description": text(0, 4096),
    }
)
_field = model(
    {"name": filled_text(256), "value": filled_text(1024), "inline": boolean},
    required=("name", "value"),
)
embed = model(
    {
        "type": text(0, 150_000),
        "title": text(0, 256),
        "description": text(0, 4096),
        "url": link,
        "color": integer(0, 0xFFFFFF),
        "timestamp": _timestamp,
        "footer": model({"text": text(0, 2048), "icon_url": picture_url}),
        "author": model({"name": text(0, 256), "url": link, "icon_url": picture_url}),
        "image": _picture,
        "thumbnail": _picture,
        "video": _picture,
        "provider": model({"name": text(0, 256), "url": link}),
        "fields": listed(_field, 0, 25),
    }
)

embeds = listed(embed, 0, 10)
"""The check of ``embeds``."""


def refuse_excess(report: ErrorReport, embeds: list[JSON]) -> None:
    """Report valid embeds whose texts together are too long."""
    if sum(map(_length, embeds)) > TOTAL:
        report.refuse("MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {TOTAL}")


def _length(embed: JSON) -> int:
    footer: JSON = embed.get("footer") or {}
    author: JSON = embed.get("author") or {}
    fields: list[JSON] = embed.get("fields") or []
    texts = [embed.get("title"), embed.get("description"), footer.get("text"), author.get("name")]
    texts += [field[key] for field in fields for key in ("name", "value")]
    return sum(len(one or "") for one in texts)


def is_visible(embed: Any) -> bool:
    """Whether an embed shows anything; a colour alone does not count."""
    seen = ("title", "description", "timestamp", "footer", "author", "image", "thumbnail", "fields")
    return isinstance(embed, dict) and any(cast("JSON", embed).get(key) for key in seen)
