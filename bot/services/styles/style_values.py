"""What the owner of a style enters: values as options, texts in a form."""

import re
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from bot.cards.markdown import inline_code
from bot.domain.requests import NO_CHOICES, ImageChoices
from bot.errors import BadOption
from bot.horde.style_editing.style_inputs import PolicyInput, TemplateFieldInput
from bot.i18n import _

StyleKind = Literal["image", "text"]
NAME_MAX, INFO_MIN, INFO_MAX, PROMPT_MAX = 100, 10, 1_000, 4_000  # characters
TAGS_MAX, TAG_MAX, MODELS_MAX, FIELDS_MAX = 10, 25, 5, 16
FIELD_TEXT_MAX = 200  # characters of the description of a field
OF_REQUEST = frozenset({"p", "np"})  # placeholders that no field can have
_FIELD = re.compile(r"([a-z][a-z0-9_]{0,31})(\*?)\s*(?::\s*(.*))?")
_CEILING = re.compile(r"([a-z_]+)\s*[=:]\s*([0-9]{1,7})")
_WORD = re.compile(r"[a-z][a-z0-9_]*")


class StyleValues(BaseModel):
    """The options of a command; None: not given. `choices`: the flags, for an image style.

    `changeable` and `ceilings` are the texts of the options about a policy. Raises BadOption for a
    value of the other kind.
    """

    model_config = ConfigDict(frozen=True)

    kind: StyleKind
    models: tuple[str, ...] = ()
    choices: ImageChoices = NO_CHOICES
    temperature: float | None = None
    public: bool | None = None
    nsfw: bool | None = None
    changeable: str = ""
    ceilings: str = ""

    @model_validator(mode="after")
    def _of_its_kind(self) -> Self:
        if self.kind == "text" and self.choices:
            raise BadOption(_("A text style has no flags. Leave `extra` out."))
        if self.kind == "image" and self.temperature is not None:
            raise BadOption(_("An image style has no temperature. Leave `temperature` out."))
        return self

    @property
    def given(self) -> bool:
        """Whether any option besides the kind was given."""
        found = (self.temperature, self.public, self.nsfw)
        texts = self.models or self.choices or self.changeable or self.ceilings
        return bool(texts) or any(each is not None for each in found)


class StyleTexts(BaseModel):
    """The texts of a form. `fields`: one a line, None where the server has no fields."""

    model_config = ConfigDict(frozen=True)

    name: str
    info: str
    prompt: str
    tags: str = ""
    fields: str | None = None


def tags_of(text: str) -> tuple[str, ...]:
    """The tags, which commas separate. Raises BadOption."""
    tags = tuple(dict.fromkeys(filter(None, (" ".join(tag.split()) for tag in text.split(",")))))
    if len(tags) > TAGS_MAX or any(len(tag) > TAG_MAX for tag in tags):
        said = _("A style can have {count} tags of {length} characters. Shorten the list.")
        raise BadOption(said.format(count=TAGS_MAX, length=TAG_MAX))
    return tags


def declared_fields(text: str) -> tuple[TemplateFieldInput, ...]:
    """The fields of lines such as `country*: The country`; * marks a required one.

    Raises BadOption.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = tuple(map(_field, lines))
    if len(found) > FIELDS_MAX:
        said = _("A style can have {count} fields. Remove some.")
        raise BadOption(said.format(count=FIELDS_MAX))
    if len({each.name for each in found}) < len(found):
        raise BadOption(_("Two fields have the same name. Rename one of them."))
    return found


def _field(line: str) -> TemplateFieldInput:
    parts = _FIELD.fullmatch(line)
    if parts is None or parts[1] in OF_REQUEST:
        said = _(
            "{line} is not a field. Write one on each line, such as `country: The country`, or "
            "`country*: The country` for a required field."
        )
        raise BadOption(said.format(line=inline_code(line, 60)))
    description = (parts[3] or parts[1]).strip()[:FIELD_TEXT_MAX]
    return TemplateFieldInput(name=parts[1], description=description, required=bool(parts[2]))


def policy_of(changeable: str, ceilings: str) -> PolicyInput | None:
    """The policy of the texts `none`, `all` or names, and of `steps=30, width=1024`.

    None when both are empty. Raises BadOption.
    """
    if not changeable.strip() and not ceilings.strip():
        return None
    most = _ceilings(ceilings) or None
    plain = changeable.strip().casefold()
    if plain in {"", "none"}:
        return PolicyInput(override="none", ceilings=most)
    if plain == "all":
        return PolicyInput(override="all", ceilings=most)
    names = tuple(dict.fromkeys(re.split(r"[,\s]+", plain.strip(", "))))
    if wrong := [name for name in names if not _WORD.fullmatch(name)]:
        said = _("{name} is not the name of a parameter. Use `none`, `all`, or names.")
        raise BadOption(said.format(name=inline_code(wrong[0], 60)))
    return PolicyInput(override="listed", overridable=names, ceilings=most)


def _ceilings(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        pair = _CEILING.fullmatch(part.casefold())
        if pair is None:
            said = _("{text} is not a ceiling. Write, for example, `steps=30, width=1024`.")
            raise BadOption(said.format(text=inline_code(part, 60)))
        found[pair[1]] = int(pair[2])
    return found
