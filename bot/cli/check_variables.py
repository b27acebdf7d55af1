"""Check of environment variables with the prefix that are not settings."""

from collections.abc import Mapping

from bot.cli.check_finding import Finding, plain_line
from bot.settings import ignored_variables


def examine_variables(env: Mapping[str, str]) -> list[Finding]:
    """Ignored variables; it fails for one whose name is nearly that of a setting."""
    ignored = ignored_variables(env)
    found = [_slip(name, meant) for name, meant in ignored.items() if meant]
    if others := ", ".join(name for name, meant in ignored.items() if not meant):
        found.append(Finding("Variables", ok=True, text=f"ignored: {plain_line(others)}"))
    return found


def _slip(name: str, meant: str) -> Finding:
    text = f"{plain_line(name)} is not a setting"
    return Finding("Variables", ok=False, text=text, mend=f"Rename it to {meant}.")
