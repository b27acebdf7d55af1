"""Modals as values: built for each press, never stored; submissions are routed by custom_id."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import discord
from discord import ui

from bot.cards.card import INPUT_HINT_MAX, INPUT_LABEL_MAX, INPUT_MAX, MODAL_TITLE_MAX


@dataclass(frozen=True, slots=True)
class Input:
    """A text input of one line, or with `long` of several. `text`: the initial value."""

    name: str
    label: str
    hint: str = ""
    text: str = ""
    long: bool = False
    most: int = INPUT_MAX
    least: int = 0


def modal_of(modal_id: str, title: str, *inputs: Input) -> ui.Modal:
    """A modal with at most five inputs."""
    modal = ui.Modal(title=title[:MODAL_TITLE_MAX], custom_id=modal_id)
    for one in inputs:
        modal.add_item(_labelled(one))
    modal.stop()  # a finished modal is never stored; submissions are routed by custom_id
    return modal


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
    hint = one.hint[:INPUT_HINT_MAX] or None
    return ui.Label(text=one.label[:INPUT_LABEL_MAX], description=hint, component=component)


def fields_of(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """The submitted texts by the names of their inputs."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    return dict(_typed(data.get("components", ())))


def _typed(components: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for component in components:
        inner = component.get("components") or filter(None, [component.get("component")])
        yield from _typed(list(inner))
        if "custom_id" in component and isinstance(component.get("value"), str):
            yield component["custom_id"], component["value"]
