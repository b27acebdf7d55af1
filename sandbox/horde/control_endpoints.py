"""The Horde's part of the control API: what was asked of it, and how it is made to misbehave."""

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, Literal

from aiohttp import web
from pydantic import ValidationError

from sandbox.faults import Faults
from sandbox.horde.control_bodies import BehaviourBody, KnobsBody, UserBody, WorkersBody
from sandbox.horde.state import models_and_workers
from sandbox.horde.state.accounts import User
from sandbox.horde.state.horde_state import Horde
from sandbox.horde.state.requests import Alchemy, Request

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    """The routes; to be mounted under /control/horde."""

    def __init__(self, horde: Horde, faults: Faults, restart: Callable[[], None]) -> None:
        self._horde = horde
        self._faults = faults
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
                web.post("/behaviour", self.behave),
                web.delete("/behaviour", self.behave_again),
                web.post("/knobs", self.turn),
                web.post("/expire", self.expire),
                web.post("/timeout_ip", self.time_out),
                web.post("/restart", self.restart),
            ]
        )
        return app

    async def requests(self, _request: web.Request) -> web.Response:
        shown = [_request_shown(each) for each in self._horde.requests.values()]
        shown += [_alchemy_shown(each) for each in self._horde.alchemies.values()]
        shown.sort(key=lambda each: each["created_at"])
        return web.json_response({"requests": shown})

    async def picture(self, request: web.Request) -> web.Response:
        """GET requests/{id}/pictures/source, mask or extra-1: its bytes as they were sent."""
        found = self._horde.requests.get(request.match_info["id"])
        data = found.sent.get(request.match_info["name"]) if found is not None else None
        if data is None:
            raise web.HTTPNotFound(reason="no such picture")
        return web.Response(body=data)

    async def calls(self, request: web.Request) -> web.Response:
        text = request.query.get("since", "0")
        since = int(text) if text.isdigit() else 0
        found = [each for each in self._faults.calls if each.server == "horde" and each.n > since]
        return web.json_response({"calls": [asdict(each) for each in found]})

    async def webhooks(self, _request: web.Request) -> web.Response:
        done = [asdict(each) for each in self._horde.webhooks.deliveries]
        return web.json_response({"deliveries": done})

    async def users(self, _request: web.Request) -> web.Response:
        return web.json_response([_user_shown(u) for u in self._horde.accounts.by_id.values()])

    async def add_user(self, request: web.Request) -> web.Response:
        body = UserBody.model_validate(await request.json())
        user = self._horde.accounts.register(body.username, body.kudos)
        for name in UserBody.model_fields.keys() - {"username", "kudos"}:
            setattr(user, name, getattr(body, name))
        return web.json_response(_user_shown(user))

    async def behave(self, request: web.Request) -> web.Response:
        body = BehaviourBody.model_validate(await request.json())
        self._horde.behaviours.add(body.behave, body.match, body.times, body.n)
        return web.json_response({"message": "OK"})

    async def behave_again(self, _request: web.Request) -> web.Response:
        """DELETE behaviour: all rules are gone."""
        self._horde.behaviours.clear()
        return web.json_response({"message": "OK"})

    async def turn(self, request: web.Request) -> web.Response:
        raw = await request.json()
        body = KnobsBody.model_validate(raw)
        horde, knobs = self._horde, self._horde.knobs
        for name in ("job_seconds", "wait_error", "outage", "lifetime", "loop_seconds"):
            if (value := getattr(body, name)) is not None:
                setattr(knobs, name, value)
        if "latency" in raw:
            self._faults.latency["horde"] = body.latency
        if body.limits is not None:
            horde.limiter.enabled = body.limits
        if body.caches is not None:
            horde.caches.enabled = body.caches
        if body.url_seconds is not None:
            horde.gallery.url_seconds = body.url_seconds
        if body.webhook_hosts is not None:
            horde.webhooks.hosts = dict(body.webhook_hosts)
        if body.maintenance is not None:
            self._maintain(body.maintenance)
        if body.workers is not None:
            self._staff(body.workers)
        return web.json_response({"message": "OK"})

    def _maintain(self, on: bool) -> None:
        if on and not self._horde.knobs.maintenance:
            self._horde.enter_maintenance()
        self._horde.knobs.maintenance = on

    def _staff(self, counts: WorkersBody) -> None:
        for kind, pool in (*self._horde.pools.items(), ("alchemy", self._horde.alchemists)):
            count = getattr(counts, kind)
            if count is not None:
                pool.replace_workers(models_and_workers.workers(_kind(kind), count))

    async def expire(self, request: web.Request) -> web.Response:
        """POST expire {id}: that request is forgotten at once."""
        wanted = (await request.json()).get("id")
        found, alchemy = self._horde.requests.get(wanted), self._horde.alchemies.get(wanted)
        if found is not None:
            self._horde.forget(found)
        elif alchemy is not None:
            self._horde.forget_alchemy(alchemy)
        else:
            raise web.HTTPNotFound(reason="no such request")
        return web.json_response({"message": "OK"})

    async def time_out(self, request: web.Request) -> web.Response:
        """POST timeout_ip {seconds}: every address of this machine; 0 ends it."""
        seconds = float((await request.json())["seconds"])
        for address in ("127.0.0.1", "::1"):
            self._horde.timeouts[address] = time.time() + seconds
        return web.json_response({"message": "OK"})

    async def restart(self, _request: web.Request) -> web.Response:
        """POST restart: connections are dropped, limits and caches forgotten."""
        self._horde.limiter.forget()
        self._horde.caches.clear()
        self._restart()
        return web.json_response({"message": "OK"})


def _request_shown(request: Request) -> Json:
    return {
        "id": request.id,
        "kind": request.kind,
        "state": request.state,
        "n": request.asked,
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
    }


def _alchemy_shown(alchemy: Alchemy) -> Json:
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
    }


def _user_shown(user: User) -> Json:
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
    """Errors of this API are {"message"}, and say what was wrong."""
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
