"""Strings at which a server stops to write: the ends of a turn in the templates of models."""

from bot.text_output.speakers import script_sides

HORDE_MAX = 100  # the Horde takes 128 different ones, with 2,000 characters in all
OPENAI_MAX = 4  # servers with OpenAI's API take no more
# The most frequent templates first. Marks with which an answer may begin would leave it empty, and
# `<|end|>` also ends the reasoning of some models: they are cut from the answer instead.
TEMPLATES: dict[str, tuple[str, ...]] = {
    "ChatML": ("<|im_end|>", "<|im_start|>user"),
    "Llama 3": ("<|eot_id|>", "<|start_header_id|>user"),
    "Alpaca": ("\n### Instruction:", "\n### Input:"),
    "Mistral": ("[INST]",),
    "Gemma": ("<end_of_turn>", "<start_of_turn>user", "<turn|>", "<|turn>user"),
    "DeepSeek": ("<\uff5cUser\uff5c>",),
    "GLM": ("<|user|>",),
    # Workers with KoboldCpp put the mark of their own model here.
    "KoboldCpp": ("{{[INPUT]}}",),
}
_FIRST = tuple(strings[0] for strings in TEMPLATES.values())
_REST = tuple(each for strings in TEMPLATES.values() for each in strings[1:])


def stop_strings(prompt: str, most: int = HORDE_MAX) -> tuple[str, ...]:
    """The stop strings for a prompt, at most so many: the turns of its other sides first."""
    turns = tuple(f"\n{name}:" for name in script_sides(prompt))
    return (*turns, *_FIRST, *_REST)[:most]
