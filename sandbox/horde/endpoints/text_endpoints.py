"""The endpoint that submits text requests: POST /generate/text/async."""

import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.horde import request_schemas
from sandbox.horde.errors import (
    ApiError,
    InvalidPayload,
    bad_request,
    internal_error,
    json_response,
)
from sandbox.horde.newer import context_fit
from sandbox.horde.newer import request_schemas as newer_schemas
from sandbox.horde.prices import newer_text_price, text_price
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.requests import GenerationRequest
from sandbox.horde.validation import image_price, limits, style_use, submit_checks, text_rules
from sandbox.horde.validation.style_use import Styled
from sandbox.horde.validation.submit_checks import Payer

Json = dict[str, Any]
NO_WORKER = (
    "Warning: No available workers can fulfill this request. It will expire in 20 minutes. "
    "Consider reducing the amount of tokens to generate."
)
LONGEST_WEBHOOK = 1024  # the size of a database column; a longer one is a server error


@dataclass(slots=True)
class _Submission:
    """One body on its way through the checks."""

    body: Json
    styled: Styled
    tokens: int = 0  # estimated, of the prompt

    @property
    def max_length(self) -> int:
        return int(self.styled.params.get("max_length", 80))

    @property
    def context(self) -> int:
        return int(self.styled.params.get("max_context_length", 2048))


