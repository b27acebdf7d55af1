"""Whatever was asked and sent: a card keeps Discord's limits and tells no account's affairs."""

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.card import (
    ALT_MAX,
    COMPONENTS_MAX,
    FILES_MAX,
    GALLERY_MAX,
    OPTIONS_MAX,
    TEXT_MAX,
    Attachment,
    Card,
    Divider,
    Gallery,
    Menu,
    TextBlock,
)
from bot.cards.markdown import units
from bot.cards.request_card import card_for, details, rest_for
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.generations import FormResult, ImageGeneration, Tag, TextGeneration
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Source, TextRequest
from bot.domain.results import Phase, Status
from bot.i18n import LANGUAGES, Language, in_language
from bot.ui.components.views import layout_of
from tests.support.cards import NOW, attachments_of, card_record, pictures_of, text_of
from tests.support.discord.shown_limits import over_limits

# Limits, for anything at all

ANY_HOSTILE_TEXT = st.sampled_from(
    [
        *("", "fox", "@everyone <@1> <#2> @here", "# x\n- y\n1. z\n> q", "||a|| `b` ```c```"),
        *("*" * 400, "@here *fox* _" * 80, "line\n" * 300, "\U0001f98a" * 300, "word " * 300),
    ]
) | st.text(max_size=12)
LONG_TEXTS = ANY_HOSTILE_TEXT | st.sampled_from(["A fox. " * 900, "_*`" * 2_000, "\n\n> x" * 900])
MODEL_NAMES = st.tuples(ANY_HOSTILE_TEXT, ANY_HOSTILE_TEXT) | st.just(())
NUMBER = st.integers(0, 10**9)


LONG_PROMPTS = LONG_TEXTS.map(lambda text: ("a " + text)[:4_000])
any_image_request = st.builds(
    ImageRequest,
    prompt=LONG_PROMPTS,
    negative=ANY_HOSTILE_TEXT,
    models=MODEL_NAMES,
    n=st.integers(1, 20),
    seed=st.text(max_size=100),
    nsfw=st.booleans(),
    private=st.booleans(),
)
any_text_request = st.builds(
    TextRequest,
    prompt=LONG_PROMPTS,
    models=MODEL_NAMES,
    n=st.integers(1, 20),
    spoiler=st.booleans(),
)
any_alchemy_request = st.builds(
    AlchemyRequest,
    source=st.builds(Source, url=st.just("https://cdn.example/x"), filename=ANY_HOSTILE_TEXT),
    forms=st.lists(st.sampled_from(sorted(FORMS)), min_size=1, unique=True).map(tuple),
    withhold=st.booleans(),
)
tags = st.builds(Tag, text=ANY_HOSTILE_TEXT, confidence=st.floats(0, 100))
generations = st.one_of(
    st.builds(
        ImageGeneration,
        id=ANY_HOSTILE_TEXT,
        file=st.sampled_from(["", "128-0.webp", "128-1.png"]),
        seed=ANY_HOSTILE_TEXT,
        model=ANY_HOSTILE_TEXT,
        worker=ANY_HOSTILE_TEXT,
        width=NUMBER,
        height=NUMBER,
        censored=st.sampled_from(["", "nsfw", "csam"]),
        problem=st.just("") | ANY_HOSTILE_TEXT,
        notes=st.lists(ANY_HOSTILE_TEXT, max_size=4).map(tuple),
    ),
    st.builds(
        TextGeneration,
        text=LONG_TEXTS,
        model=ANY_HOSTILE_TEXT,
        worker=ANY_HOSTILE_TEXT,
        censored=st.sampled_from(["", "", "censored", "csam"]),
    ),
    st.builds(
        FormResult,
        form=st.sampled_from(sorted(FORMS)),
        state=st.sampled_from(["waiting", "processing", "done", "done", "faulted", "cancelled"]),
        text=LONG_TEXTS,
        flag=st.none() | st.booleans(),
        tags=st.dictionaries(ANY_HOSTILE_TEXT, st.lists(tags, max_size=6).map(tuple), max_size=7),
        file=st.sampled_from(["", "128-x.webp"]),
        width=NUMBER,
        height=NUMBER,
        problem=st.just("") | ANY_HOSTILE_TEXT,
    ),
)
any_status = st.builds(
    Status,
    phase=st.sampled_from(Phase),
    finished=st.integers(0, 25),
    restarted=st.integers(0, 3),
    queue_position=NUMBER,
    wait_time=NUMBER,
    kudos=st.floats(0, 1e9),
    is_possible=st.booleans(),
    few_workers=st.booleans(),
    eligible_workers=st.none() | st.integers(0, 2_000),
    late=st.booleans(),
    generations=st.lists(generations, max_size=9)
    .flatmap(lambda some: st.sampled_from([some, some * 3]))
    .map(tuple),
    detail=LONG_TEXTS,
    public=st.booleans(),
    warnings=st.lists(ANY_HOSTILE_TEXT, max_size=5).map(tuple),
)
records = st.builds(
    card_record,
    st.one_of(any_image_request, any_text_request, any_alchemy_request),
    st.sampled_from(Phase),
    parent=st.none() | NUMBER,
    sent_at=st.none() | st.floats(0, NOW),
    cancel_at=st.none() | st.just(NOW),
    backend=st.just("horde"),
)
LIVE_MENTION = re.compile(r"@everyone|@here|(?<!\\)<(?:@[!&]?|#)\d+>", re.IGNORECASE)


