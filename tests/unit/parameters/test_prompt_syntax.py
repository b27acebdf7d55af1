"""Flags and syntax of other programs in a prompt."""

import pytest

from bot.domain.requests import Embedding, ImageChoices
from bot.parameters.flags import lora_flags, parse, strays, with_tagged_loras
from tests.support.cards import FOX_IN_SNOW

PASTED = (
    "a fox Negative prompt: blurry Steps: 25, Sampler: Euler a, CFG scale: 6, Seed: 42, "
    "Size: 512x768, Model: x"
)


@pytest.mark.parametrize(
    ("prompt", "rest", "loras"),
    [
        ("a fox <lora:ink:0.8>", "a fox", [("ink", 0.8, 0.8)]),
        (
            "a fox, <lora:ink:0.5:0.7>, <LORA:paper fold>",
            "a fox",
            [("ink", 0.5, 0.7), ("paper fold", 1, 1)],
        ),
        ("a <lyco:ink:1> fox", "a fox", [("ink", 1, 1)]),
        ("a fox <lora:ink:900>", "a fox <lora:ink:900>", []),
        ("<lora:ink:1>", "<lora:ink:1>", []),
        ("a <hypernet:ink:1> fox", "a <hypernet:ink:1> fox", []),
    ],
)
def test_tags_of_loras_become_loras(
    prompt: str, rest: str, loras: list[tuple[str, float, float]]
) -> None:
    found = with_tagged_loras(ImageChoices(prompt=prompt))
    assert (found.prompt, [(o.name, o.clip, o.model) for o in found.loras]) == (rest, loras)


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("a fox, <lora:add_detail:0.8>, masterpiece", ("<lora:add_detail:0.8>",)),
        ("a fox <lyco:x:1> <hypernet:old:0.5>", ("<lyco:x:1>", "<hypernet:old:0.5>")),
        ("a fox, embedding:EasyNegative", ("embedding:EasyNegative",)),
        ("a fox AND a dog BREAK snow", ("AND", "BREAK")),
        (PASTED, ("Negative prompt:", "Steps: 25")),
        ("a __animal__ in {red|blue} snow", ("__animal__", "{red|blue}")),
        ("a fox --ar 2:3 --v 6 \N{EM DASH}steps 9", ("--ar", "--v", "--steps")),
    ],
)
def test_strays_foreign_syntax_in_prompt_is_found(prompt: str, found: tuple[str, ...]) -> None:
    assert strays(FOX_IN_SNOW.model_copy(update={"prompt": prompt})) == found


@pytest.mark.parametrize(
    ("tag", "flag"),
    [
        ("<lora:add_detail:0.8>", "--lora add_detail:0.8"),
        ("<LORA:more-art:-1>", "--lora more-art:-1"),
        ("<lora:12345>", "--lora 12345"),
        ("<lora:paper,fold:.5:0.7>", '--lora "paper,fold":.5'),
    ],
)
def test_lora_in_a_prompt_is_written_as_a_flag_that_is_understood(tag: str, flag: str) -> None:
    assert lora_flags(FOX_IN_SNOW.model_copy(update={"prompt": f"a fox {tag}, {tag}"})) == (flag,)
    assert len(parse(flag).loras) == 1


def test_strays_embedding_in_negative_is_found_unless_it_is_named() -> None:
    request = FOX_IN_SNOW.model_copy(update={"negative": "(embedding:7808:1.2), blurry"})
    assert strays(request) == ("embedding:7808",)
    named = request.model_copy(update={"embeddings": (Embedding(name="7808"),)})
    assert strays(named) == ()


@pytest.mark.parametrize(
    "prompt",
    [
        "a fox, (fluffy:1.3), [snow], a sign that says <hello>",
        "A FOX AND A DOG",
        "snake_case, stairs with steps: many, fire -- and ice",
        "a fox ### blurry",
        "a face :} {smiling}",
    ],
)
def test_strays_ordinary_prompt_has_none(prompt: str) -> None:
    assert strays(FOX_IN_SNOW.model_copy(update={"prompt": prompt})) == ()
