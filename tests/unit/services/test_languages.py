"""The language of a member, of a server, and of a stored request."""

from bot.domain.people import PersonSettings
from bot.domain.records import MessageRef, Origin
from bot.domain.requests import ImageRequest
from bot.i18n import ENGLISH, Language, current_language, in_language, language_of
from bot.services.person_settings import Languages
from tests.support.bots.in_memory_bot import InMemoryBot

GERMAN, JAPANESE, RUSSIAN = (language_of(code) for code in ("de", "ja", "ru"))
FOX = ImageRequest(prompt="a fox", models=("Deliberate",))


def origin(number: int, locale: str, guild_locale: str = "") -> Origin:
    guild = 5 if guild_locale else None
    return Origin(number, 7, guild, MessageRef(4), locale=locale, guild_locale=guild_locale)


async def test_member_has_the_language_of_the_client_unless_they_chose_one() -> None:
    bot = InMemoryBot()
    languages = Languages(bot.store, ENGLISH)
    assert await languages.of_member(7, "de") is GERMAN
    assert await languages.of_member(7, "en-GB") is ENGLISH
    await bot.store.person_settings.put(7, PersonSettings(language="ja"))
    assert await languages.of_member(7, "de") is JAPANESE
    await bot.store.person_settings.put(7, PersonSettings(language="of a newer version"))
    assert await languages.of_member(7, "de") is GERMAN


async def test_fallback_is_for_clients_in_another_language() -> None:
    languages = Languages(InMemoryBot().store, GERMAN)
    assert await languages.of_member(7, "pl") is GERMAN
    assert await languages.of_member(7, "ru") is RUSSIAN


async def test_server_has_its_own_language_unless_it_chose_one() -> None:
    bot = InMemoryBot()
    context = await bot.guilds.context(origin(1, "de", "ja"))
    assert (context.language, context.shared_language) == (GERMAN, JAPANESE)
    await bot.guilds.change(5, lambda rules: rules.model_copy(update={"language": "ru"}))
    context = await bot.guilds.context(origin(2, "de", "ja"))
    assert (context.language, context.shared_language) == (GERMAN, RUSSIAN)
    direct = await bot.guilds.context(origin(3, "de"))
    assert direct.shared_language is GERMAN


async def test_request_keeps_the_language_of_its_card() -> None:
    bot = InMemoryBot()

    async def stored(number: int, *, private: bool) -> Language:
        context = await bot.guilds.context(origin(number, "de", "ja"))
        request = FOX.model_copy(update={"private": private})
        record = await bot.service.submit(context, request)
        again = await bot.store.requests.get(record.id)
        assert again is not None
        return again.language

    assert await stored(1, private=False) is JAPANESE
    assert await stored(2, private=True) is GERMAN


def test_language_of_a_block_ends_with_it() -> None:
    with in_language(GERMAN):
        assert current_language() is GERMAN
    assert current_language() is ENGLISH
