"""Styles and collections of the local Horde."""

from typing import Any

from tests.support.credentials import ANONYMOUS, KEEPER, POOR, RICH
from tests.support.horde.local_horde import LocalHorde

NEW_STYLE = {
    "name": "fancy",
    "info": "a style for testing",
    "prompt": "{p}, oil painting{np}",
    "params": {"steps": 12, "width": 640, "height": 512},
    "models": ["stable_diffusion"],
    "tags": ["test"],
}


async def test_an_image_style_replaces_what_was_asked() -> None:
    async with LocalHorde() as local:
        request_id = await local.image(
            "a cat ### dogs",
            style="oil painting",
            params={"n": 2, "steps": 50, "seed": "42", "width": 1024},
        )
        request = local.state.requests[request_id]
        assert request.prompt == "a cat , oil painting, impasto, visible brush strokes### dogs"
        assert request.models == ("Deliberate", "stable_diffusion")
        # n survives, and the width, as the style has none.
        assert (request.requested_jobs, request.steps, request.width, request.seed) == (
            2,
            20,
            1024,
            None,
        )
        style = await local.get("/styles/image_by_name/oil%20painting")
        assert style["use_count"] == 1


async def test_a_style_goes_by_id_and_by_several_names() -> None:
    async with LocalHorde() as local:
        style = await local.get("/styles/image_by_name/paper%20cut", key=None)
        assert style["creator"] == "rich#2"
        assert await local.get(f"/styles/image/{style['id']}") == style
        for name in (
            style["id"],
            "style::paper cut",
            "rich#2::paper cut",
            "style::rich#2::paper cut",
            "somebody#9::style::paper cut",
        ):
            assert await local.image(style=name)
        wrong = {"prompt": "x", "style": "poor#3::paper cut"}
        assert (await local.post("/generate/async", wrong)).rc == "StyleNotFound"


async def test_a_style_with_a_shared_key_is_paid_by_that_key_while_it_lasts() -> None:
    async with LocalHorde() as local:
        purse = (
            await local.call("PUT", "/sharedkeys", {"kudos": 50, "name": "treat"}, key=RICH)
        ).body
        made = await local.post("/styles/image", NEW_STYLE | {"sharedkey": purse["id"]}, key=RICH)
        style = made.body["id"]
        assert (await local.get(f"/styles/image/{style}"))["shared_key"]["id"] == purse["id"]
        await local.done(await local.image(style=style, key=ANONYMOUS))
        assert (await local.get(f"/sharedkeys/{purse['id']}"))["kudos"] < 50
        local.state.accounts.shared_keys[purse["id"]].utilized = 50
        request_id = await local.image(style=style, key=ANONYMOUS)
        assert local.state.requests[request_id].user.anonymous


async def test_lists_move_by_rows_and_are_sorted_by_use() -> None:
    async with LocalHorde() as local:
        await local.image(style="night market")
        names = [each["name"] for each in await local.get("/styles/image")]
        assert names[0] == "night market"
        shifted = [each["name"] for each in await local.get("/styles/image?page=2")]
        assert shifted == names[1:]
        tagged = await local.get("/styles/image?tag=paint")
        assert [each["name"] for each in tagged] == ["oil painting"]
        assert {each["name"] for each in await local.get("/styles/text")} == {
            "bedtime story",
            "plain answer",
        }


async def test_making_changing_and_deleting() -> None:
    async with LocalHorde() as local:

        async def send(method: str, path: str, body: Any, key: str) -> Any:
            answer = await local.call(method, path, body, key=key)
            return answer.body if answer.status == 200 else answer.rc or answer.body["errors"]

        assert await send("POST", "/styles/image", NEW_STYLE, ANONYMOUS) == "StylesAnonForbidden"
        assert await send("POST", "/styles/image", NEW_STYLE, POOR) == "StylesRequiresCustomizer"
        bad = NEW_STYLE | {"prompt": "no place"}
        assert await send("POST", "/styles/image", bad, RICH) == "BadRequest"
        unknown = NEW_STYLE | {"sharedkey": "11111111-2222-3333-4444-555555555555"}
        assert await send("POST", "/styles/image", unknown, RICH) == "BadRequest"
        made = await send("POST", "/styles/image", NEW_STYLE, RICH)
        assert made["message"] == "OK"
        path = f"/styles/image/{made['id']}"
        assert await send("PATCH", path, {"name": "fancy"}, POOR) == "Forbidden"
        assert (await send("PATCH", path, {"info": "long enough"}, RICH)).keys() == {"name"}
        await send("PATCH", path, {"name": "fancy", "info": "updated information"}, RICH)
        changed = await local.get(path)
        assert (changed["info"], changed["prompt"]) == ("updated information", "{p}{np}")
        assert await send("DELETE", path, None, POOR) == "Forbidden"
        assert await send("DELETE", path, None, KEEPER) == {"message": "OK"}
        assert (await local.call("GET", path)).rc == "Image styleNotFound"
        assert (await local.call("GET", "/styles/text/x")).rc == "Text styleNotFound"
        assert (await local.call("GET", "/styles/image_by_name/x")).rc == "StyleNotFound"


