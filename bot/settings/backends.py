"""Settings of one backend, a table `[backends.NAME]`."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr

from bot.settings.section import SettingsTable
from bot.settings.types import OptionalWeb, Word, items

ANONYMOUS_KEY = "0000000000"  # docs/horde-api.md#headers-and-keys


class BackendSettings(SettingsTable):
    """One backend. `url`: "" for that of the type. `title`: its name for people, "" for the usual.
    `profile`: of a server that differs from others of its type, "" for the usual one.

    `fallback`: name of the backend that takes over when this one is down, "" for none.

    The anonymous key is no key where a backend needs none. `previews`: whether cards show
    unfinished images. `kinds`: what the server makes, () for the usual of the type; `priced`:
    requests with a key may be charged, so that none is repeated when its answer is lost. Both are
    for the type openai, whose servers do not tell. `safe`: its pictures may be shown in any channel
    without a spoiler; the Horde has a censor of its own.

    `call_seconds`: how long a call that makes a result may take where the call is the job, 0 for
    the usual time of the type. No backend knows a request for longer than an hour.
    """

    type: str = Field(
        default="horde",
        pattern=r"^[a-z][a-z0-9_]*$",
        description='a type of backend, such as "horde"',
    )
    profile: str = Field(
        default="", pattern=r"^[a-z0-9-]{0,32}$", description='"" or a profile, such as "aipg-v2"'
    )
    url: OptionalWeb = Field(default="", description="an https:// or http:// address")
    title: str = Field(default="", max_length=40, description="a name of at most 40 characters")
    api_key: Word = Field(
        default=SecretStr(ANONYMOUS_KEY),
        description=f"an API key, or {ANONYMOUS_KEY} for the anonymous account",
    )
    previews: bool = Field(default=True, description="true or false")
    kinds: Annotated[tuple[Literal["text", "image"], ...], BeforeValidator(items)] = Field(
        default=(), description='a list of "text" and "image"'
    )
    priced: bool = Field(default=True, description="true or false")
    safe: bool = Field(default=False, description="true or false")
    call_seconds: int = Field(
        default=0, ge=0, le=3600, description="a number of seconds from 0 to 3600"
    )
    fallback: str = Field(
        default="",
        pattern=r"^([a-z][a-z0-9_-]{0,31})?$",
        description='"" or the name of another [backends.NAME] table',
    )
