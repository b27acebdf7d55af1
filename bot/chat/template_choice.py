"""Which template a text model gets."""

import re
from collections.abc import Mapping
from functools import lru_cache

from bot.chat.templates import DEFAULT, KOBOLDCPP, TEMPLATES
from bot.domain.chat.conversations import AUTO

PREFIX = "koboldcpp/"  # its workers put the marks of their own model in place of the placeholders

# Words of labels and of names of models; the first pattern that fits counts. Spellings as in the
# text model reference, see docs/chat.md#prompts-and-templates.
_LABELS: tuple[tuple[str, str], ...] = (
    (r"koboldcpp|placeholder", KOBOLDCPP),
    (r"chatml", "ChatML"),
    (r"llama4", "Llama 4"),
    (r"llama3", "Llama 3"),
    (r"mistral(v7|v11|v13)?tekken(v7|v11|v13)", "Mistral V7 Tekken"),
    (r"mistral(v7|v11|v13)tekken", "Mistral V7 Tekken"),
    (r"mistral(v3)?tekken(v3)?|nemo", "Mistral V3 Tekken"),
    (r"mistralv7", "Mistral V7"),
    (r"mistralv1", "Mistral V1"),
    (r"mistral", "Mistral V3"),
    (r"gemma(4|v4)", "Gemma 4"),
    (r"gemma", "Gemma"),
    (r"alpaca", "Alpaca"),
    (r"harmony|gptoss", "Harmony"),
    (r"vicuna", "Vicuna"),
    (r"deepseek", "DeepSeek"),
    (r"glm|chatglm", "GLM"),
    (r"command|cohere|aya", "Command-R"),
    (r"phi4", "Phi 4"),
    (r"phi", "Phi"),
    (r"metharme|pygmalion", "Metharme"),
)
_FAMILIES: tuple[tuple[str, str], ...] = (
    (r"deepseek.*distill.*(qwen|llama)|deepseek", "DeepSeek"),
    (r"llama-?4", "Llama 4"),
    (r"llama-?3|l3(\.\d)?[-_]|lunaris|stheno|hermes-3-llama|nemotron.*llama", "Llama 3"),
    (r"gemma-?4", "Gemma 4"),
    (r"gemma", "Gemma"),
    (r"qwen|qwq|hermes|chatml|magnum|smollm|yi-|internlm|dolphin", "ChatML"),
    (
        r"cydonia|mistral-small-(3|24b)|mistral-small.*2[4-6]\d\d|magistral|devstral",
        "Mistral V7 Tekken",
    ),
    (r"ministral-3|mistral-large.*241[1-9]", "Mistral V7 Tekken"),
    (r"nemo|rocinante|ministral|pixtral", "Mistral V3 Tekken"),
    (r"mistral-7b.*v0\.[12]|mixtral-8x7b", "Mistral V1"),
    (r"mistral|mixtral|codestral", "Mistral V3"),
    (r"glm", "GLM"),
    (r"command-|c4ai|aya-", "Command-R"),
    (r"phi-?4", "Phi 4"),
    (r"phi-?3", "Phi"),
    (r"gpt-?oss", "Harmony"),
    (r"vicuna|wizardlm", "Vicuna"),
    (r"pygmalion|metharme|mythalion", "Metharme"),
)


def template_for(
    model: str, instruct_format: str | None, chosen: str = AUTO, *, guidance: str | None = None
) -> str:
    """The name of the template of a model: the chosen one, else the known one, else the default."""
    if chosen in TEMPLATES:
        return chosen
    return known_template(model, instruct_format, guidance) or DEFAULT


def known_template(model: str, instruct_format: str | None, guidance: str | None = None) -> str:
    """The template that is known of a model; "" for none.

    Placeholders for workers with KoboldCpp first, then the guidance of the model reference, then
    the label of the text model reference, then the family that the name of the model tells.
    """
    if model.casefold().startswith(PREFIX):
        return KOBOLDCPP
    labelled = template_of_label(guidance) or template_of_label(instruct_format)
    return labelled or template_of_family(model)


@lru_cache(1_024)
def template_of_label(label: str | None) -> str:
    """The template that a label means, in any of its spellings; "" for an unknown one."""
    wanted = re.sub(r"[^a-z0-9]", "", (label or "").casefold())
    return _first(_LABELS, wanted) if wanted else ""


@lru_cache(4_096)
def template_of_family(model: str) -> str:
    """The template of the family that the name of a model tells; "" for an unknown one."""
    return _first(_FAMILIES, model.rpartition("/")[2].casefold())


def template_of_markers(markers: Mapping[str, str]) -> str:
    """The template with the marker of the user's role; "" for an unknown one.

    Of those with the same one, that whose marker of the system and whose spaces fit best.
    """
    user, system = markers.get("user", ""), markers.get("system", "")

    def misfits(name: str) -> tuple[bool, bool]:
        form = TEMPLATES[name]
        own = form.system.before if form.system else ""
        return (own.strip() != system.strip(), form.user.before != user)

    alike = [name for name, form in TEMPLATES.items() if form.user.before.strip() == user.strip()]
    return min(alike, key=misfits, default="") if user.strip() else ""


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in patterns if re.search(pattern, text)), "")
