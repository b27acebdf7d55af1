"""Numbers, lists, durations and sizes follow the language of the task."""

import subprocess
import sys

import pytest

from bot.i18n import in_language, language_of
from bot.i18n.formats import NBSP, duration, list_and, list_or, megabytes, number
from tests.support.paths import ROOT


@pytest.mark.parametrize(
    ("code", "shown"),
    [("en", "12,345.6"), ("de", "12.345,6"), ("fr", "12\u202f345,6"), ("ja", "12,345.6")],
)
def test_number_has_the_separators_of_the_language(code: str, shown: str) -> None:
    with in_language(language_of(code)):
        assert number(12_345.6) == shown


@pytest.mark.parametrize(
    ("code", "both", "either"),
    [
        ("en", "a, b and c", "a, b or c"),
        ("de", "a, b und c", "a, b oder c"),
        ("ja", "a、b、c", "a、b、またはc"),
    ],
)
def test_list_is_joined_as_in_the_language(code: str, both: str, either: str) -> None:
    with in_language(language_of(code)):
        assert list_and("abc") == both
        assert list_or("abc") == either
        assert list_and(["a"]) == list_or(["a"]) == "a"


@pytest.mark.parametrize(
    ("code", "seconds", "shown"),
    [
        ("en", 125, "2 min 5 s"),
        ("en", 24 * 3_600 * 3, "3 days"),
        ("de", 125, "2 Min. 5 Sek."),
        ("de", 3_720, "1 Std. 2 Min."),
        ("ru", 24 * 3_600 * 3, "3 дня"),
        ("zh_Hans", 125, "2分钟 5秒"),
    ],
)
def test_duration_has_the_units_of_the_language(code: str, seconds: float, shown: str) -> None:
    with in_language(language_of(code)):
        assert duration(seconds).replace(NBSP, " ") == shown


@pytest.mark.parametrize(
    ("code", "size", "shown"),
    [("en", 25_000_000, "25 MB"), ("en", 1_230_000, "1.2 MB"), ("de", 1_230_000, "1,2 MB")],
)
def test_size_is_given_in_megabytes(code: str, size: int, shown: str) -> None:
    with in_language(language_of(code)):
        assert megabytes(size).replace(NBSP, " ") == shown


def test_english_does_not_load_babel() -> None:
    code = (
        "import sys; from bot.i18n.formats import duration, list_and, megabytes, number;"
        "number(1.5), list_and('ab'), duration(90), megabytes(3);"
        "sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
