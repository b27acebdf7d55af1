"""config.toml and HORDECORD_* variables -> frozen Settings."""

from bot.settings.backends import ANONYMOUS_KEY, BackendSettings
from bot.settings.loading import DEFAULT_FILE, load
from bot.settings.sections import (
    BotSettings,
    DiscordSettings,
    HttpSettings,
    LimitsSettings,
    LogSettings,
    ReferenceSettings,
    Settings,
    StoreSettings,
    WebhookSettings,
)
from bot.settings.variables import ignored_variables

__all__ = [
    "ANONYMOUS_KEY",
    "DEFAULT_FILE",
    "BackendSettings",
    "BotSettings",
    "DiscordSettings",
    "HttpSettings",
    "LimitsSettings",
    "LogSettings",
    "ReferenceSettings",
    "Settings",
    "StoreSettings",
    "WebhookSettings",
    "ignored_variables",
    "load",
]
