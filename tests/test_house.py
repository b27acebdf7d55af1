"""A server's rules against one request, without a world around them."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.blocklists import check_names, folded, permitted
from bot.errors import NotAllowed, UserError
from bot.house import (
    check_channel,
    check_house,
    check_press,
    check_roles,
    check_size,
    check_words,
    lowered,
    texts_of,
)
from bot.patterns import compiled
from bot.records import MessageRef, Origin, Payer, Record
from bot.requests import (
    SIDE_MAX,
    AlchemyRequest,
    ExtraText,
    ImageRequest,
    Lora,
    Source,
    TextRequest,
)
from bot.results import Phase
from bot.rules import NO_RULES, PATTERNS_MAX, GuildSettings, WordRule

FOX = ImageRequest(prompt="a fox", models=("Deliberate",))
ALCHEMY = AlchemyRequest(source=Source(url="https://x/y.png"), forms=("caption",))
THREAD, CHANNEL, CATEGORY = 1, 2, 3
INSIDE = (THREAD, CHANNEL, CATEGORY)
ids = st.lists(st.integers(1, 6), max_size=4, unique=True).map(tuple)


def origin(
    user: int = 7,
    *,
    guild: int | None = 5,
    roles: tuple[int, ...] = (),
    places: tuple[int, ...] = INSIDE,
    manager: bool = False,
) -> Origin:
    message = MessageRef(channel_id=CHANNEL)
    return Origin(9, user, guild, message, roles=roles, places=places, manager=manager)


def refused(places: tuple[int, ...], rules: GuildSettings) -> bool:
    try:
        check_channel(places, rules)
    except NotAllowed:
        return True
    return False


def test_without_rules_nothing_is_refused() -> None:
    for request in (FOX, TextRequest(prompt="once"), ALCHEMY):
        check_house(request, origin(), NO_RULES)


# Places


def test_a_category_counts_for_its_channels_and_they_for_their_threads() -> None:
    for place in INSIDE:
        assert refused(INSIDE, GuildSettings(channels_denied=(place,)))
        assert not refused(INSIDE, GuildSettings(channels_allowed=(place,)))
    assert refused((9, 8, 7), GuildSettings(channels_allowed=(CHANNEL,)))
    assert not refused((9, 8, 7), GuildSettings(channels_denied=(CHANNEL,)))


def test_the_nearer_place_decides() -> None:
    but_one = GuildSettings(channels_denied=(CATEGORY,), channels_allowed=(CHANNEL,))
    assert not refused(INSIDE, but_one)
    assert refused((8, CATEGORY), but_one)
    only_without = GuildSettings(channels_allowed=(CATEGORY,), channels_denied=(CHANNEL,))
    assert refused(INSIDE, only_without)
    assert not refused((8, CATEGORY), only_without)


@given(places=ids, allowed=ids, denied=ids)
def test_what_is_denied_nearest_is_never_let_in(
    places: tuple[int, ...], allowed: tuple[int, ...], denied: tuple[int, ...]
) -> None:
    rules = GuildSettings(channels_allowed=allowed, channels_denied=denied)
    named = [place for place in places if place in {*allowed, *denied}]
    if not named:
        assert refused(places, rules) == bool(allowed)
    else:
        assert refused(places, rules) == (named[0] in denied)


# Roles


def may(rules: GuildSettings, roles: tuple[int, ...], *, manager: bool = False) -> bool:
    try:
        check_roles(origin(roles=roles, manager=manager), rules)
    except NotAllowed:
        return False
    return True


@given(held=ids, allowed=ids, denied=ids)
def test_roles(held: tuple[int, ...], allowed: tuple[int, ...], denied: tuple[int, ...]) -> None:
    rules = GuildSettings(roles_allowed=allowed, roles_denied=denied)
    wanted = not set(held) & set(denied) and (not allowed or bool(set(held) & set(allowed)))
    assert may(rules, held) == wanted
    assert may(rules, held, manager=True)


# Words


def found(text: str, *rules: WordRule) -> bool:
    try:
        check_words((text,), rules)
    except NotAllowed:
        return True
    return False


def test_plain_words_are_found_anywhere_and_whole_ones_alone() -> None:
    plain, word = WordRule(text="Ass"), WordRule(text="Ass", how="word")
    assert found("a cassowary", plain)
    assert not found("a cassowary", word)
    assert found("what an ASS!", word)
    assert found("ass", word)


@pytest.mark.parametrize(
    "disguise", ["CASINO", "ca\u200bsino", "\uff43asin\uff4f", "cas\u00adino", "ca\u017fino"]
)
def test_a_word_is_found_in_disguise(disguise: str) -> None:
    assert found(f"the {disguise} at night", WordRule(text="casino", how="word"))


def test_patterns() -> None:
    rule = WordRule(text=r"b[a4]d+\s*word", how="regex")
    assert found("a B4DD word", rule)
    assert not found("a good word", rule)


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "(?=a)", "a{1000}{1000}", "*"])
def test_patterns_that_can_be_slow_are_no_rules(pattern: str) -> None:
    with pytest.raises(ValidationError):
        WordRule(text=pattern, how="regex")


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+$", r"(.*a){20}$", r"(\w+\s?)*$"])
def test_no_pattern_takes_long(pattern: str) -> None:
    rules = [WordRule(text=pattern, how="regex")] * PATTERNS_MAX
    compiled(pattern)
    began = time.perf_counter()
    found("a" * 4_000 + "!", *rules)
    assert time.perf_counter() - began < 1.0


@given(st.text(alphabet=string.printable, max_size=40), st.text(max_size=200))
def test_no_text_and_no_word_breaks_the_check(word: str, text: str) -> None:
    for how in ("plain", "word", "regex"):
        try:
            rule = WordRule.model_validate({"text": word, "how": how})
        except ValidationError:
            continue
        found(text, rule)
        if how == "plain" and folded(word).strip():
            assert found(f"{text}{word}", rule)


def test_everything_that_was_written_is_looked_at() -> None:
    casino = GuildSettings(words=(WordRule(text="casino"),))
    qr = FOX.model_copy(update={"texts": (ExtraText(text="the casino", reference="qr_code"),)})
    negative = FOX.model_copy(update={"negative": "casino"})
    for request in (qr, negative, TextRequest(prompt="a casino")):
        with pytest.raises(NotAllowed, match="casino"):
            check_house(request, origin(), casino)
    check_house(ALCHEMY, origin(), casino)
    assert texts_of(ALCHEMY) == ()


def test_what_is_quoted_is_harmless() -> None:
    rule = WordRule(text=".*", how="regex")
    with pytest.raises(NotAllowed) as refusal:
        check_words(("**@everyone** <@1> `x` " + "y" * 500,), [rule])
    assert not set("*@`<>") & set(str(refusal.value))
    assert len(str(refusal.value)) < 200


# Names and sizes


def test_blocked_names() -> None:
    rules = GuildSettings(
        models_blocked=("DELIBERATE",), styles_blocked=("raw",), loras_blocked=("Add Details",)
    )
    with pytest.raises(NotAllowed, match="Deliberate"):
        check_names(FOX, rules)
    other = FOX.model_copy(update={"models": ("Dreamshaper",)})
    check_names(other, rules)
    with pytest.raises(UserError, match="name one"):
        check_names(FOX.model_copy(update={"models": ()}), rules)
    with pytest.raises(NotAllowed, match="style"):
        check_names(other.model_copy(update={"style": "RAW"}), rules)
    lora = Lora(name="add details")
    with pytest.raises(NotAllowed, match="LoRA"):
        check_names(other.model_copy(update={"loras": (lora,)}), rules)
    version = Lora(name="123", is_version=True)
    with pytest.raises(NotAllowed, match="version"):
        check_names(other.model_copy(update={"loras": (version,)}), rules)
    check_names(ALCHEMY, rules)


def test_what_stands_loses_what_is_blocked() -> None:
    rules = GuildSettings(models_blocked=("Deliberate",), styles_blocked=("raw",))
    layer = {"models": ("deliberate",), "style": "Raw", "steps": 20}
    assert permitted(layer, rules) == {"steps": 20}
    assert permitted(layer, NO_RULES) == layer


def test_more_than_the_server_wants() -> None:
    rules = GuildSettings(most_steps=20, most_side=768, most_count=2)
    small = FOX.model_copy(update={"steps": 20, "width": 768, "height": 512, "n": 2})
    check_size(small, rules)
    for change in ({"steps": 21}, {"height": 832}, {"n": 3}):
        with pytest.raises(NotAllowed, match="allows"):
            check_size(small.model_copy(update=change), rules)
    with pytest.raises(NotAllowed, match="count"):
        check_size(TextRequest(prompt="once", n=3), rules)
    check_size(ALCHEMY, rules)


sides = st.integers(1, SIDE_MAX // 64).map(lambda cells: cells * 64)


@given(width=sides, height=sides, most=st.integers(64, SIDE_MAX), steps=st.integers(1, 500))
def test_what_nobody_chose_is_brought_down_to_what_is_allowed(
    width: int, height: int, most: int, steps: int
) -> None:
    rules = GuildSettings(most_side=most, most_steps=20, most_count=1)
    asked = FOX.model_copy(update={"width": width, "height": height, "steps": steps, "n": 4})
    less = lowered(asked, {"prompt", "shape"}, rules)
    check_size(less, rules)
    ImageRequest.model_validate(less.model_dump())
    assert less.width <= width
    assert less.height <= height
    same = lowered(asked, {"width", "steps", "n"}, rules)
    assert same == asked


# Buttons


def record(*, private: bool = False, guild: int | None = 5) -> Record:
    return Record(
        id=1, interaction_id=1, backend="horde", user_id=7, guild_id=guild, channel_id=CHANNEL,
        payer=Payer.BOT, request=FOX.model_copy(update={"private": private}), phase=Phase.DONE,
        created_at=0.0, messages=(MessageRef(channel_id=CHANNEL),),
    )  # fmt: skip


def test_who_may_press() -> None:
    anyone, helpers = GuildSettings(press="anyone"), GuildSettings(press_roles=(4,))
    check_press(record(), origin(7), NO_RULES)
    check_press(record(), origin(8), anyone)
    check_press(record(), origin(8, roles=(4,)), helpers)
    for rules, who in (
        (NO_RULES, origin(8)),
        (helpers, origin(8, roles=(3,))),
        (anyone, origin(8, guild=6)),
        (anyone, origin(8, guild=None)),
    ):
        with pytest.raises(NotAllowed):
            check_press(record(), who, rules)
    with pytest.raises(NotAllowed):
        check_press(record(private=True), origin(8), anyone)
    with pytest.raises(NotAllowed):
        check_press(record(guild=None), origin(8, guild=None), anyone)
