"""The parts of a prompt that are no messages: card, persona, lore, notes, examples."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from bot.chat.lore_activation import ActiveEntry
from bot.chat.macros import expand
from bot.chat.neutral_text import neutral, one_line
from bot.chat.scene import Scene, macro_values
from bot.chat.token_budget import cut_end, tokens
from bot.domain.requests.chat_turn import Role

SYSTEM = (
    "Write the next message of {{char}} in a conversation with {{user}}. Stay in the role of "
    "{{char}}. Do not write what the others say or do."
)
CUT_MIN = 40  # tokens; less of a part says nothing
OTHERS_TOKENS = 200  # of the description of another character
_START = re.compile(r"<START>|\{\{start\}\}", re.IGNORECASE)
SystemSection = Literal[
    "system",
    "before",
    "description",
    "personality",
    "personality lore",
    "scenario",
    "scenario lore",
    "after",
    "persona",
    "cast",
    "summary",
]
SECTIONS: tuple[SystemSection, ...] = get_args(SystemSection)  # their order in the system message
Section = SystemSection | Literal["depth", "closing"]
_LORE: dict[str, Section] = {
    "before": "before",
    "after": "after",
    "personality": "personality lore",
    "scenario": "scenario lore",
    "depth": "depth",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A text of the prompt. `depth`: messages after it, for "depth". `whole`: never cut."""

    section: Section
    text: str
    depth: int = 0
    role: Role = "system"
    whole: bool = False


def parts_of(scene: Scene, lore: Sequence[ActiveEntry]) -> list[Part]:
    """All parts, the most important first: the last ones give way when the budget is small."""
    off = {name for entry in lore for name in entry.off}
    parts = [*_card(scene, off), *_notes(scene), *_people(scene)]
    parts += [
        Part(_LORE[entry.place], entry.text, entry.depth, entry.role, whole=True) for entry in lore
    ]
    parts += _cast(scene)
    cleaned = (
        Part(part.section, neutral(part.text).strip(), part.depth, part.role, part.whole)
        for part in parts
    )
    return [part for part in cleaned if part.text]


def fitting(parts: Sequence[Part], room: int, frame: int) -> tuple[list[Part], int]:
    """The parts within so many tokens, and the tokens that are left.

    When not all of them fit, each gets at most half of what the more important ones left.
    """
    costs = [_cost(part, frame) for part in parts]
    if sum(costs) <= room:
        return list(parts), room - sum(costs)
    kept: list[Part] = []
    for part, cost in zip(parts, costs, strict=True):
        share = room // 2
        fits = part if cost <= share else _cut(part, share - (cost - tokens(part.text)))
        if fits is not None:
            room -= _cost(fits, frame)
            kept.append(fits)
    return kept, room


def examples_of(scene: Scene) -> list[str]:
    """The example conversations of the card."""
    text = expand(scene.character.examples, macro_values(scene))
    return [found for block in _START.split(text) if (found := neutral(block).strip())]


def _card(scene: Scene, off: set[str]) -> Iterator[Part]:
    card, values = scene.character, macro_values(scene)
    name, usual = values.char, expand(SYSTEM, values)
    if "system_prompt" not in off:
        own = expand(card.system_prompt, macro_values(scene, usual)).strip()
        yield Part("system", own or usual)
    yield Part("description", expand(card.description, values))
    if "post_history_instructions" not in off:
        yield Part("closing", expand(card.closing, values))
    yield Part("scenario", _headed("Scenario", expand(card.scenario, values)))
    yield Part("personality", _headed(f"Personality of {name}", expand(card.personality, values)))


def _notes(scene: Scene) -> Iterator[Part]:
    values, settings, note = macro_values(scene), scene.settings, scene.character.note
    yield Part("depth", expand(settings.note, values), settings.note_depth)
    if note is not None:
        yield Part("depth", expand(note.text, values), note.depth)


def _people(scene: Scene) -> Iterator[Part]:
    yield Part("summary", _headed("Summary of what happened before", scene.summary))
    yield Part("persona", _headed(f"About {one_line(scene.member)}", scene.persona))
    for name, persona in scene.personas.items():
        yield Part("persona", _headed(f"About {one_line(name)}", persona))


def _cast(scene: Scene) -> Iterator[Part]:
    """The other characters, as far as the one that speaks knows them."""
    for other in scene.cast:
        name = one_line(other.called)
        if name.casefold() in scene.own_names:
            continue
        known = expand(other.description, replace(macro_values(scene), char=name))
        text = f"{name} is another character in this conversation. {known}"
        yield Part("cast", cut_end(text, OTHERS_TOKENS))


def _headed(head: str, text: str) -> str:
    return f"{head}: {text.strip()}" if text.strip() else ""


def _cost(part: Part, frame: int) -> int:
    """Its tokens: a part of the system message needs an empty line, another one a frame."""
    return tokens(part.text) + (1 if part.section in SECTIONS else frame)


def _cut(part: Part, room: int) -> Part | None:
    if part.whole or room < min(CUT_MIN, tokens(part.text)):
        return None
    return Part(part.section, cut_end(part.text, room), part.depth, part.role)