def assert_within_limits(card: Card) -> None:
    texts_ = [block for block in card.blocks if isinstance(block, TextBlock)]
    assert all(block.content.strip() for block in texts_)
    assert sum(units(block.content) for block in texts_) <= TEXT_MAX
    components = 1 + len(card.blocks) + sum(1 + len(row) for row in card.rows)
    components += 2 * len(card.menus)
    assert components <= COMPONENTS_MAX
    for block in card.blocks:
        assert isinstance(block, TextBlock | Divider | Gallery | Attachment)
        if isinstance(block, Gallery):
            assert 1 <= len(block.pictures) <= GALLERY_MAX
            assert all(units(p.alt) <= ALT_MAX for p in block.pictures)
    files = pictures_of(card) + attachments_of(card)
    assert len(files) <= FILES_MAX
    assert len({file.filename for file in files}) == len(files)
    assert all(re.fullmatch(r"[\w.-]+", file.filename) for file in files)
    assert all(1 <= len(row) <= 5 for row in card.rows)
    assert all(units(button.label) <= 80 for row in card.rows for button in row)
    assert not LIVE_MENTION.search(text_of(card).replace("<@2>", "", 1))  # its requester
    ids = [button.id for row in card.rows for button in row]
    for menu in card.menus:
        assert isinstance(menu, Menu)
        ids.append(menu.id)
        assert 1 <= len(menu.options) <= OPTIONS_MAX
        assert len({option.value for option in menu.options}) == len(menu.options)
        assert all(1 <= units(option.label) <= 100 for option in menu.options)
    assert len(set(ids)) == len(ids)
    assert all(len(one) <= 100 for one in ids)
    assert over_limits({"components": layout_of(card).to_components()}) == []


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(LANGUAGES),
    records,
    st.none() | any_status,
    st.integers(0, 5_000),
    st.booleans(),
)
def test_any_card_in_any_language_stays_within_discords_limits(
    language: Language, row: Record, status: Status | None, position: int, published: bool
) -> None:
    if position and status is not None:
        status = status.model_copy(update={"queue_position": position})
    with in_language(language):
        assert_within_limits(card_for(row, status, now=NOW, published=published))
        if (rest := rest_for(row, status, now=NOW)) is not None:
            assert_within_limits(rest)
        assert_within_limits(details(row, status))


@settings(deadline=None)
@given(records, any_status)
def test_public_cards_never_hold_account_facts(row: Record, status: Status) -> None:
    secret = status.model_copy(update={"detail": "zanzibar", "public": False})
    row = replace(row, request=row.request.model_copy(update={"private": False}), messages=())
    assert "zanzibar" not in text_of(card_for(row, secret, now=NOW))
    assert "zanzibar" not in text_of(details(row, secret))
