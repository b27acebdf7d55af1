"""Checks of the texts of characters: whether they are for adults, and word rules. Pure."""

from collections.abc import Collection, Iterator

from bot.domain.chat.characters import Character
from bot.errors import NotAllowed
from bot.i18n import _
from bot.rules.adult_words import needs_spoiler
from bot.rules.blocklists import quoted
from bot.rules.guild_settings import WordRule
from bot.rules.word_filter import Spend, forbidden_words_in, no_limit

# Tags of cards for adults, without blanks and hyphens.
ADULT_TAGS = frozenset(
    {"nsfw", "nsfl", "adult", "adults", "adultonly", "18", "18+", "r18", "r18g", "xxx", "explicit"}
    | {"erotic", "erotica", "smut", "lewd", "hentai", "porn", "sex", "sexual", "mature", "kink"}
    | {"fetish", "bdsm", "ecchi"}
)


def is_adult(character: Character) -> bool:
    """Whether a character is for age-restricted channels only, by its tags and its texts."""
    tags = ("".join(filter(str.isalnum, tag.casefold())) for tag in character.tags)
    return not ADULT_TAGS.isdisjoint(tags) or any(map(needs_spoiler, texts_of_character(character)))


def check_shared(
    character: Character, rules: Collection[WordRule], spend: Spend = no_limit
) -> None:
    """Raises NotAllowed for a character with a word that the server forbids."""
    for text in texts_of_character(character) if rules else ():
        if found := forbidden_words_in(text, rules, spend):
            message = _(
                "This server does not allow “{found}” in shared characters. Change the character, "
                "or keep it for yourself."
            )
            raise NotAllowed(message.format(found=quoted(found)))


def texts_of_character(character: Character) -> Iterator[str]:
    """All texts of a character that members or models read, without the empty ones."""
    one = character
    note = one.note.text if one.note else ""
    texts = (one.name, one.nickname, one.description, one.personality, one.scenario, one.examples)
    more = (one.system_prompt, one.closing, note, one.creator, one.creator_notes)
    entries = one.lorebook.entries if one.lorebook else ()
    lore = (entry.content for entry in entries)
    lists = (*one.greetings, *one.group_greetings, *one.tags)
    yield from filter(None, (*texts, *more, *lists, *lore))
