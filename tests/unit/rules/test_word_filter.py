"""A server's word rules: what they find, in disguise too, and what they leave alone."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.records import MessageRef, Origin
from bot.domain.requests import ExtraText, Lora, TextRequest
from bot.errors import NotAllowed
from bot.rules.guild_checks import check_rules
from bot.rules.guild_settings import PATTERNS_MAX, GuildSettings, How, WordRule
from bot.rules.regex import compiled
from bot.rules.request_context import RequestContext
from bot.rules.word_filter import check_words, forbidden_words_in, pointless, texts_of
from tests.support.builders import CAPTION_REQUEST, FOX_BY_DELIBERATE
from tests.support.cpu_time import cpu_limit

WORDS_ORIGIN = Origin(9, 7, 5, MessageRef(channel_id=2))


def is_refused(text: str, *rules: WordRule) -> bool:
    try:
        check_words((text,), rules)
    except NotAllowed:
        return True
    return False


def word(text: str, how: How = "word") -> WordRule:
    return WordRule(text=text, how=how)


def test_plain_words_are_found_anywhere_and_whole_ones_alone() -> None:
    assert is_refused("a cassowary", word("Ass", "plain"))
    assert not is_refused("a cassowary", word("Ass"))
    assert is_refused("what an ASS!", word("Ass"))
    assert is_refused("cassowary_ass", word("Ass"))  # the first one is another word
    assert is_refused("ass", word("Ass"))
    assert not is_refused("ass4", word("Ass"))


@pytest.mark.parametrize(
    "disguise",
    [
        "CASINO",
        "(casino:1.2)",
        "_casino_",
        "ca\u200bsino",
        "cas\u00adino",
        "cas\u034fino",  # an invisible joiner
        "cas\u3164ino",  # an invisible letter
        "casino\ufe0f",
        "\uff43asin\uff4f",
        "ca\u017fino",
        "c\u0336a\u0336s\u0336i\u0336n\u0336o\u0336",  # struck through
        "CAS\u0130NO",  # the Turkish capital with its dot
        "cas\u0131no",  # and the small letter without
        "c\u0430sino",  # a Cyrillic a
        "\u0421\u0410SIN\u041e",
        "c\u03b1sin\u03bf",  # Greek
        "\u1d04\u1d00s\u026a\u0274\u1d0f",  # small capitals
        "\U0001f132\U0001f170\U0001f182\U0001f178\U0001f17d\U0001f17e",  # in squares
        "\U0001f1e8\U0001f1e6\U0001f1f8\U0001f1ee\U0001f1f3\U0001f1f4",  # as flags
    ],
)
def test_a_word_is_found_in_disguise(disguise: str) -> None:
    assert is_refused(f"the {disguise} at night", word("casino"))
    assert not is_refused("the cas\u00f1o at night", word("casino"))


def test_a_word_of_nothing_but_look_alikes_is_found_too() -> None:
    assert is_refused("\u0430\u0455\u0455", word("ass"))
    assert is_refused("\u0420\u041e\u0420", word("pop"))


@pytest.mark.parametrize(
    ("rule", "text", "is_found"),
    [
        ("\u041d\u0415\u0422", "\u043d\u0435\u0442", True),  # Russian no, large and small
        ("\u043d\u043e", "ho ho", False),  # Russian but is no Latin word
        ("ho", "\u043d\u043e", False),
        ("\u043e\u0441\u0430", "a focal point", False),
        ("\u0440\u0430\u0441", "\u0440\u0430\u0441\u043a\u043e\u043b", True),
        ("ano", "a\u00f1o", False),  # accents make other words
        ("stra\u00dfe", "STRASSE", True),
        ("\u00e9", "e\u0301", True),
        ("\u88f8", "\u88f8\u306e\u5973", True),  # no blanks between words
        ("\u0939\u093f\u0928", "\u0939\u093f\u0928\u094d\u0926\u0940", False),
        ("two words", "two \n words", True),
        ("two words", "twowords", False),
    ],
)
def test_other_alphabets_keep_their_words(rule: str, text: str, is_found: bool) -> None:
    how: How = "plain" if rule.startswith("\u0440") else "word"
    assert is_refused(text, word(rule, how)) == is_found


def test_patterns() -> None:
    rule = word(r"b[a4]d+\s*word", "regex")
    assert is_refused("a B4DD word", rule)
    assert not is_refused("a good word", rule)
    assert is_refused("a b\u0430d word", rule)  # they see through a mask too
    assert is_refused("die Stra\u00dfe", word("stra\u00dfe", "regex"))
    assert is_refused("\u043f\u043e\u0440\u0442", word("\u043f.\u0440\u0442", "regex"))
    assert is_refused("a\u200bb", word(r"\x{200b}", "regex"))  # and the visible one


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "(?=a)", "a{1000}{1000}", "*"])
def test_patterns_that_can_be_slow_are_no_rules(pattern: str) -> None:
    with pytest.raises(ValidationError):
        word(pattern, "regex")


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+$", r"(.*a){20}$", r"(\w+\s?)*$"])
def test_no_pattern_takes_long(pattern: str) -> None:
    rules = [word(pattern, "regex")] * PATTERNS_MAX
    compiled(pattern)
    with cpu_limit(2):
        is_refused("a" * 3_999 + "\u0430!", *rules)  # two texts to look at


def test_rules_that_say_nothing_or_everything() -> None:
    for rule in (word("\u200b"), word("\ufe0f", "plain"), word("a*", "regex"), word("x|", "regex")):
        assert pointless(rule)
    for rule in (word("a"), word(".", "plain"), word("a+", "regex"), word(r"\bx?y\b", "regex")):
        assert not pointless(rule)
    assert not is_refused("anything", word("\u200b"))


@given(st.text(alphabet=string.printable, max_size=40), st.text(max_size=200))
def test_no_text_and_no_word_breaks_the_check(rule: str, text: str) -> None:
    for how in ("plain", "word", "regex"):
        try:
            made = WordRule.model_validate({"text": rule, "how": how})
        except ValidationError:
            continue
        is_refused(text, made)
        if how == "plain" and not pointless(made):
            assert is_refused(f"{text}{rule}", made)


@given(st.text(max_size=80))
def test_every_text_is_found_by_itself(text: str) -> None:
    if text.strip() and not pointless(word(text, "plain")):
        assert forbidden_words_in(text, [word(text)])
        assert forbidden_words_in(text.upper().lower(), [word(text.upper().lower())])


def test_everything_that_was_written_is_looked_at() -> None:
    casino = GuildSettings(words=(WordRule(text="casino"),))
    qr = FOX_BY_DELIBERATE.model_copy(
        update={"texts": (ExtraText(text="the casino", reference="qr_code"),)}
    )
    trigger = FOX_BY_DELIBERATE.model_copy(update={"loras": (Lora(name="7", trigger="casino"),)})
    for request in (qr, trigger, TextRequest(prompt="a casino")):
        with pytest.raises(NotAllowed, match=r"casino.*other words"):
            check_rules(request, RequestContext(WORDS_ORIGIN, casino))
    negative = FOX_BY_DELIBERATE.model_copy(update={"negative": "casino"})
    with pytest.raises(NotAllowed, match=r"casino.*negative prompt.*style, preset"):
        check_rules(negative, RequestContext(WORDS_ORIGIN, casino))
    check_rules(CAPTION_REQUEST, RequestContext(WORDS_ORIGIN, casino))
    first = FOX_BY_DELIBERATE.model_copy(update={"loras": (Lora(name="7", trigger="any"),)})
    any_word = GuildSettings(words=(WordRule(text="any"),))
    check_rules(first, RequestContext(WORDS_ORIGIN, any_word))
    assert texts_of(CAPTION_REQUEST) == ()


def test_what_is_quoted_is_harmless() -> None:
    rule = word(".*", "regex")
    with pytest.raises(NotAllowed) as refusal:
        check_words(("**@everyone** <@1> `x` " + "y" * 500,), [rule])
    assert not set("*@`<>") & set(str(refusal.value))
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    "disguised",
    [
        "\ua4da\ua4ee\ua4e2\ua4f2\ua4e0\ua4f3",  # Lisu
        "\u13df\u13aa\u13da\u13a5no",  # Cherokee
        "\u2ca5asin\u2c9f",  # Coptic
        "casi\u0578\u0585",  # Armenian
        "casin\U0001042c",  # Deseret
        "casin\U000104ea",  # Osage
        "casin\u10ff",  # Georgian
        "casin\u05e1",  # Hebrew
        "cas\U0001d159ino",  # an invisible note
    ],
)
def test_letters_of_more_alphabets_are_no_disguise(disguised: str) -> None:
    assert is_refused(f"a {disguised} here", word("casino"))


@pytest.mark.parametrize("text", ["ՀԱՅԱՍՏԱՆ", "שלום עולם", "საქართველო"])
def test_words_of_these_alphabets_are_not_taken_for_latin_ones(text: str) -> None:
    assert not is_refused(text, word("o"), word("n"), word("casino"))
