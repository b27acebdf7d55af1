"""What can be set, and the shape of each value. The names are a promise to scripts."""

import re
from pathlib import Path
from typing import Annotated, Literal, TypeVar, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX, DELIMITER = "HORDECORD_", "__"
ANONYMOUS_KEY = "0000000000"  # HORDE 0: ten zeros

_PORT = r"(?:6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|\d{1,4})"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_HOST = r"(?:\[[0-9a-fA-F:]+\]|[\w.-]+)"
_PATH = r"(?:/[\w./~%-]*)?"

Shaped = TypeVar("Shaped", str, SecretStr)


def _shape(pattern: str) -> AfterValidator:
    """The whole text matches. Patterns and not URL parsers: two of those may read one odd address
    differently, and the token would go to a stranger.
    """
    compiled = re.compile(pattern, re.ASCII)

    def check(value: Shaped) -> Shaped:
        text = value if isinstance(value, str) else value.get_secret_value()
        if not compiled.fullmatch(text):
            raise ValueError("another shape")
        return value

    return AfterValidator(check)


def _items(value: object) -> object:
    """TOML's lists are not frozen."""
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


def _path(value: object) -> object:
    return Path(value) if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _not_empty(path: Path) -> Path:
    if not path.name:
        raise ValueError("empty")
    return path


Word = Annotated[SecretStr, _shape(r"[!-~]+")]  # goes into a header
FernetKey = Annotated[SecretStr, _shape(r"[\w-]{43}=")]
Snowflake = Annotated[int, Field(gt=0, lt=2**63)]
_LOOPBACK = rf"https?://(127(\.{_OCTET}){{3}}|localhost|\[::1\])(:{_PORT})?{_PATH}"
Loopback = Annotated[str, _shape(rf"({_LOOPBACK})?")]
Web = Annotated[str, _shape(rf"https?://{_HOST}(:{_PORT})?{_PATH}")]
Https = Annotated[str, _shape(rf"(https://{_HOST}(:{_PORT})?{_PATH})?")]
Source = Annotated[str, _shape(rf"(https://{_HOST}(:{_PORT})?{_PATH}|{_LOOPBACK})?")]
Listen = Annotated[str, _shape(rf"({_HOST}:{_PORT})?")]
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class _Section(BaseModel):
    # Every description completes "... must be ..." in an error. Strict: TOML has types of its own,
    # and `keep_days = true` is a mistake, not one day.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, strict=True)


class DiscordSettings(_Section):
    """How the bot gets onto Discord. `api`: "" for Discord itself."""

    token: Word = Field(description="the bot's token, from the Discord developer portal")
    owner_ids: Annotated[tuple[Snowflake, ...], NoDecode, BeforeValidator(_items)] = Field(
        default=(), description="a list of Discord user ids, without quotes"
    )
    message_content: bool = Field(default=False, description="true or false")
    api: Loopback = Field(
        default="",
        description="a loopback address such as http://127.0.0.1:8000/api/v10, since the token"
        " goes there",
    )


class StoreSettings(_Section):
    """What is remembered, and where."""

    path: Annotated[Path, BeforeValidator(_path), AfterValidator(_not_empty)] = Field(
        default=Path("data/hordecord.db"), description="the path of the database file"
    )
    secret_keys: Annotated[tuple[FernetKey, ...], NoDecode, BeforeValidator(_items)] = Field(
        default=(), description="a list of keys that `hordecord keygen` printed, newest first"
    )
    keep_days: int = Field(
        default=90, ge=1, le=3650, description="a whole number of days from 1 to 3650"
    )
    spool_megabytes: int = Field(
        default=2048, ge=16, le=10_000_000, description="a whole number of megabytes, 16 or more"
    )


class BackendSettings(_Section):
    """One server that makes things."""

    type: str = Field(
        default="horde", pattern=r"^[a-z][a-z0-9_]*$", description='a kind of backend, as "horde"'
    )
    url: Web = Field(
        default="https://aihorde.net/api/v2", description="an https:// or http:// address"
    )
    api_key: Word = Field(
        default=SecretStr(ANONYMOUS_KEY),
        description=f"an API key, or {ANONYMOUS_KEY} for the anonymous one",
    )


