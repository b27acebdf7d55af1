"""Any card, lorebook and text gives a prompt that fits and that has no forged turn."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.neutral_text import neutral, one_line
from bot.chat.post_processing import clean_answer, whole_sentences
from bot.chat.prompt_builder import build_prompt
from bot.chat.scene import Scene
from bot.chat.templates import TEMPLATES, alternating, render
from bot.chat.token_budget import BUDGET_MIN
from bot.domain.requests.chat_turn import ChatTurn, PromptMessage
from tests.support.chat_prompts import ALICE, PIECES, ROLES, SCENES, TEXTS, scene

TEMPLATE_NAMES = st.sampled_from(sorted(TEMPLATES))
BUDGETS = st.sampled_from((0, BUDGET_MIN, 700, 2_000, 16_000))


@settings(deadline=None, max_examples=100)
@given(SCENES, BUDGETS, TEMPLATE_NAMES, st.just("") | TEXTS.filter(str.strip), st.booleans())
def test_prompt_of_any_scene_fits_its_budget_and_ends_where_the_character_speaks(
    of: Scene, budget: int, template: str, continued: str, told: bool
) -> None:
    prompt = build_prompt(of, budget=budget, continued=continued, template=template if told else "")
    text = render(prompt.messages, template, of.character.called, continued)
    most = max(budget, BUDGET_MIN)
    assert -(-len(text) // 3) <= prompt.tokens <= most
    if continued:
        assert prompt.messages[-1].role == "assistant"
        assert text.endswith(prompt.messages[-1].text[-20:])
    else:
        name = neutral(f"{one_line(of.character.called)}:")
        assert text.endswith(f"{TEMPLATES[template].assistant.before}{name}")
        assert prompt.messages[-1].role != "assistant"


@settings(deadline=None, max_examples=30)
@given(SCENES, BUDGETS)
def test_same_scene_gives_the_same_prompt(of: Scene, budget: int) -> None:
    assert build_prompt(of, budget=budget) == build_prompt(of, budget=budget)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(ROLES), TEXTS), max_size=6), TEMPLATE_NAMES, st.booleans()
)
def test_texts_add_no_mark_of_a_template(
    parts: list[tuple[str, str]], template: str, named: bool
) -> None:
    messages = [PromptMessage.model_validate({"role": role, "text": text}) for role, text in parts]
    empty = [PromptMessage(role=each.role, text="x") for each in messages]
    form = TEMPLATES[template]
    turns = (form.user, form.assistant, form.system or form.user)
    marks = {mark.strip() for turn in turns for mark in turn} | {*form.stops}
    name = "Alice" if named else ""
    written, plain = render(messages, template, name), render(empty, template, name)
    for mark in filter(None, marks):
        assert written.count(mark) == plain.count(mark)


@given(st.lists(st.tuples(st.sampled_from(ROLES), TEXTS), max_size=8))
def test_messages_for_strict_servers_alternate(parts: list[tuple[str, str]]) -> None:
    messages = [PromptMessage.model_validate({"role": role, "text": text}) for role, text in parts]
    roles = [each.role for each in alternating(messages)]
    assert all(one != two for one, two in pairwise(roles))
    assert "system" not in roles[1:]


@given(TEXTS)
def test_neutral_text_stays_neutral(text: str) -> None:
    assert neutral(neutral(text)) == neutral(text)


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_neutral_text_keeps_its_letters(text: str) -> None:
    assert re.sub(r"\W", "", neutral(text)) == re.sub(r"\W", "", text)


SLOW = ("{{trim" + " " * 40_000, "{{" * 20_000, "{{a" * 13_000, "\n" * 40_000, " \t" * 20_000 + "x")


@pytest.mark.parametrize(
    "text", [*SLOW, "\nAlice" * 6_000, "<|" * 20_000, "{{random:a,b}}" * 2_800]
)
def test_texts_built_to_be_slow_are_not(text: str) -> None:
    character = ALICE.model_copy(
        update={
            "description": text,
            "examples": text,
            "system_prompt": f"{text[:39_900]}}}{{{{trim}}}}",
        }
    )
    turn = ChatTurn(conversation=1, name="Alice", others=("Bob",), stops=("\nBob:",))
    began = time.thread_time()
    build_prompt(scene(text, text, character=character), budget=8_000)
    clean_answer(text, turn)
    clean_answer(text, turn, partial=True)
    whole_sentences(text)
    assert time.thread_time() - began < 1.0
