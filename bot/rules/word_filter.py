"""What a server's word rules find in a text: pure.

A text is compared without the disguises that Unicode offers: case, forms of letters, signs that
nobody sees, letters of other alphabets among Latin ones. Accents are no disguise: they make other
words.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

from bot.domain.requests import AlchemyRequest, ImageRequest, Request
from bot.errors import NotAllowed
from bot.rules.blocklists import folded, quoted
from bot.rules.guild_settings import WordRule
from bot.rules.regex import compiled

WORDS = "This server does not allow “{found}” in what is asked for. Say it in other words."
NEGATIVE = (
    "This server does not allow “{found}”, not in the negative prompt either. Leave it out there; "
    "if you did not write it, it comes from the style, preset or default that was used."
)
UNSEEN = "nobody can see anything of it"
FITS_ALL = "it fits every text, so nothing could be asked for"


def _pairs(pairs: str) -> dict[int, str]:
    """A table for str.translate: the first letter of each pair becomes the second."""
    return {ord(pair[0]): pair[1] for pair in pairs.split()}


# Letters of fonts that are no forms of the Latin ones in Unicode's eyes.
_FONTS = _pairs(
    "ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz ɑa ɡg ıi"  # noqa: RUF001 - the point of it
) | {
    start + letter: "abcdefghijklmnopqrstuvwxyz"[letter]
    for start in (0x1F150, 0x1F170, 0x1F1E6)  # in black circles, in black squares, of flags
    for letter in range(26)
}
# The same to every eye, large and small: a word of these alone may be a Latin one.
_TWINS = _pairs(
    "АA аa СC сc ЕE еe ОO оo РP рp ХX хx УY уy ЅS ѕs ІI іi ЈJ јj "  # noqa: RUF001
    "ҺH һh ԀD ԁd ԚQ ԛq ԜW ԝw ӀL ӏl ΟO οo"  # noqa: RUF001
)
# Alike enough in a word that is Latin otherwise.
_ALIKE = _TWINS | _pairs(
    "ВB вb КK кk МM мm НH нh ПN пn ТT тt ЬB ьb ГR гr ЁE ёe ИN иn "  # noqa: RUF001
    "ΑA αa ΒB βb ΕE εe ΖZ ΗH ηn ΙI ιi ΚK κk ΜM μu ΝN νv ΡP ρp ΤT τt ΥY υu ΧX χx ωw γy σo"  # noqa: RUF001
)
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")
# Written without blanks between words, or with endings at once: Thai and its neighbours, Chinese,
# Japanese, Korean. What is a whole word there, no rule about letters can tell.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)


def check_words(texts: Iterable[str], rules: Collection[WordRule]) -> None:
    """Raises NotAllowed when one of the texts has what a rule forbids."""
    for text in texts if rules else ():
        if found := forbidden_words_in(text, rules):
            raise NotAllowed(WORDS.format(found=quoted(found)))


def check_negative(request: Request, rules: Collection[WordRule]) -> None:
    """The same for what a picture must not show: two negatives make a wish, so it counts too."""
    if (
        rules
        and isinstance(request, ImageRequest)
        and (found := forbidden_words_in(request.negative, rules))
    ):
        raise NotAllowed(NEGATIVE.format(found=quoted(found)))


def texts_of(request: Request) -> tuple[str, ...]:
    """All that was written by a person in it, but for the negative prompt."""
    if isinstance(request, AlchemyRequest):
        return ()
    if not isinstance(request, ImageRequest):
        return (request.prompt,)
    # Triggers go into the prompt; "any" is none, but means the first that there is.
    triggers = (lora.trigger for lora in request.loras if lora.trigger not in {"", "any"})
    return (request.prompt, *(each.text for each in request.texts), *triggers)


def forbidden_words_in(text: str, rules: Iterable[WordRule]) -> str:
    """What the first rule that fits finds in a text, as its person may read it; "" for nothing."""
    bare, bared = _bare(text), _bare(_unmasked(text))
    for rule in rules:
        if rule.how == "regex":
            if found := _fits(rule, (text, bare, bared)):
                return found
            continue
        wanted, meant = _wanted(rule.text)
        has = _has_word if rule.how == "word" else _has
        if has(bare, wanted) or has(bared, meant):
            return rule.text.strip()
    return ""


def pointless(rule: WordRule) -> str:
    """Why a rule is none, in a few words; "" for one that says something."""
    if rule.how != "regex":
        return "" if _wanted(rule.text)[0] else UNSEEN
    return FITS_ALL if compiled(rule.text).search("") else ""


@lru_cache(maxsize=8_192)
def _wanted(word: str) -> tuple[str, str]:
    """A rule's word as texts are compared, and without its mask; "" where it wears none.

    A word of another alphabet is meant as it is: Latin words that look like it are others.
    """
    bare = _bare(word)
    return bare, _bare(_unmasked(word)) if _LATIN.search(bare) else ""


def _bare(text: str) -> str:
    return "".join(c for c in " ".join(folded(text.translate(_FONTS)).split()) if c.isprintable())


def _unmasked(text: str) -> str:
    """Letters of other alphabets in Latin words as the Latin ones that they look like."""
    plain = unicodedata.normalize("NFKC", text).translate(_FONTS)
    return plain if plain.isascii() else _LETTERS.sub(_without_mask, plain)


def _without_mask(word: re.Match[str]) -> str:
    if _LATIN.search(word[0]):
        return word[0].translate(_ALIKE)
    latin = word[0].translate(_TWINS)
    return latin if latin.isascii() else word[0]


def _fits(rule: WordRule, texts: Iterable[str]) -> str:
    """What a pattern finds in any of these; the pattern itself where that is nothing to read."""
    for text in dict.fromkeys(texts):
        if match := compiled(rule.text).search(text):
            return match.group().strip() or rule.text
    return ""


def _has(text: str, wanted: str) -> bool:
    return bool(wanted) and wanted in text


def _has_word(text: str, wanted: str) -> bool:
    """Whether it stands there with no letter and no digit on either side."""
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        before, after = text[at - 1 : at] if at else "", text[end : end + 1]
        if not _joined(wanted[0], before) and not _joined(wanted[-1], after):
            return True
        at = text.find(wanted, at + 1)
    return False


def _joined(edge: str, beside: str) -> bool:
    """Whether the sign beside a word's edge makes it part of a longer one."""
    if not beside or _UNSPACED.match(edge):
        return False
    return unicodedata.category(beside)[0] in "LMN"
