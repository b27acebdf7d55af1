"""The samplers of a server: loaded, refreshed, kept on disk."""

import asyncio
from pathlib import Path

from bot.catalog.public_sources import PublicSources
from bot.catalog.sampling_source import REFUSED_EVERY, SamplingSource, rules_of
from bot.domain.requests import ImageRequest
from bot.domain.sampling_rules import OLDER
from bot.errors import BackendDown, BackendError, FeatureMissing
from bot.horde.missing_features import Feature
from bot.horde.sampler_constraints import SamplerConstraints
from sandbox.horde.newer.sampler_constraints import document
from tests.support.json_types import Json


class FakeLister:
    """Answers with the document, or with the error."""

    def __init__(self, answer: SamplerConstraints | BackendError) -> None:
        self.answer = answer
        self.asked = 0

    async def get_sampler_constraints(self) -> SamplerConstraints:
        self.asked += 1
        if isinstance(self.answer, BackendError):
            raise self.answer
        return self.answer


def constraints(**changes: object) -> SamplerConstraints:
    found: Json = document() | changes
    return SamplerConstraints.model_validate(found)


MISSING = FeatureMissing("not yet", feature=Feature.SAMPLER_CONSTRAINTS)


async def test_newer_server_is_read_and_kept(tmp_path: Path) -> None:
    source = SamplingSource(FakeLister(constraints()), tmp_path, "horde")
    assert source.rules is OLDER
    assert await source.refresh()
    assert source.rules.newer
    assert source.rules.refused_pairs == {("dpmpp_3m_sde", "normal")}
    assert source.rules.scheduler_bases["gits"] == {"sd15", "sdxl"}
    next_run = SamplingSource(FakeLister(BackendDown("down")), tmp_path, "horde")
    await next_run.load()
    assert next_run.rules == source.rules


async def test_outage_keeps_the_last_copy(tmp_path: Path) -> None:
    lister = FakeLister(constraints())
    source = SamplingSource(lister, tmp_path, "horde")
    await source.refresh()
    known, lister.answer = source.rules, BackendDown("down")
    try:
        await source.refresh()
    except BackendDown:
        assert source.rules is known
    else:
        raise AssertionError


async def test_older_server_has_the_table_of_the_bot(tmp_path: Path) -> None:
    lister = FakeLister(constraints())
    source = SamplingSource(lister, tmp_path, "horde")
    await source.refresh()
    lister.answer = MISSING  # it was set back
    assert not await source.refresh()
    assert source.rules is OLDER


async def test_broken_copy_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "samplers-horde.json").write_text("{", encoding="utf-8")
    source = SamplingSource(FakeLister(MISSING), tmp_path, "horde")
    await source.load()
    assert source.rules is OLDER


async def test_refused_setting_is_asked_again_and_says_the_new_range(tmp_path: Path) -> None:
    lister = FakeLister(constraints())
    now = 0.0
    source = SamplingSource(lister, tmp_path, "horde", lambda: now)
    sources = PublicSources(sampling={"horde": source})
    await source.refresh()
    allowed = ImageRequest(prompt="a fox", sampler="k_euler_a", sampler_eta=0.5)
    assert await sources.sampling_refusal("horde", allowed) == ""  # the Horde means another thing
    changed = document()
    changed["samplers"]["k_euler_a"]["accepted_settings"]["sampler_eta"]["maximum"] = 0.25
    lister.answer = SamplerConstraints.model_validate(changed)
    assert await sources.sampling_refusal("horde", allowed) == ""
    assert lister.asked == 2  # not again within a minute
    now += REFUSED_EVERY
    said = await sources.sampling_refusal("horde", allowed)
    assert said == "`sampler_eta` takes a number from 0 to 0.25 with the sampler k_euler_a."
    now += REFUSED_EVERY
    assert await sources.sampling_refusal("horde", allowed) == said
    assert lister.asked == 3  # the known rules explain the refusal


async def test_sampler_that_was_removed_is_named(tmp_path: Path) -> None:
    lister = FakeLister(constraints())
    source = SamplingSource(lister, tmp_path, "horde")
    sources = PublicSources(sampling={"horde": source})
    await source.refresh()
    request = ImageRequest(prompt="a fox", sampler="dpmpp_2m_sde")
    lister.answer = MISSING  # it was set back
    both = await asyncio.gather(*(sources.sampling_refusal("horde", request) for _ in range(2)))
    assert lister.asked == 2
    assert len(set(both)) == 1
    assert "does not know the sampler dpmpp_2m_sde yet" in both[0]
    assert await sources.sampling_refusal("another", request) == ""


async def test_outage_after_a_refusal_keeps_the_rules(tmp_path: Path) -> None:
    lister = FakeLister(constraints())
    source = SamplingSource(lister, tmp_path, "horde")
    await source.refresh()
    known, lister.answer = source.rules, BackendDown("down")
    await source.refresh_after_refusal()
    assert source.rules is known


def test_minor_version_is_read_and_another_major_version_not() -> None:
    assert rules_of(constraints(schema_version="1.7")) is not None
    assert rules_of(constraints(schema_version="2.0")) is None
    assert rules_of(constraints(samplers={})) is None
