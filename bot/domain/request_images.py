"""The image bytes of a request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pictures:
    """The checked and converted image bytes of a request.

    `extra`: in the order of the request's extra images.
    """

    source: bytes = b""
    mask: bytes = b""
    extra: tuple[bytes, ...] = ()


NO_PICTURES = Pictures()
