"""The fallback of each backend: another one, and no circle. Pure."""

from collections.abc import Mapping

from bot.errors import SettingsError


def check_fallbacks(fallbacks: Mapping[str, str]) -> None:
    """Raises SettingsError for an unknown fallback, and for one that leads back.

    `fallbacks`: by the name of the backend, "" for none.
    """
    for name, other in fallbacks.items():
        if other and (other not in fallbacks or other == name):
            allowed = ", ".join(each for each in fallbacks if each != name) or "none is configured"
            raise SettingsError(
                f"[backends.{name}] fallback must be the name of another backend: {allowed}."
            )
    for name in fallbacks:
        chain = chain_of(name, fallbacks)
        if name in chain:
            raise SettingsError(
                f"[backends.{name}] fallback leads back to {name} by way of"
                f" {', '.join(chain[: chain.index(name)])}. Take one of the fallbacks out."
            )


def chain_of(name: str, fallbacks: Mapping[str, str]) -> tuple[str, ...]:
    """The backends that take over from that one, the nearest first."""
    chain = list[str]()
    while (name := fallbacks.get(name, "")) and name not in chain:
        chain.append(name)
    return tuple(chain)
