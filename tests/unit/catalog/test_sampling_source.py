"""The samplers of a server: loaded, refreshed, kept on disk."""

from pathlib import Path

from bot.catalog.sampling_source import SamplingSource, rules_of
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

    async def get_sampler_constraints(self) -> SamplerConstraints:
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


def test_minor_version_is_read_and_another_major_version_not() -> None:
    assert rules_of(constraints(schema_version="1.7")) is not None
    assert rules_of(constraints(schema_version="2.0")) is None
    assert rules_of(constraints(samplers={})) is None
