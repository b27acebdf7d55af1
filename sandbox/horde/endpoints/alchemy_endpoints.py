"""Alchemy endpoints: POST /interrogate/async, GET and DELETE /interrogate/status."""

import json
import random
from typing import Any

from aiohttp import web

from sandbox.horde import request_schemas
from sandbox.horde.endpoints.status_endpoints import apply_field_mask
from sandbox.horde.errors import ApiError, InvalidPayload, internal_error, json_response
from sandbox.horde.newer import annotations
from sandbox.horde.newer import request_schemas as newer_schemas
from sandbox.horde.prices import tiles
from sandbox.horde.state.horde_state import PRIORITY_PER_SECOND, HordeState
from sandbox.horde.state.requests import AlchemyForm, AlchemyRequest
from sandbox.horde.validation import limits, source_images, submit_checks

Json = dict[str, Any]
MOST_TILES = 255
FORMS_PER_SLOT = 10  # an account may have ten times as many open forms as images


class AlchemyEndpoints:
    """Endpoints that submit, show and cancel alchemy requests."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def submit(self, request: web.Request) -> web.Response:
        newer = self._horde.settings.newer
        schema = newer_schemas.ALCHEMY if newer else request_schemas.ALCHEMY
        body = await submit_checks.read_valid(request, schema)
        if not body.get("source_image"):
            missing = "Missing required parameter in the JSON body"
            raise InvalidPayload({"source_image": f"The public URL of the image. {missing}"})
        submit_checks.check_mode_and_webhook(self._horde, body)
        user = submit_checks.require_account(self._horde, request.headers["apikey"])
        if self._horde.settings.raid_mode and not user.trusted:
            raise internal_error()  # a bug of the real server
        forms: list[Json] = body.get("forms", [])
        if newer:
            forms = annotations.distinct(forms)
        opened = user.waiting["alchemy"] + len(forms)
        limits.check_forms(opened, user.concurrency * FORMS_PER_SLOT)
        source, size = await source_images.load(body["source_image"])
        if tiles(*size) > MOST_TILES and body["source_image"].startswith("http"):
            raise _too_many_tiles(tiles(*size))
        alchemy = AlchemyRequest(
            user=user,
            source=source,
            size=size,
            payload=submit_checks.with_long_strings_cut(body),
            slow_workers=body.get("slow_workers", True),
            trusted_workers=bool(body.get("trusted_workers", False)),
            webhook=body.get("webhook"),
        )
        self._add_forms(alchemy, forms)
        return json_response({"id": alchemy.id}, 202)

    def _add_forms(self, alchemy: AlchemyRequest, forms: list[Json]) -> None:
        horde = self._horde
        first = alchemy.created_at - alchemy.user.kudos / PRIORITY_PER_SECOND
        alchemy.forms = [
            AlchemyForm(
                each["name"],
                alchemy,
                submit_checks.behaviour_of(
                    horde, f"{each['name']} {json.dumps(each.get('payload', ''))}"
                ),
                queue_order=first + index / 1000,
                control_type=annotations.control_type(each),
            )
            for index, each in enumerate(forms)
        ]
        horde.add_alchemy_request(alchemy)

    async def status(self, request: web.Request) -> web.Response:
        return apply_field_mask(request, self._status_json(self._find(request)))

    async def cancel(self, request: web.Request) -> web.Response:
        """Cancel the undelivered forms. The answer shows the state after it.

        A form that a worker has is cancelled as well, and charged when the worker is done.
        """
        found = self._find(request)
        for form in found.forms:
            if form.state in ("waiting", "processing"):
                self._horde.finish_form(form, "cancelled")
        return apply_field_mask(request, self._status_json(found))

    @staticmethod
    def _status_json(alchemy: AlchemyRequest) -> Json:
        forms: list[Json] = [
            {"form": form.name, "state": form.state}
            | ({"result": form.result} if form.result is not None else {})
            | ({"payload": {"control_type": form.control_type}} if form.control_type else {})
            for form in alchemy.forms
        ]
        random.shuffle(forms)  # the real server returns them in changing order
        return {"state": alchemy.state, "forms": forms}

    def _find(self, request: web.Request) -> AlchemyRequest:
        wanted = request.match_info["id"]
        found = self._horde.alchemy_requests.get(wanted)
        if found is None:
            raise ApiError(
                404,
                "RequestNotFound",
                f"Interrogation with ID '{wanted}' not found. You have requested this URI "
                f"[{request.path}] but did you mean /api/v2/interrogate/status/<string:id> ?",
            )
        return found


def _too_many_tiles(count: int) -> ApiError:
    return ApiError(
        400,
        "SourceImageResolutionExceeded",
        f"Image validation failed. Image is too large ({count} tiles) and would cause horde "
        "alchemists to run out of VRAM trying to process it.",
    )
