"""What people keep, and the requests that are composed from it."""

from collections.abc import Mapping
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog import Catalog
from bot.domain.people import Notify, Scope
from bot.domain.records import MessageRef, Origin, Payer, Record
from bot.domain.requests import (
    NO_CHOICES,
    Embedding,
    ImageChoices,
    ImageRequest,
    Lora,
    Source,
    merged,
)
from bot.domain.results import Phase
from bot.errors import BadOption, NotAllowed, UserError
from bot.parameters import saved_choices
from bot.parameters.flags import parse
from bot.services.history import FAVOURITES_MAX
from bot.services.presets import NAME_MAX, PRESETS_MAX
from tests.support.builders import FOX_CHOICES, HERE
from tests.support.fakes.preferences import Kept
from tests.support.layers import LAYER_VALUES, ModelCatalog, layer_of


class Empty(ModelCatalog):
    """Nothing is served."""

    def models(self, *_args: object, **_options: object) -> list[Any]:
        return []


@pytest.fixture
def kept() -> Kept:
    return Kept(cast("Catalog", Empty()))


async def stored_request(kept: Kept, number: int = 1, phase: Phase = Phase.DONE) -> Record:
    record = await kept.store.requests.add(
        interaction_id=number,
        backend="horde",
        user_id=7,
        guild_id=5,
        payer=Payer.BOT,
        request=ImageRequest(prompt="a fox"),
        message=MessageRef(channel_id=10),
        now=1.0,
    )
    changed = await kept.store.requests.change(record.id, phase=phase)
    assert changed is not None
    return changed


async def test_every_layer_outweighs_the_next(kept: Kept) -> None:
    await kept.defaults.save(Scope.GUILD, 5, ImageChoices(steps=1, cfg_scale=1, n=1, seed="1"))
    await kept.defaults.save(Scope.CHANNEL, 10, ImageChoices(steps=2, cfg_scale=2, n=2))
    await kept.defaults.save(Scope.USER, 7, ImageChoices(steps=3, cfg_scale=3))
    await kept.presets.save(7, "four", ImageChoices(steps=4, negative="fog"))
    request = await kept.compose(
        HERE, merged(ImageChoices(negative="rain", preset="FOUR"), FOX_CHOICES)
    )
    assert (request.steps, request.cfg_scale, request.n) == (4, 3, 2)
    assert (request.seed, request.negative) == ("1", "rain")
    elsewhere = Origin(2, 7, None, MessageRef(channel_id=11))
    alone = await kept.compose(elsewhere, FOX_CHOICES)
    assert (alone.steps, alone.n, alone.seed) == (3, 1, "")


async def test_a_thread_has_the_defaults_of_its_parent(kept: Kept) -> None:
    await kept.defaults.save(Scope.CHANNEL, 10, ImageChoices(steps=2))
    thread = Origin(2, 7, 5, MessageRef(channel_id=77), home=10)
    assert (await kept.compose(thread, FOX_CHOICES)).steps == 2


async def test_only_leaves_everything_out_that_is_kept(kept: Kept) -> None:
    await kept.defaults.save(Scope.USER, 7, ImageChoices(steps=3))
    await kept.presets.save(7, "four", ImageChoices(cfg_scale=4))
    request = await kept.compose(HERE, merged(ImageChoices(preset="four", only=True), FOX_CHOICES))
    usual = ModelCatalog().newcomer()
    assert (request.steps, request.cfg_scale) == (usual.steps, usual.cfg_scale)


async def test_what_is_kept_about_a_source_counts_only_with_one(kept: Kept) -> None:
    await kept.defaults.save(Scope.USER, 7, ImageChoices(strength=0.3, control="canny"))
    await kept.presets.save(7, "over", ImageChoices(strength=0.4))
    plain = await kept.compose(HERE, merged(ImageChoices(preset="over"), FOX_CHOICES))
    assert (plain.mode, plain.strength, plain.control) == (None, None, None)
    source = Source(url="https://x/y.png", width=64, height=64)
    over = await kept.compose(HERE, merged(ImageChoices(source=source, preset="over"), FOX_CHOICES))
    assert (over.mode, over.strength, over.control) == ("img2img", 0.4, "canny")