class TextEndpoints:
    """The endpoint that submits text requests."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def submit(self, request: web.Request) -> web.Response:
        horde = self._horde
        schema = newer_schemas.TEXT if horde.settings.newer else request_schemas.TEXT
        body = await submit_checks.read_valid(request, schema)
        if "prompt" not in body:
            missing = "Missing required parameter in the JSON body"
            raise InvalidPayload({"prompt": f"The prompt to generate from. {missing}"})
        styled = style_use.apply_style(
            horde, "text", body, submit_checks.requested_models(horde, body)
        )
        sent = _Submission(body, styled)
        submit_checks.check_mode_and_webhook(horde, body)
        payer = submit_checks.identify_payer(horde, request, body, styled.style)
        self._check(request, sent, payer)
        draft = self._new_request(sent, payer)
        draft.api_key = request.headers["apikey"]
        if body.get("dry_run"):
            return self._dry_run(draft, sent)
        self._check_kudos(draft, body, payer)
        draft.behaviour = submit_checks.behaviour_of(horde, styled.prompt)
        if len(body.get("webhook", "")) > LONGEST_WEBHOOK:
            raise internal_error()
        horde.add_request(draft, payer.queue_priority, self._tax(styled, payer))
        style_use.credit_style(styled.style, payer.user)
        reply: Json = {"id": draft.id, "kudos": 0.0}  # never computed, as on the real server
        if not horde.worker_pools["text"].is_possible(draft):
            reply["message"] = NO_WORKER
        return json_response(reply, 202)

    def _check(self, request: web.Request, sent: _Submission, payer: Payer) -> None:
        """The checks between the payer and the kudos. Raises ApiError."""
        horde, body, styled = self._horde, sent.body, sent.styled
        n = int(styled.params.get("n", 1))
        limits.check_encoding(horde, body["prompt"])
        submit_checks.check_permissions(horde, body, payer.user, n, styled.prompt)
        limits.check_concurrency(horde, "text", payer.user, styled.models, n)
        limits.check_address(horde, horde.client_address(request), time.time())
        if horde.settings.newer:
            self._fit(sent)
        text_rules.check_params(styled.params)
        if body.get("extra_source_images"):
            message = "This request type does not accept extra source images."
            raise ApiError(
                400, "InvalidExtraSourceImages.", message, newer_rc="InvalidExtraSourceImages"
            )
        limits.check_client(request)

    def _fit(self, sent: _Submission) -> None:
        """Apply `context_fit`; a larger context is set in the parameters."""
        largest = [
            worker.max_context_length
            for worker in self._horde.worker_pools["text"].workers
            if not sent.styled.models or not worker.model_set.isdisjoint(sent.styled.models)
        ]
        most = max(largest, default=0)
        policy = sent.styled.style.policy if sent.styled.style is not None else None
        most = min(most, (policy or {}).get("ceilings", {}).get("max_context_length", most))
        mode = sent.body.get("context_fit", "ignore")
        found = context_fit.fit(sent.styled.prompt, mode, sent.max_length, sent.context, most)
        sent.tokens = found.tokens
        if found.context != sent.context:
            sent.styled.params["max_context_length"] = found.context

    def _new_request(self, sent: _Submission, payer: Payer) -> GenerationRequest:
        body, styled = sent.body, sent.styled
        draft = GenerationRequest(
            kind="text",
            user=payer.user,
            prompt=styled.prompt,
            body=submit_checks.with_long_strings_cut(body),
            payload=styled.params,
            models=tuple(styled.models),
            jobs=int(styled.params.get("n", 1)),
            price=0.0,
            shared_key=payer.shared_key,
            trusted_workers=body.get("trusted_workers", False),
            workers=frozenset(body.get("workers", ())[:5]),
            blacklist=body.get("worker_blacklist", False),
            max_length=sent.max_length,
            max_context_length=sent.context,
            webhook=body.get("webhook"),
        )
        models = styled.models or ["any 8B"]
        draft.price = draft.price_per_result = text_price(models, sent.max_length, sent.context)
        return draft

    def _tax(self, styled: Styled, payer: Payer) -> float:
        newer = self._horde.settings.newer
        return 1 + (image_price.style_tax(styled.style, payer.user) if newer else 0)

    def _dry_run(self, draft: GenerationRequest, sent: _Submission) -> web.Response:
        models, pool = list(draft.models), self._horde.worker_pools["text"]
        known = {model for worker in pool.workers for model in worker.models}
        if self._horde.settings.newer:
            price = newer_text_price(models, known, draft.max_length, draft.max_context_length)
            quote: Json = {"kudos": float(round(price * draft.jobs + 1))}
            return json_response(quote | {"resolved": _resolved(sent)})
        if models and known.isdisjoint(models):
            raise internal_error()  # the real server fails for an unknown model
        price = text_price(models, draft.max_length, draft.max_context_length)
        return json_response({"kudos": float(round(price * draft.jobs + 1))})

    def _check_kudos(self, draft: GenerationRequest, body: Json, payer: Payer) -> None:
        pool = self._horde.worker_pools["text"]
        if payer.shared_key is not None:
            most = payer.shared_key.max_text_tokens
            if most != -1 and draft.max_length > most:
                if "style" not in body and not self._horde.settings.newer:
                    raise internal_error()  # the real server fails when there is no style
                raise bad_request("This shared key does not allow so many tokens.")
            submit_checks.check_shared_key_budget(
                payer, draft.price * draft.jobs, downgrade=bool(body.get("allow_downgrade"))
            )
        most = min(512, max(256, round(512 + 5 * pool.threads - 0.9 * len(pool.queue))))
        if body.get("slow_workers", True) and draft.max_length <= most:
            return
        needed = draft.max_length // 50 * draft.jobs
        if payer.user.spendable >= needed:
            draft.reserved = needed
        elif body.get("allow_downgrade"):
            draft.max_length = min(draft.max_length, most)
        else:
            raise ApiError(
                403,
                "KudosUpfront",
                f"Due to heavy demand, for requests over {most} tokens, the client needs to "
                "already have the required kudos. "
                f"This request requires {needed} kudos to fulfil.",
            )


def _resolved(sent: _Submission) -> Json:
    """What the request would become, of the newer server's dry run."""
    styled = sent.styled
    style = styled.style
    return {
        "prompt": styled.prompt,
        "params": styled.params,
        "models": styled.models,
        "style": {"id": style.id, "name": style.name} if style is not None else None,
        "estimated_prompt_tokens": sent.tokens,
        "context_fit": sent.body.get("context_fit", "ignore"),
    }
