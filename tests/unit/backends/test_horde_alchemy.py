"""Alchemy: whatever a worker sends for a form can be shown, or is said to be unusable."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.backends.horde.alchemy import (
    CANCELLED,
    FAILED,
    UNREADABLE,
    form_result,
    form_results,
)
from bot.backends.inline_results import INLINE_SVG
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.generations import FormResult, Tag
from bot.horde.job_responses import AlchemyStatus, FormStatus
from tests.support.horde.scripted_server import sample

RESULT_LINK = "https://example.net/a.webp"
SVG_TEXT = "<svg xmlns='http://www.w3.org/2000/svg'/>"


def finished_form(form: str, value: Any) -> FormResult:
    return form_result(FormStatus(form=form, state="done", result={form: value}))


@pytest.mark.parametrize("form", ["caption", "describe"])
def test_words(form: str):
    assert finished_form(form, " a lighthouse \x00").text == "a lighthouse"


@pytest.mark.parametrize(
    ("value", "flag"), [(True, True), (False, False), ("TRUE", True), (0, False), ("1", True)]
)
def test_flag(value: Any, flag: bool):
    assert finished_form("nsfw", value).flag is flag


@pytest.mark.parametrize(
    ("value", "text"),
    [(6.125, "6.12"), ("5.5", "5.50"), ({"aesthetic": 7}, "7.00"), (-1, "-1.00")],
)
def test_score(value: Any, text: str):
    assert finished_form("aesthetic", value).text == text


@pytest.mark.parametrize(
    "value",
    [
        ["#102030", "AABBCC"],
        "#102030, #aabbcc",
        [[16, 32, 48], [170, 187, 204]],
        [{"hex": "#102030", "percent": 60}, {"hex": "#aabbcc", "percent": 40}],
        {"#102030": 0.6, "#aabbcc": 0.4},
        {"colors": ["#102030", "#aabbcc"]},
        {"dominant": "#102030", "others": [[170, 187, 204], "#102030"]},
    ],
    ids=str,
)
def test_colours(value: Any):
    assert finished_form("palette", value).text == "#102030, #aabbcc"


def test_short_colours_are_written_out():
    assert finished_form("palette", ["#abc", "bad"]).text == "#aabbcc"


def test_tags():
    value = {
        "tags": [
            {"text": "sea", "confidence": 20},
            {"text": "lighthouse", "confidence": "81.5"},
            "plain",
            {"text": 5},
            {"confidence": 3},
            7,
        ],
        "artists": [],
        "styles": "none",
        "odd": [{"text": "x", "confidence": 1e9}, {"text": "y", "confidence": float("nan")}],
    }
    assert finished_form("interrogation", value).tags == {
        "tags": (
            Tag(text="lighthouse", confidence=81.5),
            Tag(text="sea", confidence=20),
            Tag(text="plain"),
        ),
        "odd": (Tag(text="x", confidence=0), Tag(text="y")),
    }


def test_tags_have_an_end():
    value = {f"g{i}": [{"text": f"t{j}"} for j in range(99)] for i in range(99)}
    tags = finished_form("interrogation", value).tags
    assert len(tags) == 20
    assert {len(group) for group in tags.values()} == {50}


def test_pictures_are_links():
    for form in ("GFPGAN", "RealESRGAN_x2plus", "strip_background", "vectorize"):
        result = finished_form(form, RESULT_LINK)
        assert (result.url, result.problem) == (RESULT_LINK, "")


def test_a_drawing_may_come_inline():
    url = finished_form("vectorize", f"\ufeff {SVG_TEXT}").url
    assert base64.b64decode(url.removeprefix(INLINE_SVG)).decode() == SVG_TEXT


WRONG_RESULTS = [None, "", "   ", {}, [], {"fake": True}, [None], 1e999]


@pytest.mark.parametrize("value", WRONG_RESULTS, ids=str)
@pytest.mark.parametrize("form", ["caption", "nsfw", "interrogation", "aesthetic", "palette",
                                  "vectorize", "GFPGAN"])  # fmt: skip
def test_what_cannot_be_shown(form: str, value: Any):
    assert finished_form(form, value).problem == UNREADABLE
    assert not finished_form(form, value).arrived


@pytest.mark.parametrize(
    "value", ["N/A", "data:image/png;base64,AA", "javascript:x", "<html>", b"x"]
)
def test_a_picture_is_nothing_but_a_link(value: Any):
    assert finished_form("GFPGAN", value).problem == UNREADABLE


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("yes", {"text": "yes"}),
        (RESULT_LINK, {"url": RESULT_LINK}),
        ({"steps": [1, 2]}, {"code": True, "text": json.dumps({"steps": [1, 2]}, indent=2)}),
        ({"image": RESULT_LINK}, {"code": True, "text": json.dumps({"image": "..."}, indent=2)}),
        (0.5, {"code": True, "text": "0.5"}),
        (None, {"problem": UNREADABLE}),
    ],
)
def test_unknown_form_has_a_text_an_image_or_json_without_links(
    value: Any, expected: dict[str, Any]
) -> None:
    assert finished_form("dance", value) == FormResult(form="dance", state="done", **expected)


def test_several_values_of_an_unknown_form_are_one_json() -> None:
    status = FormStatus(form="dance", state="done", result={"a": 1, "b": 2})
    assert form_result(status).text == json.dumps({"a": 1, "b": 2}, indent=2)


def test_annotations_are_told_apart_by_their_control_type() -> None:
    def sent(**payload: str) -> dict[str, Any]:
        result = {"annotation": RESULT_LINK}
        return {"form": "annotation", "state": "done", "result": result, "payload": payload}

    statuses = [sent(control_type="canny"), sent(control_type="hed"), sent()]
    results = form_results(AlchemyStatus.model_validate({"forms": statuses}).forms)
    assert [r.form for r in results] == ["annotation", "annotation:canny", "annotation:hed"]
    assert {r.url for r in results} == {RESULT_LINK}


def test_a_result_under_another_name():
    status = FormStatus(form="caption", state="done", result={"text": "a sea"})
    assert form_result(status).text == "a sea"


@pytest.mark.parametrize(
    ("state", "ours", "problem"),
    [
        ("waiting", "waiting", ""),
        ("processing", "processing", ""),
        ("partial", "waiting", ""),
        ("faulted", "faulted", FAILED),
        ("cancelled", "cancelled", CANCELLED),
    ],
)
def test_states(state: str, ours: str, problem: str):
    result = form_result(FormStatus(form="caption", state=state, result={"caption": "x"}))
    assert (result.state, result.problem, result.text) == (ours, problem, "")


def test_the_order_is_the_tables():
    statuses = AlchemyStatus.model_validate(sample("alchemy_done")).forms
    results = form_results(statuses)
    assert [r.form for r in results] == [
        name for name in FORMS if name in {r.form for r in results}
    ]
    assert form_results(statuses[::-1]) == results
    assert all(not r.problem for r in results)


def test_the_better_of_two_of_the_same_name_counts():
    bad = FormStatus(form="caption", state="faulted")
    good = FormStatus(form="caption", state="done", result={"caption": "x"})
    assert [r.text for r in form_results([bad, good])] == ["x"]
    assert [r.text for r in form_results([good, bad])] == ["x"]


def deep(levels: int) -> Any:
    value: Any = "#102030"
    for _ in range(levels):
        value = [value]
    return value


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([RESULT_LINK, SVG_TEXT, "#abc", "http://["]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["text", "confidence", "tags", "hex"]) | st.text(), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)  # a busy machine is no failure
@given(st.sampled_from([*FORMS, "dance"]), json_values | st.just(deep(900)))
def test_anything_is_a_result(form: str, value: Any):
    result = finished_form(form, value)
    assert FormResult.model_validate_json(result.model_dump_json()) == result
    assert result.problem or result.text or result.flag is not None or result.tags or result.url
    assert len(json.dumps(result.model_dump(mode="json"))) < 2_000_000
