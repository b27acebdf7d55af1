"""Rules without a world around them."""

from dataclasses import replace

import pytest

from bot.domain.capabilities import Capabilities
from bot.domain.requests import AlchemyRequest, ImageRequest, Source, TextRequest
from bot.errors import NotAllowed, UserError
from bot.rules.place_checks import (
    check_owner,
    check_place,
    check_room,
    with_place,
    with_tame_models,
)
from tests.support import builders
from tests.support.builders import FOX_BY_ANY_MODEL


def test_nsfw_is_for_age_restricted_places() -> None:
    racy = FOX_BY_ANY_MODEL.model_copy(update={"nsfw": True})
    check_place(racy, nsfw=True)
    check_place(FOX_BY_ANY_MODEL, nsfw=False)
    with pytest.raises(NotAllowed, match="age-restricted"):
        check_place(racy, nsfw=False)


def test_the_place_decides_what_is_sent() -> None:
    tame = with_place(FOX_BY_ANY_MODEL, nsfw=False)
    assert isinstance(tame, ImageRequest)
    assert (tame.nsfw, tame.censor_nsfw) == (False, True)
    racy = with_place(FOX_BY_ANY_MODEL, nsfw=True)
    assert isinstance(racy, ImageRequest)
    assert (racy.nsfw, racy.censor_nsfw) == (True, False)


def test_what_has_no_such_field_is_hidden_by_the_place() -> None:
    text = TextRequest(prompt="once", spoiler=False)
    assert with_place(text, nsfw=False) == TextRequest(prompt="once", spoiler=True)
    assert with_place(text, nsfw=True) == text
    source = Source(url="https://x/y.png")
    alchemy = AlchemyRequest(source=source, forms=("GFPGAN",), withhold=False)
    assert getattr(with_place(alchemy, nsfw=False), "withhold", None) is True
    assert with_place(alchemy, nsfw=True) == alchemy


def test_pictures_of_a_backend_without_a_censor_are_hidden_where_children_may_read() -> None:
    source = Source(url="https://x/y.png")
    alchemy = AlchemyRequest(source=source, forms=("GFPGAN",), withhold=False)
    own_gpu = Capabilities(forms=frozenset({"caption"}))
    unchecked = with_place(alchemy, nsfw=False, capabilities=own_gpu)
    assert unchecked == alchemy.model_copy(update={"withhold": False, "spoiler": True})
    image = ImageRequest(prompt="a fox")
    placed = with_place(image, nsfw=False, capabilities=own_gpu)
    assert isinstance(placed, ImageRequest)
    assert placed.spoiler
    assert with_place(image, nsfw=True, capabilities=own_gpu) == with_place(image, nsfw=True)
    safe = with_place(image, nsfw=False, capabilities=replace(own_gpu, censors=True))
    assert safe == with_place(image, nsfw=False)


def tame(*models: str, served: tuple[str, ...] = (), nsfw: bool = False) -> tuple[str, ...]:
    request = TextRequest(prompt="once", models=models)
    placed = with_tame_models(
        request, nsfw=nsfw, is_safe=lambda name: name.startswith("safe"), served=lambda: served
    )
    return placed.models


def test_only_tame_models_write_where_children_may_read() -> None:
    assert tame("safe", served=("safe too",)) == ("safe",)
    assert tame("wild", "safe") == ("safe",)
    assert tame(served=("safe", "safe too")) == ("safe", "safe too")
    with pytest.raises(NotAllowed, match="age-restricted"):
        tame("wild", served=("safe",))
    with pytest.raises(UserError, match="No worker serves"):
        tame(served=("wild",))


def test_any_model_writes_in_an_age_restricted_place() -> None:
    assert tame("wild", nsfw=True) == ("wild",)
    assert tame(served=("safe",), nsfw=True) == ()


def test_enough_under_way_is_said_with_their_numbers() -> None:
    check_room(range(5), 99, per_person=6, per_server=0)
    check_room(range(50), 99, per_person=0, per_server=0)
    with pytest.raises(UserError, match=r"6 open requests.*#1, #2.*/queue"):
        check_room(range(1, 7), 0, per_person=6, per_server=0)


def test_a_server_may_have_a_limit_too() -> None:
    check_room([], 9, per_person=6, per_server=10)
    with pytest.raises(UserError, match="10 open requests"):
        check_room([], 10, per_person=6, per_server=10)


def test_only_its_person_may_touch_a_request() -> None:
    check_owner(builders.record(user_id=7), 7)
    with pytest.raises(NotAllowed, match="Only the member who made"):
        check_owner(builders.record(user_id=7), 8)
