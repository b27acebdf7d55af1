"""The Horde's part of the control API: shows requests and calls, injects misbehaviour."""

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, Literal

from aiohttp import web
from pydantic import ValidationError

from sandbox.faults import Faults
from sandbox.horde.behaviour_endpoints import BehaviourEndpoints
from sandbox.horde.control_bodies import SettingsBody, UserBody, WorkersBody
from sandbox.horde.state import models_and_workers
from sandbox.horde.state.accounts import User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.requests import AlchemyRequest, GenerationRequest

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ControlEndpoints:
    """The endpoints, mounted under /control/horde and /control/aipg-v2 (`name`)."""

    def __init__(
        self, horde: HordeState, faults: Faults, name: str, restart: Callable[[], None]
    ) -> None:
        self._horde = horde
        self._faults = faults
        self._name = name
        self._restart = restart

    def app(self) -> web.Application:
        app = web.Application(middlewares=[_plain_errors])
        app.add_routes(
            [
                web.get("/requests", self.requests),
                web.get("/requests/{id}/pictures/{name}", self.picture),
                web.get("/calls", self.calls),
                web.get("/users", self.users),
                web.get("/webhooks", self.webhooks),
                web.post("/users", self.add_user),
                *BehaviourEndpoints(self._horde.behaviours).routes(),
                web.post("/knobs", self.change_settings),
                web.post("/expire", self.expire),
                web.post("/timeout_ip", self.time_out),
                web.post("/restart", self.restart),
            ]
        )
        return app

    async def requests(self, _request: web.Request) -> web.Response:
        shown = [_request_json(each) for each in self._horde.requests.values()]
        shown += [_alchemy_json(each) for each in self._horde.alchemy_requests.values()]
        shown.sort(key=lambda each: each["created_at"])
        return web.json_response({"requests": shown})

    async def picture(self, request: web.Request) -> web.Response:
        """GET requests/{id}/pictures/source, mask or extra-1: the image as it was sent."""
        found = self._horde.requests.get(request.match_info["id"])
        data = found.original_images.get(request.match_info["name"]) if found is not None else None
        if data is None:
            raise web.HTTPNotFound(reason="no such picture")
        return web.Response(body=data)

    async def calls(self, request: web.Request) -> web.Response:
        text = request.query.get("since", "0")
        since = int(text) if text.isdigit() else 0
        found = [
            each for each in self._faults.calls if each.server == self._name and each.n > since
        ]
        return web.json_response({"calls": [asdict(each) for each in found]})

    async def webhooks(self, _request: web.Request) -> web.Response:
        done = [asdict(each) for each in self._horde.webhooks.deliveries]
        return web.json_response({"deliveries": done})

    async def users(self, _request: web.Request) -> web.Response:
        return web.json_response([_user_json(u) for u in self._horde.accounts.by_id.values()])

    async def add_user(self, request: web.Request) -> web.Response:
        body = UserBody.model_validate(await request.json())
        user = self._horde.accounts.register(body.username, body.kudos)
        for name in UserBody.model_fields.keys() - {"username", "kudos"}:
            setattr(user, name, getattr(body, name))
        return web.json_response(_user_json(user))

    async def change_settings(self, request: web.Request) -> web.Response:
        raw = await request.json()
        body = SettingsBody.model_validate(raw)
        horde, settings = self._horde, self._horde.settings
        for name in (
            *("job_seconds", "wait_error", "outage", "gone", "lifetime", "loop_seconds"),
            *("raid_mode", "wait_factor", "version", "kudos_lag", "stall_seconds", "lease_factor"),
        ):
            if (value := getattr(body, name)) is not None:
                setattr(settings, name, value)
        if "latency" in raw:
            self._faults.latency[self._name] = body.latency
        if body.limits is not None:
            horde.rate_limiter.enabled = body.limits
        if body.caches is not None:
            horde.response_cache.enabled = body.caches
        if body.url_seconds is not None:
            horde.object_storage.url_seconds = body.url_seconds
        if body.webhook_hosts is not None:
            horde.webhooks.hosts = dict(body.webhook_hosts)
        if body.maintenance is not None:
            horde.set_maintenance(on=body.maintenance)
        if body.workers is not None:
            self._set_worker_counts(body.workers)
        return web.json_response({"message": "OK"})

    def _set_worker_counts(self, counts: WorkersBody) -> None:
        for kind, pool in (
            *self._horde.worker_pools.items(),
            ("alchemy", self._horde.alchemy_workers),
        ):
            count = getattr(counts, kind)
            if count is not None:
                lower = self._horde.settings.aipg_v2
                workers = models_and_workers.initial_workers(_kind(kind), count, lower_case=lower)
                pool.replace_workers(workers)

    async def expire(self, request: web.Request) -> web.Response:
        """POST expire {id}: remove the request at once."""
        wanted = (await request.json()).get("id")
        found, alchemy = self._horde.requests.get(wanted), self._horde.alchemy_requests.get(wanted)
        if found is not None:
            self._horde.remove_request(found)
        elif alchemy is not None:
            self._horde.remove_alchemy_request(alchemy)
        else:
            raise web.HTTPNotFound(reason="no such request")
        return web.json_response({"message": "OK"})

    async def time_out(self, request: web.Request) -> web.Response:
        """POST timeout_ip {seconds}: put all loopback addresses into timeout; 0 ends it."""
        seconds = float((await request.json())["seconds"])
        for address in ("127.0.0.1", "::1"):
            self._horde.address_timeouts[address] = time.time() + seconds
        return web.json_response({"message": "OK"})

    async def restart(self, _request: web.Request) -> web.Response:
        """POST restart: drop connections, reset rate limits and cache."""
        self._horde.rate_limiter.reset()
        self._horde.response_cache.clear()
        self._restart()
        return web.json_response({"message": "OK"})


