"""Styles and collections of the newer server: policies, fields, and who sees what."""

from typing import Any

import pytest

from sandbox.horde.newer.versions import NEWER
from tests.support.credentials import ANONYMOUS, KEEPER, POOR, RICH
from tests.support.horde.local_horde import LocalHorde

STYLE: dict[str, Any] = {
    "name": "fancy",
    "info": "a style for testing",
    "prompt": "{p} by {artist}{np}",
    "params": {"steps": 12, "sampler_name": "uni_pc"},
    "models": ["stable_diffusion"],
    "parameter_policy": {
        "override": "listed",
        "overridable": ["steps", "seed"],
        "ceilings": {"steps": 20},
    },
    "template_fields": [{"name": "artist", "description": "The painter", "required": True}],
}


async def make(local: LocalHorde, kind: str = "image", **changes: Any) -> str:
    answer = await local.post(f"/styles/{kind}", STYLE | changes, key=RICH)
    assert answer.status == 200, answer
    return answer.body["id"]


async def dry_run(local: LocalHorde, kind: str = "", **body: Any) -> Any:
    """What the request would become, or the code of its refusal."""
    path = f"/generate{kind}/async"
    answer = await local.post(path, {"prompt": "a fox", "dry_run": True, **body}, key=RICH)
    return answer.body["resolved"] if answer.status == 200 else answer.rc


async def test_listed_parameters_count_and_others_are_ignored() -> None:
    async with LocalHorde(version=NEWER) as local:
        style = await make(local)
        found = await dry_run(
            local,
            style=style,
            template_fields={"artist": "Ada"},
            params={"steps": 20, "sampler_name": "k_euler", "width": 1024, "n": 2},
        )
        assert found["prompt"] == "a fox by Ada"
        params = found["params"]
        assert (params["steps"], params["sampler_name"], params["n"]) == (20, "uni_pc", 2)
        assert params["width"] == 512


async def test_policy_all_takes_every_parameter_and_none_takes_none() -> None:
    async with LocalHorde(version=NEWER) as local:
        for mode, steps in (("all", 40), ("none", 12)):
            style = await make(local, name=mode, parameter_policy={"override": mode})
            fields = {"artist": "Ada"}
            found = await dry_run(local, style=style, template_fields=fields, params={"steps": 40})
            assert found["params"]["steps"] == steps


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"params": {"steps": 21}, "template_fields": {"artist": "Ada"}}, "StyleParameterAboveCeiling"),
    ({}, "TemplateFieldMissing"),
    ({"template_fields": {"artist": "Ada", "year": "1"}}, "TemplateFieldUnknown"),
    ({"template_fields": {"artist": 5}}, "BadRequest"),
    ({"template_fields": {"artist": "word " * 7501}}, "InvalidPromptSize"),
]


@pytest.mark.parametrize(("body", "rc"), REFUSED)
async def test_request_that_breaks_the_declaration_is_refused(
    body: dict[str, Any], rc: str
) -> None:
    async with LocalHorde(version=NEWER) as local:
        assert await dry_run(local, style=await make(local), **body) == rc


async def test_fields_without_a_style_are_refused() -> None:
    async with LocalHorde(version=NEWER) as local:
        found = await dry_run(local, template_fields={"artist": "Ada"})
        assert found == "TemplateFieldsRequireStyle"


async def test_text_templates_keep_placeholders_of_the_backend() -> None:
    async with LocalHorde(version=NEWER) as local:
        prompt = "{{[INPUT]}}{{literal}} {p} to {whom}{{[OUTPUT]}}"
        fields = [{"name": "whom", "description": "The reader", "required": False}]
        style = await make(
            local, "text", prompt=prompt, params={}, template_fields=fields, parameter_policy={}
        )
        found = await dry_run(local, "/text", style=style, template_fields={"whom": "{p}"})
        assert found["prompt"] == "{{[INPUT]}}{literal} a fox to {p}{{[OUTPUT]}}"
        found = await dry_run(local, "/text", style=style)
        assert found["prompt"] == "{{[INPUT]}}{literal} a fox to {{[OUTPUT]}}"


INVALID: list[tuple[str, dict[str, Any], str]] = [
    ("image", {"prompt": "{p}"}, "StylePromptMissingVars"),
    ("text", {"prompt": "{p} {0}", "params": {}}, "StylePromptFieldInvalid"),
    ("text", {"prompt": "{p} {{[input]}", "params": {}}, "StylePromptFieldInvalid"),
    ("image", {"parameter_policy": {"override": "all", "overridable": ["steps"]}},
     "StylePolicyOverridableMisplaced"),
    ("image", {"parameter_policy": {"ceilings": {"steps": 501}}}, "BadRequest"),
    ("image", {"parameter_policy": {"ceilings": {"cfg_scale": 5}}}, "BadRequest"),
    ("image", {"parameter_policy": {"override": "listed", "overridable": ["n"]}}, "BadRequest"),
    ("image", {"template_fields": [{"name": "np", "description": "a"}]}, "BadRequest"),
    ("image", {"template_fields": [{"name": "a", "description": "a"}] * 2}, "BadRequest"),
    ("image", {"models": ["a"] * 6}, "BadRequest"),
    ("image", {"sharedkey": "00000000-0000-0000-0000-000000000000"}, "SharedKeyInvalid"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "changes", "rc"), INVALID)
async def test_invalid_style_is_refused(kind: str, changes: dict[str, Any], rc: str) -> None:
    async with LocalHorde(version=NEWER) as local:
        plain: dict[str, Any] = {**STYLE, "parameter_policy": {}, "template_fields": []}
        answer = await local.post(f"/styles/{kind}", plain | changes, key=RICH)
        assert (answer.status, answer.rc) == (400, rc)


