"""Samplers, schedulers, LoRAs and embeddings that a backend lists as its own."""

from pathlib import Path
from typing import Any, cast

import pytest

from bot.backends.values import NOT_TOLD, Model, OfferedNames
from bot.catalog import Catalog, mark
from bot.domain.capabilities import Capabilities
from bot.domain.requests import ImageChoices, ImageRequest, Kind, Lora
from bot.errors import BadOption, NotAllowed
from bot.parameters.flags import suggestions, values_of
from bot.parameters.sampling_checks import check_sampling, fitted
from bot.rules.guild_settings import NO_RULES, GuildSettings
from tests.support.builders import GUILD_ID, HERE
from tests.support.fakes.preferences import Kept


class FakeBackend:
    """Only what a catalog asks of a backend."""

    def __init__(self, offered: OfferedNames) -> None:
        self.capabilities = Capabilities(title="studio")
        self._offered = offered

    async def models(self, kind: Kind) -> tuple[Model, ...]:
        return (Model("SDXL 1.0", kind, 1, 0),)

    async def names(self) -> OfferedNames:
        return self._offered


OWN = OfferedNames(
    samplers=("k_euler", "k_heun"),
    schedulers=("beta",),
    loras=("ink wash", "lanterns"),
    embeddings=("EasyNegative",),
)


async def catalog_of_own(tmp_path: Path) -> Catalog:
    backends = {"horde": FakeBackend(NOT_TOLD), "gpu": FakeBackend(OWN)}
    catalog = Catalog(cast("Any", backends), tmp_path)
    await catalog.refresh()
    return catalog


async def test_own_names_of_a_backend_are_suggested_there_alone(tmp_path: Path) -> None:
    catalog, there = await catalog_of_own(tmp_path), GuildSettings(backend="gpu")
    assert [addon.id for addon in catalog.loras("ink", rules=there)] == ["ink wash"]
    assert [addon.id for addon in catalog.embeddings(rules=there)] == ["EasyNegative"]
    assert catalog.loras() == catalog.embeddings() == []
    assert values_of("sampler", "", catalog, there) == ["k_euler", "k_heun"]
    assert values_of("scheduler", "", catalog, there) == ["beta"]
    assert "k_dpmpp_2m" in values_of("sampler", "", catalog, NO_RULES)
    assert '--lora "ink wash"' in suggestions("--lora i", catalog, rules=there)


async def test_a_sampler_that_the_own_backend_lacks_is_refused_with_its_name(
    tmp_path: Path,
) -> None:
    catalog, there = await catalog_of_own(tmp_path), GuildSettings(backend="gpu")
    request = ImageRequest(prompt="a fox", sampler="k_lms", models=("SDXL 1.0",))
    with pytest.raises(BadOption, match="studio does not have the sampler `k_lms`"):
        check_sampling(catalog, request, there)
    usual = fitted(request, catalog.sampling(there), frozenset(), frozenset())
    assert usual.sampler == "k_euler"
    beta = request.model_copy(update={"sampler": "k_heun", "scheduler": "beta"})
    check_sampling(catalog, beta, there)


async def test_own_loras_are_blocked_by_their_names(tmp_path: Path) -> None:
    catalog = await catalog_of_own(tmp_path)
    there = GuildSettings(backend="gpu", loras_blocked=("ink wash",))
    assert [addon.id for addon in catalog.loras(rules=there)] == ["lanterns"]
    assert catalog.lora_marked(mark("ink wash"), there) is None
    assert catalog.offers_lora(Lora(name="lanterns"), there)
    assert not catalog.offers_lora(Lora(name="ink wash"), there)


async def test_a_blocked_lora_is_refused_as_a_tag_of_the_prompt_too(tmp_path: Path) -> None:
    able = Capabilities(title="studio", lora_tags=True)
    kept = Kept(await catalog_of_own(tmp_path), {"horde": Capabilities(), "gpu": able})
    rules = GuildSettings(backend="gpu", loras_blocked=("ink wash",))
    await kept.guilds.change(GUILD_ID, lambda _: rules)
    request = await kept.compose(HERE, ImageChoices(prompt="a fox <lora:ink wash:0.5>"))
    assert (request.prompt, [lora.name for lora in request.loras]) == ("a fox", ["ink wash"])
    with pytest.raises(NotAllowed, match="ink wash"):
        await kept.admit(HERE, request)
