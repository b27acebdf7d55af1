"""Removes markup of a language model from its answer.

Reasoning (`<think>` and its relatives, channels), end marks of prompt templates, and turns after
them. Code is left unchanged: there the same words are part of the answer.
"""

import re

_NAMES = r"(?:think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis|seed:think)"
_OPEN = re.compile(
    rf"<{_NAMES}>|\[THINK\]|◁think▷|<\|(?:begin_of_thought|begin_thinking|START_THINKING)\|>"
    r"|<\|channel\|>(?:analysis|commentary)[^<]{0,80}(?:<\|message\|>)?|<\|channel>thought",
    re.IGNORECASE,
)
_CLOSE = re.compile(
    rf"</{_NAMES}>|\[/THINK\]|◁/think▷|<\|(?:end_of_thought|end_thinking|END_THINKING)\|>"
    r"|<\|channel\|>final[^<]{0,80}<\|message\|>|<channel\|>",
    re.IGNORECASE,
)
# Prefix of an answer in a template: the mark, or the mark and a role.
_LEAD = re.compile(
    r"\s*(?:<\|im_start\|>\s*assistant\b|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>"
    r"|<start_of_turn>\s*model\b|<\|start\|>\s*assistant\b|<\|channel\|>final(?=<\|message\|>)"
    r"|#{2,3} (?:Response|Assistant):|\[/INST\]|<s>|<bos>|<\uff5cAssistant\uff5c>"
    r"|<\|(?:assistant|message|bot|CHATBOT_TOKEN|begin_of_text|startoftext|START_RESPONSE)\|>)",
    re.IGNORECASE,
)
# The first of these ends an answer: end marks, and the beginning of another turn.
_END = re.compile(
    r"<\|[A-Za-z0-9_]{1,40}\|>|<\uff5c[^\uff5c\n]{1,40}\uff5c>|\[/?INST\]|<</?SYS>>|\[/?SYSTEM_PROMPT\]"
    r"|</?(?:start|end)_of_turn>|<(?:start|end)_of_turn>|<turn\||\|turn>|<eos>|</s>|<EOT>"
    r"|^#{2,3} (?:Instruction|Input|Response|Human|User|Assistant|System):",
    re.IGNORECASE | re.MULTILINE,
)
_CODE = re.compile(
    r"^ {0,3}(`{3,}+|~{3,}+)[^\n]*\n.*?(?:^ {0,3}\1[^\n]*$|\Z)|`[^`\n]+`",
    re.DOTALL | re.MULTILINE,
)


BLOCKS_MAX = 50  # blocks of reasoning in one text; more of them are no answer


def answer_of(text: str) -> str:
    """The answer in a worker's text; "" when all of it was reasoning."""
    return _first_turn(_without_leads(_without_reasoning(text))).strip("\n").rstrip()


def _without_reasoning(text: str) -> str:
    for _ in range(BLOCKS_MAX):
        code = [] if _OPEN.match(text.lstrip()) else _spans(text)
        opening = _outside(_OPEN, text, code)
        closing = _outside(_CLOSE, text, code)
        if closing and (opening is None or closing.start() < opening.start()):
            text = text[closing.end() :]  # its opening was part of the prompt
        elif opening is None:
            return text
        else:
            end = _CLOSE.search(text, opening.end())
            text = text[: opening.start()] + (text[end.end() :] if end else "")
    return ""


def _without_leads(text: str) -> str:
    while lead := _LEAD.match(text):
        if lead[0].strip().casefold() == "<s>" and "</s>" in text.rstrip()[:-4]:
            return text  # struck-through HTML text
        text = text[lead.end() :]
    return text


def _first_turn(text: str) -> str:
    code = _spans(text)
    for end in _END.finditer(text):
        struck = end[0].casefold() == "</s>" and "<s>" in text[: end.start()].casefold()
        if not struck and not _within(end.start(), code):
            return text[: end.start()]
    return text


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the text is code."""
    return [found.span() for found in _CODE.finditer(text)]


def _within(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _outside(
    pattern: re.Pattern[str], text: str, spans: list[tuple[int, int]]
) -> re.Match[str] | None:
    return next((m for m in pattern.finditer(text) if not _within(m.start(), spans)), None)
