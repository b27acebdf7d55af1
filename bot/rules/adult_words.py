"""Words that put a text behind a spoiler where the channel is not age-restricted.

The Horde has no NSFW switch for texts (docs/horde-api.md#text-requests), so the channel decides and
a matching word hides the text. The list is small on purpose: it hides openly sexual texts, and one
click opens them. It is no moderation and knows no context, so medical and ambiguous words (breast,
sex, bed) are not on it. English only; whole words, any case.
"""

import re

WORDS = frozenset(
    {
        *("anal", "blowjob", "blowjobs", "boner", "boobs", "butthole", "clit", "clitoris", "cock"),
        *("cocks", "creampie", "cum", "cumming", "cums", "cumshot", "cunnilingus", "cunt", "cunts"),
        *(
            "deepthroat",
            "dick",
            "dicks",
            "dildo",
            "ejaculate",
            "ejaculated",
            "erection",
            "fellatio",
        ),
        *(
            "fuck",
            "fucked",
            "fucker",
            "fucking",
            "fucks",
            "gangbang",
            "genitals",
            "handjob",
            "hentai",
        ),
        *("horny", "masturbate", "masturbated", "masturbating", "masturbation", "nipple"),
        *(
            "nipples",
            "nsfw",
            "nude",
            "nudes",
            "orgasm",
            "orgasms",
            "orgy",
            "penis",
            "porn",
            "pussy",
        ),
        *("rape", "raped", "rapes", "rimjob", "semen", "slut", "sluts", "strapon", "threesome"),
        *("tits", "titties", "vagina", "vulva", "wank", "whore", "whores"),
    }
)
_WORD = re.compile(r"[a-z]+")


def needs_spoiler(text: str) -> bool:
    """Whether a text has one of the words."""
    return not WORDS.isdisjoint(_WORD.findall(text.lower()))
