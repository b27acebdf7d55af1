"""Forms of templates, as their sources write them."""

import pytest

from bot.chat.template_choice import (
    known_template,
    template_for,
    template_of_label,
    template_of_markers,
)
from bot.chat.templates import TEMPLATES, alternating, render, template_stops
from bot.chat.token_budget import frame_tokens, tokens
from bot.domain.requests.chat_turn import PromptMessage

TALK = (
    PromptMessage(role="system", text="S"),
    PromptMessage(role="user", text="U1"),
    PromptMessage(role="assistant", text="A1"),
    PromptMessage(role="user", text="U2"),
)
WRITTEN = {
    "ChatML": "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU1<|im_end|>\n"
    "<|im_start|>assistant\nA1<|im_end|>\n<|im_start|>user\nU2<|im_end|>\n<|im_start|>assistant\n",
    "Llama 3": "<|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|>"
    "<|start_header_id|>user<|end_header_id|>\n\nU1<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\nA1<|eot_id|>"
    "<|start_header_id|>user<|end_header_id|>\n\nU2<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\n",
    "Llama 4": "<|header_start|>system<|header_end|>\n\nS<|eot|>"
    "<|header_start|>user<|header_end|>\n\nU1<|eot|>"
    "<|header_start|>assistant<|header_end|>\n\nA1<|eot|>"
    "<|header_start|>user<|header_end|>\n\nU2<|eot|><|header_start|>assistant<|header_end|>\n\n",
    "Mistral V1": " [INST] S\nU1 [/INST] A1</s> [INST] U2 [/INST]",
    "Mistral V3": "[INST] S\nU1[/INST] A1</s>[INST] U2[/INST]",
    "Mistral V3 Tekken": "[INST]S\nU1[/INST]A1</s>[INST]U2[/INST]",
    "Mistral V7": "[SYSTEM_PROMPT] S[/SYSTEM_PROMPT][INST] U1[/INST] A1</s>[INST] U2[/INST]",
    "Mistral V7 Tekken": "[SYSTEM_PROMPT]S[/SYSTEM_PROMPT][INST]U1[/INST]A1</s>[INST]U2[/INST]",
    "Gemma": "<start_of_turn>user\nS\nU1<end_of_turn>\n<start_of_turn>model\nA1<end_of_turn>\n"
    "<start_of_turn>user\nU2<end_of_turn>\n<start_of_turn>model\n",
    "Gemma 4": "<|turn>system\nS<turn|>\n<|turn>user\nU1<turn|>\n<|turn>model\nA1<turn|>\n"
    "<|turn>user\nU2<turn|>\n<|turn>model\n",
    "Alpaca": "S\n\n### Instruction:\nU1\n\n### Response:\nA1\n\n### Instruction:\nU2\n\n"
    "### Response:\n",
    "Vicuna": "S\n\nUSER: U1\nASSISTANT: A1</s>\nUSER: U2\nASSISTANT:",
    "DeepSeek": "S<｜User｜>U1<｜Assistant｜>A1<｜end▁of▁sentence｜><｜User｜>U2<｜Assistant｜>",  # noqa: RUF001
    "GLM": "[gMASK]<sop><|system|>\nS<|user|>\nU1<|assistant|>\nA1<|user|>\nU2<|assistant|>\n",
    "Command-R": "<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>S<|END_OF_TURN_TOKEN|>"
    "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>U1<|END_OF_TURN_TOKEN|>"
    "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>A1<|END_OF_TURN_TOKEN|>"
    "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>U2<|END_OF_TURN_TOKEN|>"
    "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
    "Phi": "<|system|>\nS<|end|>\n<|user|>\nU1<|end|>\n<|assistant|>\nA1<|end|>\n"
    "<|user|>\nU2<|end|>\n<|assistant|>\n",
    "Phi 4": "<|im_start|>system<|im_sep|>S<|im_end|><|im_start|>user<|im_sep|>U1<|im_end|>"
    "<|im_start|>assistant<|im_sep|>A1<|im_end|><|im_start|>user<|im_sep|>U2<|im_end|>"
    "<|im_start|>assistant<|im_sep|>",
    "Harmony": "<|start|>developer<|message|># Instructions\n\nS<|end|>"
    "<|start|>user<|message|>U1<|end|><|start|>assistant<|channel|>final<|message|>A1<|end|>"
    "<|start|>user<|message|>U2<|end|><|start|>assistant<|channel|>final<|message|>",
    "Metharme": "<|system|>S<|user|>U1<|model|>A1<|user|>U2<|model|>",
    "KoboldCpp": "{{[SYSTEM]}}S{{[SYSTEM_END]}}{{[INPUT]}}U1{{[INPUT_END]}}"
    "{{[OUTPUT]}}A1{{[OUTPUT_END]}}{{[INPUT]}}U2{{[INPUT_END]}}{{[OUTPUT]}}",
    "Plain": "S\n\nU1\nA1\nU2\n",
}


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_form_of_a_template(name: str) -> None:
    assert render(TALK, name) == WRITTEN[name]
    assert render(TALK, name, "Alice").endswith("Alice:")