def _request_json(request: GenerationRequest) -> Json:
    return {
        "id": request.id,
        "kind": request.kind,
        "state": request.state,
        "n": request.requested_jobs,
        "finished": len(request.generations),
        "waiting": request.waiting,
        "processing": request.running,
        "user": request.user.name,
        "prompt": request.prompt,
        "forms": None,
        "webhook": request.webhook,
        "created_at": request.created_at,
        "done_at": request.done_at,
        "payload": request.body,
        "made": _made_json(request),
    }


def _made_json(request: GenerationRequest) -> Json:
    """The request as workers get it, after style and downgrade; the payload holds the original."""
    if request.kind == "text":
        return {"max_length": request.max_length}
    return {"width": request.width, "height": request.height, "steps": request.steps}


def _alchemy_json(alchemy: AlchemyRequest) -> Json:
    states = [form.state for form in alchemy.forms]
    return {
        "id": alchemy.id,
        "kind": "alchemy",
        "state": alchemy.state,
        "n": len(states),
        "finished": states.count("done"),
        "waiting": states.count("waiting"),
        "processing": states.count("processing"),
        "user": alchemy.user.name,
        "prompt": None,
        "forms": [form.name for form in alchemy.forms],
        "webhook": alchemy.webhook,
        "created_at": alchemy.created_at,
        "done_at": alchemy.done_at,
        "payload": alchemy.payload,
        "made": None,
    }


def _user_json(user: User) -> Json:
    return {
        "id": user.id,
        "username": user.name,
        "api_key": user.api_key,
        "kudos": user.kudos,
        "trusted": user.trusted,
    }


def _kind(name: str) -> Literal["image", "text", "alchemy"]:
    assert name in ("image", "text", "alchemy")
    return name


@web.middleware
async def _plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error as {"message"}."""
    try:
        return await handler(request)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return web.json_response({"message": f"{where}: {first['msg']}"}, status=400)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = re.sub(r"\s+", " ", f"{type(error).__name__}: {error}")
        return web.json_response({"message": message}, status=400)
    except web.HTTPException as error:
        return web.json_response({"message": error.reason}, status=error.status)