async def test_an_unknown_preset_is_said(kept: Kept) -> None:
    with pytest.raises(BadOption, match="no preset"):
        await kept.compose(HERE, merged(ImageChoices(preset="nothing"), FOX_CHOICES))
    await kept.presets.save(7, "Böse `Füchse`", ImageChoices(steps=3))
    with pytest.raises(BadOption, match=r"Did you mean `Böse 'Füchse'`\?"):
        await kept.presets.get(7, None, "bose fuchse")
    with pytest.raises(BadOption, match="Did you mean"):
        await kept.presets.drop(Scope.USER, 7, "böse füchs")


async def test_mine_come_before_those_of_the_server(kept: Kept) -> None:
    await kept.presets.save(8, "Dusk", ImageChoices(steps=8))
    await kept.presets.share(8, 5, "dusk")
    assert (await kept.presets.get(7, 5, "DUSK")).made_by == 8
    with pytest.raises(BadOption):
        await kept.presets.get(7, None, "dusk")
    await kept.presets.save(7, "dusk", ImageChoices(steps=7))
    assert saved_choices.load_choices(
        (await kept.presets.get(7, 5, "dusk")).choices
    ) == ImageChoices(steps=7)
    assert [one.owner for one in await kept.presets.list(7, 5)] == [Scope.USER]
    assert [one.owner for one in await kept.presets.list(8, 5, "du")] == [Scope.USER]
    assert [one.owner for one in await kept.presets.list(9, 5, "US")] == [Scope.GUILD]
    assert await kept.presets.list(9, 5, "dawn") == []
    with pytest.raises(BadOption):
        await kept.presets.share(9, 5, "dusk")  # only one's own


@pytest.mark.parametrize("name", ["", "   ", "x" * (NAME_MAX + 1), "a\x07b"])
async def test_names_that_are_none(kept: Kept, name: str) -> None:
    with pytest.raises(BadOption, match=f"1 to {NAME_MAX} characters"):
        await kept.presets.save(7, name, ImageChoices(steps=1))


async def test_an_empty_preset_is_refused(kept: Kept) -> None:
    with pytest.raises(BadOption, match="would be empty"):
        await kept.presets.save(
            7, "empty", merged(ImageChoices(preset="other", private=True), FOX_CHOICES)
        )


async def test_there_is_an_end_to_presets(kept: Kept) -> None:
    for number in range(PRESETS_MAX):
        await kept.presets.save(7, f"preset {number}", ImageChoices(steps=1))
    with pytest.raises(UserError, match="/preset delete"):
        await kept.presets.save(7, "one more", ImageChoices(steps=1))
    await kept.presets.drop(Scope.USER, 7, "PRESET 3")
    await kept.presets.save(7, "one more", ImageChoices(steps=1))
    with pytest.raises(BadOption):
        await kept.presets.drop(Scope.USER, 7, "preset 3")


async def test_a_usual_style_takes_the_place_of_a_usual_model(kept: Kept) -> None:
    await kept.defaults.save(Scope.USER, 7, ImageChoices(models=("Dreamshaper",), steps=9))
    await kept.defaults.make_usual(7, ImageChoices(style="dusk"))
    assert await kept.defaults.get(Scope.USER, 7) == ImageChoices(style="dusk", steps=9)
    await kept.defaults.make_usual(7, ImageChoices(models=("Deliberate",)))
    usual = await kept.defaults.get(Scope.USER, 7)
    assert usual == ImageChoices(models=("Deliberate",), steps=9)


async def test_defaults_are_added_to_and_cleared(kept: Kept) -> None:
    await kept.defaults.save(Scope.USER, 7, ImageChoices(steps=3, shape="wide"))
    together = await kept.defaults.save(Scope.USER, 7, ImageChoices(width=512, n=2))
    assert together == ImageChoices(steps=3, width=512, n=2)  # a side takes the place of a shape
    assert await kept.defaults.get(Scope.USER, 7) == together
    await kept.defaults.replace(Scope.USER, 7, ImageChoices(seed="1", prompt="not kept"))
    assert await kept.defaults.get(Scope.USER, 7) == ImageChoices(seed="1")
    await kept.defaults.replace(Scope.USER, 7, NO_CHOICES)
    assert await kept.defaults.get(Scope.USER, 7) == NO_CHOICES
    await kept.defaults.save(Scope.USER, 7, ImageChoices(steps=3))
    await kept.defaults.clear(Scope.USER, 7)
    assert await kept.defaults.layers(HERE) == (NO_CHOICES,) * 4


