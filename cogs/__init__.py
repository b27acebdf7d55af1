"""The commands, one module per group. A new file here is found automatically."""

import pkgutil


def names() -> list[str]:
    """Names of the modules that the bot loads; a leading underscore excludes one."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return [f"{__name__}.{name}" for name in sorted(found) if not name.startswith("_")]
