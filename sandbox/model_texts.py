"""What language models write around their answers, requested by `[sandbox:NAME]` in a prompt."""

REASONING = "<think>\nThe prompt wants a text, so it gets one.\n</think>\n\n"
NEXT_TURN = "<|end|>\n<|user|>\nAnd what happened then?"
TEXT_NAMES = frozenset({"thinks", "next_turn"})


def with_additions(text: str, name: str) -> str:
    """The text with reasoning before it, or with a mark and an invented turn after it."""
    if name == "thinks":
        return REASONING + text
    return text + NEXT_TURN if name == "next_turn" else text