async def test_collections() -> None:
    async with LocalHorde() as local:
        (first,) = await local.get("/collections")
        assert first["name"] == "sandbox picks"
        assert await local.get(f"/collections/{first['id']}") == first
        assert await local.get("/collection_by_name/sandbox%20picks") == first
        assert await local.get("/collections?type=text") == []

        async def make(*styles: str, key: str = RICH) -> Any:
            return await local.post("/collections", {"name": "mine", "styles": styles}, key=key)

        assert (await make()).rc == "BadRequest"
        assert (await make("paper cut", "bedtime story")).rc == "BadRequest"
        assert (await make("paper cut", key=ANONYMOUS)).rc == "StylesAnonForbidden"
        made = await make("paper cut", "oil painting")
        assert made.status == 200
        path = f"/collections/{made.body['id']}"
        assert len((await local.get(path))["styles"]) == 2
        style = await local.get("/styles/image_by_name/paper%20cut")
        assert (await make(style["id"])).status == 500  # as the real one
        assert (await local.call("DELETE", path, key=POOR)).rc == "Forbidden"
        assert (await local.call("DELETE", path, key=RICH)).status == 200
        assert (await local.call("GET", path)).rc == "CollectionNotFound"


async def test_a_collection_is_changed_by_its_owner() -> None:
    async with LocalHorde() as local:
        (first,) = await local.get("/collections")
        path = f"/collections/{first['id']}"
        assert (await local.call("PATCH", path, {"name": "x"}, key=POOR)).rc == "Forbidden"
        body = {"name": "tales", "styles": ["bedtime story"]}
        assert (await local.call("PATCH", path, body, key=RICH)).body["message"] == "OK"
        changed = await local.get(path)
        assert (changed["name"], changed["type"], len(changed["styles"])) == ("tales", "text", 1)


async def test_collection_of_the_older_server_is_repeated_for_a_while_after_a_change() -> None:
    async with LocalHorde(real=True) as local:
        (first,) = await local.get("/collections")
        path = f"/collections/{first['id']}"
        assert await local.get(path) == first
        assert (await local.call("PATCH", path, {"name": "mine"}, key=RICH)).status == 200
        assert await local.get(path) == first
        local.now += 31
        assert (await local.get(path))["name"] == "mine"


async def test_text_style_of_the_older_server_cannot_be_changed() -> None:
    async with LocalHorde() as local:
        style = await local.get("/styles/text_by_name/plain%20answer")
        path, body = f"/styles/text/{style['id']}", {"name": "plain answer"}
        assert (await local.call("PATCH", path, body, key=RICH)).status == 500


async def test_first_example_is_primary_and_the_last_primary_one_stays() -> None:
    async with LocalHorde() as local:
        style = await local.get("/styles/image_by_name/paper%20cut")
        path = f"/styles/image/{style['id']}/example"
        body = {"url": "https://e.example/a.webp", "primary": False}
        made = (await local.post(path, body, key=RICH)).body
        assert made["warnings"] == [{"code": None, "message": None}]
        changed = await local.call("PATCH", f"{path}/{made['id']}", body, key=RICH)
        assert (changed.status, changed.rc) == (400, "BadRequest")
        shown = await local.get(f"/styles/image/{style['id']}")
        assert [each["primary"] for each in shown["examples"]] == [True]


async def test_examples_of_a_style() -> None:
    async with LocalHorde() as local:
        style = await local.get("/styles/image_by_name/paper%20cut")
        path = f"/styles/image/{style['id']}/example"

        async def add(url: str, *, primary: bool = False, key: str = RICH) -> Any:
            return await local.post(path, {"url": url, "primary": primary}, key=key)

        assert (await add("https://e.example/a.webp", key=POOR)).rc == "Forbidden"
        assert (await add("http://e.example/a.webp")).rc == "BadRequest"
        assert (
            await add("https://e.example/a.webp", primary=True)
        ).status == 500  # as the real one
        made = [(await add(f"https://e.example/{n}.webp")).body["id"] for n in range(4)]
        assert (await add("https://e.example/5.webp")).rc == "BadRequest"
        changed = await local.call("PATCH", f"{path}/{made[1]}", {"primary": True}, key=RICH)
        assert changed.status == 200
        assert (await local.call("DELETE", f"{path}/{made[0]}", key=RICH)).status == 200
        examples = (await local.get(f"/styles/image/{style['id']}"))["examples"]
        assert [each["primary"] for each in examples] == [True, False, False]
        lost = await local.call("PATCH", f"{path}/nothing", {"primary": True}, key=RICH)
        assert (lost.status, lost.rc) == (404, "Style exampleNotFound")
