"""Messages about changes of a server: their language in the log channel, and errors."""

from types import SimpleNamespace
from typing import Any

import discord
import pytest
from pydantic import ValidationError

from bot.domain.requests import NO_CHOICES
from bot.i18n import LANGUAGES, Language, in_language, language_of
from bot.rules.guild_settings import GuildSettings
from bot.ui.server.changes import short_reason, tell_defaults
from tests.support.fakes.submission import FakeGuilds

CHANNEL = 11
GERMAN = language_of("de")


class FakeServerLanguages:
    """Every server speaks the language of its rules."""

    def of_guild(self, rules: GuildSettings, _locale: str) -> Language:
        return language_of(rules.language)


class FakeChannel(discord.abc.Messageable):
    """A log channel: keeps the texts of its messages."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def send(self, *_: Any, view: discord.ui.LayoutView, **_kwargs: Any) -> Any:
        self.texts += [
            item.content
            for item in view.walk_children()
            if isinstance(item, discord.ui.TextDisplay)
        ]


def manager_press(channel: object, language: str) -> Any:
    """A press of a manager of a server with that language and log channel."""
    guilds = FakeGuilds({1: GuildSettings(log_channel=CHANNEL, language=language)})
    services = SimpleNamespace(guilds=guilds, languages=FakeServerLanguages())
    return SimpleNamespace(
        guild_id=1,
        guild_locale=None,
        guild=SimpleNamespace(get_channel_or_thread={CHANNEL: channel}.get),
        permissions=SimpleNamespace(manage_guild=True),
        user=SimpleNamespace(id=7),
        client=SimpleNamespace(services=services),
    )


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message names its language, so that no catalogue has to have it."""

    def catalog(language: Language) -> Any:
        def gettext(message: str) -> str:
            return f"[{language.code}] {message}"

        return SimpleNamespace(gettext=gettext)

    monkeypatch.setattr("bot.i18n.messages.catalog", catalog)


@pytest.mark.usefixtures("translated")
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
async def test_log_message_has_the_language_of_the_server(language: Language) -> None:
    channel = FakeChannel()
    with in_language(GERMAN):
        note = await tell_defaults(manager_press(channel, language.code), NO_CHOICES)
    assert note == ""
    assert all(
        line.startswith(f"[{language.code}] ") for line in "\n".join(channel.texts).split("\n")
    )
    assert channel.texts


@pytest.mark.usefixtures("translated")
async def test_error_of_the_log_channel_has_the_language_of_the_member() -> None:
    with in_language(GERMAN):
        note = await tell_defaults(manager_press(None, "ja"), NO_CHOICES)
    assert note.startswith("[de] The log channel no longer exists")


async def test_defaults_of_a_channel_are_logged_with_the_channel() -> None:
    channel = FakeChannel()
    await tell_defaults(manager_press(channel, "en"), NO_CHOICES, 12)
    assert "**Defaults in <#12>**" in channel.texts[0]


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ({"words": [{"text": f"word {n}"} for n in range(201)]}, "words: at most 200 entries"),
        ({"words": [{"text": "  "}]}, "words.0: a word cannot consist of spaces only"),
        ({"most_steps": -1}, "most_steps: Input should be greater than or equal to 0"),
    ],
)
def test_reason_of_an_error_names_the_field(rules: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError) as caught:
        GuildSettings.model_validate(rules)
    assert short_reason(caught.value).replace("\\", "") == reason
