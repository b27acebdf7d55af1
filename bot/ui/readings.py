"""What alchemy found, as JSON: for somebody who goes on with it in a program."""

import json
from typing import Any

from bot.alchemy import FORMS
from bot.records import Record
from bot.requests import AlchemyRequest
from bot.results import FormResult


def as_json(record: Record) -> bytes:
    """Every form with its state and all that came back but pictures, whose sides are named.

    Links stay out: a worker's are secret, and end within the hour.
    """
    request = record.request
    assert isinstance(request, AlchemyRequest)
    found = {form.form: form for form in record.status.forms} if record.status else {}
    source = {"filename": request.source.filename} | _sides(request.source)
    forms = {name: _form(name, found.get(name)) for name in request.forms}
    body = {"request": record.id, "source": source, "forms": forms}
    return json.dumps(body, indent=2, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _form(name: str, result: FormResult | None) -> dict[str, Any]:
    about: dict[str, Any] = {"name": FORMS[name].short}
    if result is None:
        return about | {"state": "missing"}
    about["state"] = result.state
    if result.problem:
        about["problem"] = result.problem
    return about | (_value(name, result) if result.arrived else {})


def _value(name: str, result: FormResult) -> dict[str, Any]:
    if FORMS[name].returns in {"picture", "svg"}:
        return _sides(result) | ({"value": result.text} if result.text else {})
    return {"value": _reading(name, result)}


def _reading(name: str, result: FormResult) -> Any:
    match FORMS[name].returns:
        case "flag":
            return result.flag
        case "score":
            return _number(result.text)
        case "colours":
            return [part.strip() for part in result.text.split(",") if part.strip()]
        case "tags":
            return {
                group: [{"text": tag.text, "confidence": tag.confidence} for tag in tags]
                for group, tags in result.tags.items()
            }
        case _:
            return result.text


def _sides(of: Any) -> dict[str, int]:
    return {"width": of.width, "height": of.height} if of.width and of.height else {}


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
