"""Templates: how a model without roles gets the messages of a prompt as one text.

The forms are those of the models' makers (docs/chat.md#prompts-and-templates). None begins with
the mark of the beginning: servers add it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.chat.neutral_text import neutral, one_line
from bot.domain.requests.chat_turn import PromptMessage, Role


class Turn(NamedTuple):
    """The marks before and after the text of a message."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Template:
    """The form of a prompt.

    `system`: None for a model without that role: its text joins the next turn of the user, as in
    all others but `system_anywhere` for texts after the beginning. `stops`: marks that end the
    answer.
    """

    user: Turn
    assistant: Turn
    system: Turn | None
    stops: tuple[str, ...]
    system_anywhere: bool = False
    first: str = ""


def _same(before: str, after: str, names: tuple[str, str, str], stops: tuple[str, ...]) -> Template:
    """A template that differs only in the names of the roles: user, assistant, system."""
    user, assistant, system = (Turn(before.format(name), after) for name in names)
    return Template(user, assistant, system, stops, system_anywhere=True)


_USUAL = ("user", "assistant", "system")
_LOWER_BAR = "\u2581"  # the letter that SentencePiece writes for a space
DEFAULT, KOBOLDCPP = "Alpaca", "KoboldCpp"
TEMPLATES: Mapping[str, Template] = {
    "ChatML": _same("<|im_start|>{}\n", "<|im_end|>\n", _USUAL, ("<|im_end|>", "<|im_start|>")),
    "Llama 3": _same(
        "<|start_header_id|>{}<|end_header_id|>\n\n",
        "<|eot_id|>",
        _USUAL,
        ("<|eot_id|>", "<|start_header_id|>"),
    ),
    "Llama 4": _same(
        "<|header_start|>{}<|header_end|>\n\n", "<|eot|>", _USUAL, ("<|eot|>", "<|header_start|>")
    ),
    "Mistral V1": Template(
        Turn(" [INST] ", " [/INST]"), Turn(" ", "</s>"), None, ("</s>", "[INST]")
    ),
    "Mistral V3": Template(Turn("[INST] ", "[/INST]"), Turn(" ", "</s>"), None, ("</s>", "[INST]")),
    "Mistral V3 Tekken": Template(
        Turn("[INST]", "[/INST]"), Turn("", "</s>"), None, ("</s>", "[INST]")
    ),
    "Mistral V7": Template(
        Turn("[INST] ", "[/INST]"),
        Turn(" ", "</s>"),
        Turn("[SYSTEM_PROMPT] ", "[/SYSTEM_PROMPT]"),
        ("</s>", "[INST]", "[SYSTEM_PROMPT]"),
    ),
    "Mistral V7 Tekken": Template(
        Turn("[INST]", "[/INST]"),
        Turn("", "</s>"),
        Turn("[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"),
        ("</s>", "[INST]", "[SYSTEM_PROMPT]"),
    ),
    "Gemma": Template(
        Turn("<start_of_turn>user\n", "<end_of_turn>\n"),
        Turn("<start_of_turn>model\n", "<end_of_turn>\n"),
        None,
        ("<end_of_turn>", "<start_of_turn>"),
    ),
    "Gemma 4": Template(
        Turn("<|turn>user\n", "<turn|>\n"),
        Turn("<|turn>model\n", "<turn|>\n"),
        Turn("<|turn>system\n", "<turn|>\n"),
        ("<turn|>", "<|turn>"),
    ),
    "Alpaca": Template(
        Turn("### Instruction:\n", "\n\n"),
        Turn("### Response:\n", "\n\n"),
        Turn("", "\n\n"),
        ("\n### Instruction:", "\n### Input:", "\n### Response:"),
    ),
    "Vicuna": Template(
        Turn("USER: ", "\n"),
        Turn("ASSISTANT: ", "</s>\n"),
        Turn("", "\n\n"),
        ("</s>", "\nUSER:", "\nASSISTANT:"),
    ),
    "DeepSeek": Template(
        Turn("<\uff5cUser\uff5c>", ""),
        Turn("<\uff5cAssistant\uff5c>", f"<\uff5cend{_LOWER_BAR}of{_LOWER_BAR}sentence\uff5c>"),
        Turn("", ""),
        ("<\uff5cUser\uff5c>", f"<\uff5cend{_LOWER_BAR}of{_LOWER_BAR}sentence\uff5c>"),
    ),
    "GLM": Template(
        Turn("<|user|>\n", ""),
        Turn("<|assistant|>\n", ""),
        Turn("<|system|>\n", ""),
        ("<|user|>", "<|system|>", "<|observation|>"),
        system_anywhere=True,
        first="[gMASK]<sop>",
    ),
    "Command-R": _same(
        "<|START_OF_TURN_TOKEN|><|{}_TOKEN|>",
        "<|END_OF_TURN_TOKEN|>",
        ("USER", "CHATBOT", "SYSTEM"),
        ("<|END_OF_TURN_TOKEN|>", "<|START_OF_TURN_TOKEN|>"),
    ),
    "Phi": _same("<|{}|>\n", "<|end|>\n", _USUAL, ("<|end|>", "<|user|>")),
    "Phi 4": _same(
        "<|im_start|>{}<|im_sep|>", "<|im_end|>", _USUAL, ("<|im_end|>", "<|im_start|>")
    ),
    "Harmony": Template(
        Turn("<|start|>user<|message|>", "<|end|>"),
        Turn("<|start|>assistant<|channel|>final<|message|>", "<|end|>"),
        Turn("<|start|>developer<|message|># Instructions\n\n", "<|end|>"),
        ("<|return|>", "<|start|>"),
    ),
    "Metharme": _same("<|{}|>", "", ("user", "model", "system"), ("<|user|>", "<|system|>")),
    KOBOLDCPP: Template(
        Turn("{{[INPUT]}}", "{{[INPUT_END]}}"),
        Turn("{{[OUTPUT]}}", "{{[OUTPUT_END]}}"),
        Turn("{{[SYSTEM]}}", "{{[SYSTEM_END]}}"),
        ("{{[INPUT]}}", "{{[OUTPUT]}}"),
    ),
    "Plain": Template(Turn("", "\n"), Turn("", "\n"), Turn("", "\n\n"), ()),
}


