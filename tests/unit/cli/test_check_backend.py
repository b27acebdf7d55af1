"""`check` of each type of backend: health, models, key, and the setting to change."""

import aiohttp
import pytest
from pydantic import SecretStr

from bot.backends import BACKENDS
from bot.cli.check_backend import examine_backend
from bot.cli.check_finding import Finding, table
from bot.settings import BackendSettings
from sandbox.algovera.state import EXAMPLE_KEY
from tests.support.optional_servers import LocalServer, local_server

WRONG_KEY = "c3" * 32
GRID_KEY = "grid_ada_0123456789abcdef"
# The server of the sandbox, the settings besides its address, whether there is a line for a key.
TYPES = {
    "a1111": ("a1111", BackendSettings(type="a1111"), False),
    "aipg": ("aipg", BackendSettings(type="aipg", api_key=SecretStr(GRID_KEY)), True),
    "openai": ("openai", BackendSettings(type="openai"), False),
    "horde": ("aipg-v2", BackendSettings(profile="aipg-v2"), True),
    "algovera": (
        "algovera",
        BackendSettings(type="algovera", api_key=SecretStr(EXAMPLE_KEY)),
        True,
    ),
}


async def examine(server: LocalServer, settings: BackendSettings) -> dict[str, Finding]:
    at = settings.model_copy(update={"url": server.url})
    found = await examine_backend("mine", at, server.http)
    assert settings.api_key.get_secret_value() not in table(found)
    return {finding.name: finding for finding in found}


def test_each_type_is_tested() -> None:
    assert set(TYPES) >= set(BACKENDS)


@pytest.mark.parametrize("name", sorted(set(TYPES) & set(BACKENDS)))
async def test_healthy_backend_is_all_ok(name: str) -> None:
    kind, settings, has_key = TYPES[name]
    async with local_server(kind, settings={}) as server:
        found = await examine(server, settings)
    assert all(finding.ok for finding in found.values()), table(list(found.values()))
    names = ["Backend mine", "Models of mine", *(["Key of mine"] if has_key else [])]
    assert list(found) == names
    assert "no request was submitted" in found["Models of mine"].text
    assert ("legacy, unverified" in found["Backend mine"].text) is BACKENDS[name].legacy


@pytest.mark.parametrize("name", sorted(set(TYPES) & set(BACKENDS)))
async def test_backend_out_of_reach_names_its_address(name: str) -> None:
    settings = TYPES[name][1].model_copy(update={"url": "http://127.0.0.1:1"})
    async with aiohttp.ClientSession() as session:
        (found,) = await examine_backend("mine", settings, session)
    assert not found.ok
    assert "[backends.mine] url" in found.mend


async def test_wrong_key_names_its_setting() -> None:
    settings = BackendSettings(type="algovera", api_key=SecretStr(WRONG_KEY))
    async with local_server("algovera", settings={}) as server:
        found = await examine(server, settings)
    assert not found["Key of mine"].ok
    assert found["Key of mine"].mend == "Check [backends.mine] api_key."


async def test_missing_key_is_no_error_where_members_can_have_one() -> None:
    async with local_server("algovera", settings={}) as server:
        found = await examine_backend(
            "mine", BackendSettings(type="algovera", url=server.url), server.http
        )
    assert found[-1].ok
    assert "/account login" in found[-1].text


async def test_retired_api_names_the_type_to_use() -> None:
    async with local_server("aipg-v2", settings={}) as server:
        await server.knobs(gone=True)
        found = await examine_backend(
            "mine", BackendSettings(profile="aipg-v2", url=server.url), server.http
        )
    (only,) = found
    assert not only.ok
    assert "`aipg`" in only.text


async def test_failed_list_of_models_is_an_error_of_its_own() -> None:
    async with local_server("aipg-v2", settings={}) as server:
        server.fault("status", route="GET /status/models", status=500)
        found = await examine_backend(
            "mine", BackendSettings(profile="aipg-v2", url=server.url), server.http
        )
    states = {finding.name: finding.ok for finding in found}
    assert states == {"Backend mine": True, "Models of mine": False, "Key of mine": True}
