"""For all tests."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure; CI tries the same examples each time.
settings.register_profile(
    "ours",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ours")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With -m wire, files without such tests are not read: each worker would import them all."""
    kind = config.getoption("markexpr")
    if kind not in {"wire", "browser"} or not collection_path.match("test_*.py"):
        return None
    return f"mark.{kind}" not in collection_path.read_text(encoding="utf-8") or None
