"""Words that put a text behind a spoiler where the place is not age-restricted.

PRODUCT: the Horde has no NSFW switch for text, so the place decides and a word match hides. The
list is small and plain on purpose: it hides a text that is openly sexual from people who did not
ask for it, and one click opens it. It is no moderation and knows no context, so medical and
ambiguous words (breast, sex, bed) are not on it. English only; whole words, any case.
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
