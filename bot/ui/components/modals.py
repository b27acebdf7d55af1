"""Modals, as values: a fresh one for each press, and nothing kept of it.

Their custom_id is `hcm:NAME`, for one about a request `hcm:NAME:RECORD_ID:NUMBER`, so what is
submitted finds its way after a restart too (bot/ui/components/modal_router.py).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import discord
from discord import ui

from bot.client.bot import HordecordBot

Submission = discord.Interaction[HordecordBot]
PREFIX = "hcm:"
_SUBJECT = re.compile(rf"{PREFIX}[a-z]+:([0-9]{{1,18}}):([0-9]{{1,2}})", re.ASCII)
TITLE_MAX, LABEL_MAX, HINT_MAX = 45, 45, 100  # characters (docs of 2026-08)
INPUT_MAX = 4_000


@dataclass(frozen=True, slots=True)
class Input:
    """One line, or with `long` several. `text`: what stands in it at first."""

    name: str
    label: str
    hint: str = ""
    text: str = ""
    long: bool = False
    most: int = INPUT_MAX
    least: int = 0


def sheet(name: str, title: str, *inputs: Input) -> ui.Modal:
    """A modal with those inputs, at most five."""
    modal = ui.Modal(title=title[:TITLE_MAX], custom_id=PREFIX + name)
    for one in inputs:
        modal.add_item(_labelled(one))
    modal.stop()  # a finished modal is never stored; submissions are routed by custom_id
    return modal


def about(name: str, record_id: int, number: int) -> str:
    """The name of a modal about one request, or one of its pictures."""
    return f"{name}:{record_id}:{number}"


def subject_of(custom_id: str) -> tuple[int, int]:
    """Which request and which picture a submitted modal is about; zeros where it says nothing."""
    found = _SUBJECT.fullmatch(custom_id)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _labelled(one: Input) -> ui.Label[Any]:
    style = discord.TextStyle.paragraph if one.long else discord.TextStyle.short
    component = ui.TextInput[Any](
        custom_id=one.name,
        style=style,
        default=one.text[: one.most] or None,
        required=one.least > 0,
        min_length=one.least or None,
        max_length=one.most,
    )
    hint = one.hint[:HINT_MAX] or None
    return ui.Label(text=one.label[:LABEL_MAX], description=hint, component=component)


def fields_of(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """What was typed, by the input's custom_id."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    return dict(_typed(data.get("components", ())))


def _typed(components: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for component in components:
        inner = component.get("components") or filter(None, [component.get("component")])
        yield from _typed(list(inner))
        if "custom_id" in component and isinstance(component.get("value"), str):
            yield component["custom_id"], component["value"]
