"""Whatever a model writes: no mark is shown, and ordinary text stays as it was written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.text_output.answers import answer_of
from bot.text_output.code_spans import code_spans, is_inside
from bot.text_output.markers import END, without_marks
from bot.text_output.speakers import script_sides, without_invented_turns
from bot.text_output.stop_strings import HORDE_MAX, OPENAI_MAX, TEMPLATES, stop_strings

MARKS = (
    "<|im_end|>",
    "<|im_start|>user",
    "<|eot_id|>",
    "<|start_header_id|>user<|end_header_id|>",
    "[INST]",
    "[/INST]",
    "<<SYS>>",
    "<end_of_turn>",
    "<start_of_turn>user",
    "<turn|>",
    "<|turn>user",
    "<think>",
    "</think>",
    "[THINK]",
    "◁think▷",
    "<|channel|>analysis<|message|>",
    "<|channel>thought",
    "<\uff5cUser\uff5c>",
    "<EOT>",
    "{{[INPUT]}}",
    "\n### Instruction:",
    "\n## Input:",
)
PIECES = (
    *MARKS,
    *("</s>", "<s>", "<|", "|>", "<", "im_end", "`", "```", "\n", "~~~\n", "    ", "###"),
    *("| a | b |\n|---|---|\n", "a word ", "verse\n\n", "\tx = 1\n", "User:", "[", "{{"),
)
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
# Without a character that begins a mark or is one of code.
PLAIN = st.text(st.characters(exclude_characters="<[◁|{#`~:\n", exclude_categories=["Cs", "Cc"]))


def marks_in(text: str) -> list[str]:
    """The marks outside of code; `</s>` after `<s>` is struck-through text."""
    code = code_spans(text)
    return [
        found[0]
        for found in END.finditer(text)
        if not is_inside(found.start(), code)
        and not (found[0].casefold() == "</s>" and "<s>" in text[: found.start()].casefold())
    ]


@given(TEXTS, st.booleans())
@example("```<|im_end|>\n", False)
@example("a<thi<think>x</think>nk>b", False)
def test_no_mark_is_ever_shown(sent: str, partial: bool) -> None:
    answer = answer_of(sent, partial=partial)
    assert marks_in(answer.text) == []
    assert without_marks(answer.thinking) == answer.thinking


@given(TEXTS)
def test_answer_of_an_answer_is_the_same(sent: str) -> None:
    once = answer_of(sent).text
    assert answer_of(once).text == once


@given(PLAIN, st.sampled_from(MARKS), st.data())
def test_text_that_grows_never_shows_the_beginning_of_a_mark(
    plain: str, mark: str, data: st.DataObject
) -> None:
    begun = mark[: data.draw(st.integers(0, len(mark)))]
    shown = answer_of(f"{plain}\n{begun}", partial=True).text
    assert plain.startswith(shown)


@given(TEXTS)
def test_stop_strings_are_never_shown_outside_of_code(sent: str) -> None:
    shown = answer_of(sent).text
    code = code_spans(shown)
    for strings in TEMPLATES.values():
        for each in strings:
            at = shown.find(each)
            assert at < 0 or is_inside(at, code) or is_inside(at + len(each) - 1, code)


WRITTEN = (
    "```python\nif x:\n\treturn 1\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "    Indented verse,\n        and more,\n\n\nthe end.",
    "He said: <b>no</b>. a < b, [sic] {x} #3",
    "`<|im_end|>` ends a turn",
    "~~~\n[INST]\n### Instruction:\n~~~",
)


@given(st.lists(st.sampled_from(WRITTEN), min_size=1))
def test_code_tables_and_verse_stay_as_written(parts: list[str]) -> None:
    text = "\n\n".join(parts).strip("\n")
    assert answer_of(text).text == text
    assert without_invented_turns(text, "Tell me about owls") == text


@given(TEXTS, st.sampled_from(["", "Ann: hi\nBob:", "Say it"]), st.booleans())
def test_removal_of_turns_is_idempotent(text: str, prompt: str, partial: bool) -> None:
    once = without_invented_turns(text, prompt, partial=partial)
    assert text.startswith(once)
    assert without_invented_turns(once, prompt) == once


@pytest.mark.parametrize(
    ("prompt", "sent", "shown"),
    [
        ("Owls?", "They hunt.\n\nUser: And mice?\nAssistant: No.", "They hunt."),
        ("Owls?", "They hunt.\nHuman: And mice?", "They hunt."),
        ("Write a dialogue of a user and a bot", "Yes.\nUser: hi", "Yes.\nUser: hi"),
        ("Owls?", "User: hi\nBot: hello\nUser: bye", "User: hi\nBot: hello\nUser: bye"),
        ("Owls?", "A dialogue:\n\nUser: hi", "A dialogue:\n\nUser: hi"),
        ("Owls?", "Look:\n```\nUser: hi\n```", "Look:\n```\nUser: hi\n```"),
        ("Ann: hi\nBob:", "Hello!\nAnn: And you?\nBob: Fine.", "Hello!"),
        ("Ann: hi\nBob:", "Hello!\nCarl: And I?", "Hello!\nCarl: And I?"),
    ],
)
def test_invented_turns_are_cut(prompt: str, sent: str, shown: str) -> None:
    assert without_invented_turns(sent, prompt) == shown


@pytest.mark.parametrize("end", ["", "U", "Use", "User"])
def test_text_that_grows_never_shows_the_beginning_of_a_turn(end: str) -> None:
    assert without_invented_turns(f"They hunt.\n{end}", "Owls?", partial=True).strip() == (
        "They hunt."
    )


def test_sides_of_a_script_are_the_first_stop_strings() -> None:
    prompt = "Ann: hi\nCarl: yes\nBob: hello\nAnn: and now?\nBob:"
    assert script_sides(prompt) == ("Carl", "Ann")
    stops = stop_strings(prompt, OPENAI_MAX)
    assert stops[:2] == ("\nCarl:", "\nAnn:")
    assert len(stops) == OPENAI_MAX


@given(st.text(max_size=300))
def test_stop_strings_fit_the_limits_of_the_servers(prompt: str) -> None:
    stops = stop_strings(prompt)
    assert 0 < len(stops) <= HORDE_MAX
    assert len(set(stops)) == len(stops)
    assert sum(map(len, stops)) <= 2_000
    assert all(stops)
    assert len(stop_strings(prompt, OPENAI_MAX)) == OPENAI_MAX


@pytest.mark.parametrize(
    ("sent", "text", "thinking"),
    [
        ("<think>\nowls?\n</think>\n\nOwls.", "Owls.", "owls?"),
        ("owls?</think>Owls.", "Owls.", "owls?"),
        ("<think>owls", "", "owls"),
        ("<think>a</think>Owls.<think>b</think>", "Owls.", "a\n\nb"),
        ("<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>Owls.",
         "Owls.", "a"),
        ("Owls.", "Owls.", ""),
    ],
)  # fmt: skip
def test_reasoning_is_kept_apart(sent: str, text: str, thinking: str) -> None:
    answer = answer_of(sent)
    assert (answer.text, answer.thinking) == (text, thinking)
