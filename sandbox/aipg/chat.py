"""/v1/chat/completions, whole or as a stream.

The tag [sandbox:failed] in the last message lets the worker fail after some words.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import web

from sandbox.aipg.accounts import Account, Hold
from sandbox.aipg.bodies import ChatBody
from sandbox.aipg.errors import ApiError
from sandbox.aipg.media_jobs import WORKER
from sandbox.aipg.media_rules import seed_of
from sandbox.aipg.models import Model
from sandbox.aipg.state import AipgState
from sandbox.horde.state.worker_behaviour import PROMPT_TAG
from sandbox.optional.event_streams import EventStream
from sandbox.optional.jobs import Job, Json, wait_for_client
from sandbox.optional.text_writing import Answer, as_tokens, count_tokens, write_answer

MOST_MESSAGES = 500
MOST_CHARACTERS = 200_000
DEFAULT_LIMIT = 32_768  # tokens, which are held for too
REASONING = as_tokens("The user wants an answer that quotes the message.")
FAILURE = "Worker failed: out of memory"


@dataclass(slots=True)
class _Work:
    """One accepted chat. `sent`: tokens that the client got."""

    job: Job
    model: Model
    account: Account
    hold: Hold | None
    reasoning: tuple[str, ...]
    answer: Answer
    prompt_tokens: int
    seed: int
    fails: bool
    sent: int = 0

    @property
    def usage(self) -> Json:
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.sent,
            "total_tokens": self.prompt_tokens + self.sent,
        }

    @property
    def grid(self) -> Json:
        seconds = round(time.time() - self.job.created_at, 3)
        return {"job_id": self.job.id, "worker": WORKER, "gen_time": seconds, "seed": self.seed}

    def envelope(self, kind: str) -> Json:
        return {
            "id": f"chatcmpl-{uuid.UUID(self.job.id).hex[:12]}",
            "object": kind,
            "created": int(self.job.created_at),
            "model": self.model.name,
        }

    def settle(self) -> None:
        """Charge the sent part."""
        cost = self.model.text_cost(self.prompt_tokens, self.sent)
        self.job.charged_micro = self.hold.settle(cost) if self.hold else 0

    def fail(self) -> None:
        if self.hold:
            self.hold.release()
        self.job.end("failed")


class ChatEndpoint:
    def __init__(self, state: AipgState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/v1/chat/completions", self.chat)]

    async def chat(self, request: web.Request) -> web.StreamResponse:
        raw = await request.json()
        body = ChatBody.model_validate(raw)
        work = self._accept(request, body, raw)
        try:
            if body.stream:
                return await self._stream(request, work)
            return await self._whole(request, work)
        finally:
            work.account.running["text"] -= 1

    def _accept(self, request: web.Request, body: ChatBody, raw: Json) -> _Work:
        """Check the request in the order of the real server, and hold its largest price."""
        state = self._state
        account = state.account(request)
        _check_length(body)
        state.require_path("text")
        online = state.online("text")
        name = online[0] if body.model == "auto" and online else body.model
        model = state.require_model("text", name)
        account.count_request()
        seed = seed_of(body.seed)
        tokens = sum(count_tokens(each.text) for each in body.messages)
        limit = body.max_tokens or DEFAULT_LIMIT
        account.start("text")
        try:
            cost = model.text_cost(tokens, limit)
            hold = account.hold(cost) if state.settings.charging else None
        except ApiError:
            account.running["text"] -= 1
            raise
        job = state.jobs.add(Job("text", account.username, raw))
        tag = PROMPT_TAG.search(body.last_text)
        reasoning = REASONING[:limit] if model.reasons else ()
        answer = write_answer(
            PROMPT_TAG.sub("", body.last_text),
            usual=state.settings.answer_tokens,
            limit=max(1, limit - len(reasoning)),
            stop=body.stops,
            # The seed is part of the text only where the client chose it.
            seed=f"{body.seed or 0}/{model.name}",
        )
        fails = tag is not None and tag[1].lower() == "failed"
        return _Work(job, model, account, hold, reasoning, answer, tokens, seed, fails)

    async def _whole(self, request: web.Request, work: _Work) -> web.Response:
        settings = self._state.settings
        work.sent = len(work.reasoning) + len(work.answer.tokens)
        pace = work.sent / settings.tokens_per_second if settings.tokens_per_second else 0.0
        connected = await wait_for_client(request, settings.first_token_seconds + pace)
        if work.fails:
            work.fail()
            raise ApiError(502, FAILURE)
        message: Json = {"role": "assistant", "content": work.answer.text}
        if work.reasoning:
            message["reasoning_content"] = "".join(work.reasoning)
        finish = work.answer.finish_reason
        choice: Json = {"index": 0, "message": message, "finish_reason": finish}
        body = work.envelope("chat.completion") | {"choices": [choice]}
        body |= {"usage": work.usage, "grid": work.grid}
        work.settle()
        work.job.end("completed" if connected else "cancelled", body)
        return web.json_response(body)

    async def _stream(self, request: web.Request, work: _Work) -> web.StreamResponse:
        """Send the answer. A client that closes the connection ends the work and the charge."""
        stream = await EventStream.open(request)
        try:
            async for delta in self._deltas(work):
                await stream.send(_event(work, delta))
            if work.fails:
                work.fail()
                await stream.send({"error": {"message": FAILURE, "type": "upstream_error"}})
            else:
                await self._send_end(stream, work)
            await stream.end()
        except ConnectionError:
            if work.job.state == "running":
                work.settle()
                work.job.end("cancelled")
        return stream.response

    async def _send_end(self, stream: EventStream, work: _Work) -> None:
        """Send the reason of the end, then the usage, which this server always sends."""
        await stream.send(_event(work, {}, work.answer.finish_reason))
        usage: Json = {"choices": [], "usage": work.usage, "grid": work.grid}
        await stream.send(work.envelope("chat.completion.chunk") | usage)
        work.settle()
        work.job.end("completed", {"text": work.answer.text})

    async def _deltas(self, work: _Work) -> AsyncIterator[Json]:
        """The delta of each event, at the pace of the settings."""
        settings = self._state.settings
        yield {"role": "assistant"}
        await asyncio.sleep(settings.first_token_seconds)
        started = time.monotonic()
        tokens = [{"reasoning_content": token} for token in work.reasoning]
        tokens += [{"content": token} for token in work.answer.tokens]
        if work.fails:
            tokens = tokens[:3]
        for token in tokens:
            if settings.tokens_per_second:
                due = started + (work.sent + 1) / settings.tokens_per_second
                await asyncio.sleep(max(0.0, due - time.monotonic()))
            work.sent += 1
            yield token


def _event(work: _Work, delta: Json, finish: str | None = None) -> Json:
    choice: Json = {"index": 0, "delta": delta, "finish_reason": finish}
    return work.envelope("chat.completion.chunk") | {"choices": [choice]}


def _check_length(body: ChatBody) -> None:
    if len(body.messages) > MOST_MESSAGES:
        raise ApiError(413, f"too many messages (max {MOST_MESSAGES})")
    total = sum(len(each.text) for each in body.messages)
    if total > MOST_CHARACTERS:
        raise ApiError(413, f"request too large ({total} chars; max {MOST_CHARACTERS})")
