"""Rules of a server: values, stored as JSON. The checks are in guild_checks.py."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.domain.capabilities import PriceUnit
from bot.domain.chat.characters import NAME_MAX as CHARACTER_MAX
from bot.domain.kudos.budgets import Budget
from bot.domain.requests import IMAGES_MAX, SIDE_MAX
from bot.i18n import _
from bot.rules.regex import compiled

PLACES_MAX = 25  # channels or roles of one list: the most that a menu of Discord holds
WORDS_MAX, WORD_MAX = 200, 100  # rules, and characters of one
PATTERNS_MAX, PATTERN_MAX = 10, 200  # regular expressions cost more than words
NAMES_MAX, NAME_MAX = 200, 255  # blocked models, styles or LoRAs, and characters of a name
GIFT_MAX = 10_000  # kudos of one reaction
GIFTS_DAILY, GIFTS_MAX = 10, 1_000  # gifts by reactions of one member in a day
# A custom emoji as Discord writes it, or a Unicode emoji; some begin with a digit, # or *.
EMOJI = r"^(|<a?:[A-Za-z0-9_]{2,32}:[0-9]{1,20}>|[0-9#*]?[^\x00-\x7f\s]{1,16})$"
STEPS_MAX = 500  # limit of the Horde
BACKENDS_MAX = 25  # with budgets of their own

Id = Annotated[int, Field(gt=0, lt=2**63)]
# Each once: Discord refuses a menu that selects a value twice, and a settings file can repeat one.
Ids = Annotated[
    tuple[Id, ...],
    Field(max_length=PLACES_MAX),
    AfterValidator(lambda ids: tuple(dict.fromkeys(ids))),
]
Name = Annotated[str, Field(min_length=1, max_length=NAME_MAX)]
Names = Annotated[tuple[Name, ...], Field(max_length=NAMES_MAX)]
BackendName = Annotated[str, Field(min_length=1, max_length=100)]
How = Literal["plain", "word", "regex"]


class WordRule(BaseModel):
    """A word rule for prompts: `plain` anywhere, `word` as a whole word, or a pattern."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1, max_length=PATTERN_MAX)
    how: How = "plain"

    @model_validator(mode="after")
    def _sound(self) -> "WordRule":
        if self.how == "regex":
            compiled(self.text)
        elif len(self.text) > WORD_MAX:
            raise ValueError(_("a word has at most {count} characters").format(count=WORD_MAX))
        elif not self.text.strip():
            raise ValueError(_("a word cannot consist of spaces only"))
        return self


class GuildSettings(BaseModel):
    """Rules of a server; a new rule is a new field with a default. 0, "" and () are no rule.

    `nsfw`: nowhere, or in age-restricted channels. `spoiler`: pictures are behind one.
    `channels_*`: ids of channels, threads and categories; `roles_*`: ids of roles. Names in
    `models_blocked` and the like are compared without case. `press`: who may press the buttons of
    other members' results, besides `press_roles`. `log_channel` receives every change. `backend`:
    its name in the bot's configuration. `most_side` in pixels. `language`: code of the language of
    cards that everyone sees, one of bot.i18n.LANGUAGES; "": that of the server on Discord.
    `gift_emoji`: a reaction with it gives `gift_amount` kudos to the author of the message, at most
    `gift_daily` times a day for each member (UTC). `budget`: of the keys of backends whose prices
    are kudos; `budgets`: of single backends, by name, instead of it.

    `chat`: whether members can have conversations with characters. `chat_channels`: where they can
    be started; `chat_start_roles`: who may start one; `chat_roles`: who may take part.
    `chat_models`: the text models of conversations. `chat_character`: name of the shared character
    with which a mention of the bot starts a conversation. `chat_publish`: whether all members may
    share characters. `chat_webhooks`: characters have their own names and avatars by webhooks.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    nsfw: Literal["off", "age"] = "age"
    spoiler: bool = False
    channels_allowed: Ids = ()
    channels_denied: Ids = ()
    roles_allowed: Ids = ()
    roles_denied: Ids = ()
    words: Annotated[tuple[WordRule, ...], Field(max_length=WORDS_MAX)] = ()
    models_blocked: Names = ()
    styles_blocked: Names = ()
    loras_blocked: Names = ()
    press: Literal["requester", "anyone"] = "requester"
    press_roles: Ids = ()
    log_channel: Annotated[int, Field(ge=0, lt=2**63)] = 0
    backend: str = Field(default="", max_length=100)
    most_steps: int = Field(default=0, ge=0, le=STEPS_MAX)
    most_side: int = Field(default=0, ge=0, le=SIDE_MAX)
    most_count: int = Field(default=0, ge=0, le=IMAGES_MAX)
    budget: Budget = Budget()
    budgets: Annotated[dict[BackendName, Budget], Field(max_length=BACKENDS_MAX)] = {}
    language: str = Field(default="", max_length=20)
    gift_emoji: str = Field(default="", pattern=EMOJI)
    gift_amount: int = Field(default=0, ge=0, le=GIFT_MAX)
    gift_daily: int = Field(default=GIFTS_DAILY, ge=1, le=GIFTS_MAX)
    chat: bool = True
    chat_channels: Ids = ()
    chat_start_roles: Ids = ()
    chat_roles: Ids = ()
    chat_models: Names = ()
    chat_character: str = Field(default="", max_length=CHARACTER_MAX)
    chat_publish: bool = True
    chat_webhooks: bool = False

    def budget_of(self, backend: str, unit: PriceUnit) -> Budget:
        """The budget of the server's key at that backend. Amounts of another unit do not count."""
        found = self.budgets.get(backend, self.budget)
        return found if found.unit is unit else Budget(unit=unit)

    def with_budget(self, backend: str, budget: Budget, *, usual: bool) -> "GuildSettings":
        """The rules with that budget at that backend. `usual`: the first one that has kudos."""
        if usual and backend not in self.budgets:
            return self.model_copy(update={"budget": budget})
        return self.model_copy(update={"budgets": {**self.budgets, backend: budget}})

    @model_validator(mode="after")
    def _few_patterns(self) -> "GuildSettings":
        if sum(rule.how == "regex" for rule in self.words) > PATTERNS_MAX:
            raise ValueError(_("at most {count} regular expressions").format(count=PATTERNS_MAX))
        return self


NO_RULES = GuildSettings()
