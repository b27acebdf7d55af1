"""What a backend says about itself, its accounts and its bytes, against a scripted server."""

import base64
from typing import Any

import aiohttp
import pytest

from bot.backends import BACKENDS, open_backend
from bot.backends.horde.backend import HordeBackend
from bot.backends.horde.models import contexts
from bot.backends.inline_results import INLINE_SVG
from bot.backends.values import Model
from bot.domain.requests import Kind
from bot.errors import BackendDown, BadReply, RequestRejected, SettingsError
from bot.horde.workers import Worker
from bot.settings import BackendSettings
from bot.version import CLIENT_AGENT
from tests.support.horde.endpoint import ID
from tests.support.horde.scripted_server import Scripted, sample


async def test_models_best_served_first(horde: Scripted, backend: HordeBackend):
    horde.say(sample("models"))
    models = await backend.models(Kind.IMAGE)
    assert [model.name for model in models] == ["AlbedoBase XL (SDXL)", "Deliberate"]
    assert models[1] == Model("Deliberate", Kind.IMAGE, 4, 45, 35000000.0, 1200000.5)
    assert horde.last.query["type"] == "image"
    await backend.models(Kind.TEXT)
    assert horde.last.query["type"] == "text"
    assert len(horde.calls) == 3  # the workers of texts too


def test_a_text_model_reads_as_much_as_its_smallest_worker() -> None:
    sizes = ((("a",), 8_192), (("a", "b"), 4_096), (("b",), 0))
    workers = [
        Worker(id=str(number), models=names, max_context_length=size)
        for number, (names, size) in enumerate(sizes)
    ]
    assert contexts(workers) == {"a": 4_096, "b": 4_096}


async def test_forms_are_those_that_workers_announce(horde: Scripted, backend: HordeBackend):
    first = {"id": "1", "forms": ["caption", "annotation", "dance", "post-process", "bad name"]}
    second = {"id": "2", "forms": ["caption"], "annotation_types": ["hed"]}
    horde.say([first | {"annotation_types": ["canny", "hed"]}, second])
    found = await backend.models(Kind.ALCHEMY)
    assert horde.last.query["type"] == "interrogation"
    names = {form.name: form.workers for form in found}
    assert names == {"caption": 2, "annotation:canny": 1, "annotation:hed": 1, "dance": 1}


async def test_account(horde: Scripted, backend: HordeBackend):
    horde.say(sample("user"))
    account = await backend.account("the-key")
    assert (account.username, account.balance, account.trusted) == ("mira#812", 1250.5, True)
    assert sorted(len(ids) for ids in account.active.values()) == [1, 2]
    assert ID in account.active[Kind.IMAGE]
    assert not account.shared
    horde.say(sample("user_shared_key"))
    assert (await backend.account("the-key")).shared


@pytest.mark.parametrize(
    ("left", "kudos", "spendable"), [(20, 20.0, 20.0), (0, 0.0, 0.0), (-1, None, 1225.5)]
)
async def test_account_of_a_shared_key_has_its_own_balance(
    left: int, kudos: float | None, spendable: float, horde: Scripted, backend: HordeBackend
):
    key = "0f4a2d1c-1111-4222-8333-444455556666"
    horde.say(sample("user") | {"username": "rich#4 (Shared Key: tiny)"})
    horde.then({"id": key, "name": "tiny", "kudos": left})
    account = await backend.account(key)
    assert (account.balance, account.spendable, account.shared) == (kudos, spendable, True)


async def test_an_unknown_key(horde: Scripted, backend: HordeBackend):
    horde.say({"message": "User with api_key 'the-key' not found.", "rc": "UserNotFound"}, 404)
    with pytest.raises(RequestRejected) as caught:
        await backend.account("the-key")
    assert caught.value.private
    assert "the-key" not in str(caught.value)


async def test_fetch(horde: Scripted, backend: HordeBackend):
    horde.say(b"RIFF")
    assert await backend.fetch(f"{horde.url}/r2/x") == b"RIFF"


async def test_fetch_of_an_inline_drawing(horde: Scripted, backend: HordeBackend):
    assert await backend.fetch(INLINE_SVG + base64.b64encode(b"<svg/>").decode()) == b"<svg/>"
    with pytest.raises(BadReply):
        await backend.fetch(INLINE_SVG + "?")
    assert not horde.calls


@pytest.mark.parametrize(
    ("beat", "modes", "ok", "maintenance"),
    [
        ({"message": "OK"}, {"maintenance_mode": False}, True, False),
        ({"message": "OVERLOADED"}, {}, True, False),
        ({"message": "OK"}, {"maintenance_mode": True}, True, True),
        ({"message": "DOWN"}, {}, False, False),
        ({"message": "OK", "db_connection": False}, {}, False, False),
    ],
    ids=str,
)
async def test_health(
    beat: dict[str, Any],
    modes: dict[str, Any],
    ok: bool,
    maintenance: bool,
    horde: Scripted,
    backend: HordeBackend,
):
    horde.say(beat)
    horde.then(modes)
    health = await backend.health()
    assert (health.ok, health.maintenance) == (ok, maintenance)
    assert health.message


async def test_health_in_an_outage(horde: Scripted, backend: HordeBackend):
    horde.say(b"<html>", 502)
    health = await backend.health()
    assert not health.ok
    assert "502" in health.message


async def test_health_without_the_modes(horde: Scripted, backend: HordeBackend):
    horde.say({"message": "OK"})
    horde.then({"message": "30 per 1 minute"}, 429)
    assert (await backend.health()).ok


async def test_the_registry(horde: Scripted, session: aiohttp.ClientSession):
    backend = open_backend(
        "mine", BackendSettings(type="horde", url=horde.url + "/"), session=session
    )
    assert backend.name == "mine"
    assert backend.request_lifetime == 1200.0
    horde.say({"message": "OK"})
    await backend.health()
    assert horde.calls[0].path == "/status/heartbeat"
    assert horde.calls[0].headers["Client-Agent"] == CLIENT_AGENT


async def test_a_type_that_does_not_exist(session: aiohttp.ClientSession):
    with pytest.raises(SettingsError) as caught:
        open_backend(
            "mine", BackendSettings(type="hoard", url="http://127.0.0.1/"), session=session
        )
    said = str(caught.value)
    assert "[backends.mine]" in said
    assert "'hoard'" in said
    assert all(name in said for name in BACKENDS)


async def test_nobody_at_home(session: aiohttp.ClientSession, unused_tcp_port: int):
    url = f"http://127.0.0.1:{unused_tcp_port}"
    backend = open_backend("mine", BackendSettings(type="horde", url=url), session=session)
    assert not (await backend.health()).ok
    with pytest.raises(BackendDown):
        await backend.models(Kind.TEXT)
