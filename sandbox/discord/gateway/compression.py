"""Transport compression of the gateway: one stream per connection."""

import zlib
from collections.abc import Callable

try:
    import zstandard
except ImportError:  # the speed extra is not installed: clients get plain text
    zstandard = None

Encode = Callable[[str], str | bytes]


def encoder(name: str | None) -> Encode:
    """The function that turns an event into a frame. An unknown name means no compression."""
    if name == "zlib-stream":
        return _zlib()
    if name == "zstd-stream" and zstandard is not None:
        return _zstd()
    return str


def _zlib() -> Encode:
    stream = zlib.compressobj()
    # The client expects the four bytes of a sync flush at the end of a message.
    return lambda text: stream.compress(text.encode()) + stream.flush(zlib.Z_SYNC_FLUSH)


def _zstd() -> Encode:
    assert zstandard is not None
    stream = zstandard.ZstdCompressor().compressobj()
    block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
    return lambda text: stream.compress(text.encode()) + stream.flush(block)
