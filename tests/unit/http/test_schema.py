"""Reading what no server should send: the rest of it is still used."""

import math
from typing import Any

import pytest

from bot.errors import BadReply
from bot.horde.accounts import User
from bot.horde.job_responses import AlchemyStatus, Check, ImageStatus, Submitted
from bot.horde.server_info import Heartbeat, ModelStats
from bot.horde.styles import ImageStyle
from bot.horde.workers import Worker
from bot.http.schema import read_as, read_list
from tests.support.horde.scripted_server import sample

COUNTS = {"finished": 0, "processing": 0, "waiting": 1}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5),
        (5.9, 5),
        ("12", 12),
        (True, 1),
        (None, 0),
        ("soon", 0),
        (-1, 0),
        (10**30, 0),
        (math.inf, 0),
        (math.nan, 0),
        ([5], 0),
    ],
)
def test_a_count(value: Any, expected: int):
    assert read_as(Check, {**COUNTS, "wait_time": value}).wait_time == expected


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1e300, "x", None, {}])
def test_kudos_are_a_number_or_nothing(value: Any):
    assert read_as(Check, {**COUNTS, "kudos": value}).kudos == 0.0


@pytest.mark.parametrize("missing", ["finished", "processing", "waiting"])
@pytest.mark.parametrize("wrong", [..., None, "x", -3])
def test_counts_that_decide_are_insisted_on(missing: str, wrong: Any):
    body = {**COUNTS, missing: wrong}
    if wrong is ...:
        del body[missing]
    with pytest.raises(BadReply) as caught:
        read_as(Check, body)
    assert caught.value.__cause__ is None


def test_a_bad_item_is_left_out():
    body = sample("image_status")
    body["generations"] += [7, None, "x", [], {"img": 5, "seed": 12, "gen_metadata": [1, {}]}]
    found = read_as(ImageStatus, body).generations
    assert len(found) == 3
    assert (found[2].img, found[2].seed, len(found[2].gen_metadata)) == ("5", "12", 1)


def test_items_that_are_no_list():
    assert read_as(ImageStatus, {**COUNTS, "generations": {"a": 1}}).generations == ()
    assert read_as(ImageStatus, {**COUNTS, "generations": None}).generations == ()
    with pytest.raises(BadReply):
        read_as(AlchemyStatus, {"forms": "done"})


def test_a_form_without_a_name_is_left_out():
    body = {"forms": [{"state": "done"}, {"form": "caption", "state": None, "result": [1]}]}
    (form,) = read_as(AlchemyStatus, body).forms
    assert (form.form, form.state, form.result) == ("caption", "waiting", {})


def test_a_mapping_keeps_its_good_entries():
    stats = read_as(ModelStats, {"day": {"a": 1, "b": "many", "c": 2.0}, "month": [1]})
    assert (stats.day, stats.month) == ({"a": 1, "c": 2}, {})


def test_lists_keep_what_can_be_read():
    assert [w.name for w in read_list(Worker, sample("workers"))] == ["Quiet Toaster"]
    assert read_list(Worker, []) == ()
    for body in (None, "x", 7):
        with pytest.raises(BadReply):
            read_list(Worker, body)


def test_accounts():
    own, shared = read_as(User, sample("user")), read_as(User, sample("user_shared_key"))
    assert not own.shared_key
    assert shared.shared_key
    assert shared.active_generations.image == ()
    assert read_as(User, {"username": "Anonymous#0", "id": 0}).anonymous
    assert not own.anonymous


def test_a_style_without_sense_in_its_params():
    style = read_as(
        ImageStyle, {"id": "x", "params": {"steps": "many", "loras": [{}, {"name": 1}]}}
    )
    assert style.params.steps is None
    assert [lora.name for lora in style.params.loras] == ["1"]


@pytest.mark.parametrize("wrong", ["", "a b", "x" * 300, "a/b", None, ["x"]])
def test_an_id_that_cannot_be_one(wrong: Any):
    assert read_as(Submitted, {"id": wrong, "kudos": 3}).id == ""


def test_an_empty_heartbeat_still_beats():
    assert read_as(Heartbeat, {}).message == "OK"
