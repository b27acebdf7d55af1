"""The endpoint that submits text requests: POST /generate/text/async."""

import time
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
from sandbox.horde.prices import text_price
from sandbox.horde.state import styles
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.requests import GenerationRequest
from sandbox.horde.validation import submit_checks
from sandbox.horde.validation.submit_checks import Payer

Json = dict[str, Any]
NO_WORKER = (
    "Warning: No available workers can fulfill this request. It will expire in 20 minutes. "
    "Consider reducing the amount of tokens to generate."
)
LONGEST_WEBHOOK = 1024  # the size of a database column; a longer one is a server error


class TextEndpoints:
    """The endpoint that submits text requests."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def submit(self, request: web.Request) -> web.Response:
        horde = self._horde
        body = await submit_checks.read_valid(request, request_schemas.TEXT)
        if "prompt" not in body:
            missing = "Missing required parameter in the JSON body"
            raise InvalidPayload({"prompt": f"The prompt to generate from. {missing}"})
        params: Json = dict(body.get("params", {}))
        models: list[str] = list(body.get("models", []))
        prompt, params, models = styles.apply_style(horde.styles, "text", body, params, models)
        submit_checks.check_mode_and_webhook(horde, body)
        payer = submit_checks.identify_payer(horde, request, body)
        n = int(params.get("n", 1))
        submit_checks.check_permissions(horde, body, payer.user, n, prompt)
        submit_checks.check_concurrency(horde, "text", payer.user, models, n)
        submit_checks.check_address(horde, horde.client_address(request), time.time())
        _check_params(params)
        if body.get("extra_source_images"):
            message = "This request type does not accept extra source images."
            raise ApiError(400, "InvalidExtraSourceImages.", message)
        submit_checks.check_client(request)
        new_request = self._new_request(body, params, models, prompt, payer)
        if body.get("dry_run"):
            return self._dry_run(new_request)
        self._check_kudos(new_request, body, payer)
        new_request.behaviour = submit_checks.behaviour_of(horde, prompt)
        if len(body.get("webhook", "")) > LONGEST_WEBHOOK:
            raise internal_error()
        horde.add_request(new_request, payer.queue_priority)
        reply: Json = {"id": new_request.id, "kudos": 0.0}  # never computed, as on the real server
        if not horde.worker_pools["text"].is_possible(new_request):
            reply["message"] = NO_WORKER
        return json_response(reply, 202)

    def _new_request(
        self, body: Json, params: Json, models: list[str], prompt: str, payer: Payer
    ) -> GenerationRequest:
        max_length = int(params.get("max_length", 80))
        context = int(params.get("max_context_length", 2048))
        draft = GenerationRequest(
            kind="text",
            user=payer.user,
            prompt=prompt,
            body=submit_checks.with_long_strings_cut(body),
            payload=params,
            models=tuple(models),
            jobs=int(params.get("n", 1)),
            price=0.0,
            shared_key=payer.shared_key,
            trusted_workers=body.get("trusted_workers", False),
            workers=frozenset(body.get("workers", ())[:5]),
            blacklist=body.get("worker_blacklist", False),
            max_length=max_length,
            max_context_length=context,
            webhook=body.get("webhook"),
        )
        draft.price = draft.price_per_result = text_price(models or ["any 8B"], max_length, context)
        return draft

    def _dry_run(self, draft: GenerationRequest) -> web.Response:
        known = {
            model for worker in self._horde.worker_pools["text"].workers for model in worker.models
        }
        if draft.models and known.isdisjoint(draft.models):
            raise internal_error()  # the real server fails for an unknown model
        price = text_price(list(draft.models), draft.max_length, draft.max_context_length)
        return json_response({"kudos": float(round(price * draft.jobs + 1))})

    def _check_kudos(self, draft: GenerationRequest, body: Json, payer: Payer) -> None:
        pool = self._horde.worker_pools["text"]
        if payer.shared_key is not None:
            most = payer.shared_key.max_text_tokens
            if most != -1 and draft.max_length > most:
                if "style" not in body:
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


def _check_params(params: Json) -> None:
    """Raises ApiError for combinations that the schema does not forbid."""
    if params.get("max_length", 80) > params.get("max_context_length", 2048):
        message = "You cannot request more tokens than your context length."
        raise ApiError(400, "TokenOverflow", message)
    order = params.get("sampler_order")
    if order is not None and len(set(order)) < 7:
        message = (
            "When sending a custom sampler order, you need to specify all possible samplers in "
            "the order"
        )
        raise ApiError(400, "MissingFullSamplerOrder", message)
    stops = set(params.get("stop_sequence", ()))
    if len(stops) > 128:
        message = "Too many stop sequences specified (max allowed is 128)."
        raise ApiError(400, "TooManyStopSequences", message)
    if sum(len(stop) for stop in stops) > 2000:
        message = "Your total stop sequence length exceeds the allowed limit (2000 chars)."
        raise ApiError(400, "ExcessiveStopSequence", message)
