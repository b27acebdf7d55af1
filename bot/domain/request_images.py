"""The image bytes that go with a request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pictures:
    """The bytes that go with a request, already checked and made fit to be sent.

    `extra`: in the order of the request's extra images.
    """

    source: bytes = b""
    mask: bytes = b""
    extra: tuple[bytes, ...] = ()


NO_PICTURES = Pictures()
