"""The adapter for OpenAI's API against a scripted server."""

import asyncio
import base64

import pytest

from bot.backends.openai.backend import OpenAIBackend
from bot.domain.requests import ImageRequest, Kind, Request, TextRequest
from bot.domain.results import Phase, Status
from bot.errors import BackendDown, BadReply, RateLimited, RequestRejected
from bot.parameters.derived_requests import continued
from tests.support.json_types import Json
from tests.support.openai_server import DONE, Script, adapted, piece
from tests.support.waiting import until

KEY = "sk-secret"
PICTURE = b"RIFF\x00\x00\x00\x00WEBPVP8 of an owl"
OWLS = TextRequest(prompt="owls", max_length=80, temperature=3.0)


async def outcome(backend: OpenAIBackend, token: str = "t") -> Status:
    await until(lambda: not backend._calls.status(token).phase.is_open)
    return backend._calls.status(token)


async def test_text_is_streamed_into_one_result() -> None:
    async with adapted() as (server, backend):
        server.streams(piece("Owls "), piece("hunt."), piece(finish="stop"), {"choices": []}, DONE)
        await backend.submit(OWLS, "0000000000", token="t")
        status = await outcome(backend)
        [text] = status.texts
        assert (status.phase, text.text, text.model) == (Phase.DONE, "Owls hunt.", "small")
        assert (text.cut, text.unfinished) == (False, False)
        [body] = server.bodies()
        assert body["messages"] == [{"role": "user", "content": "owls"}]
        assert (body["model"], body["max_tokens"], body["temperature"]) == ("small", 80, 2.0)
        assert body["stream"] is True
        assert all("Authorization" not in headers for _, headers, _ in server.calls)


async def test_text_grows_in_the_status() -> None:
    gate = asyncio.Event()
    async with adapted() as (server, backend):
        server.streams(piece("Owls"), piece(" hunt"), piece(" mice.", finish="stop"), gate=gate)
        await backend.submit(OWLS, "", token="t")
        status = await backend.status("t", Kind.TEXT, n=1)
        assert (status.phase, status.processing, status.finished) == (Phase.PROCESSING, 1, 0)
        assert (status.texts[0].text, status.texts[0].unfinished) == ("Owls hunt", True)
        gate.set()
        assert (await outcome(backend)).texts[0].text == "Owls hunt mice."


async def test_text_cut_at_its_length_is_a_fact() -> None:
    async with adapted() as (server, backend):
        server.streams(piece("Owls"), piece(finish="length"), DONE)
        await backend.submit(OWLS, "", token="t")
        assert (await outcome(backend)).texts[0].cut is True


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
async def test_reasoning_is_no_part_of_the_answer(name: str) -> None:
    async with adapted() as (server, backend):
        server.streams(piece(**{name: "hm"}), piece("Owls."), piece(finish="stop"), DONE)
        server.streams(piece(**{name: "hm"}), piece(finish="length"), DONE)
        await backend.submit(OWLS.model_copy(update={"n": 2}), "", token="t")
        status = await outcome(backend)
        assert status.phase is Phase.PARTIAL
        assert [text.text for text in status.texts] == ["Owls.", ""]
        assert [text.thinking for text in status.texts] == ["hm", "hm"]
        assert status.texts[1].reasoning_only
        assert "whole length for its reasoning" in status.detail


async def test_text_of_a_server_that_does_not_stream() -> None:
    async with adapted() as (server, backend):
        message = {"message": {"content": "Owls."}, "finish_reason": "stop"}
        server.answers({"choices": [message]}, Content_Type="application/json")
        await backend.submit(OWLS, "", token="t")
        assert (await outcome(backend)).texts[0].text == "Owls."


async def test_model_without_a_chat_continues_the_prompt() -> None:
    async with adapted() as (server, backend):
        server.answers({"error": {"message": "no chat template"}}, 400)
        event = {"choices": [{"text": "Owls.", "finish_reason": "stop"}]}
        server.streams(event, DONE)
        server.streams(event, DONE)
        for token in ("a", "b"):
            await backend.submit(OWLS, "", token=token)
            assert (await outcome(backend, token)).texts[0].text == "Owls."
        assert len(server.bodies()) == 1
        assert [body["prompt"] for body in server.bodies("/completions")] == ["owls", "owls"]


async def test_chosen_model_is_used() -> None:
    async with adapted() as (server, backend):
        for token, names in (("one", ("large",)), ("several", ("Mistral", "Llama"))):
            server.streams(piece("x", finish="stop"), DONE)
            await backend.submit(OWLS.model_copy(update={"models": names}), "", token=token)
            await outcome(backend, token)
        assert [body["model"] for body in server.bodies()] == ["large", "small"]


