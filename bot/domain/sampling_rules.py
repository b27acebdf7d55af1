"""What a server accepts of samplers, schedulers, their settings and control types. Pure.

The newer server publishes it; bot/catalog/sampling_source.py reads it. For an older one there is
OLDER: docs/horde-api.md#samplers-and-styles.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.requests import ImageRequest
from bot.i18n import _
from bot.i18n.formats import number

UNKNOWN = "other"  # an unknown baseline: the Horde decides
NORMAL, KARRAS = "normal", "karras"  # the schedulers that `karras` chooses between
SAMPLER_SETTINGS = (
    *("sampler_eta", "sampler_s_noise", "sampler_s_churn", "sampler_s_tmin", "sampler_s_tmax"),
    "sampler_order",
)  # numbers; each sampler has ranges of its own
SOLVER_TYPE, FLOW_SHIFT, CONTROL_STRENGTH = "sampler_solver_type", "flow_shift", "control_strength"
# Fields that an older server ignores without an error.
NEWER_SETTINGS = ("scheduler", *SAMPLER_SETTINGS, SOLVER_TYPE, FLOW_SHIFT, CONTROL_STRENGTH)
FLOWING = frozenset({"flux", "qwen", UNKNOWN})  # baselines with a flow shift
OLDER_SAMPLERS = (
    *("k_lms", "k_heun", "k_euler", "k_euler_a", "k_dpm_2", "k_dpm_2_a", "k_dpm_fast"),
    *("k_dpm_adaptive", "k_dpmpp_2s_a", "k_dpmpp_2m", "dpmsolver", "k_dpmpp_sde", "DDIM", "lcm"),
)
OLDER_CONTROLS = frozenset(
    {"canny", "hed", "depth", "normal", "openpose", "seg", "scribble", "fakescribbles", "hough"}
)


@dataclass(frozen=True, slots=True)
class ValueRange:
    """The values of a setting with one sampler; `most` None: no limit."""

    least: float
    most: float | None
    whole: bool = False

    def fits(self, value: float) -> bool:
        """Whether the server accepts the value."""
        if self.whole and value != int(value):
            return False
        return self.least <= value and (self.most is None or value <= self.most)

    def sentence(self, option: str, sampler: str) -> str:
        """The range, for a refusal."""
        if self.most is None:
            text = _("`{option}` takes {low} or more with the sampler {sampler}.")
        elif self.whole:
            text = _(
                "`{option}` takes a whole number from {low} to {high} with the sampler {sampler}."
            )
        else:
            text = _("`{option}` takes a number from {low} to {high} with the sampler {sampler}.")
        low, high = _number(self.least), _number(self.most or 0)
        return text.format(option=option, low=low, high=high, sampler=sampler)


def _number(value: float) -> str:
    return number(int(value) if value == int(value) else value)


@dataclass(frozen=True, slots=True)
class SamplerFacts:
    """One sampler. `cfg_pp`: it needs a low guidance, up to `SamplingRules.cfg_pp_max`."""

    settings: Mapping[str, ValueRange] = field(default_factory=dict[str, ValueRange])
    solver_types: tuple[str, ...] = ()
    cfg_pp: bool = False


@dataclass(frozen=True, slots=True)
class SamplingRules:
    """Of one server. `samplers`: recommended ones first; `newer`: it has what came after 5.1.5.

    `scheduler_bases`: baselines that a scheduler works with; others work with all. `schedulers`:
    all that the server has; None: by `newer`. `title`: of a backend that is no Horde.
    """

    samplers: Mapping[str, SamplerFacts]
    refused_pairs: frozenset[tuple[str, str]] = frozenset()
    scheduler_bases: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    cfg_pp_max: float = 2.0
    newer: bool = False
    schedulers: frozenset[str] | None = None
    title: str = ""

    def knows(self, name: str, value: str) -> bool:
        """Whether the server knows that value of the field."""
        match name:
            case "sampler":
                return value in self.samplers
            case "scheduler" if self.schedulers is not None:
                return value in self.schedulers
            case "scheduler":
                return self.newer or value in {NORMAL, KARRAS}
            case "control":
                return self.newer or value in OLDER_CONTROLS
            case _:
                return self.takes(name)

    def known(self, name: str, values: Iterable[str]) -> list[str]:
        """Those values of the field that the server knows; recommended samplers come first."""
        found = [value for value in values if self.knows(name, value)]
        order = {sampler: place for place, sampler in enumerate(self.samplers)}
        return sorted(found, key=lambda each: order[each]) if name == "sampler" else found

    def takes(self, name: str) -> bool:
        """Whether the server reads the field."""
        return self.newer or name == "scheduler" or name not in NEWER_SETTINGS


OLDER = SamplingRules(dict.fromkeys(OLDER_SAMPLERS, SamplerFacts()))


def rules_of_own(
    samplers: Iterable[str], schedulers: Iterable[str] | None, title: str
) -> SamplingRules:
    """The rules of a backend that lists its samplers. `schedulers`: None if it lists none."""
    known = None if schedulers is None else frozenset(schedulers)
    facts = dict.fromkeys(samplers, SamplerFacts())
    return SamplingRules(facts, schedulers=known, title=title)


def misfits(request: ImageRequest, rules: SamplingRules, bases: frozenset[str]) -> dict[str, str]:
    """Sentences about the fields that the server would refuse or ignore, by the field.

    `bases`: of the models, names of bot.catalog. With a style there are none: it brings its own
    models and sampler, and the settings are not sent.
    """
    if request.style:
        return {}
    checks = (_unknown, _settings, _solver, _schedule, _flow_shift, _control_strength)
    sentences: dict[str, str] = {}
    for check in checks:
        for name, sentence in check(request, rules, bases):
            sentences.setdefault(name, sentence)
    return sentences


Found = Iterator[tuple[str, str]]
Bases = frozenset[str]


def _unknown(request: ImageRequest, rules: SamplingRules, _bases: Bases) -> Found:
    values = {
        "sampler": _("The Horde does not know the sampler {value} yet. Choose another sampler."),
        "scheduler": _(
            "The Horde does not know the scheduler {value} yet. Choose another scheduler."
        ),
        "control": _(
            "The Horde does not know the control type {value} yet. Choose another control type."
        ),
    }
    for name, text in values.items():
        value = getattr(request, name)
        if value is not None and not rules.knows(name, value):
            yield name, _not_there(name, value, rules.title) or text.format(value=value)
    for name in NEWER_SETTINGS:
        if getattr(request, name) is not None and not rules.takes(name):
            text = _("The Horde does not know `{option}` yet. Leave it out.")
            yield name, text.format(option=name)


def _not_there(name: str, value: str, backend: str) -> str:
    """The sentence about a backend that is no Horde; "" for a Horde."""
    texts = {
        "sampler": _("{backend} does not have the sampler {name}. Choose another one."),
        "scheduler": _("{backend} does not have the scheduler {name}. Choose another one."),
    }
    if not backend or name not in texts:
        return ""
    return texts[name].format(backend=backend, name=f"`{value}`")


def _settings(request: ImageRequest, rules: SamplingRules, _bases: Bases) -> Found:
    facts = rules.samplers.get(request.sampler)
    if facts is None or not rules.newer:
        return
    for name in SAMPLER_SETTINGS:
        value, allowed = getattr(request, name), facts.settings.get(name)
        if value is None:
            continue
        if allowed is None:
            yield name, _useless(name, request.sampler)
        elif not allowed.fits(value):
            yield name, allowed.sentence(name, request.sampler)


def _solver(request: ImageRequest, rules: SamplingRules, _bases: Bases) -> Found:
    kind, facts = request.sampler_solver_type, rules.samplers.get(request.sampler)
    if kind is None or facts is None or not rules.newer or kind in facts.solver_types:
        return
    if not facts.solver_types:
        yield SOLVER_TYPE, _useless(SOLVER_TYPE, request.sampler)
        return
    text = _("`{option}` takes these values with the sampler {sampler}: {values}.")
    values = ", ".join(facts.solver_types)
    yield SOLVER_TYPE, text.format(option=SOLVER_TYPE, sampler=request.sampler, values=values)


def _useless(option: str, sampler: str) -> str:
    text = _(
        "`{option}` has no effect with the sampler {sampler}. Leave it out or choose another "
        "sampler."
    )
    return text.format(option=option, sampler=sampler)


def _schedule(request: ImageRequest, rules: SamplingRules, bases: Bases) -> Found:
    chosen = request.scheduler or (KARRAS if request.karras else NORMAL)
    name = "scheduler" if request.scheduler else "karras"
    if (request.sampler, chosen) in rules.refused_pairs:
        text = _(
            "The sampler {sampler} does not work with the scheduler {scheduler}. Choose another "
            "scheduler or sampler."
        )
        yield name, text.format(sampler=request.sampler, scheduler=chosen)
    works = rules.scheduler_bases.get(chosen)
    if works is not None and bases - works - {UNKNOWN}:
        text = _(
            "The scheduler {scheduler} does not work with this model. Choose another scheduler or "
            "model."
        )
        yield name, text.format(scheduler=chosen)


def _flow_shift(request: ImageRequest, _rules: SamplingRules, bases: Bases) -> Found:
    if request.flow_shift is not None and bases - FLOWING:
        yield (
            FLOW_SHIFT,
            _(
                "`flow_shift` works with Flux and Qwen models only. Leave it out or choose one of "
                "those models."
            ),
        )


def _control_strength(request: ImageRequest, _rules: SamplingRules, _bases: Bases) -> Found:
    if request.control_strength is not None and not (request.control or request.workflow):
        text = _("`{option}` needs `control`. Choose a type there or leave `{option}` out.")
        yield CONTROL_STRENGTH, text.format(option=CONTROL_STRENGTH)
