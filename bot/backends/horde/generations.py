"""Converts the Horde's pictures and texts; the content from workers is cleaned and shortened."""

from collections.abc import Sequence
from typing import Literal

from bot.backends.inline_results import TEXT_MAX, inline_picture, is_link, plain_answer
from bot.domain.generations import ImageGeneration, TextGeneration
from bot.horde.job_responses import ImageResult, Metadata, TextResult
from bot.i18n import N_, _
from bot.text_output.answers import answer_of

NOTES_MAX = 50  # the server keeps no more
RESULTS_MAX = 100  # five times the most results of one request
LOST = N_("The image was lost: the worker uploaded no file.")
NO_PICTURE = N_("The worker sent a file that is not an image.")
NSFW = N_("The filter of the worker withheld this image as NSFW.")
CSAM = N_("The filter of the worker withheld this image as illegal content.")

_FAILURES = {
    "download_failed": N_("{subject}: the download failed."),
    "parse_failed": N_("{subject}: the file could not be read."),
    "baseline_mismatch": N_("{subject}: not compatible with this model."),
}
# The subject of a remark, and the consequence for the image.
_SUBJECTS = {
    "lora": (N_("LoRA"), N_("The LoRA was not used.")),
    "ti": (N_("Embedding"), N_("The embedding was not used.")),
    "source_image": (
        N_("Source image"),
        N_("The image was created without the source image."),
    ),
    "source_mask": (N_("Mask"), N_("The whole image was changed.")),
    "extra_source_images": (N_("Extra image"), N_("The extra image was not used.")),
}


def pictures(results: Sequence[ImageResult]) -> tuple[ImageGeneration, ...]:
    """In a fixed order: the server's order changes from one poll to the next."""
    named = {result.id or f"{i}": result for i, result in enumerate(results[:RESULTS_MAX])}
    return tuple(_picture(name, named[name]) for name in sorted(named))


def _picture(name: str, result: ImageResult) -> ImageGeneration:
    censored, url = _image_censored(result), ""
    if censored:
        reason = CSAM if censored == "csam" else NSFW
        problem = _(reason)
    else:
        url = result.img if is_link(result.img) else inline_picture(result.img)
        lost = result.img in {"", "N/A"}
        problem = "" if url else _(LOST if lost else NO_PICTURE)
    return ImageGeneration(
        id=plain_answer(name, 100),
        url="" if problem else url,  # a censored one is a placeholder
        seed=plain_answer(result.seed, 100),
        model=plain_answer(result.model, 200),
        worker=plain_answer(result.worker_name, 100),
        censored=censored,
        problem=problem,
        notes=notes(result.gen_metadata),
    )


def _image_censored(result: ImageResult) -> Literal["", "nsfw", "csam"]:
    found = _censorship(result.gen_metadata)
    if found or result.censored or result.state in {"censored", "csam"}:
        return "csam" if "csam" in {*found, result.state} else "nsfw"
    return ""


def _censorship(remarks: Sequence[Metadata]) -> set[str]:
    return {remark.value for remark in remarks if remark.type == "censorship"}


def text_generations(results: Sequence[TextResult]) -> tuple[TextGeneration, ...]:
    """In the order of the server."""
    return tuple(_text(result) for result in results[:RESULTS_MAX])


def _text(result: TextResult) -> TextGeneration:
    words = {*_censorship(result.gen_metadata), result.state}
    censored: Literal["", "censored", "csam"] = ""
    if "csam" in words:
        censored = "csam"
    elif words & {"censored", "nsfw"}:
        censored = "censored"
    sent = "" if censored else plain_answer(result.text, TEXT_MAX)
    answer = answer_of(sent)
    return TextGeneration(
        text=answer.text,
        thinking=answer.thinking,
        reasoning_only=bool(sent.strip()) and not answer.text,
        model=plain_answer(result.model, 200),
        worker=plain_answer(result.worker_name, 100),
        censored=censored,
    )


def notes(remarks: Sequence[Metadata]) -> tuple[str, ...]:
    """A worker's remarks as sentences; technical ones are left out."""
    said = (_note(remark) for remark in remarks[:NOTES_MAX])
    return tuple(dict.fromkeys(note for note in said if note))


def _note(remark: Metadata) -> str:
    ref = plain_answer(remark.ref, 100).strip()
    if remark.type == "information":
        return ref
    if remark.type == "aesthetic_score":
        return _("Aesthetic score: {score}").format(score=ref) if ref else ""
    failure = _FAILURES.get(remark.value)
    if remark.type not in _SUBJECTS or not failure:
        return ""
    label, consequence = _SUBJECTS[remark.type]
    subject = f"{_(label)} {ref}".strip()
    return f"{_(failure).format(subject=subject)} {_(consequence)}"
