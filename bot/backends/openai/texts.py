"""Writes the texts of a request: one call for each, shown while they grow."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.aio.clock import ticks
from bot.backends.inline_results import TEXT_MAX, plain_answer
from bot.backends.open_calls import OpenCall
from bot.backends.openai.client import OpenAIClient
from bot.backends.openai.error_mapping import BROKE, NoSuchRoute, UnsupportedField, openai_refusal
from bot.backends.openai.payloads import Dialect, WritingInput, chat_input, completion_input
from bot.backends.openai.responses import ErrorFacts, TextEvent, TokenUsage
from bot.chat.request_texts import prompt_bytes
from bot.domain.generations import TextGeneration
from bot.domain.requests import TextRequest
from bot.domain.results import Phase, Status
from bot.errors import BackendDown, BackendError, BadReply
from bot.i18n import N_, _
from bot.text_output.answers import answer_of, joined_thoughts

log = logging.getLogger(__name__)

CHAT, COMPLETIONS = "/chat/completions", "/completions"
BYTES_OF_TOKEN = 4  # about
SHOW_EVERY = 0.2  # seconds; removing markup from a long text takes about a millisecond
# Cards leave out a word that is still being written: until the second one there is nothing to show.
FIRST_WORD = re.compile(r"[!-~]{0,40}")
EMPTY = N_("The model sent an empty text.")
REASONING_ONLY = N_("The model used the whole length for its reasoning. Ask for a longer text.")


@dataclass(slots=True)
class _Answer:
    """What has arrived of one text."""

    model: str
    content: list[str] = field(default_factory=list[str])
    length: int = 0
    reasoning: list[str] = field(default_factory=list[str])
    reasoned: int = 0  # characters of reasoning
    finish: str = ""
    usage: TokenUsage = field(default_factory=TokenUsage)

    def add(self, event: TextEvent) -> None:
        """Add the content of an event; beyond `TEXT_MAX` nothing is kept."""
        self.model = event.model or self.model
        if event.usage.completion_tokens:
            self.usage = event.usage
        for choice in event.choices[:1]:
            for part in (choice.delta, choice.message):
                self._add_reasoning(part.reasoning_content or part.reasoning)
            content = choice.delta.content or choice.message.content or choice.text
            if content and self.length < TEXT_MAX:
                self.content.append(content)
                self.length += len(content)
            self.finish = choice.finish_reason or self.finish

    def spent(self, prompt: int) -> TokenUsage:
        """The tokens so far: as the server told them, else about as many as the words have.

        `prompt`: bytes of the prompt.
        """
        if self.usage.completion_tokens:
            return self.usage
        asked = prompt // BYTES_OF_TOKEN
        sent = (self.length + self.reasoned) // BYTES_OF_TOKEN
        return TokenUsage(prompt_tokens=asked, completion_tokens=sent)

    def _add_reasoning(self, reasoning: str) -> None:
        if reasoning and self.reasoned < TEXT_MAX:
            self.reasoning.append(reasoning)
        self.reasoned += len(reasoning)

    def generation(self, *, unfinished: bool = False) -> TextGeneration:
        """The text so far, or the whole one."""
        sent = plain_answer("".join(self.content), TEXT_MAX)
        answer = answer_of(sent, partial=unfinished)
        reasoning = plain_answer("".join(self.reasoning), TEXT_MAX)
        return TextGeneration(
            text=answer.text,
            thinking=joined_thoughts([reasoning, answer.thinking])[:TEXT_MAX],
            model=plain_answer(self.model, 200),
            censored="censored" if self.finish == "content_filter" else "",
            reasoning_only=not answer.text and bool(reasoning or sent.strip()),
            cut=self.finish == "length",
            unfinished=unfinished,
        )


@dataclass(slots=True)
class _Job:
    """One request under way, with the texts that are done."""

    call: OpenCall
    request: TextRequest
    model: str
    key: str
    done: list[TextGeneration] = field(default_factory=list[TextGeneration])
    cost: float = 0.0

    def show(self, *now: TextGeneration, cost: float = 0.0) -> None:
        """Report the texts that are done, and the one that grows, with what that cost so far."""
        done = len(self.done)
        status = Status(
            phase=Phase.PROCESSING,
            processing=self.request.n - done,
            finished=done,
            generations=(*self.done, *now),
            cost=self.cost + cost,
        )
        self.call.show(status)


Cost = Callable[[str, TokenUsage], float]  # of a text by that model, in the unit of the backend


class TextWriter:
    """Writes texts with one server. Models without a template for chats continue the prompt.

    Without a `cost` the tokens of a text are not asked for: some servers refuse the option.
    """

    def __init__(self, client: OpenAIClient, cost: Cost | None = None) -> None:
        self._client = client
        self._cost = cost
        self._without_chat: set[str] = set()  # models
        self._dialects: dict[str, Dialect] = {}

    async def write(self, call: OpenCall, request: TextRequest, model: str, key: str) -> Status:
        """The outcome with all texts. Raises BackendError; the call's status has what arrived."""
        job = _Job(call, request, model, key)
        for _number in range(request.n):
            job.done.append(await self._one(job))
            if len(job.done) < request.n:
                job.show()
        return _outcome(job.done).with_cost(job.cost)

    async def _one(self, job: _Job) -> TextGeneration:
        answer = _Answer(job.model)
        try:
            await self._written(job, answer)
        except BackendError as error:
            in_doubt = isinstance(error, BackendDown) and error.in_doubt
            charged = in_doubt or isinstance(error, BadReply)
            if answer.content:
                cost = self._cost_of(job, answer) if charged else 0.0
                job.show(answer.generation(unfinished=True), cost=cost)
            raise
        job.cost += self._cost_of(job, answer)
        return answer.generation()

    def _cost_of(self, job: _Job, answer: _Answer) -> float:
        if self._cost is None:
            return 0.0
        return self._cost(answer.model, answer.spent(prompt_bytes(job.request)))

    async def _written(self, job: _Job, answer: _Answer) -> None:
        """Raises BackendError. A model that refuses a field is asked once more without it."""
        usual = Dialect(usage=self._cost is not None)
        while True:
            dialect = self._dialects.get(job.model, usual)
            try:
                return await self._written_as(dialect, job, answer)
            except UnsupportedField as error:
                if error.field in dialect.refused:
                    raise
                log.info("%s: %s does not take %s", self._client.title, job.model, error.field)
                self._dialects[job.model] = dialect.without(error.field)

    async def _written_as(self, dialect: Dialect, job: _Job, answer: _Answer) -> None:
        if job.model not in self._without_chat:
            try:
                await self._stream(CHAT, chat_input(job.request, job.model, dialect), job, answer)
            except NoSuchRoute:
                log.info("%s has no chat with %s", self._client.title, job.model)
            else:
                return
        body = completion_input(job.request, job.model, dialect)
        await self._stream(COMPLETIONS, body, job, answer)
        self._without_chat.add(job.model)

    async def _stream(self, route: str, body: WritingInput, job: _Job, answer: _Answer) -> None:
        shown_at = float("-inf")
        async with self._client.text(route, body, job.key) as events:
            async for event in events:
                answer.add(event)
                if event.error is not None or answer.finish == "error":
                    raise self._failure(event.error, answer)
                if answer.content and ticks() - shown_at >= SHOW_EVERY:
                    text = answer.generation(unfinished=True)
                    if FIRST_WORD.fullmatch(text.text) is None:
                        shown_at = ticks()
                        job.show(text, cost=self._cost_of(job, answer))
        if not answer.finish:
            raise self._broken()

    def _failure(self, facts: ErrorFacts | None, answer: _Answer) -> BackendError:
        """The error inside a stream: a refusal before the first word, else a cut."""
        code = facts.code if facts is not None else ""
        if not answer.content and code.isdecimal() and 400 <= int(code[:4]) < 600:
            return openai_refusal(self._client.title, int(code), facts)
        return self._broken()

    def _broken(self) -> BackendDown:
        title = self._client.title
        return BackendDown(_(BROKE).format(backend=title), in_doubt=True, title=title)


def _outcome(done: list[TextGeneration]) -> Status:
    good = [text for text in done if text.arrived]
    phase = Phase.DONE if len(good) == len(done) else Phase.PARTIAL if good else Phase.FAULTED
    missing = [text for text in done if not text.arrived and not text.censored]
    detail = (REASONING_ONLY if missing[0].reasoning_only else EMPTY) if missing else ""
    return Status(
        phase=phase,
        finished=len(done),
        generations=tuple(done),
        detail=_(detail) if detail else "",
    )
