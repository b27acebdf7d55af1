"""What people type reaches requests, the database and file names: as text, and as nothing else."""

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.markdown import clean, code_block, inline_code, line, safe, safe_line, units
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.people import Preset, Scope, preset_key
from bot.domain.records import MessageRef, Origin, Payer, Record
from bot.domain.requests import (
    NO_CHOICES,
    PROMPT_MAX,
    AlchemyRequest,
    ImageChoices,
    ImageRequest,
    Source,
    TextRequest,
    build,
)
from bot.errors import BadOption, SpoolError
from bot.parameters.flags import parse
from bot.parameters.saved_choices import dump
from bot.pipeline.tracking.result_download import _slug
from bot.storage import Store
from bot.storage.files import ResultFiles
from bot.ui.history.history_view import searched
from bot.ui.server.import_export import parsed
from tests.support.hostile_texts import HOSTILE_TEXTS, UNSEEN, harm_in

PROMPT_PIECES = st.lists(
    st.sampled_from([*HOSTILE_TEXTS.values()]) | st.text(max_size=8), max_size=6
).map("".join)
SURROGATE = "a fox \ud800 in \udfff snow"


# Markdown


@given(PROMPT_PIECES, st.integers(8, 600))
def test_no_mixture_of_hostile_texts_works_in_a_message(text: str, limit: int) -> None:
    for made in (safe(text, limit), safe_line(text, limit), inline_code(text, limit)):
        assert harm_in(made) == []
        assert units(made) <= limit
    block = code_block(text, limit)
    assert block.count("```") == 2
    assert not UNSEEN.search(block)
    for plain in (clean(text, limit), line(text, limit)):
        assert not UNSEEN.search(plain)


# Requests


def test_what_no_computer_can_send_on_becomes_harmless() -> None:
    request = build(ImageRequest, prompt=SURROGATE + "\x00", negative="\x00\x1b[0m" + SURROGATE)
    assert request.prompt == "a fox ? in ? snow"
    assert "\x1b" not in request.negative
    assert json.loads(request.model_dump_json())["prompt"] == request.prompt
    assert build(TextRequest, prompt=SURROGATE).prompt == "a fox ? in ? snow"


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": "x" * 6_000},
        {"prompt": "\x00\x00"},
        {"prompt": "x", "negative": "x" * (PROMPT_MAX + 1)},
        {"prompt": "x", "seed": SURROGATE},
        {"prompt": "x", "seed": "x" * 101},
        {"prompt": "x", "style": "x" * 2_000},
        {"prompt": "x", "workers": ("x",) * 6},
        {"prompt": "x", "loras": ({"name": "x", "evil": 1},)},
        {"prompt": "x", "n": 10**30},
        {"prompt": "x", "width": -64},
        {"prompt": "x", "cfg_scale": float("nan")},
        {"prompt": "x", "steps": "1; DROP TABLE requests"},
    ],
)
def test_what_is_out_of_bounds_is_refused_in_a_sentence(fields: dict[str, object]) -> None:
    with pytest.raises(BadOption) as caught:
        build(ImageRequest, **fields)
    assert len(str(caught.value)) < 300


def test_a_form_of_alchemy_that_is_none() -> None:
    with pytest.raises(BadOption) as caught:
        build(AlchemyRequest, source=Source(url=""), forms=("x" * 50_000,))
    assert len(str(caught.value)) < 300


@given(PROMPT_PIECES)
def test_extra_is_read_or_refused(text: str) -> None:
    chosen, refusal = parsed_flags(f"--steps 5 {text}")
    assert harm_in(refusal) == []
    assert {"source", "mask", "nsfw", "private"}.isdisjoint(chosen.names)


def parsed_flags(text: str) -> tuple[ImageChoices, str]:
    try:
        return parse(text), ""
    except BadOption as error:
        return NO_CHOICES, str(error)


@pytest.mark.parametrize("flag", ["source", "image", "mask", "file", "url", "nsfw", "api-key"])
def test_no_flag_reaches_files_or_addresses(flag: str) -> None:
    with pytest.raises(BadOption):
        parse(f"--{flag} ../../etc/passwd")


@given(PROMPT_PIECES)
def test_a_search_fits_into_a_button(text: str) -> None:
    assert len(f"hch:delete:{10**18}:{10**18}:is:{searched(text)}") <= 100


