"""Pictures and texts as the server tells of them become ours, cleaned."""

import base64
from typing import Any

import pytest

from bot.backends.horde.generations import (
    CSAM,
    LOST,
    NO_PICTURE,
    NSFW,
    RESULTS_MAX,
    notes,
    pictures,
    text_generations,
)
from bot.backends.inline_results import INLINE_PICTURE
from bot.domain.generations import ImageGeneration, TextGeneration
from bot.horde.job_responses import ImageResult, Metadata, TextResult

SIGNED_LINK = "https://example.net/a.webp?Signature=a%2Bb"


def one(**fields: Any) -> ImageGeneration:
    (picture,) = pictures([ImageResult.model_validate({"id": "j1", "img": SIGNED_LINK, **fields})])
    return picture


def one_text(**fields: Any) -> TextGeneration:
    (text,) = text_generations([TextResult.model_validate({"text": "words", **fields})])
    return text


def meta(kind: str, value: str, ref: str = "") -> dict[str, str]:
    return {"type": kind, "value": value, "ref": ref}


def test_a_picture():
    picture = one(seed=4242, model="Deliberate", worker_name="Quiet Toaster")
    assert (picture.id, picture.url, picture.seed) == ("j1", SIGNED_LINK, "4242")
    assert (picture.model, picture.worker, picture.problem) == ("Deliberate", "Quiet Toaster", "")


WEBP_BASE64 = base64.b64encode(b"RIFF\x20\0\0\0WEBPVP8L" + bytes(60)).decode()


@pytest.mark.parametrize("start", ["", "data:image/webp;base64,"])
def test_a_picture_as_base64_is_passed_on(start: str) -> None:
    picture = one(img=start + WEBP_BASE64)
    assert (picture.url, picture.problem) == (INLINE_PICTURE + WEBP_BASE64, "")
    assert picture.with_file("1-a.webp", 64, 64).url == ""


def test_base64_of_anything_else_is_no_picture() -> None:
    assert one(img=base64.b64encode(b"<html>" * 20).decode()).problem == NO_PICTURE


@pytest.mark.parametrize(
    ("fields", "censored", "problem"),
    [
        ({"censored": True}, "nsfw", NSFW),
        ({"gen_metadata": [meta("censorship", "nsfw")]}, "nsfw", NSFW),
        ({"gen_metadata": [meta("censorship", "csam")]}, "csam", CSAM),
        ({"censored": True, "gen_metadata": [meta("censorship", "csam")]}, "csam", CSAM),
        ({"state": "csam"}, "csam", CSAM),
        ({"state": "censored"}, "nsfw", NSFW),
        ({"img": "N/A"}, "", LOST),
        ({"img": ""}, "", LOST),
        ({"img": "bm90IGFuIGltYWdl"}, "", NO_PICTURE),
        ({"img": "data:image/png;base64,AAAA"}, "", NO_PICTURE),
        ({"img": "javascript:alert(1)"}, "", NO_PICTURE),
    ],
)
def test_a_picture_that_is_none(fields: dict[str, Any], censored: str, problem: str):
    picture = one(**fields)
    assert (picture.censored, picture.problem, picture.url) == (censored, problem, "")


def test_the_order_does_not_change_between_looks():
    results = [ImageResult(id=name, img=SIGNED_LINK) for name in ("b", "c", "a", "b")]
    assert [p.id for p in pictures(results)] == ["a", "b", "c"]
    assert pictures(results) == pictures(results[::-1])


def test_pictures_without_ids_are_all_kept():
    assert len(pictures([ImageResult(img=SIGNED_LINK), ImageResult(img=SIGNED_LINK)])) == 2


def test_more_than_anybody_could_ask_for_is_passed_over():
    many = [ImageResult.model_validate({"id": f"j{n}", "img": SIGNED_LINK}) for n in range(5_000)]
    assert len(pictures(many)) == RESULTS_MAX
    assert len(text_generations([TextResult(text="words")] * 5_000)) == RESULTS_MAX


@pytest.mark.parametrize(
    ("remark", "note"),
    [
        (
            meta("lora", "download_failed", "12345"),
            "LoRA 12345: the download failed. The LoRA was not used.",
        ),
        (
            meta("ti", "parse_failed", "7"),
            "Embedding 7: the file could not be read. The embedding was not used.",
        ),
        (
            meta("lora", "baseline_mismatch"),
            "LoRA: not compatible with this model. The LoRA was not used.",
        ),
        (
            meta("source_image", "parse_failed"),
            (
                "Source image: the file could not be read. "
                "The image was created without the source image."
            ),
        ),
        (
            meta("source_mask", "download_failed"),
            "Mask: the download failed. The whole image was changed.",
        ),
        (meta("information", "see_ref", " hello "), "hello"),
        (meta("aesthetic_score", "see_ref", "5.5"), "Aesthetic score: 5.5"),
    ],
)
def test_a_remark_in_words(remark: dict[str, str], note: str):
    assert notes([Metadata.model_validate(remark)]) == (note,)


@pytest.mark.parametrize(
    "remark",
    [meta("batch_index", "see_ref", "1"), meta("censorship", "nsfw"), meta("new", "x"), {}],
)
def test_a_remark_for_machines(remark: dict[str, str]):
    assert notes([Metadata.model_validate(remark)]) == ()


def test_remarks_are_few_and_once():
    same = Metadata(type="information", value="see_ref", ref="x")
    many = [Metadata(type="information", value="see_ref", ref=str(i)) for i in range(99)]
    assert notes([same, same]) == ("x",)
    assert len(notes(many)) == 50


@pytest.mark.parametrize(
    ("fields", "censored", "words"),
    [
        ({}, "", "words"),
        ({"state": "censored"}, "censored", ""),
        ({"state": "csam"}, "csam", ""),
        ({"gen_metadata": [meta("censorship", "csam")]}, "csam", ""),
        ({"text": "a\x00b\x1b[31mc\r\nd\te"}, "", "ab[31mc\nd\te"),
        ({"text": "灯台　の\u00a0光 👨\u200d👩"}, "", "灯台　の\u00a0光 👨\u200d👩"),
        ({"text": None}, "", ""),
    ],
)
def test_a_text(fields: dict[str, Any], censored: str, words: str):
    text = one_text(**fields)
    assert (text.censored, text.text) == (censored, words)


def test_a_text_has_an_end():
    assert len(one_text(text="x" * 500_000).text) == 100_000
