"""Calls of the owners of accounts, workers, teams and styles."""

from bot.horde.client import HordeClient
from bot.horde.job_payloads import RatingInput
from bot.horde.moderation.user_changes import UserUpdate
from bot.horde.style_editing.style_inputs import (
    CollectionInput,
    ExampleInput,
    ImageStyleInput,
    ImageStyleParamsInput,
    TextStyleInput,
)
from bot.horde.workers import TeamInput, TeamUpdate
from tests.support.horde.endpoint import MIRA, Endpoint

WOODCUT = ImageStyleInput(
    name="woodcut", models=("Deliberate",), params=ImageStyleParamsInput(steps=24)
)
WOODCUT_SENT = {"name": "woodcut", "models": ["Deliberate"], "params": {"steps": 24}}
SHANTY = TextStyleInput(name="sea shanty", models=("Fable",), prompt="Sing: {p}")
SHANTY_SENT = {"name": "sea shanty", "models": ["Fable"], "prompt": "Sing: {p}"}
EXAMPLE = ExampleInput(url="https://example.org/1.webp", primary=False)
EXAMPLE_SENT = {"url": "https://example.org/1.webp", "primary": False}
PRINTS = CollectionInput(name="prints", styles=("woodcut",))
PRINTS_SENT = {"name": "prints", "styles": ["woodcut"]}
ONE_EXAMPLE = "/styles/image/{style_id}/example/{example_id}"

OWNER_ENDPOINTS: list[Endpoint[HordeClient]] = [
    Endpoint("rate_image", "POST", "/generate/rate/{id}", "rewarded",
       lambda c: c.rate_image("id", RatingInput(best="one"), key=MIRA),
       lambda r: r.reward == 12.5, key=MIRA, body={"best": "one"}),
    Endpoint("update_user", "PUT", "/users/{user_id}", "user_changed",
       lambda c: c.update_user(812, UserUpdate(username="mira b"), key=MIRA),
       lambda r: (r.username, r.contact) == ("mira b", None), key=MIRA,
       body={"username": "mira b"}),
    Endpoint("delete_user", "DELETE", "/users/{user_id}", "message",
       lambda c: c.delete_user(812, key=MIRA), lambda r: r.message == "OK", key=MIRA),
    Endpoint("delete_worker", "DELETE", "/workers/{worker_id}", "deleted",
       lambda c: c.delete_worker("worker_id", key=MIRA),
       lambda r: r.deleted_name == "Quiet Toaster", key=MIRA),
    Endpoint("create_team", "POST", "/teams", "team_changed",
       lambda c: c.create_team(TeamInput(name="Keepers"), key=MIRA),
       lambda r: r.id.startswith("3d1b"), key=MIRA, body={"name": "Keepers"}),
    Endpoint("update_team", "PATCH", "/teams/{team_id}", "team_changed",
       lambda c: c.update_team("team_id", TeamUpdate(info="of lights"), key=MIRA),
       lambda r: r.info == "of lights", key=MIRA, body={"info": "of lights"}),
    Endpoint("delete_team", "DELETE", "/teams/{team_id}", "deleted",
       lambda c: c.delete_team("team_id", key=MIRA), lambda r: r.deleted_id != "", key=MIRA),
    Endpoint("create_image_style", "POST", "/styles/image", "style_changed",
       lambda c: c.create_image_style(WOODCUT, key=MIRA),
       lambda r: [w.code for w in r.warnings] == ["StepsTooMany"], key=MIRA, body=WOODCUT_SENT),
    Endpoint("update_image_style", "PATCH", "/styles/image/{style_id}", "style_changed",
       lambda c: c.update_image_style("style_id", WOODCUT, key=MIRA),
       lambda r: r.id.startswith("c1e8"), key=MIRA, body=WOODCUT_SENT),
    Endpoint("delete_image_style", "DELETE", "/styles/image/{style_id}", "message",
       lambda c: c.delete_image_style("style_id", key=MIRA),
       lambda r: r.message == "OK", key=MIRA),
    Endpoint("create_style_example", "POST", "/styles/image/{style_id}/example", "style_changed",
       lambda c: c.create_style_example("style_id", EXAMPLE, key=MIRA),
       lambda r: r.message == "OK", key=MIRA, body=EXAMPLE_SENT),
    Endpoint("update_style_example", "PATCH", ONE_EXAMPLE, "style_changed",
       lambda c: c.update_style_example("style_id", "example_id", EXAMPLE, key=MIRA),
       lambda r: r.message == "OK", key=MIRA, body=EXAMPLE_SENT),
    Endpoint("delete_style_example", "DELETE", ONE_EXAMPLE, "message",
       lambda c: c.delete_style_example("style_id", "example_id", key=MIRA),
       lambda r: r.message == "OK", key=MIRA),
    Endpoint("create_text_style", "POST", "/styles/text", "style_changed",
       lambda c: c.create_text_style(SHANTY, key=MIRA), lambda r: r.id != "",
       key=MIRA, body=SHANTY_SENT),
    Endpoint("update_text_style", "PATCH", "/styles/text/{style_id}", "style_changed",
       lambda c: c.update_text_style("style_id", SHANTY, key=MIRA), lambda r: r.id != "",
       key=MIRA, body=SHANTY_SENT),
    Endpoint("delete_text_style", "DELETE", "/styles/text/{style_id}", "message",
       lambda c: c.delete_text_style("style_id", key=MIRA), lambda r: r.message == "OK", key=MIRA),
    Endpoint("list_collections", "GET", "/collections", "collections",
       lambda c: c.list_collections(page=2, kind="image"), lambda r: r[0].type == "image",
       query=(("sort", "popular"), ("page", "26"), ("type", "image"))),
    Endpoint("get_collection", "GET", "/collections/{collection_id}", "collection",
       lambda c: c.get_collection("collection_id"), lambda r: r.styles[0].name == "woodcut"),
    Endpoint("get_collection_by_name", "GET", "/collection_by_name/{collection_name}",
       "collection", lambda c: c.get_collection_by_name("collection_name"),
       lambda r: r.use_count == 7),
    Endpoint("create_collection", "POST", "/collections", "style_changed",
       lambda c: c.create_collection(PRINTS, key=MIRA), lambda r: r.id != "",
       key=MIRA, body=PRINTS_SENT),
    Endpoint("update_collection", "PATCH", "/collections/{collection_id}", "style_changed",
       lambda c: c.update_collection("collection_id", PRINTS, key=MIRA), lambda r: r.id != "",
       key=MIRA, body=PRINTS_SENT),
    Endpoint("delete_collection", "DELETE", "/collections/{collection_id}", "message",
       lambda c: c.delete_collection("collection_id", key=MIRA),
       lambda r: r.message == "OK", key=MIRA),
]  # fmt: skip
