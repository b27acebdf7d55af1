"""The end of a request: the counts decide, the Horde's own `done` does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.backends.horde.status import (
    ALREADY_BEGUN,
    DROPPED,
    GAVE_UP,
    LET_GO,
    REST_DROPPED,
    REST_FAILED,
    forms_status,
    forms_status_after_cancel,
    has_ended,
    status_after_cancel,
    status_of,
)
from bot.domain.generations import FormResult, Generation, ImageGeneration, TextGeneration
from bot.domain.results import Phase, Status
from bot.horde.job_responses import Check, TextStatus


def look(**fields: int | bool) -> Check:
    counts = {"finished": 0, "processing": 0, "waiting": 0, **fields}
    return Check.model_validate(counts)


def generation(name: str = "a", problem: str = "") -> ImageGeneration:
    url = "" if problem else f"https://example.net/{name}"
    return ImageGeneration(id=name, url=url, problem=problem)


def text_generation(words: str = "words") -> TextGeneration:
    return TextGeneration(text=words)


class TestWhatTheRealServerDid:
    """Each of these was seen; `done` is what it said at the time."""

    def test_given_up_in_silence(self):
        status = status_of(look(done=True, restarted=2), 1, ())
        assert (status.phase, status.settled, status.detail) == (Phase.FAULTED, False, GAVE_UP)

    def test_done_while_a_third_attempt_runs(self):
        status = status_of(look(done=True, processing=1, restarted=2), 1, ())
        assert status.phase is Phase.PROCESSING

    def test_faulted_with_something_still_waiting(self):
        status = status_of(look(done=True, faulted=True, waiting=1, restarted=3), 1, ())
        assert (status.phase, status.settled) == (Phase.FAULTED, True)

    def test_stuck_after_maintenance(self):
        made = tuple(generation(str(i)) for i in range(4))
        status = status_of(look(finished=4), 6, made)
        assert (status.phase, status.settled) == (Phase.PARTIAL, False)
        assert status.detail == REST_DROPPED
        assert status.dropped

    def test_dropped_before_a_worker_had_it(self):
        status = status_of(look(), 2, ())
        assert (status.phase, status.settled, status.detail) == (Phase.FAULTED, False, DROPPED)
        assert status.dropped

    def test_cancelled_by_another_client(self):
        status = status_of(look(done=True), 1, ())
        assert (status.detail, status.dropped) == (LET_GO, False)
        text = TextStatus(finished=0, processing=0, waiting=0)
        assert (status_of(text, 1, ()).detail, status_of(text, 1, ()).dropped) == (LET_GO, False)

    def test_workers_failed_at_the_rest(self):
        status = status_of(look(finished=1, restarted=2), 2, (generation(),))
        assert (status.detail, status.dropped) == (REST_FAILED, False)

    def test_cancelled_text_that_is_never_done(self):
        assert status_of(look(), 2, ()).phase is Phase.FAULTED

    def test_the_instant_in_which_a_worker_takes_it(self):
        assert not status_of(look(), 1, ()).settled

    def test_all_there(self):
        status = status_of(look(finished=2, kudos=21), 2, (generation("a"), generation("b")))
        assert (status.phase, status.settled, status.detail) == (Phase.DONE, True, "")

    def test_finished_but_one_is_not_in_the_list_yet(self):
        status = status_of(look(finished=2, done=True), 2, (generation(),))
        assert (status.phase, status.settled) == (Phase.PARTIAL, False)


def test_open_ones():
    assert status_of(look(waiting=2), 2, ()).phase is Phase.WAITING
    assert status_of(look(waiting=1, processing=1), 2, ()).phase is Phase.PROCESSING
    assert status_of(look(waiting=1, finished=1), 2, (generation(),)).phase is Phase.PROCESSING


def test_what_a_look_says_is_carried_over():
    fields = {"waiting": 2, "restarted": 1, "queue_position": 7, "wait_time": 33}
    status = status_of(look(**fields, kudos=4, is_possible=False), 2, ())
    assert {name: getattr(status, name) for name in fields} == fields
    assert status.cost == 4
    assert not status.is_possible


def test_problems_are_named():
    censored = generation("b", "It was censored.")
    assert status_of(look(finished=1), 1, (censored,)).detail == "It was censored."
    both = status_of(look(finished=2), 2, (generation("a"), censored))
    assert (both.phase, both.detail) == (Phase.PARTIAL, "It was censored.")
    several = status_of(look(finished=2), 2, (generation("a", "One."), generation("b", "Two.")))
    assert several.detail == "No result can be shown."


@pytest.mark.parametrize(
    ("generation", "words"),
    [
        (TextGeneration(text=""), "empty"),
        (TextGeneration(text="", censored="censored"), "withheld"),
        (TextGeneration(text="", censored="csam"), "illegal"),
    ],
)
def test_texts_that_are_none(generation: TextGeneration, words: str):
    status = status_of(look(finished=1), 1, (generation,))
    assert status.phase is Phase.FAULTED
    assert words in status.detail


def test_cancel_tells_what_was_before():
    waiting = status_after_cancel(look(waiting=2), 2, ())
    assert (waiting.phase, waiting.waiting, waiting.detail) == (Phase.CANCELLED, 0, "")
    begun = status_after_cancel(look(waiting=1, processing=1), 2, ())
    assert (begun.phase, begun.detail) == (Phase.CANCELLED, ALREADY_BEGUN)
    some = status_after_cancel(look(finished=1, waiting=1), 2, (generation(),))
    assert (some.phase, len(some.generations)) == (Phase.CANCELLED, 1)
    assert status_after_cancel(look(finished=1), 1, (generation(),)).phase is Phase.DONE
    assert status_after_cancel(look(faulted=True), 1, ()).phase is Phase.FAULTED
    unsure = status_after_cancel(look(), 1, ())
    assert (unsure.phase, unsure.settled) == (Phase.CANCELLED, True)


def form_in_state(
    state: str, name: str = "caption", value: str = "words", problem: str = ""
) -> FormResult:
    fields = {"form": name, "state": state, "text": value if state == "done" else ""}
    return FormResult.model_validate({**fields, "problem": problem})


@pytest.mark.parametrize(
    ("states", "phase"),
    [
        (["waiting", "waiting"], Phase.WAITING),
        (["waiting", "processing"], Phase.PROCESSING),
        (["waiting", "done"], Phase.PROCESSING),
        (["done", "done"], Phase.DONE),
        (["done", "faulted"], Phase.PARTIAL),
        (["faulted", "faulted"], Phase.FAULTED),
        (["cancelled", "cancelled"], Phase.CANCELLED),
        (["done", "cancelled"], Phase.CANCELLED),
    ],
)
def test_forms(states: list[str], phase: Phase):
    status = forms_status([form_in_state(state, f"f{i}") for i, state in enumerate(states)])
    assert (status.phase, status.settled) == (phase, True)
    assert status.finished == states.count("done")


def test_no_forms_at_all():
    status = forms_status([])
    assert (status.phase, status.settled) == (Phase.FAULTED, False)


def test_cancelled_forms_keep_what_was_done():
    status = forms_status_after_cancel([form_in_state("done"), form_in_state("processing", "nsfw")])
    assert (status.phase, status.arrived, status.detail) == (Phase.CANCELLED, 1, ALREADY_BEGUN)
    assert forms_status_after_cancel([form_in_state("done")]).phase is Phase.DONE


counts = st.integers(0, 25)
any_job_status = st.builds(
    look,
    finished=counts,
    processing=counts,
    waiting=counts,
    restarted=counts,
    done=st.booleans(),
    faulted=st.booleans(),
)
any_pictures = st.lists(
    st.builds(generation, st.uuids().map(str), st.sampled_from(["", "", "It broke."])), max_size=22
)
texts = st.lists(st.builds(text_generation, st.sampled_from(["", "words"])), max_size=22)
any_generations = st.one_of(any_pictures, texts)
forms = st.lists(
    st.builds(
        form_in_state,
        st.sampled_from(["waiting", "processing", "done", "faulted", "cancelled"]),
        st.uuids().map(str),
        st.just("x"),
        st.sampled_from(["", "No."]),
    ),
    max_size=6,
)


def good(generations: list[Generation]) -> int:
    return sum(bool(g.url) if isinstance(g, ImageGeneration) else g.arrived for g in generations)


@settings(deadline=None)  # a busy machine is no failure
@given(any_job_status, st.integers(1, 20), any_generations)
def test_done_means_that_all_of_it_is_there(seen: Check, n: int, made: list[Generation]):
    status = status_of(seen, n, made)
    if status.phase is Phase.DONE:
        assert good(made) >= n
        assert status.detail == ""
    if status.phase is Phase.PARTIAL:
        assert 0 < good(made) < n
    if status.phase is Phase.FAULTED:
        assert good(made) == 0
    if status.phase in {Phase.PARTIAL, Phase.FAULTED}:
        assert status.detail


@settings(deadline=None)  # a busy machine is no failure
@given(any_job_status, st.integers(1, 20), any_generations)
def test_it_is_open_exactly_while_something_may_come(seen: Check, n: int, made: list[Generation]):
    status = status_of(seen, n, made)
    assert status.phase.is_open != has_ended(seen, n)
    if seen.processing and not seen.faulted and seen.finished < n:
        assert status.phase is Phase.PROCESSING


@settings(deadline=None)  # a busy machine is no failure
@given(any_job_status, st.integers(1, 20), any_generations)
def test_an_end_is_only_settled_with_a_proof(seen: Check, n: int, made: list[Generation]):
    status = status_of(seen, n, made)
    if not status.phase.is_open and status.settled:
        assert seen.faulted or len(made) >= n


@settings(deadline=None)  # a busy machine is no failure
@given(any_job_status, st.integers(1, 20), any_generations, st.booleans())
def test_its_own_word_changes_nothing(seen: Check, n: int, made: list[Generation], done: bool):
    """It only shows why results never came: dropped by a maintenance, or cancelled elsewhere."""
    before = status_of(seen, n, made)
    after = status_of(seen.model_copy(update={"done": done}), n, made)
    assert (after.phase, after.settled) == (before.phase, before.settled)
    assert after.generations == before.generations


@settings(deadline=None)  # a busy machine is no failure
@given(any_job_status, st.integers(1, 20), any_generations)
def test_nothing_that_arrived_is_lost(seen: Check, n: int, made: list[Generation]):
    for status in (status_of(seen, n, made), status_after_cancel(seen, n, made)):
        assert list(status.generations) == made
        assert Status.model_validate_json(status.model_dump_json()) == status


@settings(deadline=None)  # a busy machine is no failure
@given(any_job_status, st.integers(1, 20), any_generations)
def test_a_cancel_always_ends_it(seen: Check, n: int, made: list[Generation]):
    status = status_after_cancel(seen, n, made)
    assert not status.phase.is_open
    assert status.settled


@settings(deadline=None)  # a busy machine is no failure
@given(forms)
def test_forms_are_over_when_each_is(made: list[FormResult]):
    status = forms_status(made)
    open_forms = [f for f in made if f.state in {"waiting", "processing"}]
    assert status.phase.is_open == bool(open_forms)
    if status.phase is Phase.DONE:
        assert all(f.state == "done" and not f.problem for f in made)
    assert not forms_status_after_cancel(made).phase.is_open