def test_text_to_continue_is_left_open() -> None:
    begun = (*TALK, PromptMessage(role="assistant", text="Alice: Once upon "))
    text = render(begun, "ChatML", "Alice", "Once upon ")
    assert text.endswith("<|im_start|>assistant\nAlice: Once upon ")
    assert render(begun, "Mistral V3", "Alice", "Once upon ").endswith("[/INST] Alice: Once upon ")


def test_later_text_of_the_system_joins_the_user_where_it_must() -> None:
    late = (*TALK, PromptMessage(role="system", text="LATE"))
    assert render(late, "ChatML").count("<|im_start|>system\n") == 2
    assert render(late, "Mistral V7").endswith("[INST] U2\n\nLATE[/INST]")
    assert [each.role for each in alternating(late)] == ["system", "user", "assistant", "user"]


def test_messages_for_servers_with_roles_have_no_marks_and_keep_the_text_to_continue() -> None:
    sent = alternating(
        (
            PromptMessage(role="user", text="<|im_end|>"),
            PromptMessage(role="assistant", text="Alice: Once upon "),
        )
    )
    assert [each.text for each in sent] == ["< |im_end|>", "Alice: Once upon "]


def test_unknown_template_is_the_default() -> None:
    assert render(TALK, "nothing") == render(TALK, "Alpaca")
    assert template_stops("nothing") == ()


def test_frames_count_the_marks_of_a_message() -> None:
    for name, form in TEMPLATES.items():
        turns = [form.user, form.assistant, *([form.system] if form.system else [])]
        assert all(frame_tokens(name) > tokens(before + after) for before, after in turns)
        assert frame_tokens() >= frame_tokens(name)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("ChatML", "ChatML"),
        ("Llama3", "Llama 3"),
        ("Llama 3 Instruct", "Llama 3"),
        ("Llama-3", "Llama 3"),
        ("Llama 3 Chat", "Llama 3"),
        ("Mistral", "Mistral V3"),
        ("Mistral V3", "Mistral V3"),
        ("Mistral V3 Tekken", "Mistral V3 Tekken"),
        ("Mistral V7 Tekken", "Mistral V7 Tekken"),
        ("Mistral v7 Tekken", "Mistral V7 Tekken"),
        ("Mistral V7 tekken", "Mistral V7 Tekken"),
        ("Mistral V7", "Mistral V7"),
        ("Gemma", "Gemma"),
        (" Gemma 4", "Gemma 4"),
        ("Gemma 3", "Gemma"),
        ("Alpaca", "Alpaca"),
        ("GLM-4", "GLM"),
        ("CommandR", "Command-R"),
        ("Metharme", "Metharme"),
        ("Phi-4", "Phi 4"),
        ("Esperanto", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_spellings_of_the_reference(label: str | None, name: str) -> None:
    assert template_of_label(label) == name


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("koboldcpp/L3-8B-Stheno-v3.2", "KoboldCpp"),
        ("aphrodite/Sao10K/L3-8B-Stheno-v3.2", "Llama 3"),
        ("meta-llama/Llama-3.1-8B-Instruct", "Llama 3"),
        ("mistralai/Mistral-Nemo-Instruct-2407", "Mistral V3 Tekken"),
        ("TheDrummer/Cydonia-24B-v4", "Mistral V7 Tekken"),
        ("mistralai/Mistral-7B-Instruct-v0.2", "Mistral V1"),
        ("mistralai/Mistral-7B-Instruct-v0.3", "Mistral V3"),
        ("google/gemma-2-9b-it", "Gemma"),
        ("google/gemma-3-27b-it", "Gemma"),
        ("google/gemma-4-31b-it", "Gemma 4"),
        ("Qwen/Qwen3-8B", "ChatML"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "DeepSeek"),
        ("THUDM/GLM-4-9B", "GLM"),
        ("CohereForAI/c4ai-command-r-08-2024", "Command-R"),
        ("microsoft/phi-4", "Phi 4"),
        ("openai/gpt-oss-20b", "Harmony"),
        ("Author/Unlisted-7B", "Alpaca"),
    ],
)
def test_family_of_a_name(model: str, name: str) -> None:
    assert template_for(model, None) == name


def test_order_of_the_choice() -> None:
    stheno = "aphrodite/L3-8B-Stheno-v3.2"
    assert template_for(stheno, "ChatML", "Gemma", guidance="mistral-v3") == "Gemma"
    assert template_for("koboldcpp/x", "ChatML", guidance="mistral-v3") == "KoboldCpp"
    assert template_for(stheno, "ChatML", guidance="mistral-v3") == "Mistral V3"
    assert template_for(stheno, "ChatML", "unknown") == "ChatML"
    assert template_for(stheno, "Esperanto", guidance="nothing") == "Llama 3"
    assert known_template("Nameless", None) == ""


def test_template_of_the_markers_of_a_guidance() -> None:
    assert template_of_markers({"user": "<|im_start|>user\n", "assistant": "x"}) == "ChatML"
    assert template_of_markers({"user": "[INST] "}) == "Mistral V3"
    assert (
        template_of_markers({"user": "[INST]", "system": "[SYSTEM_PROMPT]"}) == "Mistral V7 Tekken"
    )
    assert template_of_markers({"user": "Q: "}) == ""
    assert template_of_markers({}) == ""
