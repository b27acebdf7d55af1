"""The fallback of a backend: another one that is configured, and no circle."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import load
from bot.settings.fallbacks import chain_of, check_fallbacks
from tests.support.credentials import TOKEN_SETTING


def test_a_chain_lists_the_nearest_fallback_first() -> None:
    fallbacks = {"horde": "gpu", "gpu": "grid", "grid": ""}
    check_fallbacks(fallbacks)
    assert chain_of("horde", fallbacks) == ("gpu", "grid")
    assert chain_of("grid", fallbacks) == ()


@pytest.mark.parametrize("name", ["cloud", "horde"])
def test_an_unknown_fallback_is_refused_with_the_allowed_names(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        check_fallbacks({"horde": name, "gpu": ""})
    assert str(caught.value) == (
        "[backends.horde] fallback must be the name of another backend: gpu."
    )


def test_a_fallback_without_another_backend_is_refused() -> None:
    with pytest.raises(SettingsError, match="none is configured"):
        check_fallbacks({"horde": "gpu"})


def test_a_circle_is_refused() -> None:
    with pytest.raises(SettingsError) as caught:
        check_fallbacks({"horde": "gpu", "gpu": "grid", "grid": "horde"})
    assert str(caught.value) == (
        "[backends.horde] fallback leads back to horde by way of gpu, grid. Take one of the"
        " fallbacks out."
    )


def test_a_circle_behind_a_backend_is_refused() -> None:
    with pytest.raises(SettingsError, match="leads back to gpu"):
        check_fallbacks({"horde": "gpu", "gpu": "grid", "grid": "gpu"})


def test_the_settings_check_fallbacks(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[backends.horde]\nfallback = "gpu"\n[backends.gpu]\ntype = "a1111"\n', encoding="utf-8"
    )
    assert load(file, TOKEN_SETTING).backends["horde"].fallback == "gpu"
    file.write_text('[backends.horde]\nfallback = "gpu"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="none is configured"):
        load(file, TOKEN_SETTING)
