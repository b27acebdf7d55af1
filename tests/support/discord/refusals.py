"""What the rules refuse, flat enough to compare in one line."""

from typing import Any

from sandbox.discord.rules import IS_COMPONENTS_V2, callback_errors, command_errors, message_errors


def flat(errors: dict[str, Any] | None, place: str = "") -> dict[str, list[str]]:
    """Discord's nested object as dotted place -> codes; every refusal must have words."""
    codes: dict[str, list[str]] = {}
    for key, below in (errors or {}).items():
        if key == "_errors":
            codes[place] = [one["code"] for one in below]
            assert all(one["message"] for one in below)
        else:
            codes |= flat(below, f"{place}.{key}" if place else key)
    return codes


def of_message(body: Any, **known: Any) -> dict[str, list[str]]:
    return flat(message_errors(body, files=known.pop("files", ()), **known))


def of_tree(*components: Any, **known: Any) -> dict[str, list[str]]:
    """Of a message with these components and the flag for them; places start below the list."""
    body = {"flags": IS_COMPONENTS_V2, "components": list(components)}
    return _below("components", of_message(body, **known))


def of_rows(*components: Any) -> dict[str, list[str]]:
    """Of a message with these components and without the flag."""
    return _below("components", of_message({"components": list(components)}))


def of_commands(*commands: Any) -> dict[str, list[str]]:
    return flat(command_errors(commands))


def of_callback(body: Any, to: int, **known: Any) -> dict[str, list[str]]:
    return flat(callback_errors(body, files=known.pop("files", ()), interaction_type=to, **known))


def of_modal(*components: Any) -> dict[str, list[str]]:
    """Of a modal with these components."""
    data = {"custom_id": "m", "title": "A modal", "components": list(components)}
    return _below("data.components", of_callback({"type": 9, "data": data}, 2))


def _below(root: str, refused: dict[str, list[str]]) -> dict[str, list[str]]:
    assert all(place.startswith(root) for place in refused), refused
    return {place.removeprefix(root).removeprefix("."): codes for place, codes in refused.items()}
