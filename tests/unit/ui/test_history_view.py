"""The pages of /history as values."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.custom_ids import HISTORY
from bot.cards.markdown import units
from bot.domain.capabilities import Capabilities
from bot.domain.requests import AlchemyRequest, ImageRequest, Kind, Request, Source
from bot.domain.results import Phase
from bot.ui.history.history_buttons import history_press_key
from bot.ui.history.history_view import (
    SEARCH_MAX,
    SHOWN,
    Filter,
    detail_card,
    filter_of,
    page_card,
    searched,
)
from tests.support import builders
from tests.support.builders import FOX_REQUEST
from tests.support.views import ids_of, parts_of, shown_text

THIRTY_RECORDS = [builders.record(id=number, phase=Phase.DONE) for number in range(30, 0, -1)]
NO_FILTER = Filter()
LINKED_PHOTO = Source(url="https://cdn.example/p.png")


def test_a_page_leads_to_the_next_and_back() -> None:
    first = page_card(THIRTY_RECORDS[: SHOWN + 1], NO_FILTER, (), {})
    assert ids_of(first)[-2:] == ["hch:pick:0:0:--:", "hch:page:0:26:--:"]
    assert "**#26**" in shown_text(first)
    assert "#25" not in shown_text(first)
    last = page_card(THIRTY_RECORDS[-2:], Filter(before=3), (), {})
    assert ids_of(last)[-2:] == ["hch:pick:0:3:--:", "hch:page:0:0:--:"]


def test_a_page_shows_thumbnails_where_it_has_them() -> None:
    view = page_card(THIRTY_RECORDS[:2], NO_FILTER, {29}, {30: "thumbnail-30.webp"})
    thumbs = [part for part in parts_of(view) if part["type"] == 11]
    assert [part["media"]["url"] for part in thumbs] == ["attachment://thumbnail-30.webp"]
    assert "hcq:show:29" in ids_of(view)
    assert "hcq:show:30" not in ids_of(view)
    assert shown_text(view).count("saved") == 1


@pytest.mark.parametrize(
    ("name", "is_meant"),
    [
        ("hch:page:0:26:--:", True),
        ("hch:pick:0:0:--:", True),
        ("hch:save:12:0:--:", False),
        ("hch:erase:12:0:--:", False),
    ],
)
def test_turning_pages_is_never_a_repeat(name: str, is_meant: bool) -> None:
    values = HISTORY.parse(name)
    assert values is not None
    press: Any = SimpleNamespace(data={})
    assert (history_press_key(press, *values) is None) == is_meant


def test_nothing_is_said_in_three_ways() -> None:
    assert "/imagine" in shown_text(page_card([], NO_FILTER, (), {}))
    assert "No older request" in shown_text(page_card([], Filter(before=7), (), {}))
    nothing = shown_text(page_card([], Filter(search="fox", kind=Kind.TEXT), (), {}))
    assert "No request matches" in nothing
    assert "texts" in nothing
    assert "fox" in nothing
    assert "**Save** under a result" in shown_text(page_card([], Filter(favourites=True), (), {}))
    assert "-# alchemy" in shown_text(page_card([], Filter(kind=Kind.ALCHEMY), (), {}))


def test_one_of_them_can_be_made_again_shown_saved_and_deleted() -> None:
    which = Filter("a fox", Kind.IMAGE, favourites=True, before=9)
    view = detail_card(THIRTY_RECORDS[0], which, saved=True, file="x.webp")
    assert ids_of(view) == [
        *("hc:again:30", "hcq:show:30", "hc:details:30", "hch:save:30:9:is:a fox"),
        *("hch:delete:30:9:is:a fox", "hch:page:0:9:is:a fox"),
    ]
    assert any(part["type"] == 12 for part in parts_of(view))
    assert FOX_REQUEST.models[0] in shown_text(view)


@pytest.mark.parametrize(
    ("request_", "hidden"),
    [
        (ImageRequest(prompt="a fox", nsfw=True), True),
        (ImageRequest(prompt="a fox"), False),
        (AlchemyRequest(source=LINKED_PHOTO, forms=("GFPGAN",), withhold=False), True),
        (AlchemyRequest(source=LINKED_PHOTO, forms=("GFPGAN",), withhold=True), False),
    ],
)
def test_what_is_delicate_is_behind_a_spoiler(request_: Request, hidden: bool) -> None:
    made = builders.record(request=request_, id=5, phase=Phase.DONE)
    for view in (
        page_card([made], NO_FILTER, (), {5: "x.webp"}),
        detail_card(made, NO_FILTER, saved=False, file="x.webp"),
    ):
        found = any(
            part.get("spoiler") or any(item.get("spoiler") for item in part.get("items", ()))
            for part in parts_of(view)
        )
        assert found == hidden


@given(
    st.text(max_size=80),
    st.none() | st.sampled_from(Kind),
    st.booleans(),
    st.integers(0, 10**18 - 1),
)
def test_an_id_carries_the_whole_filter(
    text: str, kind: Kind | None, favourites: bool, before: int
) -> None:
    search = searched(text)
    assert units(search) <= SEARCH_MAX
    which = Filter(search, kind, favourites, before)
    name = which.id_for("delete", 10**18 - 1)
    assert units(name) <= 100
    values = HISTORY.parse(name)
    assert values is not None
    assert filter_of(*values[2:]) == which


@pytest.mark.parametrize("name", ["hch:page:0:0:x-:", "hch:page:0:-1:--:", "hch:page:0:0:--"])
def test_other_ids_are_not_ours(name: str) -> None:
    assert HISTORY.parse(name) is None


def test_again_is_shown_only_where_the_backend_can_repeat_the_request() -> None:
    writer = Capabilities(title="writer", kinds=frozenset({Kind.TEXT}))
    view = detail_card(THIRTY_RECORDS[0], NO_FILTER, saved=False, here=writer)
    assert "hc:again:30" not in ids_of(view)
    assert "hc:details:30" in ids_of(view)