class LimitsSettings(_Section):
    """How much one person, or all of a server, may have under way. 0: as much as they like."""

    open_per_person: int = Field(
        default=6, ge=0, le=100_000, description="a whole number of requests, 0 for no limit"
    )
    open_per_server: int = Field(
        default=0, ge=0, le=100_000, description="a whole number of requests, 0 for no limit"
    )


class HttpSettings(_Section):
    """The bot's own server for health, metrics and the webhook. `listen`: "" for none."""

    listen: Listen = Field(default="", description="HOST:PORT, such as 127.0.0.1:8080")

    @property
    def address(self) -> tuple[str, int] | None:
        """(host, port) to listen on, or None."""
        host, _, port = self.listen.rpartition(":")
        return (host.strip("[]"), int(port)) if port else None


class WebhookSettings(_Section):
    """Where the Horde can ring. `public_url`: "" for nowhere."""

    public_url: Https = Field(
        default="", description="an https:// address that leads to [http] listen"
    )


_FILES = "https://raw.githubusercontent.com"
_SOURCE = 'an https:// address, or "" to do without'


class ReferenceSettings(_Section):
    """Where the public files about models and styles are; "" does without one of them."""

    enabled: bool = Field(default=True, description="true or false")
    models_url: Source = Field(
        default=f"{_FILES}/Haidra-Org/AI-Horde-image-model-reference/main/stable_diffusion.json",
        description=_SOURCE,
    )
    styles_url: Source = Field(
        default=f"{_FILES}/Haidra-Org/AI-Horde-Styles/main/styles.json", description=_SOURCE
    )
    categories_url: Source = Field(
        default=f"{_FILES}/Haidra-Org/AI-Horde-Styles/main/categories.json", description=_SOURCE
    )
    previews_url: Source = Field(
        default=f"{_FILES}/amiantos/AI-Horde-Styles-Previews/main/previews.json",
        description=_SOURCE,
    )
    enhancements_url: Source = Field(
        default=f"{_FILES}/Haidra-Org/AI-Horde-Styles/main/enhancements.json", description=_SOURCE
    )
    civitai: bool = Field(default=False, description="true or false")
    civitai_url: Source = Field(default="https://civitai.com/api/v1/models", description=_SOURCE)


class LogSettings(_Section):
    """What is written to the log."""

    level: Annotated[Level, BeforeValidator(_upper)] = Field(
        default="INFO", description="DEBUG, INFO, WARNING, ERROR or CRITICAL"
    )
    format: Literal["text", "json"] = Field(default="text", description='"text" or "json"')


class Settings(BaseSettings):
    """Everything that can be set. Use `load`: this class alone reads no file and no variable."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        strict=True,
        env_prefix=PREFIX,
        env_nested_delimiter=DELIMITER,
    )

    discord: DiscordSettings
    store: StoreSettings = StoreSettings()
    backends: dict[Annotated[str, Field(pattern="^[a-z][a-z0-9_-]{0,31}$")], BackendSettings] = (
        Field(
            default={"horde": BackendSettings()},
            min_length=1,
            description="[backends.NAME] tables, with names of small letters, digits, _ and -",
        )
    )
    limits: LimitsSettings = LimitsSettings()
    http: HttpSettings = HttpSettings()
    webhook: WebhookSettings = WebhookSettings()
    reference: ReferenceSettings = ReferenceSettings()
    log: LogSettings = LogSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in: `load` joins file and environment, and knows their places."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @field_validator("webhook")
    @classmethod
    def _reachable(cls, webhook: WebhookSettings, info: ValidationInfo) -> WebhookSettings:
        http = info.data.get("http")
        if webhook.public_url and isinstance(http, HttpSettings) and not http.listen:
            raise ValueError("nothing listens")
        return webhook


SECTIONS: dict[str, type[BaseModel]] = {
    "discord": DiscordSettings,
    "store": StoreSettings,
    "backends": BackendSettings,
    "limits": LimitsSettings,
    "http": HttpSettings,
    "webhook": WebhookSettings,
    "reference": ReferenceSettings,
    "log": LogSettings,
}
