"""The JSON of an account."""

import time
from typing import Any, Literal

from sandbox.horde.state.accounts import SharedKey, User
from sandbox.horde.state.horde_state import HordeState

Json = dict[str, Any]
View = Literal["public", "shared", "own", "list"]
HIDDEN: Json = {  # the list of users has these fields empty, the other views leave them out
    "active_generations": {},
    "monthly_kudos": {},
    **dict.fromkeys(
        ("evaluating_kudos", "worker_ids", "sharedkey_ids", "vpn", "special", "suspicious",
         "contact", "admin_comment", "proxy_passkey")
    ),
}  # fmt: skip


def user_json(horde: HordeState, user: User, view: View, shared: SharedKey | None = None) -> Json:
    """The JSON of an account. Its own key gets more fields; the list has private ones as null."""
    body: Json = {
        "username": user.name + (f" (Shared Key: {shared.name})" if shared else ""),
        "id": user.id,
        "kudos": float(round(user.shown_kudos(horde.settings.kudos_lag))),
        "concurrency": user.concurrency,
        "worker_invited": 0,
        "moderator": user.moderator,
        "kudos_details": _kudos_details(user),
        "worker_count": len(_workers(horde, user)),
        "styles": [
            {"name": style.unique_name, "id": style.id, "type": style.kind}
            for style in horde.styles.styles.values()
            if style.owner is user and (style.public or view == "own")
        ],
        "trusted": user.trusted,
        "flagged": user.flagged,
        "service": user.service,
        "education": user.education,
        "customizer": user.customizer,
        "deleted": user.deleted,
        "pseudonymous": False,
        "account_age": int(time.time() - user.created_at),
        "usage": {"megapixelsteps": None, "requests": None},
        "contributions": {"megapixelsteps": None, "fulfillments": None},
        "records": _records(user),
    }
    if view == "own" or (view == "public" and user.public_workers):
        body["worker_ids"] = _workers(horde, user)
    if view == "own":
        body |= _private(horde, user)
    return body | HIDDEN if view == "list" else body


def _private(horde: HordeState, user: User) -> Json:
    opened: Json = {}
    for request_id, kind in user.open_requests.items():
        if horde.settings.newer and horde.requests[request_id].api_key != user.api_key:
            continue  # paid by a shared key
        opened.setdefault(kind, []).append(request_id)
    private: Json = {
        "sharedkey_ids": list(user.shared_keys),
        "vpn": False,
        "special": user.special,
    }
    if opened and not user.anonymous:
        private["active_generations"] = opened
    if user.contact is not None:
        private["contact"] = user.contact
    return private


def _workers(horde: HordeState, user: User) -> list[str]:
    """Ids of the account's workers; the real server leaves out those for alchemy."""
    return [
        worker.id
        for worker in horde.workers()
        if worker.owner == user.id and worker.kind != "alchemy"
    ]


def _kudos_details(user: User) -> Json:
    return {
        "accumulated": float(round(user.accumulated)),
        "gifted": float(round(user.gifted)),
        "donated": 0,
        "admin": 0,
        "received": float(round(user.received)),
        "recurring": 0,
        "awarded": float(round(user.awarded)),
        "styled": float(round(user.styled)),
    }


def _records(user: User) -> Json:
    none = {"image": 0, "text": 0, "interrogation": 0}
    requests = user.requests
    return {
        "usage": {"megapixelsteps": round(user.megapixelsteps, 2), "tokens": user.tokens},
        "contribution": {"megapixelsteps": user.contributed, "tokens": 0},
        "fulfillment": none | {"image": user.fulfilled},
        "request": {
            "image": requests["image"],
            "text": requests["text"],
            "interrogation": requests["alchemy"],
        },
        "style": none,
    }
