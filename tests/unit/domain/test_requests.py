"""What people ask for: checked once, stored, and the same afterwards."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alchemy.alchemy_forms import FORMS
from bot.domain.requests import (
    PROMPT_MAX,
    REQUEST,
    AlchemyRequest,
    ImageRequest,
    Source,
    TextRequest,
    build,
)
from bot.errors import BadOption

LINKED_BOAT = Source(url="https://cdn.discordapp.com/attachments/1/2/boat.png")
ANY_PROMPT = st.text(st.characters(codec=None), max_size=200)


@pytest.mark.parametrize("prompt", ["", "   ", "\n\t ", "\x00", "\x1f\x7f"])
def test_nothing_to_draw_is_said(prompt: str) -> None:
    with pytest.raises(BadOption, match="`prompt`"):
        build(ImageRequest, prompt=prompt)
    with pytest.raises(BadOption, match="`prompt`"):
        build(TextRequest, prompt=prompt)


@given(ANY_PROMPT, ANY_PROMPT)
def test_any_text_becomes_a_request_or_one_sentence(prompt: str, negative: str) -> None:
    said = ""
    try:
        request = build(ImageRequest, prompt=prompt, negative=negative)
    except BadOption as error:
        said = str(error)
    else:
        assert "\x00" not in request.prompt + request.negative
        assert REQUEST.validate_json(request.model_dump_json()) == request
    assert not said or (said.startswith("`prompt`") and "\n" not in said)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("width", 100),
        ("width", 64 * 49),
        ("steps", 0),
        ("n", 21),
        ("prompt", "x" * (PROMPT_MAX + 1)),
    ],
)
def test_what_the_horde_would_refuse_is_refused_here(field: str, value: object) -> None:
    values = {"prompt": "a fox"} | {field: value}
    with pytest.raises(BadOption, match=f"`{field}`"):
        build(ImageRequest, **values)


def test_forms_are_known_and_asked_once() -> None:
    request = build(AlchemyRequest, source=LINKED_BOAT, forms=("caption", "caption", "nsfw"))
    assert request.forms == ("caption", "nsfw")
    for wrong in ("annotation", "annotation:", "no form", "a`b", "x" * 60, "dance:canny", ""):
        with pytest.raises(BadOption, match="no form `"):
            build(AlchemyRequest, source=LINKED_BOAT, forms=(wrong,))


@pytest.mark.parametrize("form", ["annotation:canny", "annotation:new_type", "dance"])
def test_form_that_the_server_announces_is_checked_like_one_that_makes_an_image(form: str) -> None:
    assert build(AlchemyRequest, source=LINKED_BOAT, forms=(form,)).asked == (form, "nsfw")


def test_more_images_than_two_messages_show_are_refused() -> None:
    forms = tuple(f"annotation:type{number}" for number in range(17))
    assert len(build(AlchemyRequest, source=LINKED_BOAT, forms=forms[:16]).forms) == 16
    with pytest.raises(BadOption, match="at most 16 images"):
        build(AlchemyRequest, source=LINKED_BOAT, forms=forms)


def test_annotation_without_a_type_is_the_only_one_that_was_sent() -> None:
    one = build(AlchemyRequest, source=LINKED_BOAT, forms=("annotation:hed", "caption"))
    two = build(AlchemyRequest, source=LINKED_BOAT, forms=("annotation:hed", "annotation:canny"))
    assert one.with_type("annotation") == "annotation:hed"
    assert two.with_type("annotation") == "annotation"
    assert one.with_type("caption") == "caption"


@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_picture_out_of_alchemy_is_checked_where_it_might_have_to_be_withheld(form: str) -> None:
    careful = build(AlchemyRequest, source=LINKED_BOAT, forms=(form,), withhold=True)
    free = build(AlchemyRequest, source=LINKED_BOAT, forms=(form,), withhold=False)
    makes_picture = FORMS[form].returns in {"picture", "svg"}
    assert ("nsfw" in careful.asked) == (makes_picture or form == "nsfw")
    assert free.asked == (form,)
    assert careful.count == len(careful.asked)


@pytest.mark.parametrize(
    ("prompt", "length", "context"),
    [
        ("a tale", 16, 1024),
        ("a tale", 512, 1024),
        ("a" * 2_000, 240, 2048),
        ("a" * 4_000, 512, 3072),
        ("\N{CJK UNIFIED IDEOGRAPH-72D0}" * 4_000, 1024, 4096),
        ("a tale", 4096, 4096),
    ],
)
def test_text_context_is_what_prompt_and_text_need(prompt: str, length: int, context: int) -> None:
    assert TextRequest(prompt=prompt, max_length=length).context == context


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"prompt": ""}, "`prompt` is empty. Enter a text."),
        ({"prompt": "a" * 4_001}, "`prompt` takes at most 4,000 characters."),
        ({"prompt": "a", "steps": 501}, "`steps` must be 500 or less."),
        ({"prompt": "a", "n": 0}, "`n` must be 1 or more."),
        ({"prompt": "a", "width": 100}, "`width` must be a multiple of 64."),
        ({"prompt": "a", "sampler": "x"}, "`sampler` has a wrong value: input should be"),
    ],
)
def test_wrong_field_is_named_with_its_limit(fields: dict[str, object], said: str) -> None:
    with pytest.raises(BadOption, match=re.escape(said)):
        build(ImageRequest, **fields)
