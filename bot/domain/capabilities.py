"""What a backend can do. Rules, cards and commands ask this, never the type of a backend."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.domain.requests import Kind
from bot.domain.requests.base import IMAGES_MAX

HORDE_KINDS = frozenset({Kind.IMAGE, Kind.TEXT, Kind.ALCHEMY})


class PriceUnit(StrEnum):
    """Unit of prices and balances. Amounts of two units are never added or compared."""

    KUDOS = "kudos"
    MICRO_USD = "micro_usd"  # a millionth of a US dollar
    NONE = "none"  # requests have no price


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Abilities of one backend.

    `title`: its name for people. `submits`: "queued" answers with an id and is polled; with
    "blocking" the call is the job and takes minutes. `resubmit`: a submit whose answer was lost can
    be repeated without a price ("free"), its result can be asked for ("recoverable"), or neither
    ("never"). `cancels`: kinds of which a request under way can be cancelled. `streams`: a text
    arrives while it is written. `progress`: the share of an image that is finished is known.
    `image_fields`: fields of ImageRequest that it uses besides the prompt and the models; None: all
    of them. `forms`: the alchemy forms that it takes; None: all. `results_max`: of one request.
    `lora_tags`: it reads LoRAs as `<lora:name:0.8>` in a prompt, as programs of its kind do.
    `chosen_models`: the operator chose its models, so that each may write a text in any channel.
    `censors`: its pictures may be shown in any channel. `keys`: whether members and servers can, or
    must, have keys of their own; `keys_from`: the page that makes them, "" when only the operator
    knows it; `key_max`: the most characters of a key.
    """

    title: str = "AI Horde"
    kinds: frozenset[Kind] = HORDE_KINDS
    submits: Literal["queued", "blocking"] = "queued"
    resubmit: Literal["free", "recoverable", "never"] = "free"
    cancels: frozenset[Kind] = HORDE_KINDS
    streams: bool = False
    progress: bool = False
    unit: PriceUnit = PriceUnit.KUDOS
    image_fields: frozenset[str] | None = None
    forms: frozenset[str] | None = None
    results_max: int = IMAGES_MAX
    lora_tags: bool = False
    chosen_models: bool = False
    censors: bool = False
    keys: Literal["none", "optional", "required"] = "optional"
    keys_from: str = ""
    key_max: int = 256

    def uses(self, field: str) -> bool:
        """Whether it uses that field of ImageRequest."""
        return self.image_fields is None or field in self.image_fields

    def takes_form(self, form: str) -> bool:
        """Whether it takes that alchemy form."""
        return self.forms is None or form in self.forms

    @property
    def has_kudos(self) -> bool:
        """Prices are kudos: only a Horde has shared keys, gifts, free sizes and downgrades."""
        return self.unit is PriceUnit.KUDOS

    def can_be_key(self, text: str) -> bool:
        """Whether a text has the form of a key."""
        return 0 < len(text) <= self.key_max and text.isascii() and text.isprintable()


# A key of a Horde has 22 characters, a shared key 36.
HORDE = Capabilities(censors=True, keys_from="aihorde.net/register", key_max=64)


@dataclass(frozen=True, slots=True)
class RequestAbilities:
    """What can be done about one request.

    `made_by`: its backend. `here`: the backend that new requests from its place use.
    """

    made_by: Capabilities = HORDE
    here: Capabilities = HORDE


ALL_HORDE = RequestAbilities()
