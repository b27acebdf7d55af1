"""Lorebooks: texts that join the prompt when the conversation names their keys."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

ENTRIES_MAX = 2_000  # of one lorebook
KEYS_MAX = 100  # of one entry
CONTENT_MAX = 20_000  # characters of one entry


class LorePosition(StrEnum):
    """Where the text of an entry is put."""

    BEFORE_CHARACTER = "before_char"
    AFTER_CHARACTER = "after_char"
    AT_DEPTH = "at_depth"  # so many messages before the end


class SecondaryKeys(StrEnum):
    """What the secondary keys of an entry must do, after a key was found."""

    ANY = "and_any"
    ALL = "and_all"
    NOT_ANY = "not_any"
    NOT_ALL = "not_all"


class LoreEntry(BaseModel):
    """One entry. `order`: the lower is put first, and the higher stays when the budget is full.

    `constant`: active without a key. `scan_depth`: newest messages in which keys are searched, None
    for that of the lorebook. `recursive`: its text may activate other entries, and `found_by_text`:
    it may be activated by theirs. `case_sensitive`, `whole_words`: None for the default of the
    lorebook's program, which ignores case and matches parts of words. `extra`: fields of its file
    that the bot does not use, as JSON, for the export.
    """

    model_config = ConfigDict(frozen=True)

    id: int = 0
    name: str = ""
    keys: tuple[str, ...] = ()
    secondary_keys: tuple[str, ...] = ()
    selective: bool = False  # whether the secondary keys count
    logic: SecondaryKeys = SecondaryKeys.ANY
    content: str = Field(default="", max_length=CONTENT_MAX)
    enabled: bool = True
    constant: bool = False
    order: int = 100
    priority: int = 0
    position: LorePosition = LorePosition.BEFORE_CHARACTER
    depth: int = Field(default=4, ge=0)
    scan_depth: int | None = None
    case_sensitive: bool | None = None
    whole_words: bool | None = None
    regex: bool = False
    recursive: bool = True
    found_by_text: bool = True
    extra: str = "{}"


class Lorebook(BaseModel):
    """Entries with their common settings. `budget`: tokens of all active entries, None for the
    default. `extra`: as of LoreEntry.
    """

    model_config = ConfigDict(frozen=True)

    name: str = ""
    description: str = ""
    scan_depth: int | None = None
    budget: int | None = None
    recursive: bool = False
    entries: tuple[LoreEntry, ...] = Field(default=(), max_length=ENTRIES_MAX)
    extra: str = "{}"
