"""What a Horde accepts of samplers and schedulers, loaded in the background and kept on disk."""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from bot.aio.repeat import repeat
from bot.catalog.model_reference.reference_parser import BASELINES
from bot.domain.sampling_rules import OLDER, SamplerFacts, SamplingRules, ValueRange
from bot.errors import BackendError, FeatureMissing
from bot.horde.sampler_constraints import Sampler, SamplerConstraints
from bot.storage.atomic_file import write_whole

log = logging.getLogger(__name__)

EVERY = 6 * 3600.0  # seconds; it changes with a release of the server
MISSING_EVERY = 3600.0  # seconds until an older server is asked again; it may have been updated
REFUSED_EVERY = 60.0  # seconds between questions after refusals
AGAIN, AGAIN_MAX = 30.0, 1800.0  # seconds between attempts while it cannot be reached
SCHEMA = "1"  # the major version that is read


class ConstraintLister(Protocol):
    """The part of bot.horde.client that is needed here."""

    async def get_sampler_constraints(self) -> SamplerConstraints:
        """The samplers and schedulers of this server."""
        ...


class SamplingSource:
    """`rules`: those of one Horde that are known now; before the first answer, OLDER.

    `clock`: seconds; only differences count.
    """

    def __init__(
        self,
        lister: ConstraintLister,
        folder: Path,
        name: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rules: SamplingRules = OLDER
        self._lister = lister
        self._name = name
        self._path = folder / f"samplers-{name}.json"
        self._clock = clock
        self._refused = asyncio.Lock()
        self._refused_at: float | None = None

    async def run(self) -> None:
        """Load the stored copy, then a fresh one every six hours, for ever."""
        await self.load()
        await repeat(self._refresh, again=AGAIN, longest=AGAIN_MAX)

    async def refresh_after_refusal(self) -> None:
        """Ask at once, unless that was done within a minute. Without an answer the rules stay."""
        async with self._refused:
            if self._refused_at is not None and self._clock() - self._refused_at < REFUSED_EVERY:
                return
            self._refused_at = self._clock()
            await self._refresh()

    async def _refresh(self) -> float | None:
        try:
            known = await self.refresh()
        except BackendError as error:
            log.info("%s: its samplers cannot be listed: %s", self._name, error)
            return None
        return EVERY if known else MISSING_EVERY

    async def load(self) -> None:
        """Load the copy from disk. A broken one is ignored."""
        try:
            raw = await asyncio.to_thread(self._path.read_bytes)
            self.rules = rules_of(SamplerConstraints.model_validate_json(raw)) or OLDER
        except FileNotFoundError:
            return
        except (OSError, ValidationError) as error:
            log.warning("the stored samplers cannot be read: %s", type(error).__name__)

    async def refresh(self) -> bool:
        """Ask once. False for an older server, and for a schema that is not read.

        Raises BackendError; then the known rules stay.
        """
        try:
            found = await self._lister.get_sampler_constraints()
        except FeatureMissing:
            self.rules = OLDER
            return False
        rules = rules_of(found)
        self.rules = rules or OLDER
        if rules is not None:
            await asyncio.to_thread(self._write, found)
        return rules is not None

    def _write(self, found: SamplerConstraints) -> None:
        try:
            write_whole(self._path, found.model_dump_json().encode())
        except OSError as error:
            log.warning("the samplers of %s cannot be stored: %s", self._name, error.strerror)


def rules_of(found: SamplerConstraints) -> SamplingRules | None:
    """The document as rules; None for another major version, and without samplers."""
    if found.schema_version.partition(".")[0] != SCHEMA or not found.samplers:
        return None
    order = list(found.presentation_tiers.recommended)
    names = sorted(found.samplers, key=lambda name: (name not in order, name.casefold()))
    hard, advised = found.hard_constraints, found.advisories.cfg_pp_advised_max_cfg_scale
    return SamplingRules(
        samplers={name: _facts(found.samplers[name]) for name in names},
        refused_pairs=frozenset(
            (pair.sampler, pair.scheduler) for pair in hard.rejected_sampler_scheduler_pairings
        ),
        scheduler_bases={
            name: frozenset(BASELINES.get(base, base) for base in bases)
            for name, bases in hard.scheduler_baseline_applicability.items()
        },
        cfg_pp_max=2.0 if advised is None else advised,
        newer=True,
    )


def _facts(sampler: Sampler) -> SamplerFacts:
    return SamplerFacts(
        settings={
            name: ValueRange(each.minimum, each.maximum, each.integer_only)
            for name, each in sampler.accepted_settings.items()
        },
        solver_types=sampler.solver_type_choices,
        cfg_pp=sampler.applies_cfg_pp,
    )
