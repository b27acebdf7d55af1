"""The adapter for OpenAI's API against the sandbox's server."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from bot.backends import open_backend
from bot.backends.base import Backend
from bot.domain.requests import ImageRequest, Kind, Request, TextRequest
from bot.domain.results import Phase, Status
from bot.errors import RateLimited, RequestRejected
from bot.horde.downloads import SIZE_MAX
from bot.parameters.derived_requests import continued
from bot.settings import BackendSettings
from tests.support.optional_servers import LocalServer, local_server
from tests.support.waiting import eventually

KEY = "sk-of-the-operator"
OWLS = TextRequest(prompt="owls at night", max_length=200)


@asynccontextmanager
async def served(
    key: str = "0000000000", **settings: Any
) -> AsyncGenerator[tuple[LocalServer, Backend]]:
    """The server, and a backend that talks to it. `settings`: of the server."""
    async with local_server("openai") as server:
        await server.knobs(**settings)
        table = BackendSettings(
            type="openai", url=server.url, api_key=SecretStr(key), kinds=("text", "image")
        )
        backend = open_backend("own", table, session=server.http, links=server.http)
        yield server, backend
        await backend.close()


async def outcome(backend: Backend, request: Request, key: str = "", token: str = "t") -> Status:
    await backend.submit(request, key, token=token)

    async def look() -> Status | None:
        status = await backend.status(token, Kind(request.kind), n=request.count)
        return None if status.phase.is_open else status

    return await eventually(look, "an outcome")


async def payloads(server: LocalServer) -> list[Any]:
    return [job["payload"] for job in (await server.jobs())["jobs"]]


async def test_models_are_listed_and_used() -> None:
    async with served() as (server, backend):
        assert [model.name for model in await backend.models(Kind.TEXT)][:1] == ["small-chat"]
        chosen = OWLS.model_copy(update={"models": ("long-chat",)})
        status = await outcome(backend, chosen)
        assert (status.phase, status.texts[0].model) == (Phase.DONE, "long-chat")
        assert status.texts[0].text.startswith('You wrote "owls at night".')
        [body] = await payloads(server)
        assert len(body["stop"]) == 4
        assert "stream_options" not in body


async def test_model_that_is_not_listed_is_refused() -> None:
    async with served() as (server, backend):
        with pytest.raises(RequestRejected, match="does not list the model Mistral"):
            await outcome(backend, OWLS.model_copy(update={"models": ("Mistral",)}))
        assert await payloads(server) == []


async def test_reasoning_and_invented_turns_are_kept_apart() -> None:
    async with served() as (_server, backend):
        for name in ("thinks", "next_turn"):
            request = OWLS.model_copy(update={"prompt": f"[sandbox:{name}] owls"})
            [text] = (await outcome(backend, request, token=name)).texts
            assert text.text.startswith("You wrote")
            assert "And what happened" not in text.text
            assert bool(text.thinking) == (name == "thinks")


async def test_text_that_is_cut_is_continued() -> None:
    async with served() as (server, backend):
        short = OWLS.model_copy(update={"max_length": 16})
        [text] = (await outcome(backend, short)).texts
        assert text.cut
        await outcome(backend, continued(short, text.text), token="more")
        messages = (await payloads(server))[1]["messages"]
        assert [message["role"] for message in messages] == ["user", "assistant", "user"]
        assert messages[1]["content"] == text.text


async def test_field_that_a_model_refuses_is_left_out() -> None:
    async with served(max_tokens_refused=True) as (server, backend):
        assert (await outcome(backend, OWLS)).phase is Phase.DONE
        [body] = await payloads(server)
        assert body["max_completion_tokens"] == 200
        assert "max_tokens" not in body


async def test_key_is_checked() -> None:
    async with served(KEY, keys=[KEY]) as (_server, backend):
        assert (await outcome(backend, OWLS, KEY)).phase is Phase.DONE
        with pytest.raises(RequestRejected, match="does not accept the API key"):
            await outcome(backend, OWLS, "sk-wrong", token="wrong")
        assert (await backend.health()).ok


async def test_rate_limit_is_obeyed() -> None:
    async with served(requests_per_minute=1) as (_server, backend):
        await backend.models(Kind.TEXT)
        with pytest.raises(RateLimited) as refused:
            await outcome(backend, OWLS)
        assert refused.value.retry_after is not None


async def test_image_arrives() -> None:
    async with served() as (_server, backend):
        request = ImageRequest(prompt="an owl", width=512, height=512, models=("small-image",))
        [image] = (await outcome(backend, request)).pictures
        assert (await backend.fetch(image.url, SIZE_MAX)).startswith((b"RIFF", b"\x89PNG"))
