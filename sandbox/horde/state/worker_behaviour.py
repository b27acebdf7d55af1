"""Misbehaviour of workers, requested by a control rule or by `[sandbox:NAME]` in a prompt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.model_texts import TEXT_NAMES

BEHAVIOUR_NAMES = frozenset(
    {
        "faulted", "faulted_quietly", "partial", "censored", "csam", "lost_image", "missing",
        "garbage", "bomb", "huge", "large", "stuck", "lost_charge", "expire", "error500", "slow",
        "stall", "timeout",
        "lora_failed", "lora_mismatch", "ti_failed", "source_failed", "mask_failed",
        *TEXT_NAMES,
    }
)  # fmt: skip
# The metadata of an image that was generated without a LoRA, a source image and so on: type, value,
# and the payload's list with the names.
_METADATA = {
    "lora_failed": ("lora", "download_failed", "loras"),
    "lora_mismatch": ("lora", "baseline_mismatch", "loras"),
    "ti_failed": ("ti", "download_failed", "tis"),
    "source_failed": ("source_image", "parse_failed", ""),
    "mask_failed": ("source_mask", "download_failed", ""),
}
PROMPT_TAG = re.compile(r"\[sandbox:([a-z0-9_]+)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`n`: the number of affected results (for "partial": of delivered ones); None: all (half)."""

    name: str
    n: int | None = None

    def affects(self, index: int) -> bool:
        """Whether the result with this index is affected."""
        return self.n is None or index < self.n

    def loses(self, index: int, jobs: int) -> bool:
        """Whether a "partial" request loses this result."""
        return index >= (max(1, jobs // 2) if self.n is None else self.n) if jobs > 1 else True


def generation_metadata(name: str, payload: Mapping[str, Any]) -> list[dict[str, str]]:
    """The gen_metadata of a worker with this behaviour; `ref` names the payload's entries."""
    if name not in _METADATA:
        return []
    kind, value, field = _METADATA[name]
    if not field:
        return [{"type": kind, "value": value}]
    return [{"type": kind, "value": value, "ref": one["name"]} for one in payload.get(field) or ()]


@dataclass(slots=True)
class _Rule:
    behaviour: Behaviour
    match: str
    left: int | None


class BehaviourRules:
    """The rules of the control API, oldest first. `names`: the behaviours that the server knows."""

    def __init__(self, names: frozenset[str] = BEHAVIOUR_NAMES) -> None:
        self._names = names
        self._rules: list[_Rule] = []

    def add(
        self, name: str, match: str = "", times: int | None = None, n: int | None = None
    ) -> None:
        """Add a rule. `match`: part of the prompt or form name. Raises ValueError: unknown name."""
        if name not in self._names:
            raise ValueError(f"unknown behaviour {name!r}; known: {', '.join(sorted(self._names))}")
        self._rules.append(_Rule(Behaviour(name, n), match.casefold(), times))

    def clear(self) -> None:
        self._rules.clear()

    def find(self, text: str) -> Behaviour | None:
        """The behaviour for a prompt or form name. Counts down `times` of the rule."""
        for rule in self._rules:
            if rule.match in text.casefold():
                if rule.left is not None:
                    rule.left -= 1
                    if rule.left <= 0:
                        self._rules.remove(rule)
                return rule.behaviour
        tag = PROMPT_TAG.search(text)
        return Behaviour(tag[1].lower()) if tag and tag[1].lower() in self._names else None