# A server's settings as a file, which may come from a stranger


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS.keys())
def test_what_a_file_is_refused_for_is_said_without_its_markdown(text: str) -> None:
    file = {"hordecord": 1, "settings": {"words": [{"text": "a", text: 1}]}}
    with pytest.raises(BadOption) as caught:
        parsed(json.dumps(file).encode())
    assert harm_in(str(caught.value)) == []
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "defaults",
    [
        '{"negative": "\\ud800"}',
        '{"\\ud800": "a"}',
        '{"x": ' + "[" * 900 + "]" * 900 + "}",
        '{"steps": NaN, "seed": ' + "9" * 4_000 + "}",
        '{"source": {"url": "https://evil.test/x"}, "nsfw": true, "private": true}',
    ],
    ids=range(5),
)
def test_of_defaults_in_a_file_only_what_is_known_is_kept(defaults: str) -> None:
    file = parsed(f'{{"hordecord": 1, "defaults": {defaults}}}'.encode())
    assert parsed(file.model_dump_json().encode()).defaults == file.defaults
    assert file.defaults.names <= {"negative"}
    assert not UNSEEN.search(dump(file.defaults))


# The database


@pytest.fixture
async def own_store(tmp_path: Path) -> AsyncGenerator[Store]:
    async with Store.open(tmp_path / "bot.db") as opened:
        yield opened


async def store_prompt(store: Store, number: int, prompt: str, user: int = 7) -> Record:
    ref = MessageRef(channel_id=4)
    return await store.requests.add(
        interaction_id=number,
        backend="horde",
        user_id=user,
        guild_id=3,
        payer=Payer.ANONYMOUS,
        request=build(ImageRequest, prompt=prompt),
        message=ref,
        now=1.0,
        parent=None,
    )


async def test_no_text_is_a_statement(own_store: Store) -> None:
    texts = [
        *HOSTILE_TEXTS.values(),
        "' OR '1'='1",
        "%",
        "_",
        "\\",
        '"',
        ";--",
        "a' UNION SELECT 1",
    ]
    for number, text in enumerate(texts, 1):
        record = await store_prompt(own_store, number, text[:PROMPT_MAX])
        again = await own_store.requests.get(record.id)
        assert again is not None
        assert again.request == record.request
        preset = Preset(Scope.USER, 7, text, json.dumps({"x": text}), 7, 1.0, 1.0)
        assert await own_store.presets.put(preset, 1_000)
        assert await own_store.presets.put(replace(preset, owner=Scope.GUILD), 1_000)
        await own_store.defaults.put(Scope.USER, 7, json.dumps({"x": text}))
        assert json.loads(await own_store.defaults.get(Scope.USER, 7)) == {"x": text}
        found = await own_store.history.page(7, search=text)
        assert {one.user_id for one in found} <= {7}
        assert await own_store.history.page(8, search=text) == []
        assert not await own_store.requests.known_remote_ids([text])
    names = {preset.key for preset in await own_store.presets.of(Scope.USER, 7)}
    assert names == {preset_key(text) for text in texts}
    for text in texts:
        await own_store.presets.delete(Scope.USER, 7, text)
    assert await own_store.presets.of(Scope.USER, 7) == ()
    assert len(await own_store.presets.of(Scope.GUILD, 7)) == len(names)
    assert len(await own_store.requests.open_of(7)) == len(texts)


# File names


@pytest.mark.parametrize(
    "name",
    [
        "../secret", "..", ".", "", "/etc/passwd", "a/b", "a\\b", "C:a", "a\x00", "a\n", ".part-x",
        "-rf", "A", "a" * 82, "\uff0e\uff0e/x", "a b", "%2e%2e", "~", "con:", "a:b",
    ],
)  # fmt: skip
async def test_the_spool_keeps_to_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    spool = ResultFiles(tmp_path / "spool", quota=1_000, days=1)
    with pytest.raises(SpoolError):
        await spool.put(name, b"y")
    with pytest.raises(SpoolError):
        await spool.get(name)
    with pytest.raises(SpoolError):
        await spool.drop([name])
    assert (tmp_path / "secret").read_bytes() == b"x"
    assert {file.name for file in tmp_path.rglob("*")} <= {"secret", "spool"}


@given(st.text() | st.sampled_from(["../..", "a/b", "C:\\x", "..\x00", "con", "-"]))
def test_a_workers_id_is_no_path(text: str) -> None:
    slug = _slug(text)
    assert len(slug) <= 36
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in slug)


def test_keys_that_people_paste_are_bounded() -> None:
    assert HORDE.key_max < 100
    assert Capabilities().key_max <= 256
    assert "token" not in repr(MessageRef(channel_id=1, token="a token"))
    assert "a token" not in repr(Origin(1, 2, 3, MessageRef(channel_id=1, token="a token")))
