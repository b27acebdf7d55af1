"""/v1/chat/completions and /v1/completions, whole or as a stream."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import web

from sandbox.openai import errors
from sandbox.openai.bodies import ChatBody, CompletionBody, TextBody
from sandbox.openai.state import CHAT_MODELS, MICRO_PER_TOKEN, OpenAiState
from sandbox.optional.event_streams import EventStream
from sandbox.optional.http_server import OWNER
from sandbox.optional.jobs import Job, Json, wait_for_client
from sandbox.optional.text_writing import Answer, count_tokens, write_answer

TOKENS_PER_MESSAGE = 3  # for its role


@dataclass(frozen=True, slots=True)
class _Form:
    """How chat and completions name the parts of their answers."""

    prefix: str
    whole: str
    event: str
    is_chat: bool

    def choice(self, index: int, answer: Answer) -> Json:
        text: Json = (
            {"message": {"role": "assistant", "content": answer.text}}
            if self.is_chat
            else {"text": answer.text}
        )
        return {"index": index, **text, "logprobs": None, "finish_reason": answer.finish_reason}

    def piece(self, index: int, text: str | None, finish: str | None = None) -> Json:
        """The choice of one event; a chat's last event has an empty delta."""
        delta = {} if text is None else {"content": text}
        part: Json = {"delta": delta} if self.is_chat else {"text": text or ""}
        return {"index": index, **part, "logprobs": None, "finish_reason": finish}


CHAT = _Form("chatcmpl", "chat.completion", "chat.completion.chunk", is_chat=True)
COMPLETION = _Form("cmpl", "text_completion", "text_completion", is_chat=False)


@dataclass(frozen=True, slots=True)
class _Work:
    """One accepted request and its answers."""

    form: _Form
    body: TextBody
    job: Job
    answers: tuple[Answer, ...]
    prompt_tokens: int

    @property
    def usage(self) -> Json:
        done = sum(len(answer.tokens) for answer in self.answers)
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": done,
            "total_tokens": self.prompt_tokens + done,
        }

    def envelope(self, kind: str) -> Json:
        return {
            "id": f"{self.form.prefix}-{uuid.UUID(self.job.id).hex}",
            "object": kind,
            "created": int(self.job.created_at),
            "model": self.body.model,
        }


class TextEndpoints:
    def __init__(self, state: OpenAiState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/chat/completions", self.chat),
            web.post("/v1/completions", self.complete),
        ]

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body = ChatBody.model_validate(await request.json())
        if self._state.settings.max_tokens_refused and body.max_tokens is not None:
            raise errors.max_tokens_refused()
        counted = sum(count_tokens(each.text) + TOKENS_PER_MESSAGE for each in body.messages)
        return await self._answer(request, CHAT, body, (body.last_text, counted, body.limit))

    async def complete(self, request: web.Request) -> web.StreamResponse:
        body = CompletionBody.model_validate(await request.json())
        # The server of OpenAI writes 16 tokens unless a limit is given.
        limit = 16 if body.max_tokens is None else body.max_tokens
        prompt = (body.text, count_tokens(body.text), limit)
        return await self._answer(request, COMPLETION, body, prompt)

    async def _answer(
        self,
        request: web.Request,
        form: _Form,
        body: TextBody,
        prompt: tuple[str, int, int | None],
    ) -> web.StreamResponse:
        work = self._accept(request, form, body, prompt)
        if body.stream:
            return await self._stream(request, work)
        return await self._whole(request, work)

    def _accept(
        self,
        request: web.Request,
        form: _Form,
        body: TextBody,
        prompt: tuple[str, int, int | None],
    ) -> _Work:
        """Check the model and the length, and record the job."""
        model = CHAT_MODELS.get(body.model)
        if model is None:
            raise errors.unknown_model(body.model)
        text, tokens, limit = prompt
        if tokens + (limit or 1) > model.context:
            raise errors.context_too_long(model.context, tokens, limit or 1)
        kind = "chat" if form.is_chat else "completion"
        payload = body.model_dump(exclude_unset=True)
        job = self._state.jobs.add(Job(kind, request[OWNER], payload))
        seeds = [f"{body.seed or 0}/{index}/{body.model}" for index in range(body.n or 1)]
        limit = min(limit or model.context, model.context - tokens)
        usual = self._state.settings.answer_tokens
        answers = (
            write_answer(text, usual=usual, limit=limit, stop=body.stops, seed=seed)
            for seed in seeds
        )
        return _Work(form, body, job, tuple(answers), tokens)

    async def _whole(self, request: web.Request, work: _Work) -> web.Response:
        settings = self._state.settings
        longest = max(len(answer.tokens) for answer in work.answers)
        pace = longest / settings.tokens_per_second if settings.tokens_per_second else 0.0
        connected = await wait_for_client(request, settings.first_token_seconds + pace)
        choices = [work.form.choice(*each) for each in enumerate(work.answers)]
        body = work.envelope(work.form.whole) | {"choices": choices, "usage": work.usage}
        work.job.end("completed" if connected else "cancelled", body)
        if connected:
            work.job.charged_micro = MICRO_PER_TOKEN * work.usage["total_tokens"]
        return web.json_response(body)

    async def _stream(self, request: web.Request, work: _Work) -> web.StreamResponse:
        """Send the answers. A client that closes the connection ends the work and the charge."""
        stream = await EventStream.open(request)
        work.job.charged_micro = MICRO_PER_TOKEN * work.prompt_tokens
        try:
            await stream.comment("processing")
            async for choice in self._choices(work):
                await stream.send(self._event(work, choice))
            if work.body.has_usage_event:
                await stream.send(self._event(work, None) | {"usage": work.usage})
            work.job.end("completed", {"choices": [answer.text for answer in work.answers]})
            await stream.end()
        except ConnectionError:
            if work.job.state == "running":
                work.job.end("cancelled")
        return stream.response

    def _event(self, work: _Work, choice: Json | None) -> Json:
        """One event; with a usage event at the end, all others have a usage of null."""
        usage: Json = {"usage": None} if work.body.has_usage_event else {}
        choices = [] if choice is None else [choice]
        return work.envelope(work.form.event) | {"choices": choices} | usage

    async def _choices(self, work: _Work) -> AsyncIterator[Json]:
        """The choice of each event, at the pace of the settings."""
        settings = self._state.settings
        await asyncio.sleep(settings.first_token_seconds)
        started, sent = time.monotonic(), 0
        for index, answer in enumerate(work.answers):
            if work.form.is_chat:
                first: Json = {"role": "assistant", "content": ""}
                yield {"index": index, "delta": first, "logprobs": None, "finish_reason": None}
            for token in answer.tokens:
                sent += 1
                if settings.tokens_per_second:
                    due = started + sent / settings.tokens_per_second
                    await asyncio.sleep(max(0.0, due - time.monotonic()))
                work.job.charged_micro += MICRO_PER_TOKEN
                yield work.form.piece(index, token)
            yield work.form.piece(index, None, answer.finish_reason)
