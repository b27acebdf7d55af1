"""Languages, on the running bot."""

import pytest

from bot.i18n import ENGLISH, LANGUAGES, Language, translated
from tests.support.discord.client import Control

pytestmark = pytest.mark.wire
DESCRIPTION = "Create an image from a prompt."


@pytest.mark.parametrize(
    "language", [x for x in LANGUAGES if x is not ENGLISH], ids=lambda x: x.code
)
async def test_commands_are_registered_in_each_language(
    control: Control, language: Language
) -> None:
    commands = await control.get("commands")
    imagine = next(one for one in commands if one["name"] == "imagine")
    assert imagine["description"] == DESCRIPTION
    for locale in language.locales:
        shown = imagine["description_localizations"][locale]
        assert shown == translated(DESCRIPTION, language) != DESCRIPTION
        option = next(one for one in imagine["options"] if one["name"] == "shape")
        assert option["description_localizations"][locale]
        assert option["choices"][0]["name_localizations"][locale]
