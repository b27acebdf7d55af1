"""What a language model writes for itself is not part of its answer."""

import pytest

from bot.text_output.answers import answer_of

ANSWER = "The fox jumps."
LONG_REPLY = "They ask for a fox. " * 190


@pytest.mark.parametrize(
    "sent",
    [
        ANSWER,
        f"<think>\n{LONG_REPLY}</think>\n\n{ANSWER}",
        f"{LONG_REPLY}</think>\n\n{ANSWER}",
        f"<thinking>a fox</thinking>{ANSWER}",
        f"<reasoning>a fox</reasoning>\n{ANSWER}",
        f"<Thought>a fox</Thought>\n{ANSWER}",
        f"[THINK]a fox[/THINK]{ANSWER}",
        f"◁think▷a fox◁/think▷{ANSWER}",
        f"<|channel|>analysis<|message|>fox<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}",
        f"<|channel>thought\na fox<channel|>{ANSWER}",
        f"<think>a ```<think>``` fox</think>{ANSWER}",
        f"{ANSWER}<think>more of",
        f"{ANSWER}<|im_end|>\n<|im_start|>user\nAnd the dog?",
        f"{ANSWER}</s>",
        f"{ANSWER}<|eot_id|>",
        f"{ANSWER} [/INST] [INST] And then? [/INST]",
        f"{ANSWER}<end_of_turn>\n<start_of_turn>user\nMore",
        f"{ANSWER}<\uff5cend\u2581of\u2581sentence\uff5c>",
        f"{ANSWER}<|unheard_of|>more",
        f"{ANSWER}\n### Instruction:\nAnd the dog?",
        f"<|im_start|>assistant\n{ANSWER}<|im_end|>",
        f"<|start_header_id|>assistant<|end_header_id|>\n\n{ANSWER}<|eot_id|>",
        f"[/INST]{ANSWER}",
        f"<s>{ANSWER}</s>",
        f"### Response:\n{ANSWER}",
    ],
)
def test_answer_is_shown_alone(sent: str) -> None:
    assert answer_of(sent).text.strip() == ANSWER


@pytest.mark.parametrize(
    "sent", [f"<think>{LONG_REPLY}", "<think>a fox</think>", "<|im_end|>", "[THINK]x"]
)
def test_answer_without_words_is_empty(sent: str) -> None:
    assert answer_of(sent).text == ""


@pytest.mark.parametrize(
    "sent",
    [
        "Write it so:\n```\n<think>plan</think>\n<|im_end|>\n```\nDone.",
        "The mark `<|im_end|>` ends a turn, `</think>` a thought.",
        "a <s>struck</s> word",
        "if a < b and b > c: [INSTALL] it",
        "    indented\n\n\n\n  verse",
        "I think so. </thinker>",
    ],
)
def test_code_and_ordinary_text_stay_as_they_are(sent: str) -> None:
    assert answer_of(sent).text == sent
