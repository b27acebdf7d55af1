"""Calls of moderators and of the operators of the server."""

from bot.horde.client import HordeClient
from bot.horde.moderation.operator_calls import ModesInput
from bot.horde.moderation.prompt_filters import FilterInput, FilterUpdate
from tests.support.horde.endpoint import MIRA, Endpoint

FILTER = "/filters/{filter_id}"
BLOCK = "/operations/block_worker_ipaddr/{worker_id}"
ADDRESS = "203.0.113.7"

MODERATOR_ENDPOINTS: list[Endpoint[HordeClient]] = [
    Endpoint("award_kudos", "POST", "/kudos/award", "awarded",
       lambda c: c.award_kudos("olaf#9", 25, key=MIRA), lambda r: r.awarded == 25, key=MIRA,
       body={"username": "olaf#9", "amount": 25}),
    Endpoint("update_modes", "PUT", "/status/modes", "modes",
       lambda c: c.update_modes(ModesInput(maintenance_mode=True), key=MIRA),
       lambda r: r.maintenance_mode, key=MIRA, body={"maintenance_mode": True}),
    Endpoint("list_filters", "GET", "/filters", "filters",
       lambda c: c.list_filters(key=MIRA, filter_type=10, contains="zorp"),
       lambda r: r[0].regex == "zorpling", key=MIRA,
       query=(("filter_type", "10"), ("contains", "zorp"))),
    Endpoint("create_filter", "PUT", "/filters", "filter",
       lambda c: c.create_filter(FilterInput(regex="zorpling", filter_type=10), key=MIRA),
       lambda r: r.replacement == "grown zorp", key=MIRA,
       body={"regex": "zorpling", "filter_type": 10}),
    Endpoint("check_filter", "POST", "/filters", "suspicion",
       lambda c: c.check_filter("a zorpling", key=MIRA),
       lambda r: (r.suspicion, r.matches) == ("1", ("zorpling",)), key=MIRA,
       body={"prompt": "a zorpling"}),
    Endpoint("get_filter_regex", "GET", "/filters/regex", "filter_regexes",
       lambda c: c.get_filter_regex(key=MIRA), lambda r: r[0].filter_type == 10, key=MIRA),
    Endpoint("get_filter", "GET", FILTER, "filter",
       lambda c: c.get_filter("filter_id", key=MIRA), lambda r: r.user == "mira#812", key=MIRA),
    Endpoint("update_filter", "PATCH", FILTER, "filter",
       lambda c: c.update_filter("filter_id", FilterUpdate(replacement=""), key=MIRA),
       lambda r: r.id == "1", key=MIRA, body={"replacement": ""}),
    Endpoint("delete_filter", "DELETE", FILTER, "message",
       lambda c: c.delete_filter("filter_id", key=MIRA), lambda r: r.message == "OK", key=MIRA),
    Endpoint("list_ip_timeouts", "GET", "/operations/ipaddr", "ip_timeouts",
       lambda c: c.list_ip_timeouts(key=MIRA), lambda r: r[0].seconds == 178, key=MIRA),
    Endpoint("create_ip_timeout", "POST", "/operations/ipaddr", "message",
       lambda c: c.create_ip_timeout(ADDRESS, 2, key=MIRA), lambda r: r.message == "OK",
       key=MIRA, body={"ipaddr": ADDRESS, "hours": 2}),
    Endpoint("delete_ip_timeout", "DELETE", "/operations/ipaddr", "message",
       lambda c: c.delete_ip_timeout(ADDRESS, key=MIRA), lambda r: r.message == "OK",
       key=MIRA, body={"ipaddr": ADDRESS}),
    Endpoint("get_ip_timeout", "GET", "/operations/ipaddr/{ipaddr}", "ip_timeouts",
       lambda c: c.get_ip_timeout("ipaddr", key=MIRA), lambda r: r[0].ipaddr == ADDRESS,
       key=MIRA),
    Endpoint("block_worker_ip", "PUT", BLOCK, "message",
       lambda c: c.block_worker_ip("worker_id", 3, key=MIRA), lambda r: r.message == "OK",
       key=MIRA, body={"days": 3}),
    Endpoint("unblock_worker_ip", "DELETE", BLOCK, "message",
       lambda c: c.unblock_worker_ip("worker_id", key=MIRA), lambda r: r.message == "OK",
       key=MIRA),
]  # fmt: skip
