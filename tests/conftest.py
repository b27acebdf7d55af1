"""For all tests."""

import os

from hypothesis import HealthCheck, settings

# A busy machine is no failure; CI tries the same examples each time.
settings.register_profile(
    "ours",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ours")
