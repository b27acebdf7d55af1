"""Strategies: what any backend may be able to do."""

from hypothesis import strategies as st

from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.capabilities import Capabilities
from bot.domain.requests import ImageRequest, Kind

FIELDS = tuple(ImageRequest.model_fields)
CAPABILITIES = st.builds(
    Capabilities,
    title=st.just("own-gpu"),
    kinds=st.frozensets(st.sampled_from(Kind)),
    submits=st.sampled_from(["queued", "blocking"]),
    cancels=st.frozensets(st.sampled_from(Kind)),
    image_fields=st.none() | st.frozensets(st.sampled_from(FIELDS)),
    forms=st.none() | st.frozensets(st.sampled_from(sorted(FORMS))),
    results_max=st.integers(1, 20),
)
