"""Faults for all servers: records calls, adds latency and applies fault rules."""

import asyncio
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.fault_rules import FaultRule, NoResponse, apply_rule

Range = tuple[float, float]

KEPT_CALLS = 20_000  # the oldest calls are removed, so that memory stays bounded
SECRET = re.compile(r"(?<=/)(webhooks/\d+|interactions/\d+)/(?!messages/)[^/?]+")


@dataclass(slots=True)
class Call:
    """One recorded request; `status` and `ms` are set when it is answered."""

    n: int
    at: float
    server: str
    route: str
    path: str
    status: int | None = None
    ms: float | None = None
    note: str = ""


@dataclass(slots=True)
class _ActiveRule:
    rule: FaultRule
    left: int | None
    skip: int

    def applies(self) -> bool:
        """Whether the rule applies to this matching call. Counts the call."""
        if self.skip:
            self.skip -= 1
            return False
        if self.left is None:
            return True
        self.left -= 1
        return self.left >= 0


@dataclass(slots=True)
class Faults:
    """The recorded calls of all servers and the active fault rules."""

    calls: list[Call] = field(default_factory=list[Call])
    latency: dict[str, Range | None] = field(default_factory=dict[str, Range | None])
    _active: dict[str, _ActiveRule] = field(default_factory=dict[str, _ActiveRule])
    _count: int = 0
    _rules: int = 0

    def add(self, rule: Mapping[str, Any]) -> str:
        """Add a rule and return its id. Raises ValueError (or pydantic's) for an invalid one."""
        checked = FaultRule.model_validate(rule)
        if checked.kind == "kill" and checked.pid is None:
            raise ValueError("a kill rule needs the pid of the process to end")
        self._rules += 1
        # A process can be killed once only.
        once = checked.kind == "kill" and "times" not in checked.model_fields_set
        left = 1 if once else checked.times
        self._active[str(self._rules)] = _ActiveRule(checked, left, checked.after)
        return str(self._rules)

    def clear(self, rule_id: str | None = None) -> None:
        """Remove one rule, or all of them. Raises KeyError for an unknown id."""
        if rule_id is None:
            self._active.clear()
        else:
            del self._active[rule_id]

    def record(self, server: str, route: str, path: str) -> Call:
        """Record a call."""
        if len(self.calls) >= 2 * KEPT_CALLS:
            del self.calls[:KEPT_CALLS]
        self._count += 1
        call = Call(self._count, time.time(), server, route, SECRET.sub(r"\1/…", path))
        self.calls.append(call)
        return call

    def calls_after(self, n: int) -> list[Call]:
        """The recorded calls after the n-th."""
        first = self.calls[0].n if self.calls else 0
        return self.calls[max(n + 1 - first, 0) :]

    def middleware(self, server: str, route_of: Callable[[web.Request], str]) -> Middleware:
        """The outermost middleware of a server: records calls, adds latency, applies rules.

        `route_of` returns the normalised route ("GET /generate/check/{id}"). A request
        for which it returns "" is neither recorded nor changed.
        """

        @web.middleware
        async def inject_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
            route = route_of(request)
            if not route:
                return await handler(request)
            call = self.record(server, route, request.path_qs)
            started = time.perf_counter()
            try:
                response = await self._handle_with_faults(call, request, handler)
                if not isinstance(response, NoResponse):
                    call.status = response.status
            except web.HTTPException as error:
                call.status = error.status
                raise
            finally:
                call.ms = round((time.perf_counter() - started) * 1000, 3)
            return response

        return inject_faults

    async def wait_latency(self, server: str) -> None:
        """Sleep for the latency of one direction."""
        if span := self.latency.get(server):
            await asyncio.sleep(random.uniform(*span))  # noqa: S311  network jitter, no secret

    async def _handle_with_faults(
        self, call: Call, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        await self.wait_latency(call.server)
        rules = self._rules_for(call)
        for rule in rules:
            if rule.kind == "delay":
                await asyncio.sleep(rule.wait_seconds)
        rule = next((rule for rule in rules if rule.kind != "delay"), None)
        if rule is None:
            response = await handler(request)
        else:
            call.note = rule.kind
            response = await apply_rule(rule, request, handler)
        await self.wait_latency(call.server)
        return response

    def _rules_for(self, call: Call) -> list[FaultRule]:
        """The rules that apply to this call: every delay, and the first of the others."""
        found: list[FaultRule] = []
        has_replacement = False
        for rule_id, active in list(self._active.items()):
            rule = active.rule
            if not rule.matches(call.server, call.route) or (
                has_replacement and rule.kind != "delay"
            ):
                continue
            if active.applies():
                found.append(rule)
                has_replacement = has_replacement or rule.kind != "delay"
            if active.left == 0:
                del self._active[rule_id]
        return found
