"""Strategies: what any backend may be able to do."""

from hypothesis import strategies as st

from bot.domain.alchemy_forms import FORMS
from bot.domain.capabilities import ALL_KINDS, Capabilities
from bot.domain.requests import ImageRequest

FIELDS = tuple(ImageRequest.model_fields)
CAPABILITIES = st.builds(
    Capabilities,
    title=st.just("own-gpu"),
    kinds=st.frozensets(st.sampled_from(sorted(ALL_KINDS))),
    submits=st.sampled_from(["queued", "blocking"]),
    cancels=st.frozensets(st.sampled_from(sorted(ALL_KINDS))),
    image_fields=st.none() | st.frozensets(st.sampled_from(FIELDS)),
    forms=st.none() | st.frozensets(st.sampled_from(sorted(FORMS))),
    results_max=st.integers(1, 20),
)
