"""Search for a server's forbidden words in a text. Pure.

A text is compared without the disguises that Unicode offers: case, forms of letters, invisible
characters, letters of other alphabets among Latin ones. Accents are no disguise: they make other
words.
"""

# ruff: noqa: RUF001 - letters that look like others are the point of it

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from functools import cached_property, lru_cache

from bot.domain.requests import AlchemyRequest, ImageRequest, Request, VideoRequest
from bot.errors import NotAllowed
from bot.i18n import N_, _
from bot.rules.blocklists import folded, quoted
from bot.rules.guild_settings import WordRule
from bot.rules.regex import compiled

TOO_LONG = N_(
    "The word rules of this server take too long for this text. Shorten the text, or ask a "
    "manager of the server to simplify the rules."
)


Spend = Callable[[], None]  # called between the steps of a check; raises when its time is over


def no_limit() -> None:
    """No time limit for a check."""


def _pairs(pairs: str) -> dict[int, str]:
    """A table for str.translate: the first letter of each pair becomes the second."""
    return {ord(pair[0]): pair[1] for pair in filter(None, pairs.split(","))}


# Letters of fonts that Unicode does not normalise to Latin ones.
_FONTS = _pairs(
    "ᴀa,ʙb,ᴄc,ᴅd,ᴇe,ꜰf,ɢg,ʜh,ɪi,ᴊj,ᴋk,ʟl,ᴍm,ɴn,ᴏo,ᴘp,ʀr,ꜱs,ᴛt,ᴜu,ᴠv,ᴡw,ʏy,ᴢz,ɑa,ɡg,ıi,"
) | {
    start + letter: "abcdefghijklmnopqrstuvwxyz"[letter]
    for start in (0x1F150, 0x1F170, 0x1F1E6)  # in black circles, in black squares, of flags
    for letter in range(26)
}
# Looks the same in both cases: a word of these alone may be a Latin one.
_COMMON = _pairs(
    "АA,аa,СC,сc,ЕE,еe,ОO,оo,РP,рp,ХX,хx,УY,уy,ЅS,ѕs,ІI,іi,ЈJ,јj,"
    "ҺH,һh,ԀD,ԁd,ԚQ,ԛq,ԜW,ԝw,ӀL,ӏl,ΟO,οo,"
)
# Whole alphabets whose letters look like Latin ones: Cherokee, Lisu, Coptic, Deseret, Osage.
_RARE = _pairs(
    "ᎠD,ᎡR,ᎢT,ᎥI,ᎪA,ᎫJ,ᎬE,ᎳW,ᎷM,ᎻH,ᎽY,ᏀG,ᏃZ,ᏒR,ᏔW,ᏕS,ᏙV,ᏚS,ᏞL,ᏟC,ᏢP,ᏦK,ᏴB,ᏏB,ᏧD,"
    "ꓐB,ꓑP,ꓓD,ꓔT,ꓖG,ꓗK,ꓙJ,ꓚC,ꓜZ,ꓝF,ꓟM,ꓠN,ꓡL,ꓢS,ꓣR,ꓦV,ꓧH,ꓪW,ꓫX,ꓬY,ꓮA,ꓰE,ꓲI,ꓳO,ꓴU,"
    "ⲀA,ⲃB,ⲂB,ⲈE,ⲎH,ⲒI,ⲔK,ⲘM,ⲚN,ⲞO,ⲢP,ⲤC,ⲦT,ⲨY,ⲬX,ⲌZ,ⲁa,ⲉe,ⲏh,ⲓi,ⲕk,ⲙm,ⲛn,ⲟo,ⲣp,ⲥc,ⲧt,ⲩy,ⲭx,ⲍz,ⲱw,"
    "\U00010404O,\U0001042co,\U00010415C,\U0001043dc,\U0001041bL,\U00010420S,\U00010448s,"
    "\U000104b4R,\U000104c2O,\U000104eao,\U000104ceU,\U000104f6u,"
)
_SAME = _COMMON | _RARE
_TWINS = _SAME | {ord(chr(letter).lower()): latin for letter, latin in _SAME.items()}
# Similar enough inside a word that is otherwise Latin.
_ALIKE = _TWINS | _pairs(
    "ВB,вb,КK,кk,МM,мm,НH,нh,ПN,пn,ТT,тt,ЬB,ьb,ГR,гr,ЁE,ёe,ИN,иn,"
    "ΑA,αa,ΒB,βb,ΕE,εe,ΖZ,ΗH,ηn,ΙI,ιi,ΚK,κk,ΜM,μu,ΝN,νv,ΡP,ρp,ΤT,τt,ΥY,υu,ΧX,χx,ωw,γy,σo,"
    # Armenian, Georgian, Hebrew
    "օo,ոn,սu,հh,ցg,զq,յj,ւl,ՍU,ՕO,ԼL,ՏS,ՀH,ჿo,ყy,ႽS,סo,וl,ןl,טv,חn,שw,עy,"
)
_BEGINS, _ENDS = "\x02", "\x03"  # texts as they are compared have no control characters
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")
# Scripts without spaces between words, or with endings attached: Thai and its neighbours, Chinese,
# Japanese, Korean. Rules about letters cannot find whole words there.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)


def check_words(texts: Iterable[str], rules: Collection[WordRule], spend: Spend = no_limit) -> None:
    """Raises NotAllowed when one of the texts has a forbidden word."""
    for text in texts if rules else ():
        if found := forbidden_words_in(text, rules, spend):
            message = _("This server does not allow “{found}” in prompts. Use other words.")
            raise NotAllowed(message.format(found=quoted(found)))