def template_stops(template: str) -> tuple[str, ...]:
    """Strings that end an answer in this template; () for an unknown one."""
    found = TEMPLATES.get(template)
    return found.stops if found else ()


def render(
    messages: Sequence[PromptMessage], template: str, name: str = "", continued: str = ""
) -> str:
    """One text for a model: it ends where the side `name` speaks, or with the text to continue.

    Marks of templates inside the messages are broken, so that no text begins a turn. An unknown
    template is the default one. `name` "": the text is no line of a conversation.
    """
    form = TEMPLATES.get(template) or TEMPLATES[DEFAULT]
    turns = _joined(_placed(messages, form))
    last = turns.pop() if continued and turns and turns[-1].role == "assistant" else None
    whole = "".join(_turn(form, turn) for turn in turns)
    if last is not None:
        return form.first + whole + form.assistant.before + last.text
    before = form.assistant.before
    speaker = before + neutral(f"{one_line(name)}:") if name.strip() else before.rstrip(" ")
    return form.first + whole + speaker


def alternating(messages: Sequence[PromptMessage]) -> tuple[PromptMessage, ...]:
    """The messages for servers with roles, whose templates often take no others: one of the system
    at the beginning, then the user's and the model's in turn. Later ones of the system join the
    user's. Marks of templates inside are broken, since such servers read them too.
    """
    return tuple(
        PromptMessage(role=turn.role, text=turn.text.lstrip("\n"))
        for turn in _joined(_placed(messages, TEMPLATES[KOBOLDCPP]))
    )


def _placed(messages: Sequence[PromptMessage], form: Template) -> list[PromptMessage]:
    """The messages with roles that the template has. A system text later on joins the user's."""
    placed: list[PromptMessage] = []
    begun = form.system is None
    for message in messages:
        begun = begun or message.role != "system"
        role: Role = message.role
        if role == "system" and begun and not (form.system and form.system_anywhere):
            role = "user"
        apart = "\n" if message.role == "system" else ""
        placed.append(PromptMessage(role=role, text=apart + neutral(message.text)))
    return placed


def _joined(messages: Sequence[PromptMessage]) -> list[PromptMessage]:
    """Neighbours of one role as one message. Texts of the system stay apart by an empty line."""
    joined: list[PromptMessage] = []
    for message in messages:
        if joined and joined[-1].role == message.role:
            text = f"{joined.pop().text}\n{message.text}"
            joined.append(PromptMessage(role=message.role, text=text))
        else:
            joined.append(message)
    return joined


def _turn(form: Template, message: PromptMessage) -> str:
    kind = {"user": form.user, "assistant": form.assistant, "system": form.system or form.user}
    before, after = kind[message.role]
    return f"{before}{message.text.strip()}{after}"
