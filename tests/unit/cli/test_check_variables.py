"""What `hordecord check` says about variables that are not settings."""

from bot.cli.check_finding import Finding
from bot.cli.check_variables import examine_variables


def test_variable_of_the_platform_is_named_and_right() -> None:
    env = {"HORDECORD_PORT": "tcp://10.0.0.1:80", "HORDECORD_SERVICE_HOST": "10.0.0.1"}
    assert examine_variables(env) == [
        Finding("Variables", ok=True, text="ignored: HORDECORD_PORT, HORDECORD_SERVICE_HOST")
    ]


def test_variable_with_a_slip_is_wrong_and_says_the_name() -> None:
    (found,) = examine_variables({"HORDECORD_LOG_LEVEL": "DEBUG", "PATH": "/bin"})
    assert not found.ok
    assert found.mend == "Rename it to HORDECORD_LOG__LEVEL."


def test_no_variable_of_ours_gives_no_line() -> None:
    assert examine_variables({"PATH": "/bin", "HORDECORD_LOG__LEVEL": "DEBUG"}) == []