def check_negative(request: Request, rules: Collection[WordRule], spend: Spend = no_limit) -> None:
    """The same for the negative prompt: a double negative asks for something, so it counts too."""
    if (
        rules
        and isinstance(request, ImageRequest | VideoRequest)
        and (found := forbidden_words_in(request.negative, rules, spend))
    ):
        text = _(
            "This server does not allow “{found}” in the negative prompt. Remove it there, or "
            "change the style, preset or default that adds it."
        )
        raise NotAllowed(text.format(found=quoted(found)))


def texts_of(request: Request) -> tuple[str, ...]:
    """All texts of the request that a user wrote, except the negative prompt."""
    if isinstance(request, AlchemyRequest):
        return ()
    if not isinstance(request, ImageRequest):
        return (request.prompt,)
    # Triggers go into the prompt; "any" means the first trigger and adds no word of its own.
    triggers = (lora.trigger for lora in request.loras if lora.trigger not in {"", "any"})
    texts = (each.text for each in (*request.texts, *request.template_fields))
    return (request.prompt, *texts, *triggers)


def forbidden_words_in(text: str, rules: Iterable[WordRule], spend: Spend = no_limit) -> str:
    """The text that the first matching rule finds, as the author may read it; "" for none."""
    forms = _Forms(text)
    for rule in rules:
        spend()
        if found := _match(rule, forms, spend):
            return found
    return ""


class _Forms:
    """One text in the forms that rules compare, each computed once."""

    def __init__(self, text: str) -> None:
        self.bare, self.bared = _bare(text), _bare(_unmasked(text))
        self.distinct = tuple(dict.fromkeys((text, self.bare, self.bared)))

    @cached_property
    def marked(self) -> tuple[str, str]:
        """`bare` and `bared` with their edges of words marked."""
        bare = _marked(self.bare)
        return bare, bare if self.bared == self.bare else _marked(self.bared)


def _match(rule: WordRule, forms: _Forms, spend: Spend) -> str:
    """The text that this rule finds, as the author may read it; "" for none."""
    if rule.how == "regex":
        return _fits(rule, forms.distinct, spend)
    if rule.how == "word":
        (bare, bared), (wanted, meant) = forms.marked, _wanted_word(rule.text)
    else:
        bare, bared, (wanted, meant) = forms.bare, forms.bared, _wanted(rule.text)
    has = _has(bare, wanted) or _has(bared, meant)
    return rule.text.strip() if has else ""


def pointless(rule: WordRule) -> str:
    """Why a rule has no effect, in a few words; "" for a rule that has one."""
    if rule.how != "regex":
        return "" if _wanted(rule.text)[0] else _("it has no visible characters")
    if compiled(rule.text).search(""):
        return _("it matches every text and would block every request")
    return ""


@lru_cache(maxsize=8_192)
def _wanted(word: str) -> tuple[str, str]:
    """A rule's word as texts are compared, and unmasked; "" if it has no mask.

    A word of another alphabet is kept: Latin words that look like it are different words.
    """
    bare = _bare(word)
    return bare, _bare(_unmasked(word)) if _LATIN.search(bare) else ""


@lru_cache(maxsize=8_192)
def _wanted_word(word: str) -> tuple[str, str]:
    """The same for a rule about whole words, with their edges marked."""
    wanted, meant = _wanted(word)
    return _whole(wanted), _whole(meant)


def _bare(text: str) -> str:
    return "".join(c for c in " ".join(folded(text.translate(_FONTS)).split()) if c.isprintable())


def _unmasked(text: str) -> str:
    """Replaces letters of other alphabets in Latin words by the Latin ones that they look like."""
    plain = unicodedata.normalize("NFKC", text).translate(_FONTS)
    return plain if plain.isascii() else _LETTERS.sub(_without_mask, plain)


def _without_mask(word: re.Match[str]) -> str:
    if _LATIN.search(word[0]):
        return word[0].translate(_ALIKE)
    latin = word[0].translate(_TWINS)
    return latin if latin.isascii() else word[0]


def _fits(rule: WordRule, texts: Iterable[str], spend: Spend) -> str:
    """The text that a pattern finds in any of these; the pattern itself if that text is not
    readable.
    """
    for text in texts:
        spend()
        if match := compiled(rule.text).search(text):
            return match.group().strip() or rule.text
    return ""


def _has(text: str, wanted: str) -> bool:
    return bool(wanted) and wanted in text


def _marked(text: str) -> str:
    """The text with a mark before each character where a word may begin, and where one may end.

    A whole word is then a plain search for the word between its two marks: the marks inside depend
    on neighbours alone, so they are the same in the text and in the word.
    """
    parts: list[str] = []
    before = ""
    for character in text:
        parts += _marks(before, character)
        parts.append(character)
        before = character
    return "".join(parts) + _ENDS


def _whole(word: str) -> str:
    """A word as `_marked` texts contain it; "" for none."""
    return _marked(word) if word else ""


def _marks(before: str, character: str) -> str:
    """The marks between two characters; `before` is "" at the beginning of a text."""
    ends = bool(before) and (_is_unspaced(before) or not _is_joining(character))
    begins = not before or _is_unspaced(character) or not _is_joining(before)
    return _ENDS * ends + _BEGINS * begins


@lru_cache(maxsize=8_192)
def _is_joining(character: str) -> bool:
    """Whether the character continues a word: a letter, mark or digit."""
    return unicodedata.category(character)[0] in "LMN"


@lru_cache(maxsize=8_192)
def _is_unspaced(character: str) -> bool:
    return _UNSPACED.match(character) is not None
