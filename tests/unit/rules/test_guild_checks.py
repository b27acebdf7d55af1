"""A server's rules against one request, without a world around them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.records import MessageRef, Origin, Record
from bot.domain.requests import (
    SIDE_MAX,
    ImageChoices,
    ImageRequest,
    Lora,
    TextRequest,
)
from bot.errors import NotAllowed, UserError
from bot.rules.blocklists import check_names, permitted
from bot.rules.guild_checks import (
    check_channel,
    check_press,
    check_roles,
    check_rules,
    check_size,
    lowered,
)
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.rules.request_context import RequestContext
from tests.support import builders
from tests.support.builders import CAPTION_REQUEST, FOX_BY_DELIBERATE

THREAD, CHANNEL, CATEGORY = 1, 2, 3
THREAD_PLACES = (THREAD, CHANNEL, CATEGORY)
any_ids = st.lists(st.integers(1, 6), max_size=4, unique=True).map(tuple)


def member_origin(
    user: int = 7,
    *,
    guild: int | None = 5,
    roles: tuple[int, ...] = (),
    places: tuple[int, ...] = THREAD_PLACES,
    manager: bool = False,
) -> Origin:
    message = MessageRef(channel_id=CHANNEL)
    return Origin(9, user, guild, message, roles=roles, places=places, manager=manager)


def is_channel_refused(places: tuple[int, ...], rules: GuildSettings) -> bool:
    try:
        check_channel(places, rules)
    except NotAllowed:
        return True
    return False


def test_without_rules_nothing_is_refused() -> None:
    for request in (FOX_BY_DELIBERATE, TextRequest(prompt="once"), CAPTION_REQUEST):
        check_rules(request, RequestContext(member_origin(), NO_RULES))


# Places


def test_a_category_counts_for_its_channels_and_they_for_their_threads() -> None:
    for place in THREAD_PLACES:
        assert is_channel_refused(THREAD_PLACES, GuildSettings(channels_denied=(place,)))
        assert not is_channel_refused(THREAD_PLACES, GuildSettings(channels_allowed=(place,)))
    assert is_channel_refused((9, 8, 7), GuildSettings(channels_allowed=(CHANNEL,)))
    assert not is_channel_refused((9, 8, 7), GuildSettings(channels_denied=(CHANNEL,)))


def test_the_nearer_place_decides() -> None:
    but_one = GuildSettings(channels_denied=(CATEGORY,), channels_allowed=(CHANNEL,))
    assert not is_channel_refused(THREAD_PLACES, but_one)
    assert is_channel_refused((8, CATEGORY), but_one)
    only_without = GuildSettings(channels_allowed=(CATEGORY,), channels_denied=(CHANNEL,))
    assert is_channel_refused(THREAD_PLACES, only_without)
    assert not is_channel_refused((8, CATEGORY), only_without)


@given(places=any_ids, allowed=any_ids, denied=any_ids)
def test_what_is_denied_nearest_is_never_let_in(
    places: tuple[int, ...], allowed: tuple[int, ...], denied: tuple[int, ...]
) -> None:
    rules = GuildSettings(channels_allowed=allowed, channels_denied=denied)
    named = [place for place in places if place in {*allowed, *denied}]
    if not named:
        assert is_channel_refused(places, rules) == bool(allowed)
    else:
        assert is_channel_refused(places, rules) == (named[0] in denied)


# Roles


def may(rules: GuildSettings, roles: tuple[int, ...], *, manager: bool = False) -> bool:
    try:
        check_roles(member_origin(roles=roles, manager=manager), rules)
    except NotAllowed:
        return False
    return True


@given(held=any_ids, allowed=any_ids, denied=any_ids)
def test_roles(held: tuple[int, ...], allowed: tuple[int, ...], denied: tuple[int, ...]) -> None:
    rules = GuildSettings(roles_allowed=allowed, roles_denied=denied)
    wanted = not set(held) & set(denied) and (not allowed or bool(set(held) & set(allowed)))
    assert may(rules, held) == wanted
    assert may(rules, held, manager=True)


# Names and sizes


def test_blocked_names() -> None:
    rules = GuildSettings(
        models_blocked=("DELIBERATE",), styles_blocked=("raw",), loras_blocked=("Add Details",)
    )
    with pytest.raises(NotAllowed, match="Deliberate"):
        check_names(FOX_BY_DELIBERATE, rules)
    other = FOX_BY_DELIBERATE.model_copy(update={"models": ("Dreamshaper",)})
    check_names(other, rules)
    with pytest.raises(UserError, match="Choose one with `model`"):
        check_names(FOX_BY_DELIBERATE.model_copy(update={"models": ()}), rules)
    with pytest.raises(NotAllowed, match="style"):
        check_names(other.model_copy(update={"style": "RAW"}), rules)
    lora = Lora(name="add details")
    with pytest.raises(NotAllowed, match="LoRA"):
        check_names(other.model_copy(update={"loras": (lora,)}), rules)
    version = Lora(name="123", is_version=True)
    with pytest.raises(NotAllowed, match="version"):
        check_names(other.model_copy(update={"loras": (version,)}), rules)
    check_names(CAPTION_REQUEST, rules)


def test_what_stands_loses_what_is_blocked() -> None:
    rules = GuildSettings(models_blocked=("Deliberate",), styles_blocked=("raw",))
    layer = ImageChoices(models=("deliberate",), style="Raw", steps=20)
    assert permitted(layer, rules) == ImageChoices(steps=20)
    assert permitted(layer, NO_RULES) == layer


def test_more_than_the_server_wants() -> None:
    rules = GuildSettings(most_steps=20, most_side=768, most_count=2)
    small = FOX_BY_DELIBERATE.model_copy(update={"steps": 20, "width": 768, "height": 512, "n": 2})
    check_size(small, rules)
    for change in ({"steps": 21}, {"height": 832}, {"n": 3}):
        with pytest.raises(NotAllowed, match="allows"):
            check_size(small.model_copy(update=change), rules)
    with pytest.raises(NotAllowed, match="2 results"):
        check_size(TextRequest(prompt="once", n=3), rules)
    check_size(CAPTION_REQUEST, rules)


any_side = st.integers(1, SIDE_MAX // 64).map(lambda cells: cells * 64)


@given(width=any_side, height=any_side, most=st.integers(64, SIDE_MAX), steps=st.integers(1, 500))
def test_what_nobody_chose_is_brought_down_to_what_is_allowed(
    width: int, height: int, most: int, steps: int
) -> None:
    rules = GuildSettings(most_side=most, most_steps=20, most_count=1)
    asked = FOX_BY_DELIBERATE.model_copy(
        update={"width": width, "height": height, "steps": steps, "n": 4}
    )
    less = lowered(asked, {"prompt", "shape"}, rules)
    check_size(less, rules)
    ImageRequest.model_validate(less.model_dump())
    assert less.width <= width
    assert less.height <= height
    same = lowered(asked, {"width", "steps", "n"}, rules)
    assert same == asked


# Buttons


def record_of_seven(*, private: bool = False, guild: int | None = 5) -> Record:
    request = FOX_BY_DELIBERATE.model_copy(update={"private": private})
    messages = (builders.message_ref(channel_id=CHANNEL),)
    return builders.record(user_id=7, guild_id=guild, request=request, messages=messages)


def test_who_may_press() -> None:
    anyone, helpers = GuildSettings(press="anyone"), GuildSettings(press_roles=(4,))
    check_press(record_of_seven(), RequestContext(member_origin(7), NO_RULES))
    check_press(record_of_seven(), RequestContext(member_origin(8), anyone))
    check_press(record_of_seven(), RequestContext(member_origin(8, roles=(4,)), helpers))
    for rules, who in (
        (NO_RULES, member_origin(8)),
        (helpers, member_origin(8, roles=(3,))),
        (anyone, member_origin(8, guild=6)),
        (anyone, member_origin(8, guild=None)),
    ):
        with pytest.raises(NotAllowed):
            check_press(record_of_seven(), RequestContext(who, rules))
    with pytest.raises(NotAllowed):
        check_press(record_of_seven(private=True), RequestContext(member_origin(8), anyone))
    with pytest.raises(NotAllowed):
        check_press(
            record_of_seven(guild=None), RequestContext(member_origin(8, guild=None), anyone)
        )


def test_number_opens_nothing_in_a_channel_that_does_not_show_the_request() -> None:
    anyone, helpers = GuildSettings(press="anyone"), GuildSettings(press_roles=(4,))
    elsewhere = replace(member_origin(8, roles=(4,)), message=MessageRef(channel_id=CHANNEL + 1))
    for rules in (anyone, helpers):
        with pytest.raises(NotAllowed):
            check_press(record_of_seven(), RequestContext(elsewhere, rules))
        copy = MessageRef(channel_id=CHANNEL + 1)
        check_press(replace(record_of_seven(), others=(copy,)), RequestContext(elsewhere, rules))
        hidden = replace(record_of_seven(), others=(replace(copy, ephemeral=True),))
        with pytest.raises(NotAllowed):
            check_press(hidden, RequestContext(elsewhere, rules))
    check_press(record_of_seven(), RequestContext(replace(elsewhere, user_id=7), NO_RULES))
