""""""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.card import COMPONENTS_MAX, TEXT_MAX
from bot.cards.custom_ids import CANCEL_ALL, CANCEL_REQUEST, REFRESH_QUEUE, SHOW_REQUEST
from bot.cards.markdown import units
from bot.domain.records import MessageRef, Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Kind, Source
from bot.domain.results import Phase, Status
from bot.ui.history.history_view import Filter, detail_card, page_card, searched, thumbnail_name
from bot.ui.history.queue_view import QUEUE_SHOWN, link_of, queue_card
from tests.support import builders
from tests.support.views import ids_of, parts_of, shown_text

QUEUE_NOW = 1_800_000_000.0
QUEUE_IDS = (CANCEL_REQUEST, CANCEL_ALL, REFRESH_QUEUE, SHOW_REQUEST)


def test_the_queue_says_where_each_request_stands() -> None:
    queued = Status(phase=Phase.QUEUED, queue_position=3)
    waiting = builders.record(id=7, phase=Phase.QUEUED, status=queued)
    painting = builders.record(id=8, phase=Phase.PROCESSING)
    stopping = builders.record(id=9, phase=Phase.WAITING, cancel_at=1.0)
    view = queue_card([waiting, painting, stopping], now=QUEUE_NOW)
    text = shown_text(view)
    assert "**#7** · 3rd in the queue of the bot" in text
    assert "**#8** · being created" in text
    assert "**#9** · Stopping" in text
    assert "> a fox" in text
    assert ids_of(view) == [
        *("hcq:cancel:7", "hcq:cancel:8", "hcq:cancel:9", "hcq:all", "hcq:refresh")
    ]


def test_the_queue_says_what_the_horde_says() -> None:
    seen = Status(phase=Phase.WAITING, queue_position=1_204, wait_time=90)
    view = queue_card(
        [
            builders.record(id=7, phase=Phase.WAITING, status=seen),
            builders.record(id=8, phase=Phase.PROCESSING, status=Status(phase=Phase.PROCESSING)),
            builders.record(id=9, phase=Phase.WAITING, status=seen, cancel_at=1.0),
        ],
        now=QUEUE_NOW,
    )
    waiting, painting, stopping = shown_text(view).split("**#")[1:]
    assert f"position 1,204 in the queue · expected <t:{QUEUE_NOW + 90:.0f}:R>" in waiting
    assert "being created · <t:" in painting
    assert "place" not in painting + stopping


def test_forms_of_alchemy_are_called_as_people_chose_them() -> None:
    forms = AlchemyRequest(source=Source(url="https://x/y.png"), forms=("caption", "4x_AnimeSharp"))
    record = builders.record(id=7, request=forms)
    view = page_card([record], Filter(), (), {})
    assert "Caption and Upscale x4, anime (AnimeSharp)" in shown_text(view)
    labels = [option["label"] for part in parts_of(view) for option in part.get("options", ())]
    assert labels == ["#7 Caption and Upscale x4, anime (AnimeSharp)"]


def test_an_empty_queue_offers_only_to_look_again() -> None:
    view = queue_card([], now=QUEUE_NOW)
    assert "no open requests" in shown_text(view)
    assert ids_of(view) == ["hcq:refresh"]


def test_links_lead_to_the_message_where_there_is_one() -> None:
    here = MessageRef(channel_id=4, message_id=5)
    assert link_of(builders.record(messages=(here,))).endswith(
        "(https://discord.com/channels/3/4/5)"
    )
    assert "/@me/4/5" in link_of(builders.record(messages=(here,), guild_id=None))
    assert link_of(builders.record(messages=(replace(here, ephemeral=True),))) == ""
    assert link_of(builders.record(messages=(replace(here, message_id=0),))) == ""
    assert link_of(builders.record(messages=())) == ""


def test_every_id_leads_to_an_item_and_to_one_only() -> None:
    records = [builders.record(id=10**17 + number, phase=Phase.DONE) for number in range(30)]
    views = [
        queue_card(records, now=QUEUE_NOW),
        page_card(records, Filter(), (), {}),
    ]
    found = {name for view in views for name in ids_of(view) if name.startswith("hcq")}
    kinds = {name.split(":")[1] for name in found}
    assert kinds == {"cancel", "all", "refresh", "show"}
    for name in found:
        assert len(name) <= 100
        matches = [one for one in QUEUE_IDS if one.parse(name) is not None]
        assert len(matches) == 1, name


@pytest.mark.parametrize("strange", ["hcq:cancel:", "hcq:cancel:-1", "hcq:all:1", "hc:cancel:1"])
def test_other_ids_are_not_ours(strange: str) -> None:
    assert not any(one.parse(strange) is not None for one in QUEUE_IDS)


QUEUE_PROMPTS = st.sampled_from(
    ["@everyone <@1> <#2>", "# x\n- y", "*" * 400, "fox " * 900, "\U0001f98a" * 300]
) | st.text(min_size=1, max_size=40).map(lambda text: "a" + text)
ANY_REQUEST = st.one_of(
    QUEUE_PROMPTS.map(lambda prompt: ImageRequest(prompt=prompt)),
    QUEUE_PROMPTS.map(
        lambda name: AlchemyRequest(
            source=Source(url="https://cdn.example/x", filename=name),
            forms=("caption", "nsfw", "RealESRGAN_x4plus_anime_6B", "4xNomosWebPhoto_RealPLKSR"),
        )
    ),
)
OPEN_RECORDS = st.lists(
    st.builds(
        builders.record,
        request=ANY_REQUEST,
        id=st.integers(1, 10**15),
        phase=st.sampled_from(Phase),
        guild_id=st.none() | st.just(10**18),
    ),
    max_size=40,
)


FILTERS = st.builds(
    Filter,
    search=QUEUE_PROMPTS.map(searched),
    kind=st.none() | st.sampled_from(Kind),
    favourites=st.booleans(),
    before=st.integers(0, 10**17),
)


@given(OPEN_RECORDS, FILTERS)
def test_lists_stay_within_discords_limits(records: list[Record], which: Filter) -> None:
    files = {one.id: thumbnail_name(one) for one in records}
    views = [
        queue_card(records, "3 requests were cancelled.", now=QUEUE_NOW),
        page_card(records, which, files, {}),
        page_card(records, which, (), files),
    ]
    for one in records[:3]:
        note = f"#{one.id} is saved permanently."
        views += [detail_card(one, which, saved=True, file=thumbnail_name(one), note=note)]
    for view in views:
        parts = parts_of(view)
        text = shown_text(view)
        assert len(parts) <= COMPONENTS_MAX
        assert units(text) <= TEXT_MAX
        assert not re.search(r"@everyone|@here|<@[!&]?\d+>|<#\d+>", text)
        for part in parts:
            if part["type"] == 3:
                assert 1 <= len(part["options"]) <= 25
                assert all(1 <= units(option["label"]) <= 100 for option in part["options"])
            if name := part.get("custom_id", ""):
                assert units(name) <= 100
    assert QUEUE_SHOWN > 6  # more than one person may have open
