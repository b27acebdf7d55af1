"""The commands, one module per group. A new file here is found by itself."""

import pkgutil


def names() -> list[str]:
    """The modules that the bot loads, by name; a leading underscore opts out."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return [f"{__name__}.{name}" for name in sorted(found) if not name.startswith("_")]
