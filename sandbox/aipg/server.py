"""The local AI Power Grid as one HTTP server."""

import json
from collections.abc import Mapping

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.aipg import errors
from sandbox.aipg.account_endpoints import AccountEndpoints
from sandbox.aipg.accounts import Account
from sandbox.aipg.chat import ChatEndpoint
from sandbox.aipg.media import MediaEndpoints
from sandbox.aipg.public_endpoints import PublicEndpoints
from sandbox.aipg.state import AipgSettings, AipgState, presented_key
from sandbox.optional.control_endpoints import ControlEndpoints
from sandbox.optional.http_server import LARGEST_BODY, HttpServer, route_of
from sandbox.optional.optional_server import ServerOptions

LIMITS: Mapping[str, int] = {
    "POST /v1/chat/completions": 30,
    "POST /v1/images/generations": 10,
    "POST /v1/videos/generations": 4,
    "POST /v1/audio/generations": 4,
    "POST /v1/3d/generations": 4,
    "POST /v1/account/credits/quote": 120,
    "GET /v1/media/results": 60,
}  # calls per minute of a key


class AccountChange(BaseModel):
    """POST /accounts: add or change the account of a key."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(min_length=1)
    username: str | None = None
    paid_micro: int | None = Field(default=None, ge=0)
    free_micro: int | None = Field(default=None, ge=0)
    requests: int | None = Field(default=None, ge=0)


class AipgServer:
    """Clients use `url` as their base URL."""

    def __init__(self, options: ServerOptions) -> None:
        self.state = AipgState(AipgSettings(job_seconds=options.job_seconds))
        options.faults.latency["aipg"] = options.latency
        self._faults = options.faults
        self._http = HttpServer()

    @property
    def url(self) -> str:
        return f"{self._http.base}/v1"

    async def start(self, host: str, port: int) -> None:
        faults = self._faults.middleware("aipg", route_of)
        app = web.Application(middlewares=[faults, self._respond], client_max_size=LARGEST_BODY)
        for endpoints in (ChatEndpoint, MediaEndpoints, AccountEndpoints, PublicEndpoints):
            app.add_routes(endpoints(self.state).routes())
        await self._http.start(app, host, port)
        self.state.base = self._http.base

    async def close(self) -> None:
        await self._http.close()

    def control_app(self) -> web.Application:
        app = web.Application()
        app.add_routes(ControlEndpoints(self.state.jobs, self.state.settings).routes())
        app.router.add_get("/accounts", self._accounts)
        app.router.add_post("/accounts", self._change_account)
        return app

    @web.middleware
    async def _respond(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check the limit of calls, call the handler, and answer errors."""
        if not self._allowed(request):
            return errors.too_many_calls()
        try:
            return await handler(request)
        except (errors.ApiError, ValidationError, json.JSONDecodeError, web.HTTPException) as error:
            return _as_api_error(error).response()

    def _allowed(self, request: web.Request) -> bool:
        route = route_of(request)
        limit = LIMITS.get(route)
        if limit is None or not self.state.settings.limits:
            return True
        return self.state.calls.allows(presented_key(request), route, limit)

    async def _accounts(self, _request: web.Request) -> web.Response:
        shown = [_account_json(each) for each in self.state.accounts.by_key.values()]
        return web.json_response({"accounts": shown})

    async def _change_account(self, request: web.Request) -> web.Response:
        change = AccountChange.model_validate(await request.json())
        known = self.state.accounts.by_key
        account = known.setdefault(change.key, Account(change.key, change.key))
        for name, value in change:
            if value is not None:
                setattr(account, name, value)
        return web.json_response(_account_json(account))


def _as_api_error(error: Exception) -> errors.ApiError:
    """The error in the form of the API."""
    match error:
        case errors.ApiError():
            return error
        case ValidationError():
            return errors.invalid(error)
        case json.JSONDecodeError():
            return errors.not_json(error.pos)
        case web.HTTPException():
            return errors.ApiError(error.status, error.reason)
        case _:
            raise error


def _account_json(account: Account) -> dict[str, str | int]:
    return {
        "key": account.key,
        "username": account.username,
        "paid_micro": account.paid_micro,
        "free_micro": account.free_micro,
        "requests": account.requests,
    }
