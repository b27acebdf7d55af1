"""All settings. Their names are a stable interface for scripts."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.settings.backends import BackendSettings
from bot.settings.fallbacks import check_fallbacks
from bot.settings.section import SettingsTable
from bot.settings.types import (
    FernetKey,
    Https,
    Level,
    Listen,
    Loopback,
    Snowflake,
    Source,
    Word,
    as_path,
    items,
    not_empty,
    upper,
)

PREFIX, DELIMITER = "HORDECORD_", "__"


class BotSettings(SettingsTable):
    """`language`: for members whose Discord client uses a language that the bot does not have."""

    language: Literal["en", "de", "es", "fr", "ja", "pt_BR", "ru", "zh_Hans"] = Field(
        default="en", description="en, de, es, fr, ja, pt_BR, ru or zh_Hans"
    )


class DiscordSettings(SettingsTable):
    """Connection to Discord. `api`: "" for Discord itself."""

    token: Word = Field(description="the bot's token, from the Discord developer portal")
    owner_ids: Annotated[tuple[Snowflake, ...], BeforeValidator(items)] = Field(
        default=(), description="a list of Discord user ids, without quotes"
    )
    operator_guild_ids: Annotated[tuple[Snowflake, ...], BeforeValidator(items)] = Field(
        default=(), description="a list of Discord server ids, without quotes"
    )
    message_content: bool = Field(default=False, description="true or false")
    api: Loopback = Field(
        default="",
        description="a loopback address such as http://127.0.0.1:8000/api/v10, because the bot"
        " sends the token to it",
    )


class StoreSettings(SettingsTable):
    """The database and the stored files."""

    path: Annotated[Path, BeforeValidator(as_path), AfterValidator(not_empty)] = Field(
        default=Path("data/hordecord.db"), description="the path of the database file"
    )
    secret_keys: Annotated[tuple[FernetKey, ...], BeforeValidator(items)] = Field(
        default=(), description="a list of keys from `hordecord keygen`, newest first"
    )
    keep_days: int = Field(
        default=90, ge=1, le=3650, description="a whole number of days from 1 to 3650"
    )
    spool_megabytes: int = Field(
        default=2048, ge=16, le=10_000_000, description="a whole number of megabytes, 16 or more"
    )


class LimitsSettings(SettingsTable):
    """Limits of open requests for one user, or for a server. 0: no limit."""

    open_per_person: int = Field(
        default=6, ge=0, le=100_000, description="a whole number of requests, 0 for no limit"
    )
    open_per_server: int = Field(
        default=0, ge=0, le=100_000, description="a whole number of requests, 0 for no limit"
    )


class HttpSettings(SettingsTable):
    """The bot's HTTP server for health, metrics and webhooks. `listen`: "" for none."""

    listen: Listen = Field(default="", description="HOST:PORT, such as 127.0.0.1:8080")

    @property
    def address(self) -> tuple[str, int] | None:
        """(host, port) to listen on, or None."""
        host, _, port = self.listen.rpartition(":")
        return (host.strip("[]"), int(port)) if port else None


class WebhookSettings(SettingsTable):
    """Public address for the Horde's webhooks. `public_url`: "" turns them off."""

    public_url: Https = Field(
        default="", description="an https:// address that leads to [http] listen"
    )


_FILES = "https://raw.githubusercontent.com"
_SOURCE = 'an https:// address, or "" to turn it off'


class ReferenceSettings(SettingsTable):
    """Public files about models and styles; "" turns one off."""

    enabled: bool = Field(default=True, description="true or false")
    models_url: Source = Field(
        default=f"{_FILES}/Haidra-Org/AI-Horde-image-model-reference/main/stable_diffusion.json",
        description=_SOURCE,
    )
    host_url: Source = Field(
        default="https://models.aihorde.net/api/model_references/v2", description=_SOURCE
    )
    text_models_url: Source = Field(
        default=f"{_FILES}/Haidra-Org/AI-Horde-text-model-reference/main/db.json",
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


class LogSettings(SettingsTable):
    """Level and format of the log."""

    level: Annotated[Level, BeforeValidator(upper)] = Field(
        default="INFO", description="DEBUG, INFO, WARNING, ERROR or CRITICAL"
    )
    format: Literal["text", "json"] = Field(default="text", description='"text" or "json"')


class Settings(BaseSettings):
    """All settings. Constructed in code they have the given values and defaults; `load` reads the
    file and the environment.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        strict=True,
        env_prefix=PREFIX,
        env_nested_delimiter=DELIMITER,
    )

    discord: DiscordSettings
    bot: BotSettings = BotSettings()
    store: StoreSettings = StoreSettings()
    backends: dict[Annotated[str, Field(pattern="^[a-z][a-z0-9_-]{0,31}$")], BackendSettings] = (
        Field(
            default={"horde": BackendSettings()},
            min_length=1,
            description="[backends.NAME] tables, with names of lower-case letters, digits, _ and -",
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
        """Only values given in code: a trial must not take a real token from the environment."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @field_validator("backends")
    @classmethod
    def _fallbacks(cls, backends: dict[str, BackendSettings]) -> dict[str, BackendSettings]:
        check_fallbacks({name: backend.fallback for name, backend in backends.items()})
        return backends

    @field_validator("webhook")
    @classmethod
    def _reachable(cls, webhook: WebhookSettings, info: ValidationInfo) -> WebhookSettings:
        http = info.data.get("http")
        if webhook.public_url and isinstance(http, HttpSettings) and not http.listen:
            raise ValueError("nothing listens")
        return webhook


SECTIONS: dict[str, type[BaseModel]] = {
    "discord": DiscordSettings,
    "bot": BotSettings,
    "store": StoreSettings,
    "backends": BackendSettings,
    "limits": LimitsSettings,
    "http": HttpSettings,
    "webhook": WebhookSettings,
    "reference": ReferenceSettings,
    "log": LogSettings,
}