async def test_patch_changes_only_what_it_has() -> None:
    async with LocalHorde(version=NEWER) as local:
        path = f"/styles/image/{await make(local, public=False, nsfw=True)}"
        body = {"info": "other words"}
        assert (await local.call("PATCH", path, body, key=POOR)).rc == "Forbidden"
        assert (await local.call("PATCH", path, body, key=RICH)).status == 200
        style = await local.get(path)
        assert (style["info"], style["name"], style["public"], style["nsfw"]) == (
            "other words", "fancy", False, True,
        )  # fmt: skip
        assert style["template_fields"] == STYLE["template_fields"]


async def test_shared_key_of_a_style_is_shown_to_its_owner_only() -> None:
    async with LocalHorde(version=NEWER) as local:
        key = (await local.call("PUT", "/sharedkeys", {"name": "treat"}, key=RICH)).body["id"]
        path = f"/styles/image/{await make(local, sharedkey=key)}"
        assert (await local.get(path, key=RICH))["shared_key"]["id"] == key
        assert (await local.get(path, key=POOR))["shared_key"] is None
        assert {each["shared_key"] for each in await local.get("/styles/image", key=RICH)} == {None}


async def test_style_of_the_other_type_has_codes_of_its_own() -> None:
    async with LocalHorde(version=NEWER) as local:
        style = await make(local)
        assert (await local.call("GET", f"/styles/text/{style}")).rc == "StyleGetMistmatch"
        assert await dry_run(local, "/text", style="oil painting") == "StyleMismatch"
        mixed = {"name": "both", "styles": ["oil painting", "plain answer"]}
        assert (await local.post("/collections", mixed, key=RICH)).rc == "StyleMismatch"


async def test_examples_are_unique_and_the_first_may_be_primary() -> None:
    async with LocalHorde(version=NEWER) as local:
        path = f"/styles/image/{await make(local)}/example"
        body = {"url": "https://example.org/1.webp", "primary": True}
        assert (await local.post(path, body, key=RICH)).status == 200
        assert (await local.post(path, body, key=RICH)).rc == "ExampleURLAlreadyInUse"
        for number in (2, 3, 4):
            more = {"url": f"https://example.org/{number}.webp"}
            assert (await local.post(path, more, key=RICH)).status == 200
        more = {"url": "https://example.org/5.webp"}
        assert (await local.post(path, more, key=RICH)).rc == "TooManyStyleExamples"
        assert (await local.post(path, more, key=KEEPER)).rc == "TooManyStyleExamples"


async def test_collection_draws_a_style_whose_fields_fit() -> None:
    async with LocalHorde(version=NEWER) as local:
        fancy = await make(local)
        plain = (await local.get("/styles/image_by_name/oil%20painting"))["id"]
        body = {"name": "mixed", "info": "two styles", "styles": [fancy, plain]}
        made = await local.post("/collections", body, key=RICH)
        collection = made.body["id"]
        for _ in range(5):
            found = await dry_run(local, style=collection, template_fields={"artist": "Ada"})
            assert found["style"]["id"] == fancy
        assert (await dry_run(local, style=collection))["style"]["id"] == plain
        found = await dry_run(local, style=collection, template_fields={"year": "1"})
        assert found == "TemplateFieldsMatchNoCollectionStyle"
        request_id = await local.image(style="collection::mixed", key=ANONYMOUS)
        assert (await local.done(request_id))["finished"] == 1


async def test_collection_is_changed_and_deleted_by_its_owner() -> None:
    async with LocalHorde(version=NEWER) as local:
        body = {"name": "mine", "info": "one style", "styles": ["oil painting"]}
        path = f"/collections/{(await local.post('/collections', body, key=POOR)).body['id']}"
        assert (await local.call("PATCH", path, {"info": "new"}, key=RICH)).rc == "Forbidden"
        assert (await local.call("PATCH", path, {"info": "new"}, key=POOR)).status == 200
        assert (await local.get(path))["info"] == "new"
        assert (await local.call("DELETE", path, key=POOR)).body == {"message": "OK"}
        assert (await local.call("GET", path)).rc == "CollectionNotFound"


async def test_deleted_style_leaves_its_collections() -> None:
    async with LocalHorde(version=NEWER) as local:
        style = await make(local)
        body = {"name": "mine", "info": "one style", "styles": [style]}
        collection = (await local.post("/collections", body, key=RICH)).body["id"]
        assert (await local.call("DELETE", f"/styles/image/{style}", key=RICH)).status == 200
        assert (await local.call("GET", f"/collections/{collection}")).rc == "CollectionNotFound"


async def test_example_styles_have_fields_and_a_policy() -> None:
    async with LocalHorde(version=NEWER) as local:
        found = await dry_run(
            local, style="postage stamp", template_fields={"country": "Utopia"}, params={"steps": 9}
        )
        assert found["prompt"].startswith("postage stamp of a fox, issued by Utopia, face value ,")
        assert found["params"]["steps"] == 9
        fields = {"recipient": "Bob"}
        found = await dry_run(local, "/text", style="letter", template_fields=fields)
        assert "Write a letter to Bob about a fox" in found["prompt"]


async def test_style_limits_are_those_of_the_newer_server() -> None:
    async with LocalHorde(version=NEWER, real=True) as local:
        path = f"/styles/image/{await make(local)}"
        answer = await local.call("PATCH", path, {"nsfw": True}, key=RICH)
        assert answer.headers["X-RateLimit-Limit"] == "2"
        reads = await local.call("GET", path)
        assert reads.headers["X-RateLimit-Limit"] == "90"
