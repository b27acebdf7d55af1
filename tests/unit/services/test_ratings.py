"""Ratings: which image, with which key, and the refusals."""

import time
from collections.abc import Callable
from typing import Any, cast

import aiohttp
import pytest

from bot.domain.records import Record
from bot.domain.results import Phase
from bot.errors import RequestRejected, UserError
from bot.horde.client import HordeClient
from bot.horde.job_payloads import ImageRating
from bot.services.community.ratings import REMEMBERED, Ratings, images_of
from bot.ui.browse.rating_buttons import artifacts_card, rating_card
from tests.support import builders
from tests.support.cards import card_record, pictures_of
from tests.support.fakes.rated_images import StoredKeys, StoredRecords
from tests.support.horde.scripted_server import TEST_AGENT, Scripted

GIVEN = ImageRating(id="", rating=7, artifacts=0)


def made(*, remote_id: str | None = "remote", arrived: bool = True) -> Record:
    images = [builders.image_generation(number) for number in (1, 2)] if arrived else []
    status = builders.status(*images, phase=Phase.DONE)
    request = builders.image_request()
    return card_record(request, Phase.DONE, status=status, remote_id=remote_id, backend="horde")


def ratings_of(
    horde: Scripted,
    session: aiohttp.ClientSession,
    *records: Record,
    own: str | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Ratings:
    client = HordeClient(session, horde.url, client_agent=TEST_AGENT)
    history, keys = cast(Any, StoredRecords(*records)), cast(Any, StoredKeys(own))
    return Ratings(history, keys, {"horde": client}, clock)


@pytest.mark.parametrize(("own", "key"), [(None, "paying key"), ("own key", "own key")])
async def test_second_image_is_rated_with_the_users_key_first(
    horde: Scripted, session: aiohttp.ClientSession, own: str | None, key: str
) -> None:
    horde.say({"reward": 5.0})
    row = made()
    ratings = ratings_of(horde, session, row, own=own)
    assert await ratings.rate(row, 2, GIVEN) == 5.0
    assert horde.last.path == "/generate/rate/remote"
    assert horde.last.key == key
    wanted = {"id": builders.image_generation(2).id, "rating": 7, "artifacts": 0}
    assert horde.last.body == {"ratings": [wanted]}


@pytest.mark.parametrize(
    ("status", "rc", "said"),
    [
        (404, None, "does not offer ratings"),
        (400, "AestheticsNotPublic", "does not offer ratings"),
        (404, "RequestNotFound", "no longer stores"),
    ],
)
async def test_refusals_say_what_is_missing(
    horde: Scripted, session: aiohttp.ClientSession, status: int, rc: str | None, said: str
) -> None:
    horde.say({"message": "no", "rc": rc} if rc else {"message": "no"}, status=status)
    row = made()
    with pytest.raises(UserError, match=said):
        await ratings_of(horde, session, row).rate(row, 1, GIVEN)


@pytest.mark.parametrize("body", [{}, {"rc": "AestheticsNotPublic"}])
async def test_horde_without_ratings_is_asked_again_after_an_hour(
    horde: Scripted, session: aiohttp.ClientSession, body: dict[str, str]
) -> None:
    horde.say({"message": "no", **body}, status=400 if body else 404)
    row, now = made(), 0.0
    ratings = ratings_of(horde, session, row, clock=lambda: now)
    assert await ratings.newest(row.user_id) is row
    with pytest.raises(UserError, match="does not offer ratings"):
        await ratings.rate(row, 1, GIVEN)
    for asked in (ratings.newest(row.user_id), ratings.own(row.id, row.user_id)):
        with pytest.raises(UserError, match="does not offer ratings"):
            await asked
    now = REMEMBERED + 1
    assert await ratings.newest(row.user_id) is row


async def test_another_refusal_is_not_taken_for_missing_ratings(
    horde: Scripted, session: aiohttp.ClientSession
) -> None:
    horde.say({"message": "no", "rc": "InvalidAestheticAttempt"}, status=400)
    row = made()
    ratings = ratings_of(horde, session, row)
    with pytest.raises(RequestRejected):
        await ratings.rate(row, 1, GIVEN)
    assert await ratings.newest(row.user_id) is row


async def test_newest_image_that_the_horde_made_is_rated(
    horde: Scripted, session: aiohttp.ClientSession
) -> None:
    lost, empty, row = made(remote_id=None), made(arrived=False), made()
    assert await ratings_of(horde, session, lost, empty, row).newest(row.user_id) is row
    with pytest.raises(UserError, match="no image to rate"):
        await ratings_of(horde, session, lost, empty).newest(row.user_id)


async def test_images_of_others_and_missing_numbers_are_not_rated(
    horde: Scripted, session: aiohttp.ClientSession
) -> None:
    row = made()
    ratings = ratings_of(horde, session, row)
    with pytest.raises(UserError):
        await ratings.own(row.id, row.user_id + 1)
    with pytest.raises(UserError, match="no such image"):
        await ratings.rate(row, 3, GIVEN)
    assert horde.calls == []


def test_card_has_one_image_and_ten_buttons() -> None:
    card = rating_card(made(), 2)
    assert len(pictures_of(card)) == 1
    assert [button.label for row in card.rows for button in row] == [*map(str, range(1, 11))]
    artifacts = artifacts_card(made(), 2, 9)
    assert pictures_of(artifacts) == pictures_of(card)
    assert [button.label for row in artifacts.rows for button in row] == [*map(str, range(6))]
    with pytest.raises(UserError, match="no such image"):
        rating_card(made(), 3)


def test_numbers_of_images_are_those_of_the_result() -> None:
    images = [builders.image_generation(1, file=""), builders.image_generation(2)]
    record = card_record(
        builders.image_request(), Phase.DONE, status=builders.status(*images), backend="horde"
    )
    assert [*images_of(record)] == [2]
    assert rating_card(record).rows == rating_card(record, 2).rows
    with pytest.raises(UserError, match="no such image"):
        rating_card(record, 1)
