"""Base of all sections of the settings."""

from pydantic import BaseModel, ConfigDict


class SettingsTable(BaseModel):
    """A frozen table of settings."""

    # Every description completes "... must be ..." in an error. Strict: TOML has types, and
    # `keep_days = true` is a mistake, not one day.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, strict=True)
