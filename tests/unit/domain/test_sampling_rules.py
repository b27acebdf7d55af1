"""Samplers, schedulers and settings: the bot refuses what the server refuses, and nothing else."""

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog.sampling_source import rules_of
from bot.domain.requests import ImageRequest, build
from bot.domain.requests.image_values import Scheduler, SolverType
from bot.domain.sampling_rules import OLDER, SAMPLER_SETTINGS, SamplingRules, misfits
from bot.horde.sampler_constraints import SamplerConstraints
from sandbox.horde.errors import ApiError
from sandbox.horde.newer.image_parameters import check
from sandbox.horde.newer.sampler_constraints import document
from sandbox.horde.newer.samplers import SAMPLERS

BASES = {
    "stable_diffusion_1": "sd15",
    "stable_diffusion_xl": "sdxl",
    "flux_1": "flux",
    "qwen_image": "qwen",
    "stable_cascade": "cascade",
}


def newer_rules() -> SamplingRules:
    found = rules_of(SamplerConstraints.model_validate(document()))
    assert found is not None
    return found


NEWER = newer_rules()
PARAMETERS = st.fixed_dictionaries(
    {"sampler": st.sampled_from(sorted(SAMPLERS)), "karras": st.booleans()},
    optional={
        "scheduler": st.sampled_from(get_args(Scheduler)),
        "sampler_eta": st.sampled_from([0.0, 0.5, 1.0, 1.01, 100.0]),
        "sampler_s_noise": st.sampled_from([0.0, 9.9, 10.1, 100.0]),
        "sampler_s_churn": st.sampled_from([0.0, 100.0]),
        "sampler_s_tmin": st.sampled_from([0.0, 100.0]),
        "sampler_s_tmax": st.sampled_from([0.0, 1000.0]),
        "sampler_order": st.integers(1, 100),
        "sampler_solver_type": st.sampled_from(get_args(SolverType)),
        "flow_shift": st.sampled_from([0.0, 100.0]),
        "control_strength": st.sampled_from([0.01, 3.0]),
    },
)


@settings(max_examples=300, deadline=None)
@given(PARAMETERS, st.sampled_from(sorted(BASES)))
def test_newer_server_and_bot_refuse_the_same(fields: dict[str, Any], baseline: str) -> None:
    request = build(ImageRequest, prompt="a fox", **fields)
    params = {"sampler_name" if name == "sampler" else name: v for name, v in fields.items()}
    try:
        check({}, params, {baseline})
    except ApiError:
        refused = True
    else:
        refused = False
    assert bool(misfits(request, NEWER, frozenset({BASES[baseline]}))) is refused


@given(st.sampled_from(sorted(SAMPLERS)), st.sampled_from(SAMPLER_SETTINGS), st.data())
def test_value_in_the_range_of_its_sampler_fits(name: str, setting: str, data: Any) -> None:
    allowed = NEWER.samplers[name].settings.get(setting)
    if allowed is None:
        value = 1
    else:
        most = 1000.0 if allowed.most is None else allowed.most
        numbers = st.integers(int(allowed.least), int(most))
        value = data.draw(numbers if allowed.whole else st.floats(allowed.least, most))
    request = build(ImageRequest, prompt="a fox", sampler=name, **{setting: value})
    assert (setting in misfits(request, NEWER, frozenset())) is (allowed is None)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"sampler": "uni_pc"}, "does not know the sampler uni_pc yet"),
        ({"scheduler": "beta"}, "does not know the scheduler beta yet"),
        ({"control": "tile"}, "does not know the control type tile yet"),
        ({"sampler_eta": 1.0}, "does not know `sampler_eta` yet"),
        ({"flow_shift": 1.0}, "does not know `flow_shift` yet"),
    ],
)
def test_older_server_lacks_the_value(fields: dict[str, Any], sentence: str) -> None:
    (found,) = misfits(build(ImageRequest, prompt="a fox", **fields), OLDER, frozenset()).values()
    assert sentence in found


@pytest.mark.parametrize("scheduler", ["karras", "normal"])
def test_older_server_knows_two_schedulers(scheduler: str) -> None:
    request = build(ImageRequest, prompt="a fox", scheduler=scheduler)
    assert misfits(request, OLDER, frozenset()) == {}


def test_refusal_names_the_range() -> None:
    request = build(ImageRequest, prompt="a fox", sampler="deis", sampler_order=5)
    (found,) = misfits(request, NEWER, frozenset()).values()
    assert found == "`sampler_order` takes a whole number from 2 to 4 with the sampler deis."


def test_style_replaces_the_settings() -> None:
    request = build(ImageRequest, prompt="a fox", style="a-style", sampler_order=5)
    assert misfits(request, OLDER, frozenset()) == {}


def test_recommended_samplers_come_first() -> None:
    found = NEWER.known("sampler", sorted(SAMPLERS))
    assert found[0] == "DDIM"
    assert set(found[:8]) >= {"k_euler", "lcm", "uni_pc"}
    assert len(found) == 41
    assert len(OLDER.known("sampler", sorted(SAMPLERS))) == 14
