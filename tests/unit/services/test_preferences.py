"""What people keep, and the requests that are composed from it."""

from collections.abc import Mapping
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog import Catalog
from bot.domain.people import Notify, Scope
from bot.domain.records import MessageRef, Origin, Payer, Record
from bot.domain.requests import Embedding, ImageRequest, Kind, Lora, Source
from bot.domain.results import Phase
from bot.errors import BadOption, NotAllowed, UserError
from bot.parameters import saved_choices
from bot.parameters.flags import parse
from bot.services.preferences import FAVOURITES_MAX, NAME_MAX, PRESETS_MAX, Preferences
from bot.storage import Store
from bot.storage.database import Database
from tests.support.fakes.storage import connection
from tests.support.layers import VALUES, ModelCatalog

FOX = {"prompt": "a fox"}
HERE = Origin(1, 7, 5, MessageRef(channel_id=10), nsfw=False)


class Empty(ModelCatalog):
    """Nothing is served."""

    def models(self, *_args: object, **_options: object) -> list[Any]:
        return []


def memory_of() -> Preferences:
    disk = connection()
    return Preferences(Store(Database(disk, disk)), cast("Catalog", Empty()), lambda: 100.0)


@pytest.fixture
def memory() -> Preferences:
    return memory_of()


async def made(memory: Preferences, number: int = 1, phase: Phase = Phase.DONE) -> Record:
    store: Store = memory._store
    record = await store.requests.add(
        interaction_id=number,
        backend="horde",
        user_id=7,
        guild_id=5,
        payer=Payer.BOT,
        request=ImageRequest(prompt="a fox"),
        message=MessageRef(channel_id=10),
        now=1.0,
    )
    changed = await store.requests.change(record.id, phase=phase)
    assert changed is not None
    return changed


async def test_every_layer_outweighs_the_next(memory: Preferences) -> None:
    await memory.save_defaults(Scope.GUILD, 5, {"steps": 1, "cfg_scale": 1, "n": 1, "seed": "1"})
    await memory.save_defaults(Scope.CHANNEL, 10, {"steps": 2, "cfg_scale": 2, "n": 2})
    await memory.save_defaults(Scope.USER, 7, {"steps": 3, "cfg_scale": 3})
    await memory.save_preset(7, "four", {"steps": 4, "negative": "fog"})
    request = await memory.compose(HERE, FOX | {"negative": "rain"}, {"preset": "FOUR"})
    assert (request.steps, request.cfg_scale, request.n) == (4, 3, 2)
    assert (request.seed, request.negative) == ("1", "rain")
    elsewhere = Origin(2, 7, None, MessageRef(channel_id=11))
    alone = await memory.compose(elsewhere, FOX)
    assert (alone.steps, alone.n, alone.seed) == (3, 1, "")


async def test_a_thread_has_the_defaults_of_its_parent(memory: Preferences) -> None:
    await memory.save_defaults(Scope.CHANNEL, 10, {"steps": 2})
    thread = Origin(2, 7, 5, MessageRef(channel_id=77), home=10)
    assert (await memory.compose(thread, FOX)).steps == 2


async def test_only_leaves_everything_out_that_is_kept(memory: Preferences) -> None:
    await memory.save_defaults(Scope.USER, 7, {"steps": 3})
    await memory.save_preset(7, "four", {"cfg_scale": 4})
    request = await memory.compose(HERE, FOX | {"preset": "four"}, {"only": True})
    usual = ModelCatalog().newcomer()
    assert (request.steps, request.cfg_scale) == (usual.steps, usual.cfg_scale)


async def test_what_is_kept_about_a_source_counts_only_with_one(memory: Preferences) -> None:
    await memory.save_defaults(Scope.USER, 7, {"strength": 0.3, "control": "canny"})
    await memory.save_preset(7, "over", {"strength": 0.4})
    plain = await memory.compose(HERE, FOX | {"preset": "over"})
    assert (plain.mode, plain.strength, plain.control) == (None, None, None)
    source = Source(url="https://x/y.png", width=64, height=64)
    over = await memory.compose(HERE, FOX | {"source": source, "preset": "over"})
    assert (over.mode, over.strength, over.control) == ("img2img", 0.4, "canny")


async def test_an_unknown_preset_is_said(memory: Preferences) -> None:
    with pytest.raises(BadOption, match="no preset"):
        await memory.compose(HERE, FOX | {"preset": "nothing"})
    await memory.save_preset(7, "Böse `Füchse`", {"steps": 3})
    with pytest.raises(BadOption, match=r"Did you mean `Böse 'Füchse'`\?"):
        await memory.preset(7, None, "bose fuchse")
    with pytest.raises(BadOption, match="Did you mean"):
        await memory.drop_preset(Scope.USER, 7, "böse füchs")


async def test_mine_come_before_those_of_the_server(memory: Preferences) -> None:
    await memory.save_preset(8, "Dusk", {"steps": 8})
    await memory.share_preset(8, 5, "dusk")
    assert (await memory.preset(7, 5, "DUSK")).made_by == 8
    with pytest.raises(BadOption):
        await memory.preset(7, None, "dusk")
    await memory.save_preset(7, "dusk", {"steps": 7})
    assert saved_choices.load_choices((await memory.preset(7, 5, "dusk")).choices) == {"steps": 7}
    assert [one.owner for one in await memory.presets(7, 5)] == [Scope.USER]
    assert [one.owner for one in await memory.presets(8, 5, "du")] == [Scope.USER]
    assert [one.owner for one in await memory.presets(9, 5, "US")] == [Scope.GUILD]
    assert await memory.presets(9, 5, "dawn") == []
    with pytest.raises(BadOption):
        await memory.share_preset(9, 5, "dusk")  # only one's own


