"""Suggestions while `extra` is typed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog import Addon
from bot.domain.requests import Lora
from bot.parameters.flags import parse, suggestions
from bot.parameters.flags.completion import TEXT_MAX
from bot.parameters.flags.flag_values import CHOICES_MAX
from bot.rules.guild_settings import GuildSettings
from tests.support.catalogs import FakeCivitai, catalog_with_styles
from tests.support.cpu_time import cpu_limit
from tests.support.flag_strategies import LINES, MODEL_CATALOG, error_of


@settings(max_examples=200, deadline=None)
@given(LINES, st.integers(0, 200))
def test_suggestions_go_on_from_what_was_typed(line: str, cut: int) -> None:
    typed = line[:cut]
    found = suggestions(typed, MODEL_CATALOG, presets=("My own", "x" * 90))
    assert len(found) <= CHOICES_MAX
    assert len(set(found)) == len(found)
    reached = _reached(typed.strip())
    for text in found:
        assert 0 < len(text) <= TEXT_MAX
        assert _reached(text) >= min(reached, len(text))


def _reached(text: str) -> float:
    """How far a text is understood; a flag that waits for its value is."""
    error = error_of(text)
    if error is None:
        return float("inf")
    return len(text) if "needs a value" in str(error) else error.start


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", "--model"),
        ("ste", "--steps"),
        ("--stpes", "--steps"),
        ("--steps", "--steps 20"),
        ("--steps ", "--steps 20"),
        ("--steps 3", "--steps 3"),
        ("--sampler eul", "--sampler k_euler"),
        ("--model albedo", '--model "AlbedoBase XL (SDXL)"'),
        ('--cfg 4 --model "Albedo', '--cfg 4 --model "AlbedoBase XL (SDXL)"'),
        ("--post GFPGAN,real", "--post GFPGAN,RealESRGAN_x2plus"),
        ("--shape w", "--shape wide"),
        ("--preset my", '--preset "My own"'),
        ("--no-til", "--no-tiling"),
        ("--no-", "--no-model"),
        ("--hires-", "--hires-strength"),
        ("-", "--model"),
        ("--", "--model"),
        ("--steps 30 --", "--steps 30"),
        ("\N{EM DASH}steps 30 \N{EM DASH}", "\N{EM DASH}steps 30"),
        ('--negative "foo', '--negative "foo"'),
        ('--steps 3 --negative "a b, c', '--steps 3 --negative "a b, c"'),
        ("--tiling", "--tiling"),
        ("face", "--face-strength"),
    ],
)
def test_the_first_suggestion_is_the_likeliest(typed: str, first: str) -> None:
    assert suggestions(typed, MODEL_CATALOG, presets=("My own",))[0] == first


def test_what_a_server_blocks_is_not_offered() -> None:
    rules = GuildSettings(
        models_blocked=("albedobase XL (sdxl)", "gfpgan"), loras_blocked=("12345", "82098")
    )
    for typed in ("--model albedo", "--model", "--post", "--post GFP", "--lora", "--lora 8"):
        found = suggestions(typed, MODEL_CATALOG, rules=rules)
        assert not [text for text in found if "Albedo" in text or "GFPGAN" in text.split()]
        assert not [text for text in found if {"12345", "82098"} & set(re.split(r"[ :]", text))]
    assert "--post GFPGAN" in suggestions("--post", MODEL_CATALOG)
    assert "--post CodeFormers" in suggestions("--post", MODEL_CATALOG, rules=rules)
    most = GuildSettings(models_blocked=tuple(f"a model with the number {n}" for n in range(200)))
    with cpu_limit(1):  # 5 ms each
        for _ in range(5):
            assert suggestions("--model a", MODEL_CATALOG, rules=most)


def test_suggestions_come_while_a_person_types() -> None:
    typed = ("", "--", "--st", "--model a", "--lora x", "--sampler k", "--steps 30 --cfg 7 -")
    with cpu_limit(1):
        assert all(suggestions(text, MODEL_CATALOG) for text in typed)


@pytest.mark.parametrize(
    "piece", ["'a ", '"a ', "--lora a:", "--seed ", ",", "\\", "--no ' ", "-s", "a:'", '--x=@"']
)
def test_nobody_can_keep_the_bot_busy_with_a_text(piece: str) -> None:
    line = f"--negative {piece * 4_000}"[:4_000]
    with cpu_limit(0.25):
        error_of(line)
        suggestions(line, MODEL_CATALOG)


def test_trigger_words_of_a_lora_are_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    rain = Addon("lora", "12345", "Rain", triggers=("wet street", "a word of more than 30 letters"))
    snow = Addon("lora", "22222", "Snow", triggers=("cold",))
    monkeypatch.setattr(FakeCivitai, "addons", (rain, snow))
    catalog = catalog_with_styles()
    found = suggestions("--lora 12345", catalog)
    assert found[:2] == ["--lora 12345 (Rain)", '--lora 12345 (Rain)@"wet street"']
    assert parse(found[1]).loras == (Lora(name="12345", trigger="wet street"),)
    assert suggestions("--lora snow@", catalog)[0] == "--lora 22222 (Snow)@cold"
    assert not any("@" in text for text in suggestions("--lora ", catalog))