@pytest.mark.parametrize("request_", [OWLS, ImageRequest(prompt="owls")])
async def test_chosen_model_that_is_not_listed_is_refused(request_: Request) -> None:
    async with adapted(kinds=("text", "image")) as (server, backend):
        wanted = request_.model_copy(update={"models": ("Deliberate",)})
        with pytest.raises(RequestRejected, match="does not list the model Deliberate"):
            await backend.submit(wanted, "", token="t")
        assert server.bodies() == []


def unsupported(field: str, code: str = "unsupported_parameter") -> Json:
    message = f"Unsupported: '{field}' is not supported with this model."
    return {"error": {"message": message, "param": field, "code": code}}


async def test_field_that_the_model_refuses_is_left_out_from_then_on() -> None:
    async with adapted() as (server, backend):
        server.answers(unsupported("max_tokens"), 400)
        server.answers(unsupported("stop"), 400)
        server.answers(unsupported("temperature", "unsupported_value"), 400)
        for token in ("a", "b"):
            server.streams(piece("Owls.", finish="stop"), DONE)
            await backend.submit(OWLS, "", token=token)
            assert (await outcome(backend, token)).texts[0].text == "Owls."
        bodies = server.bodies()
        assert len(bodies) == 5
        assert bodies[0]["max_tokens"] == 80
        assert bodies[1]["max_completion_tokens"] == 80
        assert "max_tokens" not in bodies[1]
        for body in bodies[3:]:
            assert body["max_completion_tokens"] == 80
            assert not {"max_tokens", "stop", "temperature"} & body.keys()


async def test_field_that_is_refused_twice_is_a_refusal() -> None:
    async with adapted() as (server, backend):
        for _ in range(2):
            server.answers(unsupported("stop"), 400)
        with pytest.raises(RequestRejected):
            await backend.submit(OWLS, "", token="t")
        assert len(server.bodies()) == 2


async def test_stop_strings_are_sent_and_the_tokens_are_not_asked_for() -> None:
    async with adapted() as (server, backend):
        server.streams(piece("Fine.", finish="stop"), DONE)
        script = OWLS.model_copy(update={"prompt": "Ann: hello\nBob:"})
        await backend.submit(script, "", token="t")
        await outcome(backend)
        [body] = server.bodies()
        assert body["stop"][0] == "\nAnn:"
        assert len(body["stop"]) == 4
        assert "stream_options" not in body


async def test_text_to_continue_is_an_answer_of_the_model() -> None:
    async with adapted() as (server, backend):
        server.streams(piece("mice.", finish="stop"), DONE)
        request = continued(TextRequest(prompt="Tell of owls."), "Owls hunt")
        await backend.submit(request, "", token="t")
        await outcome(backend)
        [body] = server.bodies()
        asked, written, more = body["messages"]
        assert asked == {"role": "user", "content": "Tell of owls."}
        assert written == {"role": "assistant", "content": "Owls hunt"}
        assert more["role"] == "user"


async def test_mark_is_never_shown_while_it_is_sent_in_pieces() -> None:
    gate = asyncio.Event()
    async with adapted() as (server, backend):
        server.streams(piece("Owls hunt. "), piece("<|im"), piece("_end|>"), gate=gate)
        await backend.submit(OWLS, "", token="t")
        status = await backend.status("t", Kind.TEXT, n=1)
        assert status.texts[0].text == "Owls hunt."
        gate.set()