async def test_how_one_wants_to_hear(kept: Kept) -> None:
    await kept.people.save_notify(7, Notify.MENTION)
    assert await kept.people.notify(7) is Notify.MENTION
    assert await kept.people.notify(8) is Notify.OFF


async def test_only_ones_own_results_are_saved_and_only_once_over(kept: Kept) -> None:
    record, running = await stored_request(kept, 1), await stored_request(kept, 2, Phase.WAITING)
    await kept.history.favour(record.id, 7, on=True)
    assert await kept.history.favoured([record, running]) == {record.id}
    with pytest.raises(NotAllowed):
        await kept.history.favour(record.id, 8, on=False)
    with pytest.raises(UserError, match="still open"):
        await kept.history.favour(running.id, 7, on=True)
    with pytest.raises(UserError, match="no longer stored"):
        await kept.history.favour(999, 7, on=True)
    await kept.history.favour(record.id, 7, on=False)
    assert await kept.history.favoured([record]) == set()


async def test_there_is_an_end_to_what_one_saves(kept: Kept) -> None:
    records = [await stored_request(kept, number) for number in range(1, FAVOURITES_MAX + 2)]
    for record in records[:-1]:
        await kept.history.favour(record.id, 7, on=True)
    with pytest.raises(UserError, match="/history"):
        await kept.history.favour(records[-1].id, 7, on=True)


# Choices as JSON and as flags

MORE: Mapping[str, tuple[Any, ...]] = {
    "style": ("fantasy", ""),
    "loras": ((Lora(name="a: b", model=0.5, clip=-2, trigger="any"), Lora(name="1")), ()),
    "embeddings": ((Embedding(name="7808", inject="negprompt", strength=1.2),), ()),
    "workers": (("one", "two"), ()),
    "expand": ((0, 64, 0, 128),),
    "parts": (("top left", "middle"),),
    "negative": ('say "no", \\ --steps 5', ""),
}
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(values) for name, values in (dict(LAYER_VALUES) | MORE).items()
    },
)
SIZES = st.sampled_from(
    [
        *({}, {"shape": "tall"}, {"width": 512}, {"height": 640}),
        {"width": 512, "height": 640},
    ]
)


def same(choices: ImageChoices) -> dict[str, Any]:
    """Without what follows from the others."""
    left = choices.values()
    if left.get("hires_strength") is None or not left.get("hires_fix"):
        left.pop("hires_strength", None)
    for name in ("mode", "worker_blacklist"):
        left.pop(name, None)
    for name in ("hires_fix", "clip_skip", "seed_variation", "face_strength"):
        if left.get(name) in (None, False):
            left.pop(name, None)
    return left


@settings(max_examples=400)
@given(CHOICES, SIZES)
def test_choices_come_back_from_json_and_from_flags(
    chosen: dict[str, Any], size: dict[str, Any]
) -> None:
    choices = layer_of(chosen | size)
    assert saved_choices.load_choices(saved_choices.dump(choices)) == choices
    assert same(saved_choices.keepable(parse(saved_choices.text_of(choices)))) == same(choices)


def test_no_strength_of_its_own_does_not_take_the_second_pass_away() -> None:
    choices = ImageChoices(hires_fix=True, hires_strength=None)
    assert saved_choices.text_of(choices) == "--hires"
    off = ImageChoices(hires_fix=False, hires_strength=None)
    assert saved_choices.text_of(off) == "--no-hires"


def test_what_belongs_to_one_request_is_not_kept() -> None:
    source = Source(url="https://x/y.png")
    once = ImageChoices(prompt="x", source=source, mask=source, private=True, nsfw=True)
    choices = merged(once, ImageChoices(preset="other", only=True, steps=3))
    assert saved_choices.load_choices(saved_choices.dump(choices)) == ImageChoices(steps=3)


def test_what_this_version_does_not_know_is_left_out() -> None:
    text = '{"steps": 3, "moon": "full", "sampler": "k_gone", "shape": "round", "n": 99}'
    assert saved_choices.load_choices(text) == ImageChoices(steps=3)


def test_a_request_is_kept_with_all_that_made_it() -> None:
    request = ImageRequest(prompt="a fox", steps=9, loras=(Lora(name="1"),), seed="5", private=True)
    choices = saved_choices.choices_of_request(request)
    assert (choices.steps, choices.loras, choices.width) == (9, (Lora(name="1"),), 1024)
    assert not {"prompt", "private", "seed", "tiling"} & choices.names
