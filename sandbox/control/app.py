"""The application mounted under /control, and its middlewares."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from pydantic import ValidationError

from sandbox.control.action_endpoints import ActionEndpoints
from sandbox.control.channel_endpoints import ChannelEndpoints
from sandbox.control.fault_endpoints import FaultEndpoints
from sandbox.control.guild_endpoints import GuildEndpoints
from sandbox.control.inspection_endpoints import InspectionEndpoints
from sandbox.control.message_endpoints import MessageEndpoints
from sandbox.control.thread_endpoints import ThreadEndpoints
from sandbox.control.webhook_endpoints import WebhookEndpoints
from sandbox.discord.client.command_options import ClientRefusal
from sandbox.discord.rest.app import MAX_REQUEST
from sandbox.discord.rest.bodies import json_response
from sandbox.discord.rest.errors import ApiError
from sandbox.discord.state import Discord
from sandbox.faults import Handler

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def build_app(discord: Discord, others: Mapping[str, web.Application]) -> web.Application:
    """Build the control API of a Discord, with the parts of the other servers in their folders."""
    app = web.Application(
        middlewares=[refuse_remote_origins, errors_as_json], client_max_size=MAX_REQUEST
    )
    optional = set(others) - {"horde"}
    guilds = GuildEndpoints(
        discord, external_horde="horde" not in others, optional_servers=optional
    )
    app.add_routes(guilds.routes())
    for endpoints in (
        ChannelEndpoints,
        ThreadEndpoints,
        ActionEndpoints,
        MessageEndpoints,
        InspectionEndpoints,
        FaultEndpoints,
        WebhookEndpoints,
    ):
        app.add_routes(endpoints(discord).routes())
    for name, part in others.items():
        app.add_subapp(f"/{name}", part)
    return app


@web.middleware
async def refuse_remote_origins(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests from other web pages (DNS rebinding, cross-site requests)."""
    host = urlsplit(f"//{request.headers.get(hdrs.HOST, '')}").hostname
    origin = request.headers.get(hdrs.ORIGIN)
    if host not in LOOPBACK or (origin and urlsplit(origin).hostname not in LOOPBACK):
        return json_response({"message": "the control API answers loopback addresses only"}, 403)
    return await handler(request)


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error as {"message"}."""
    try:
        return await handler(request)
    except ValidationError as error:
        message = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        return json_response({"message": message}, 400)
    except (ClientRefusal, ValueError) as error:
        return json_response({"message": str(error)}, 400)
    except ApiError as error:
        return json_response(error.body, error.status)
    except web.HTTPError as error:
        return json_response({"message": error.text or error.reason}, error.status)
