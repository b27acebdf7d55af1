"""What a language model writes for itself is not part of its answer."""

import pytest

from bot.backends.model_markup import answer_of

FOX = "The fox jumps."
LONG = "They ask for a fox. " * 190


@pytest.mark.parametrize(
    "sent",
    [
        FOX,
        f"<think>\n{LONG}</think>\n\n{FOX}",
        f"{LONG}</think>\n\n{FOX}",
        f"<thinking>a fox</thinking>{FOX}",
        f"<reasoning>a fox</reasoning>\n{FOX}",
        f"<Thought>a fox</Thought>\n{FOX}",
        f"[THINK]a fox[/THINK]{FOX}",
        f"◁think▷a fox◁/think▷{FOX}",
        f"<|channel|>analysis<|message|>fox<|end|><|start|>assistant<|channel|>final<|message|>{FOX}",
        f"<|channel>thought\na fox<channel|>{FOX}",
        f"<think>a ```<think>``` fox</think>{FOX}",
        f"{FOX}<think>more of",
        f"{FOX}<|im_end|>\n<|im_start|>user\nAnd the dog?",
        f"{FOX}</s>",
        f"{FOX}<|eot_id|>",
        f"{FOX} [/INST] [INST] And then? [/INST]",
        f"{FOX}<end_of_turn>\n<start_of_turn>user\nMore",
        f"{FOX}<\uff5cend\u2581of\u2581sentence\uff5c>",
        f"{FOX}<|unheard_of|>more",
        f"{FOX}\n### Instruction:\nAnd the dog?",
        f"<|im_start|>assistant\n{FOX}<|im_end|>",
        f"<|start_header_id|>assistant<|end_header_id|>\n\n{FOX}<|eot_id|>",
        f"[/INST]{FOX}",
        f"<s>{FOX}</s>",
        f"### Response:\n{FOX}",
    ],
)
def test_answer_is_shown_alone(sent: str) -> None:
    assert answer_of(sent).strip() == FOX


@pytest.mark.parametrize(
    "sent", [f"<think>{LONG}", "<think>a fox</think>", "<|im_end|>", "[THINK]x"]
)
def test_answer_without_words_is_empty(sent: str) -> None:
    assert answer_of(sent) == ""


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
    assert answer_of(sent) == sent
