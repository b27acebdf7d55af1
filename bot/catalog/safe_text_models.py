"""Text models for places that are not age-restricted."""

import re

# The Horde has no censor for texts. These are the instruct releases of their makers, trained to
# decline content that does not belong into a public channel. Whole names are compared: a fine-tune,
# whose name always has another word (RP, uncensored, abliterated, heretic ...), is not mistaken for
# its base.
_SIZE = r"(e?\d+(\.\d+)?b|\d+x\d+b)(-a\d+(\.\d+)?b)?"
_DATE = r"(-\d{4})?"
_QUANT = r"([-.](i?q\d\w*|gguf|fp8|fp16|bf16|awq|gptq|exl\d|qat(-q4_0-unquantized)?|\d\.\d+bpw))*"
_SAFE = (
    rf"(meta-)?llama-3(\.\d)?-{_SIZE}(-vision)?-instruct",
    rf"qwen(1\.5|2|2\.5)-{_SIZE}-(instruct|chat)(-1m)?",
    rf"qwen3(\.\d)?-{_SIZE}(-instruct)?{_DATE}",
    rf"gemma-\d-{_SIZE}-it",
    rf"mistral-small(-\d(\.\d)?)?(-24b)?(-instruct)?{_DATE}",
    rf"(mistral-(nemo|large)|ministral-3-{_SIZE})-instruct{_DATE}",
    rf"mi(s|x)tral-{_SIZE}-instruct(-v\d\.\d)?",
    r"phi-(3|3\.5|4)(-(mini|small|medium))?(-\d+k)?(-instruct)?",
    rf"granite-\d(\.\d)?-{_SIZE}-instruct",
    rf"gpt-oss-{_SIZE}",
)


def is_safe_text(name: str) -> bool:
    """Whether the model is on the safe list. Names: `engine/model` or `engine/author/model`."""
    own = name.rpartition("/")[2]
    flags = re.IGNORECASE | re.ASCII
    return any(re.fullmatch(pattern + _QUANT, own, flags) for pattern in _SAFE)