async def test_key_is_sent_in_one_header_alone(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with adapted(KEY) as (server, backend):
        server.streams(piece("x", finish="stop"), DONE)
        await backend.submit(OWLS, KEY, token="t")
        await outcome(backend)
        path, headers, body = server.calls[-1]
        assert headers["Authorization"] == f"Bearer {KEY}"
        assert KEY not in f"{path}{body}{caplog.text}"


@pytest.mark.parametrize(
    ("status", "kind"), [(401, RequestRejected), (429, RateLimited), (503, BackendDown)]
)
async def test_early_refusal_is_one_of_the_submit(status: int, kind: type[Exception]) -> None:
    async with adapted(KEY) as (server, backend):
        server.answers({"error": {"message": "no"}}, status, Retry_After="3")
        with pytest.raises(kind):
            await backend.submit(OWLS, KEY, token="t")


async def test_cut_stream_without_a_price_is_sent_again() -> None:
    async with adapted() as (server, backend):
        server.streams(piece("Owls "), piece("hu"), cut=True)
        await backend.submit(OWLS, "", token="t")
        status = await outcome(backend)
        assert (status.phase, status.dropped, status.finished) == (Phase.PARTIAL, True, 0)


@pytest.mark.parametrize("cut", [True, False])
async def test_cut_stream_with_a_price_keeps_the_text(cut: bool) -> None:
    """The connection breaks, or the stream ends without a reason."""
    async with adapted(KEY) as (server, backend):
        server.streams(piece("Owls "), piece("hu"), cut=cut)
        await backend.submit(OWLS, KEY, token="t")
        status = await outcome(backend)
        assert (status.phase, status.dropped) == (Phase.PARTIAL, False)
        assert (status.texts[0].text, status.texts[0].unfinished) == ("Owls hu", True)
        assert "may have been charged" in status.detail


async def test_error_in_a_stream_before_the_first_word_is_a_refusal() -> None:
    async with adapted(KEY) as (server, backend):
        server.streams({"error": {"message": "slow down", "code": 429}}, DONE)
        with pytest.raises(RateLimited):
            await backend.submit(OWLS, KEY, token="t")


async def test_cancel_keeps_the_text_so_far() -> None:
    gate = asyncio.Event()
    async with adapted() as (server, backend):
        server.streams(piece("Owls hunt"), piece(finish="stop"), gate=gate)
        await backend.submit(OWLS, "", token="t")
        status = await backend.cancel("t", Kind.TEXT, n=1)
        assert (status.phase, status.texts[0].text) == (Phase.CANCELLED, "Owls hunt")
        gate.set()


async def test_drain_waits_until_the_outcome_is_stored() -> None:
    async with adapted() as (server, backend):
        server.streams(piece("Owls.", finish="stop"), DONE)
        await backend.submit(OWLS, "", token="t")
        await outcome(backend)
        draining = asyncio.create_task(backend.drain(5))
        await asyncio.sleep(0.02)
        assert not draining.done()
        backend.forget("t")
        assert await draining == 0


async def test_images_come_as_base64_or_links() -> None:
    async with adapted(kinds=("image",)) as (server, backend):
        server.answers({"data": [{"b64_json": base64.b64encode(PICTURE).decode()}]})
        server.answers({"data": [{"url": f"{server.url}/files/a.png"}]})
        request = ImageRequest(prompt="an owl", n=2, width=512, height=768)
        await backend.submit(request, "", token="t")
        first, second = (await outcome(backend)).pictures
        assert await backend.fetch(first.url) == PICTURE
        server.models = Script(body=PICTURE)
        assert await backend.fetch(second.url) == PICTURE
        bodies = server.bodies("/images/generations")
        assert bodies[0] == {"prompt": "an owl", "n": 1, "size": "512x768"}


async def test_models_are_listed_with_their_kinds_where_told() -> None:
    async with adapted(kinds=("text", "image")) as (server, backend):
        image = {"id": "flux", "architecture": {"output_modalities": ["image"]}}
        server.models = Script(body={"data": [{"id": "any"}, image, {"no": "id"}]})
        assert [each.name for each in await backend.models(Kind.TEXT)] == ["any"]
        assert [each.name for each in await backend.models(Kind.IMAGE)] == ["any", "flux"]


@pytest.mark.parametrize(
    ("key", "priced", "resubmit"), [("", True, "free"), (KEY, True, "never"), (KEY, False, "free")]
)
async def test_only_a_call_with_a_key_may_be_charged(key: str, priced: bool, resubmit: str) -> None:
    async with adapted(key, priced=priced) as (_server, backend):
        assert backend.capabilities.resubmit == resubmit


async def test_health_of_a_server_that_refuses_the_key_is_up() -> None:
    async with adapted(KEY) as (server, backend):
        server.models = Script(401, {"error": {"message": "no"}})
        assert (await backend.health()).ok
        server.models = Script(502, b"<html>")
        assert not (await backend.health()).ok


@pytest.mark.parametrize("models", [Script(status=500), Script(body={"data": 1}), Script(body=7)])
async def test_unreadable_list_is_not_taken_for_a_charged_call(models: Script) -> None:
    async with adapted(KEY, priced=True) as (server, backend):
        server.models = models
        with pytest.raises(BackendDown) as caught:
            await backend.submit(OWLS, KEY, token="t")
        assert not caught.value.in_doubt
        assert "Horde" not in str(caught.value)


async def test_text_that_is_not_streamed_has_a_limit() -> None:
    huge = {"choices": [{"message": {"content": "x" * 3_000_000}, "finish_reason": "stop"}]}
    async with adapted() as (server, backend):
        server.answers(huge)
        with pytest.raises(BadReply):
            await backend.submit(OWLS, "", token="t")
