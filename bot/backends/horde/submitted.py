"""Compares a request with one that the Horde has: docs/horde-api.md#submitted-requests."""

from collections.abc import Iterable

from bot.horde.job_payloads import ImageInput, TextInput
from bot.horde.submitted_requests import SubmittedImage, SubmittedText


def is_same_image(sent: ImageInput, kept: SubmittedImage) -> bool:
    """Whether they are one request.

    A style replaces the parameters and the models, so that only the prompt and the number of
    images can be compared.
    """
    params, known = sent.params, kept.params
    if sent.prompt != kept.prompt or params.n != known.n:
        return False
    if sent.style:
        return True
    if params.seed != known.seed or not _same_models(sent.models, kept.models):
        return False
    sizes = (
        (params.width, known.width),
        (params.height, known.height),
        (params.steps, known.steps),
    )
    return all(_fits(asked, found, cut=bool(sent.allow_downgrade)) for asked, found in sizes)


def is_same_text(sent: TextInput, kept: SubmittedText) -> bool:
    """Whether they are one request. Texts have no seed, so the webhook is compared as well."""
    params, known = sent.params, kept.params
    if sent.prompt != kept.prompt or params.n != known.n:
        return False
    if sent.webhook and kept.webhook and sent.webhook != kept.webhook:
        return False
    return _same_models(sent.models, kept.models) and _fits(
        params.max_length, known.max_length, cut=bool(sent.allow_downgrade)
    )


def _same_models(sent: Iterable[str], kept: Iterable[str]) -> bool:
    """In any order. Without a model the Horde may choose."""
    wanted = set(sent)
    return not wanted or wanted == set(kept)


def _fits(asked: int | None, found: int | None, *, cut: bool) -> bool:
    """`cut`: the Horde may have made it smaller. A value that is not told fits."""
    if asked is None or found is None:
        return True
    return found <= asked if cut else found == asked
