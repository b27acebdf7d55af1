"""The application to mount under /control, and what guards it."""

from urllib.parse import urlsplit

from aiohttp import hdrs, web
from pydantic import ValidationError

from sandbox.control.action_endpoints import Acting
from sandbox.control.channel_endpoints import Places
from sandbox.control.fault_endpoints import Trouble
from sandbox.control.guild_endpoints import People
from sandbox.control.inspection_endpoints import Watching
from sandbox.discord.client.command_options import Refused
from sandbox.discord.rest.app import MAX_REQUEST
from sandbox.discord.rest.bodies import answer
from sandbox.discord.rest.errors import ApiError
from sandbox.discord.state import Discord
from sandbox.faults import Handler

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def build(discord: Discord, horde: web.Application | None) -> web.Application:
    """The control API of a Discord and, when there is one, of a Horde under /horde."""
    app = web.Application(middlewares=[only_from_here, explained], client_max_size=MAX_REQUEST)
    app.add_routes(People(discord, live=horde is None).routes())
    for part in (Places, Acting, Watching, Trouble):
        app.add_routes(part(discord).routes())
    if horde is not None:
        app.add_subapp("/horde", horde)
    return app


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a web page of somebody else could send here (DNS rebinding, cross-site)."""
    host = urlsplit(f"//{request.headers.get(hdrs.HOST, '')}").hostname
    origin = request.headers.get(hdrs.ORIGIN)
    if host not in LOOPBACK or (origin and urlsplit(origin).hostname not in LOOPBACK):
        return answer({"message": "the control API answers loopback addresses only"}, 403)
    return await handler(request)


@web.middleware
async def explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal as {"message"}."""
    try:
        return await handler(request)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        return answer({"message": faults}, 400)
    except (Refused, ValueError) as error:
        return answer({"message": str(error)}, 400)
    except ApiError as error:
        return answer(error.body, error.status)
    except web.HTTPError as error:
        return answer({"message": error.text or error.reason}, error.status)
