"""A web UI may answer anything: its images are kept, and its words are not shown."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.a1111.faults import fault_of
from bot.backends.a1111.responses import Images
from bot.backends.a1111.results import outcome_of
from bot.domain.results import Phase
from bot.errors import BackendError

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)
FACTS = st.fixed_dictionaries({"all_seeds": ANY, "sd_model_name": ANY})


@given((ANY | FACTS).map(json.dumps) | ANY)
def test_images_arrive_whatever_is_said_about_them(info: Any) -> None:
    answer = Images.model_validate({"images": [PNG], "info": info})
    outcome = outcome_of(answer, 1, "GPU")
    assert outcome.phase is Phase.DONE
    [image] = outcome.pictures
    assert image.url.endswith(PNG)
    assert len(image.seed) <= 20


@pytest.mark.parametrize("seeds", [[7, "x", 9], [7, 10**4000, 9], [7, None, 9], [7, 1.5, 9]])
def test_seeds_are_not_moved_to_other_images(seeds: list[Any]) -> None:
    answer = Images.model_validate({"images": [PNG] * 3, "info": json.dumps({"all_seeds": seeds})})
    assert [image.seed for image in outcome_of(answer, 3, "GPU").pictures] == ["", "", ""]


def test_name_of_a_model_has_no_control_characters() -> None:
    info = json.dumps({"sd_model_name": "a\x1b[31m\u0000b"})
    answer = Images.model_validate({"images": [PNG], "info": info})
    assert outcome_of(answer, 1, "GPU").pictures[0].model == "a[31mb"


@given(st.integers(400, 599), st.fixed_dictionaries({"error": ANY, "detail": ANY, "errors": ANY}))
def test_every_error_answer_becomes_a_backend_error(status: int, body: dict[str, Any]) -> None:
    assert isinstance(fault_of(status, body, "GPU"), BackendError)


@pytest.mark.parametrize("words", ["[here](https://evil) @everyone", "user:password", "x" * 200])
def test_words_of_the_server_are_not_shown(words: str) -> None:
    assert str(fault_of(500, {"error": words}, "GPU")) == "GPU failed with the error 500."


def test_name_of_an_exception_is_shown() -> None:
    assert "the error torch.cuda.Fault" in str(fault_of(500, {"error": "torch.cuda.Fault"}, "GPU"))
