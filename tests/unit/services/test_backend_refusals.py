"""Requests to a backend that cannot do everything: refused before they are paid, or without it."""

from typing import Any

import pytest
from hypothesis import given

from bot.backends.values import Model
from bot.catalog.served_models import ModelIndex
from bot.domain.backend_gaps import gap_of
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.people import Scope
from bot.domain.records import MessageRef, Origin
from bot.domain.requests import (
    AlchemyRequest,
    ExtraText,
    ImageChoices,
    ImageRequest,
    Kind,
    Lora,
    Request,
    Source,
    TextRequest,
    merged,
)
from bot.errors import NotAllowed
from bot.rules.guild_settings import GuildSettings
from bot.rules.request_context import RequestContext
from bot.services.backend_refusals import check_choices, check_request
from tests.support.abilities import CAPABILITIES
from tests.support.builders import FOX_CHOICES, GUILD_ID, HERE
from tests.support.catalogs import STYLE_ID, catalog_with_styles
from tests.support.fakes.preferences import Kept
from tests.support.flag_strategies import requests

OWN_GPU = Capabilities(
    title="own-gpu",
    kinds=frozenset({Kind.IMAGE, Kind.ALCHEMY}),
    image_fields=frozenset({"width", "height", "steps", "seed"}),
    forms=frozenset({"caption"}),
    results_max=2,
)
ADVICE = "AI Horde can do this: an administrator can choose it with `/server backend`."
DIRECT = Origin(2, 7, None, MessageRef(channel_id=11))
SOURCE = Source(url="https://x/y.png")


async def kept_with(able: Capabilities = OWN_GPU) -> Kept:
    """A server that uses the backend `gpu` beside a Horde; direct messages use it, too."""
    catalog = catalog_with_styles(backends=("gpu", "horde"))
    catalog._shelves["gpu", Kind.IMAGE] = ModelIndex([Model("Local", Kind.IMAGE, 1, 0)])
    kept = Kept(catalog, {"gpu": able, "horde": HORDE})
    await kept.guilds.change(GUILD_ID, lambda _: GuildSettings(backend="gpu"))
    return kept


@pytest.mark.parametrize(
    ("choices", "because"),
    [
        ({"tiling": True}, "own-gpu is used here and does not have the option `tiling`"),
        ({"loras": (Lora(name="1"),), "clip_skip": 2}, "the options `clip-skip` and `lora`"),
        ({"source": SOURCE, "strength": 0.5}, "the option `image`"),
        ({"style": STYLE_ID}, "the option `style`"),
        ({"sampler": "k_heun"}, "the option `sampler`"),
        ({"n": 3}, "makes at most 2 results"),
    ],
)
async def test_chosen_options_that_the_backend_lacks_are_refused(
    choices: dict[str, Any], because: str
) -> None:
    kept = await kept_with()
    asked = merged(ImageChoices(**choices), FOX_CHOICES)
    with pytest.raises(NotAllowed) as refused:
        await kept.compose(HERE, asked)
    assert because in str(refused.value)
    assert str(refused.value).endswith(ADVICE)
    with pytest.raises(NotAllowed) as refused:
        await kept.compose(DIRECT, asked)
    assert "/server" not in str(refused.value)


@pytest.mark.parametrize(
    ("request_", "because"),
    [
        (TextRequest(prompt="x"), "own-gpu is used here and writes no texts."),
        (AlchemyRequest(source=SOURCE, forms=("nsfw",)), "does not have the form `nsfw`"),
        (ImageRequest(prompt="x", source=SOURCE), "does not have the option `image`"),
    ],
)
async def test_other_requests_are_refused_too(request_: Request, because: str) -> None:
    kept = await kept_with()
    with pytest.raises(NotAllowed, match=because):
        await kept.admit(HERE, request_)


async def test_a_default_that_the_backend_lacks_is_dropped() -> None:
    kept = await kept_with()
    chosen = ImageChoices(models=("Deliberate",), tiling=True, n=4, steps=12, style="dusk")
    await kept.defaults.save(Scope.USER, 7, chosen)
    found = await kept.compose(HERE, FOX_CHOICES)
    assert (found.tiling, found.n, found.steps, found.style) == (False, 2, 12, "")
    assert found.models in {(), ("Local",)}
    assert found.ignored == ()


async def test_a_preset_keeps_what_is_possible_and_names_the_rest() -> None:
    kept = await kept_with()
    chosen = ImageChoices(models=("Deliberate",), tiling=True, n=4, steps=12)
    await kept.presets.save(7, "mine", chosen)
    found = await kept.compose(HERE, merged(ImageChoices(preset="mine"), FOX_CHOICES))
    assert (found.tiling, found.n, found.steps) == (False, 2, 12)
    assert found.ignored == ("tiling", "count", "model")


async def test_a_model_that_no_backend_has_may_come_back_to_a_horde() -> None:
    kept = await kept_with()
    await kept.guilds.change(GUILD_ID, lambda _: GuildSettings(backend="horde"))
    await kept.defaults.save(Scope.USER, 7, ImageChoices(models=("Sleeping",)))
    assert (await kept.compose(HERE, FOX_CHOICES)).models == ("Sleeping",)
    await kept.defaults.save(Scope.USER, 7, ImageChoices(models=("Local",)))
    assert (await kept.compose(HERE, FOX_CHOICES)).models != ("Local",)


async def test_an_earlier_request_loses_what_another_backend_filled_in() -> None:
    kept = await kept_with()
    context = await kept.guilds.context(HERE)
    earlier = ImageRequest(prompt="x", models=("Deliberate",), cfg_scale=4, karras=False, steps=9)
    await kept.admit(HERE, earlier)
    placed = kept.placed(context, earlier)
    assert isinstance(placed, ImageRequest)
    assert (placed.cfg_scale, placed.karras, placed.steps) == (7.0, True, 9)
    assert (placed.models, placed.ignored) == ((), ("model",))


async def test_a_backend_without_workers_chooses_the_model_itself() -> None:
    kept = await kept_with()
    placed = kept.placed(await kept.guilds.context(HERE), ImageRequest(prompt="x"))
    assert isinstance(placed, ImageRequest)
    assert placed.models == ()


async def test_a_backend_without_workers_gets_a_model_that_is_not_blocked() -> None:
    kept = await kept_with()
    blocked = GuildSettings(backend="gpu", models_blocked=("Other",))
    await kept.guilds.change(GUILD_ID, lambda _: blocked)
    placed = kept.placed(await kept.guilds.context(HERE), ImageRequest(prompt="x"))
    assert isinstance(placed, ImageRequest)
    assert placed.models == ("Local",)


@given(requests(), CAPABILITIES)
def test_a_refusal_has_two_sentences_and_names_the_backend(
    request: ImageRequest, able: Capabilities
) -> None:
    context = RequestContext(HERE, backend="gpu", capabilities=able)
    if not gap_of(request, able):
        return
    with pytest.raises(NotAllowed) as refused:
        check_request(context, request, {"gpu": able, "horde": HORDE})
    assert str(refused.value).startswith("own-gpu is used here and ")
    assert str(refused.value).endswith(ADVICE)


def test_a_refused_qr_code_names_no_field() -> None:
    code = ImageChoices(workflow="qr_code", texts=(ExtraText(text="x", reference="qr_code"),))
    context = RequestContext(HERE, backend="gpu", capabilities=OWN_GPU)
    with pytest.raises(NotAllowed, match="own-gpu is used here and makes no QR codes"):
        check_choices(context, code, {"gpu": OWN_GPU})
