"""Calls about the own account: credits, quotes, and results whose answer was lost."""

import uuid

from aiohttp import web

from sandbox.aipg.bodies import QuoteBody
from sandbox.aipg.errors import ApiError
from sandbox.aipg.models import MICRO, MODELS, Model
from sandbox.aipg.state import AipgState
from sandbox.optional.jobs import Job, Json

LONGEST_REF = 128


class AccountEndpoints:
    def __init__(self, state: AipgState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v1/account", self.account),
            web.get("/v1/account/credits", self.credits),
            web.post("/v1/account/credits/quote", self.quote),
            web.get("/v1/media/results", self.results),
        ]

    async def account(self, request: web.Request) -> web.Response:
        account = self._state.account(request)
        return web.json_response(
            {
                "account_id": account.id,
                "username": account.username,
                "wallet": None,
                "payout_wallet": "",
                "identities": [],
                "keys": [{"id": account.id[:12], "label": "", "revoked": False}],
            }
        )

    async def credits(self, request: web.Request) -> web.Response:
        account = self._state.account(request)
        return web.json_response(account.credits_json(charging=self._state.settings.charging))

    async def quote(self, request: web.Request) -> web.Response:
        body = QuoteBody.model_validate(await request.json())
        account = self._state.account(request)
        answer = account.credits_json(charging=self._state.settings.charging)
        found = MODELS.get(body.model)
        cost = _cost(found, body) if found and found.kind == body.modality else None
        free = min(cost or 0, account.free_micro)
        paid = min((cost or 0) - free, account.paid_micro)
        short = (cost or 0) - free - paid
        known = cost is not None
        answer["estimate"] = {
            "model": body.model,
            "modality": body.modality,
            "priced": known,
            "reason": None if known else "unpriced",
            "base_cost_micro": cost,
            "base_cost_usd": _dollars(cost),
            "discount_bps": 0,
            "cost_micro": cost,
            "cost_usd": _dollars(cost),
            "balance_sufficient": known and not short,
            "from_promotional_micro": 0 if known else None,
            "from_daily_micro": free if known else None,
            "from_paid_micro": paid if known else None,
            "shortfall_micro": short if known else None,
        }
        return web.json_response(answer)

    async def results(self, request: web.Request) -> web.Response:
        """The state of a job of which money was held; others are unknown here."""
        try:
            answer = web.json_response(self._result(request))
        except ApiError as error:
            answer = error.response()
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _result(self, request: web.Request) -> Json:
        job_id, ref = _selectors(request)
        account = self._state.account(request)
        if (job_id is None) == (ref is None):
            raise ApiError(422, "Provide exactly one of job_id or client_ref")
        if not self._state.settings.recovery:
            raise ApiError(503, "Media recovery temporarily unavailable")
        own = (
            job
            for job in self._state.jobs.jobs.values()
            if job.id in self._state.holds and job.owner == account.username
        )
        found = [job for job in own if job_id in (None, job.id) and ref in (None, job.client_ref)]
        if len(found) > 1:
            raise ApiError(409, "Multiple jobs match; recover using a Grid job_id")
        if not found:
            raise ApiError(404, "No recoverable reservation found")
        return self._result_json(found[0])

    def _result_json(self, job: Job) -> Json:
        hold = self._state.holds[job.id]
        is_media = job.kind != "text" and hold.status == "settled"
        state = "pending" if hold.status == "held" else "closed_without_result"
        return {
            "job_id": job.id,
            "state": "completed" if is_media else state,
            "actual_micro": hold.actual_micro,
            "result": job.result if is_media else None,
        }


def _selectors(request: web.Request) -> tuple[str | None, str | None]:
    """The job id and the reference of a query. Raises ApiError 422 for invalid ones."""
    job_id, ref = request.query.get("job_id"), request.query.get("client_ref")
    if job_id is not None:
        try:
            job_id = str(uuid.UUID(job_id))
        except ValueError as error:
            raise _invalid_query("uuid_parsing", "job_id", job_id) from error
    if ref is not None and not 1 <= len(ref) <= LONGEST_REF:
        raise _invalid_query(
            "string_too_short" if not ref else "string_too_long", "client_ref", ref
        )
    return job_id, ref


def _invalid_query(kind: str, name: str, value: str) -> ApiError:
    fault = {"type": kind, "loc": ["query", name], "msg": f"Input is invalid: {kind}"}
    return ApiError(422, [fault | {"input": value}])


def _cost(model: Model, body: QuoteBody) -> int:
    if model.kind == "text":
        return model.text_cost(body.prompt_tokens, body.max_tokens)
    return model.unit_cost(body.seconds or body.n)


def _dollars(micro: int | None) -> float | None:
    return None if micro is None else micro / MICRO
