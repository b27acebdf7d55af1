"""What of a request a backend cannot do."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.backend_gaps import (
    FILLED,
    NO_GAP,
    OF_SENDING,
    OF_THE_BOT,
    Gap,
    gap_of,
    gap_of_choices,
    only_used,
    possible_choices,
)
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.requests import (
    AlchemyRequest,
    ImageChoices,
    ImageRequest,
    Kind,
    Source,
    TextRequest,
)
from tests.support.abilities import CAPABILITIES
from tests.support.flag_strategies import PLAIN
from tests.support.layers import layer_of

CHOICES = st.fixed_dictionaries({}, optional=PLAIN).map(layer_of)
SIZES_ONLY = Capabilities(
    title="own-gpu",
    kinds=frozenset({Kind.IMAGE, Kind.ALCHEMY}),
    image_fields=frozenset({"width", "height"}),
    forms=frozenset({"caption"}),
    results_max=2,
)


def used_only(request: ImageRequest, able: Capabilities) -> bool:
    """Whether every field that the backend does not use has its usual value."""
    fields = ImageRequest.model_fields
    return all(
        name in OF_THE_BOT or able.uses(name) or getattr(request, name) == fields[name].default
        for name in fields
    )


@given(CHOICES, CAPABILITIES)
def test_choices_are_possible_or_the_gap_names_them(
    choices: ImageChoices, able: Capabilities
) -> None:
    gap, kept = gap_of_choices(choices, able), possible_choices(choices, able)
    if gap:
        assert gap.kind is Kind.IMAGE or gap.fields or gap.results_max
        assert not any(able.uses(name) for name in gap.fields)
        assert Kind.IMAGE not in able.kinds or not gap_of_choices(kept, able)
        return
    lost = choices.names - kept.names
    usual = ImageChoices.model_fields
    assert all(getattr(choices, name) == usual[name].default for name in lost)
    assert kept.n == choices.n


@given(CHOICES, CAPABILITIES)
def test_a_request_without_a_gap_uses_only_fields_of_the_backend(
    choices: ImageChoices, able: Capabilities
) -> None:
    values: dict[str, Any] = {"prompt": "a fox"} | choices.values()
    request = ImageRequest.model_construct(None, **values)
    gap, sent = gap_of(request, able), only_used(request, able)
    assert used_only(sent, able)
    if gap == NO_GAP:
        changed = {name for name in PLAIN if getattr(sent, name) != getattr(request, name)}
        assert changed <= FILLED | OF_SENDING
        assert request.n <= able.results_max


@given(CHOICES)
def test_a_horde_can_do_all(choices: ImageChoices) -> None:
    assert gap_of_choices(choices, HORDE) == NO_GAP
    assert possible_choices(choices, HORDE) == choices


@pytest.mark.parametrize(
    ("choices", "fields"),
    [
        (ImageChoices(tiling=True), ("tiling",)),
        (ImageChoices(tiling=False), ()),
        (ImageChoices(steps=31), ("steps",)),
        (ImageChoices(steps=30), ()),  # the usual value, which Edit writes for every backend
        (ImageChoices(shape="wide", private=True, preset="mine"), ()),
        (ImageChoices(image_strengths=(0.5,)), ("extra_images",)),
        (ImageChoices(strength=0.5, source=Source(url="u")), ("source", "strength")),
    ],
)
def test_only_chosen_fields_are_missing(choices: ImageChoices, fields: tuple[str, ...]) -> None:
    assert gap_of_choices(choices, SIZES_ONLY) == Gap(fields=fields)


def test_kinds_forms_and_numbers_are_missing() -> None:
    source = Source(url="u")
    assert gap_of(TextRequest(prompt="x"), SIZES_ONLY) == Gap(kind=Kind.TEXT)
    asked = AlchemyRequest(source=source, forms=("caption", "nsfw"))
    assert gap_of(asked, SIZES_ONLY) == Gap(forms=("nsfw",))
    assert gap_of(ImageRequest(prompt="x", n=3), SIZES_ONLY) == Gap(results_max=2)
    assert gap_of(ImageRequest(prompt="x", n=2, steps=12, workers=("w",)), SIZES_ONLY) == NO_GAP
    assert possible_choices(ImageChoices(n=9, tiling=True), SIZES_ONLY) == ImageChoices(n=2)
