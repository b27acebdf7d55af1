"""Marks of prompt templates and of reasoning, and their beginnings at the end of a text."""

import re

from bot.text_output.code_spans import code_spans, is_inside

_NAMES = r"(?:think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis|seed:think)"
OPENING = re.compile(
    rf"<{_NAMES}>|\[THINK\]|◁think▷|<\|(?:begin_of_thought|begin_thinking|START_THINKING)\|>"
    r"|<\|channel\|>(?:analysis|commentary)[^<]{0,80}(?:<\|message\|>)?|<\|channel>thought",
    re.IGNORECASE,
)
CLOSING = re.compile(
    rf"</{_NAMES}>|\[/THINK\]|◁/think▷|<\|(?:end_of_thought|end_thinking|END_THINKING)\|>"
    r"|<\|channel\|>final[^<]{0,80}<\|message\|>|<channel\|>",
    re.IGNORECASE,
)
# Prefix of an answer in a template: the mark, or the mark and a role.
LEAD = re.compile(
    r"\s*(?:<\|im_start\|>\s*assistant\b|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>"
    r"|<start_of_turn>\s*model\b|<\|turn>\s*model\b|<\|start\|>\s*assistant\b"
    r"|<\|channel\|>final(?=<\|message\|>)"
    r"|#{2,3} (?:Response|Assistant):|\[/INST\]|<s>|<bos>|<\uff5cAssistant\uff5c>"
    r"|<\|(?:assistant|message|bot|CHATBOT_TOKEN|begin_of_text|startoftext|START_RESPONSE)\|>)",
    re.IGNORECASE,
)
# The first of these ends an answer: end marks, and the beginning of another turn.
END = re.compile(
    r"<\|[A-Za-z0-9_]{1,40}\|>|<\uff5c[^\uff5c\n]{1,40}\uff5c>|\[/?INST\]|<</?SYS>>|\[/?SYSTEM_PROMPT\]"
    r"|</?(?:start|end)_of_turn>|<turn\|>?|<?\|turn>|<eos>|</s>|<EOT>"
    r"|\{\{\[(?:SYSTEM|INPUT|OUTPUT)(?:_END)?\]\}\}"
    r"|^#{2,3} (?:Instruction|Input|Response|Human|User|Assistant|System):",
    re.IGNORECASE | re.MULTILINE,
)
_ROLE = re.compile(r"<\|(?:start|im_start)\|>\s*assistant\b", re.IGNORECASE)
# What any of them may begin with, at the end of a text that grows.
_BEGUN = re.compile(
    r"(?:<{1,2}/?(?:[|\uff5c][^|\uff5c<>\n]{0,40}[|\uff5c]?|[A-Za-z:_]{0,20}[|>]?|\|[a-z_]{1,20}>[a-z]{0,7})"
    r"|\[/?[A-Za-z_]{0,14}|◁/?[a-z]{0,6}|\|(?:t(?:u(?:rn?)?)?)?|\{\{?(?:\[[A-Z_]{0,10}\]?\}?)?"
    r"|^#{1,3}(?: [A-Za-z]{0,11})?)\Z",
    re.IGNORECASE | re.MULTILINE,
)


def end_of_turn(text: str) -> int:
    """Where the first mark outside of code ends the answer; the length of the text without one."""
    code = code_spans(text)
    for end in END.finditer(text):
        struck = end[0].casefold() == "</s>" and "<s>" in text[: end.start()].casefold()
        if not struck and not is_inside(end.start(), code):  # struck-through HTML text stays
            return end.start()
    return len(text)


def without_begun_mark(text: str) -> str:
    """A text that grows, without an end that may become a mark."""
    found = _BEGUN.search(text, max(0, len(text) - 60))
    return text[: found.start()] if found else text


def without_marks(text: str) -> str:
    """A text without any of the marks, wherever they are."""
    for pattern in (_ROLE, OPENING, CLOSING, END):
        text = pattern.sub("", text)
    return text