@pytest.mark.parametrize("name", ["", "   ", "x" * (NAME_MAX + 1), "a\x07b"])
async def test_names_that_are_none(memory: Preferences, name: str) -> None:
    with pytest.raises(BadOption, match=f"1 to {NAME_MAX} characters"):
        await memory.save_preset(7, name, {"steps": 1})


async def test_an_empty_preset_is_refused(memory: Preferences) -> None:
    with pytest.raises(BadOption, match="nothing to keep"):
        await memory.save_preset(7, "empty", FOX | {"preset": "other", "private": True})


async def test_there_is_an_end_to_presets(memory: Preferences) -> None:
    for number in range(PRESETS_MAX):
        await memory.save_preset(7, f"preset {number}", {"steps": 1})
    with pytest.raises(UserError, match="/preset delete"):
        await memory.save_preset(7, "one more", {"steps": 1})
    await memory.drop_preset(Scope.USER, 7, "PRESET 3")
    await memory.save_preset(7, "one more", {"steps": 1})
    with pytest.raises(BadOption):
        await memory.drop_preset(Scope.USER, 7, "preset 3")


async def test_a_usual_style_takes_the_place_of_a_usual_model(memory: Preferences) -> None:
    await memory.save_defaults(Scope.USER, 7, {"models": ("Dreamshaper",), "steps": 9})
    await memory.make_usual(7, {"style": "dusk"})
    assert await memory.defaults(Scope.USER, 7) == {"style": "dusk", "steps": 9}
    await memory.make_usual(7, {"models": ("Deliberate",)})
    assert await memory.defaults(Scope.USER, 7) == {"models": ("Deliberate",), "steps": 9}


async def test_defaults_are_added_to_and_cleared(memory: Preferences) -> None:
    await memory.save_defaults(Scope.USER, 7, {"steps": 3, "shape": "wide"})
    together = await memory.save_defaults(Scope.USER, 7, {"width": 512, "n": 2})
    assert together == {"steps": 3, "width": 512, "n": 2}  # a side takes the place of a shape
    assert await memory.defaults(Scope.USER, 7) == together
    await memory.replace_defaults(Scope.USER, 7, {"seed": "1", "prompt": "not kept"})
    assert await memory.defaults(Scope.USER, 7) == {"seed": "1"}
    await memory.replace_defaults(Scope.USER, 7, {})
    assert await memory.defaults(Scope.USER, 7) == {}
    await memory.save_defaults(Scope.USER, 7, {"steps": 3})
    await memory.clear_defaults(Scope.USER, 7)
    assert await memory.choices(HERE) == ({}, {}, {})


async def test_how_one_wants_to_hear(memory: Preferences) -> None:
    await memory.save_notify(7, Notify.MENTION)
    assert await memory.notify(7) is Notify.MENTION
    assert await memory.notify(8) is Notify.OFF


async def test_only_ones_own_results_are_saved_and_only_once_over(memory: Preferences) -> None:
    record, running = await made(memory, 1), await made(memory, 2, Phase.WAITING)
    await memory.favour(record.id, 7, on=True)
    assert await memory.favoured([record, running]) == {record.id}
    with pytest.raises(NotAllowed):
        await memory.favour(record.id, 8, on=False)
    with pytest.raises(UserError, match="under way"):
        await memory.favour(running.id, 7, on=True)
    with pytest.raises(UserError, match="no longer remembered"):
        await memory.favour(999, 7, on=True)
    await memory.favour(record.id, 7, on=False)
    assert await memory.favoured([record]) == set()


async def test_there_is_an_end_to_what_one_saves(memory: Preferences) -> None:
    records = [await made(memory, number) for number in range(1, FAVOURITES_MAX + 2)]
    for record in records[:-1]:
        await memory.favour(record.id, 7, on=True)
    with pytest.raises(UserError, match="/history"):
        await memory.favour(records[-1].id, 7, on=True)


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
    optional={name: st.sampled_from(values) for name, values in (dict(VALUES) | MORE).items()},
)
SIZES = st.sampled_from(
    [
        *({}, {"shape": "tall"}, {"width": 512}, {"height": 640}),
        {"width": 512, "height": 640},
    ]
)


def same(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Without what follows from the others."""
    left = dict(choices)
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
    choices = chosen | size
    assert saved_choices.load_choices(saved_choices.dump(choices)) == choices
    assert same(saved_choices.keepable(parse(saved_choices.text_of(choices)))) == same(choices)


def test_no_strength_of_its_own_does_not_take_the_second_pass_away() -> None:
    choices = {"hires_fix": True, "hires_strength": None}
    assert saved_choices.text_of(choices) == "--hires"
    assert saved_choices.text_of({"hires_fix": False, "hires_strength": None}) == "--no-hires"


def test_what_belongs_to_one_request_is_not_kept() -> None:
    source = Source(url="https://x/y.png")
    choices = {"prompt": "x", "source": source, "mask": source, "private": True, "nsfw": True}
    assert saved_choices.load_choices(
        saved_choices.dump(choices | {"preset": "other", "only": True, "steps": 3})
    ) == {"steps": 3}


def test_what_this_version_does_not_know_is_left_out() -> None:
    text = '{"steps": 3, "moon": "full", "sampler": "k_gone", "shape": "round", "n": 99}'
    assert saved_choices.load_choices(text) == {"steps": 3}


def test_a_request_is_kept_with_all_that_made_it() -> None:
    request = ImageRequest(prompt="a fox", steps=9, loras=(Lora(name="1"),), seed="5", private=True)
    choices = saved_choices.choices_of_request(request)
    assert (choices["steps"], choices["loras"], choices["width"]) == (9, (Lora(name="1"),), 1024)
    assert not {"prompt", "private", "seed", "tiling"} & choices.keys()
    assert Kind.IMAGE not in choices.values()
