"""The part of the control API that makes the jobs of a server misbehave."""

from aiohttp import web

from sandbox.horde.control_bodies import BehaviourBody
from sandbox.horde.state.worker_behaviour import BehaviourRules


class BehaviourEndpoints:
    """Adds and removes rules under /behaviour."""

    def __init__(self, rules: BehaviourRules) -> None:
        self._rules = rules

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/behaviour", self.add), web.delete("/behaviour", self.clear)]

    async def add(self, request: web.Request) -> web.Response:
        body = BehaviourBody.model_validate(await request.json())
        self._rules.add(body.behave, body.match, body.times, body.n)
        return web.json_response({"message": "OK"})

    async def clear(self, _request: web.Request) -> web.Response:
        """DELETE behaviour: remove all rules."""
        self._rules.clear()
        return web.json_response({"message": "OK"})
