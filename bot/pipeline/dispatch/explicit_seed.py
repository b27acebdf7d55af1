"""The seed of a request for which none was chosen, so that a lost submit can be recognised."""

import hashlib

from bot.domain.records import Record
from bot.domain.requests import ImageRequest, Request, VideoRequest

BITS = 31  # the Horde folds seeds above 32 bits; below that a variation can be added
VARIATION = 1000  # the largest: the seeds of a batch, which are next to each other, never meet


def with_seed(record: Record) -> Request:
    """The request as it is submitted. The same seed for each submit, also after a restart.

    With one seed all images of a request would be the same, so several get a variation.
    """
    request = record.request
    if not isinstance(request, ImageRequest | VideoRequest) or request.seed:
        return request
    if isinstance(request, VideoRequest):
        return request.model_copy(update={"seed": _seed(record)})
    variation = request.seed_variation or (VARIATION if request.n > 1 else None)
    return request.model_copy(update={"seed": _seed(record), "seed_variation": variation})


def _seed(record: Record) -> str:
    source = f"{record.id}:{record.interaction_id}:{record.created_at}"
    digest = hashlib.sha256(source.encode()).digest()
    return str(int.from_bytes(digest[:4]) % 2**BITS)
