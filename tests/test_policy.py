"""Rules without a world around them."""

import pytest

from bot.errors import NotAllowed, UserError
from bot.policy import check_owner, check_place, check_room, with_place
from bot.records import GuildSettings, Payer, Record
from bot.requests import ImageRequest, TextRequest
from bot.results import Phase

FOX = ImageRequest(prompt="a fox")


def record(number: int = 1, user: int = 7) -> Record:
    return Record(
        id=number, interaction_id=number, backend="horde", user_id=user, guild_id=None,
        channel_id=1, payer=Payer.BOT, request=FOX, phase=Phase.QUEUED, created_at=0.0,
    )  # fmt: skip


def test_nsfw_is_for_age_restricted_places() -> None:
    racy = FOX.model_copy(update={"nsfw": True})
    check_place(racy, nsfw=True)
    check_place(FOX, nsfw=False)
    with pytest.raises(NotAllowed, match="age-restricted"):
        check_place(racy, nsfw=False)


def test_the_place_decides_what_is_sent() -> None:
    tame = with_place(FOX, GuildSettings(), nsfw=False)
    assert isinstance(tame, ImageRequest)
    assert (tame.nsfw, tame.censor_nsfw) == (False, True)
    racy = with_place(FOX, GuildSettings(), nsfw=True)
    assert isinstance(racy, ImageRequest)
    assert (racy.nsfw, racy.censor_nsfw) == (True, False)


def test_a_servers_model_is_used_where_none_was_chosen() -> None:
    settings = GuildSettings(model="Deliberate")
    chosen = FOX.model_copy(update={"models": ("Flux",)})
    assert getattr(with_place(FOX, settings, nsfw=False), "models", ()) == ("Deliberate",)
    assert getattr(with_place(chosen, settings, nsfw=False), "models", ()) == ("Flux",)
    text = TextRequest(prompt="once")
    assert with_place(text, settings, nsfw=False) == text


def test_enough_under_way_is_said_with_their_numbers() -> None:
    check_room(range(5), 99, per_person=6, per_server=0)
    check_room(range(50), 99, per_person=0, per_server=0)
    with pytest.raises(UserError, match=r"6 requests.*#1, #2.*/queue"):
        check_room(range(1, 7), 0, per_person=6, per_server=0)


def test_a_server_may_have_a_limit_too() -> None:
    check_room([], 9, per_person=6, per_server=10)
    with pytest.raises(UserError, match="10 requests under way"):
        check_room([], 10, per_person=6, per_server=10)


def test_only_its_person_may_touch_a_request() -> None:
    check_owner(record(user=7), 7)
    with pytest.raises(NotAllowed, match="somebody else"):
        check_owner(record(user=7), 8)
