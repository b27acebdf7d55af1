"""What leaves for the Horde: every field that is always sent, and none that must never be."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.backends.horde.payloads import alchemy_input, image_input, text_input
from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.requests import AlchemyRequest, ImageRequest, Source, TextRequest, build
from bot.errors import RequestRejected
from bot.horde.job_payloads import ImageInput, ImageParams, TextInput, TextParams
from bot.text_output.stop_strings import stop_strings
from tests.support.paths import HORDE_SWAGGER

LINKED_SOURCE = Source(url="https://cdn.example.net/x.png", filename="x.png")


def as_json(payload: BaseModel) -> dict[str, Any]:
    return json.loads(payload.model_dump_json(exclude_none=True))


def test_an_image_with_nothing_chosen():
    body = as_json(image_input(build(ImageRequest, prompt="a lighthouse", allow_downgrade=False)))
    assert body == {
        "prompt": "a lighthouse",
        "params": {
            "width": 1024,
            "height": 1024,
            "steps": 30,
            "cfg_scale": 7.0,
            "sampler_name": "k_euler_a",
            "karras": True,
            "n": 1,
        },
        "nsfw": False,
        "censor_nsfw": True,
        "models": ["stable_diffusion"],
        "r2": True,
    }


def test_an_image_with_everything_chosen():
    request = build(
        ImageRequest,
        prompt="a lighthouse",
        negative="fog",
        models=("Deliberate",),
        width=512,
        height=768,
        steps=20,
        cfg_scale=5.12345,
        sampler="k_heun",
        karras=False,
        n=4,
        seed="42",
        nsfw=True,
        censor_nsfw=False,
    )
    body = as_json(image_input(request, webhook="https://bot.example.org/ring/abc"))
    assert body["prompt"] == "a lighthouse ### fog"
    assert body["params"] == {
        "width": 512,
        "height": 768,
        "steps": 20,
        "cfg_scale": 5.12,
        "sampler_name": "k_heun",
        "karras": False,
        "n": 4,
        "seed": "42",
    }
    assert body["allow_downgrade"] is True
    assert body["webhook"] == "https://bot.example.org/ring/abc"
    assert (body["nsfw"], body["censor_nsfw"], body["models"]) == (True, False, ["Deliberate"])


def test_settings_leave_only_when_chosen_and_never_beside_a_style():
    chosen: dict[str, Any] = {"sampler": "deis", "scheduler": "beta", "sampler_order": 3}
    params = image_input(build(ImageRequest, prompt="a fox", **chosen)).params
    assert (params.scheduler, params.sampler_order, params.sampler_eta) == ("beta", 3, None)
    styled = image_input(build(ImageRequest, prompt="a fox", style="noir", **chosen)).params
    assert (styled.scheduler, styled.sampler_order) == (None, None)


@pytest.mark.parametrize(("scheduler", "karras"), [("normal", False), ("karras", True)])
def test_scheduler_and_karras_agree_for_an_older_server(scheduler: str, karras: bool):
    request = build(ImageRequest, prompt="a fox", scheduler=scheduler, karras=not karras)
    assert image_input(request).params.karras is karras


def test_a_negative_that_was_typed_into_the_prompt_stays_one():
    request = build(ImageRequest, prompt="a ### b", negative="c")
    assert image_input(request).prompt == "a ### b, c"


def test_a_text():
    request = build(TextRequest, prompt="Once", models=("Fable",), max_length=100, n=2)
    assert as_json(text_input(request)) == {
        "prompt": "Once",
        "params": {"n": 2, "max_length": 100, "max_context_length": 1024, "temperature": 0.8}
        | {"stop_sequence": list(stop_strings("Once"))},
        "models": ["Fable"],
        "allow_downgrade": True,
    }


def test_alchemy_sends_the_picture_itself():
    request = build(
        AlchemyRequest, source=LINKED_SOURCE, forms=("caption", "GFPGAN"), withhold=True
    )
    assert as_json(alchemy_input(request, b"hi")) == {
        "source_image": "aGk=",
        "forms": [{"name": "caption"}, {"name": "GFPGAN"}, {"name": "nsfw"}],
    }


def test_alchemy_without_its_picture():
    request = build(AlchemyRequest, source=LINKED_SOURCE, forms=("caption",))
    with pytest.raises(RequestRejected):
        alchemy_input(request, b"")


@pytest.mark.parametrize(
    ("webhook", "taken"),
    [
        ("", False),
        ("http://bot.example.org/ring", False),
        ("https://", False),
        ("https://bot.example.org/ring", True),
        ("https://bot.example.org/" + "x" * 1000, True),
        ("https://bot.example.org/" + "x" * 1001, False),
    ],
    ids=lambda value: str(value)[-12:] + str(len(str(value))),
)
def test_only_an_address_that_the_horde_would_take(webhook: str, taken: bool):
    body = as_json(text_input(build(TextRequest, prompt="x"), webhook))
    assert ("webhook" in body) is taken


@pytest.mark.parametrize("model", [ImageInput, TextInput])
def test_what_can_never_be_sent(model: type[BaseModel]):
    assert not set(model.model_fields) & {"replacement_filter", "shared"}


# With a word in front: a prompt of spaces alone is none.
prompts = st.text(max_size=300).map(lambda text: f"a {text}")
images = st.builds(
    ImageRequest,
    prompt=prompts,
    negative=st.text(max_size=50),
    models=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    width=st.integers(1, 48).map(lambda n: 64 * n),
    height=st.integers(1, 48).map(lambda n: 64 * n),
    steps=st.integers(1, 500),
    cfg_scale=st.floats(0, 100),
    n=st.integers(1, 20),
    seed=st.text(max_size=50),
)
writings = st.builds(
    TextRequest,
    prompt=prompts,
    max_length=st.integers(16, 4096),
    max_context_length=st.integers(80, 1_048_576),
    temperature=st.floats(0, 5),
    n=st.integers(1, 20),
)


def test_annotation_is_sent_with_its_control_type() -> None:
    forms = ("annotation:canny", "annotation:hed", "caption")
    request = AlchemyRequest(source=LINKED_SOURCE, forms=forms, withhold=False)
    assert [form.model_dump(exclude_none=True) for form in alchemy_input(request, b"x").forms] == [
        {"name": "annotation", "payload": {"control_type": "canny"}},
        {"name": "annotation", "payload": {"control_type": "hed"}},
        {"name": "caption"},
    ]


alchemies = st.builds(
    AlchemyRequest,
    source=st.just(LINKED_SOURCE),
    forms=st.lists(st.sampled_from(sorted(FORMS)), min_size=1, max_size=8).map(tuple),
)


class Swagger:
    """The server's own description of what it takes."""

    def __init__(self) -> None:
        self._definitions = json.loads(HORDE_SWAGGER.read_text(encoding="utf-8"))["definitions"]

    def complaints(self, name: str, body: dict[str, Any]) -> list[str]:
        schema = {"$ref": f"#/definitions/{name}", "definitions": self._definitions}
        validator: Any = jsonschema.Draft4Validator(schema)
        known = self.fields(name)
        strangers = set(body) - set(known)
        if "params" in body:
            strangers |= set(body["params"]) - set(self.fields(self.params_of(name)))
        return [error.message for error in validator.iter_errors(body)] + sorted(strangers)

    def fields(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = dict(self._definitions[name].get("properties", {}))
        for part in self._definitions[name].get("allOf", []):
            inner = self.fields(part["$ref"].rpartition("/")[2]) if "$ref" in part else {}
            found |= {**inner, **part.get("properties", {})}
        return found

    def params_of(self, name: str) -> str:
        return self.fields(name)["params"]["$ref"].rpartition("/")[2]


@pytest.fixture(scope="module")
def swagger() -> Swagger:
    if not HORDE_SWAGGER.exists():
        pytest.skip("the server's swagger.json is not here")
    return Swagger()


def test_the_check_itself_finds_what_is_wrong(swagger: Swagger):
    body = as_json(image_input(build(ImageRequest, prompt="x")))
    assert swagger.complaints("GenerationInputStable", body) == []
    body["params"] |= {"width": 500, "tint": 1}
    assert len(swagger.complaints("GenerationInputStable", body)) == 2


@settings(deadline=None)  # a busy machine is no failure
@given(images)
def test_the_server_would_take_any_image_request(swagger: Swagger, request_: ImageRequest):
    body = as_json(image_input(request_))
    assert swagger.complaints("GenerationInputStable", body) == []
    cents = body["params"]["cfg_scale"] * 100
    assert abs(cents - round(cents)) < 1e-9


@settings(deadline=None)  # a busy machine is no failure
@given(writings)
def test_the_server_would_take_any_text_request(swagger: Swagger, request_: TextRequest):
    body = as_json(text_input(request_))
    assert swagger.complaints("GenerationInputKobold", body) == []


@settings(deadline=None)  # a busy machine is no failure
@given(alchemies)
def test_the_server_would_take_any_alchemy_request(swagger: Swagger, request_: AlchemyRequest):
    body = as_json(alchemy_input(request_, b"x"))
    assert swagger.complaints("ModelInterrogationInputStable", body) == []


# Not in the description of 5.1.5: docs/horde-api.md#samplers-and-styles.
NEWER_FIELDS = frozenset(
    """template_fields context_fit scheduler sampler_eta sampler_s_noise sampler_s_churn
    sampler_s_tmin sampler_s_tmax sampler_order sampler_solver_type flow_shift
    control_strength""".split()  # noqa: SIM905
)


@pytest.mark.parametrize(
    ("model", "params", "name"),
    [
        (ImageInput, ImageParams, "GenerationInputStable"),
        (TextInput, TextParams, "GenerationInputKobold"),
    ],
    ids=["image", "text"],
)
def test_every_field_of_ours_is_one_of_theirs(
    swagger: Swagger, model: type[BaseModel], params: type[BaseModel], name: str
):
    ours = {*model.model_fields, *params.model_fields} - NEWER_FIELDS
    assert ours <= {*swagger.fields(name), *swagger.fields(swagger.params_of(name))}
