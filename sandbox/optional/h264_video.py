"""Makes small MP4 videos without an encoder.

H.264 (ITU-T H.264, baseline profile) lets a macroblock carry its samples without compression
(I_PCM). Every picture is made of these, so any player shows it; the file is large for its size.
"""

import re
import struct
from collections.abc import Iterable, Sequence

from PIL import Image

SIDE = 16  # of a macroblock, in pixels
I_PCM = 25  # the type of a macroblock
TIMESCALE = 1000


class _Bits:
    """Writes numbers of any number of bits."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._length = 0

    def fixed(self, value: int, length: int) -> None:
        self._text.append(format(value, f"0{length}b"))
        self._length += length

    def exp_golomb(self, *values: int) -> None:
        """Unsigned numbers in the variable-length code of the standard."""
        for value in values:
            digits = format(value + 1, "b")
            self.fixed(value + 1, 2 * len(digits) - 1)

    def align(self) -> None:
        if self._length % 8:
            self.fixed(0, 8 - self._length % 8)

    def data(self) -> bytes:
        """The bits, with the stop bit of the standard."""
        self.fixed(1, 1)
        self.align()
        return int("".join(self._text), 2).to_bytes(self._length // 8, "big")

    def raw(self) -> bytes:
        """The bits, which have to be whole bytes."""
        return int("".join(self._text), 2).to_bytes(self._length // 8, "big")


def make_video(pictures: Sequence[Image.Image], seconds: float) -> bytes:
    """An MP4 that shows the pictures at equal intervals; all have the size of the first.

    Width and height are reduced to a multiple of 16.
    """
    width, height = (max(SIDE, each // SIDE * SIDE) for each in pictures[0].size)
    samples = [_sample(picture, width, height) for picture in pictures]
    duration = round(seconds * TIMESCALE / len(samples))
    head = _box("ftyp", b"isom", _u32(512), b"isomiso2avc1mp41")
    data = _box("mdat", *samples)
    # The movie box comes last: the positions of the samples are known then.
    movie = _movie(samples, len(head) + 8, (width, height), duration)
    return head + data + movie


def _sequence_parameters(width: int, height: int) -> bytes:
    bits = _Bits()
    for value in (0x67, 66, 0xC0, 31):  # sequence parameters, baseline profile, level 3.1
        bits.fixed(value, 8)
    # Set 0, 4-bit frame numbers, output order = decoding order, no reference frames.
    bits.exp_golomb(0, 0, 2, 0)
    bits.fixed(0, 1)
    bits.exp_golomb(width // SIDE - 1, height // SIDE - 1)
    bits.fixed(0b1100, 4)  # frames only, direct inference, no cropping, no usability information
    return _escaped(bits.data())


def _picture_parameters() -> bytes:
    bits = _Bits()
    bits.fixed(0x68, 8)
    bits.exp_golomb(0, 0)  # sets 0 and 0
    bits.fixed(0, 2)  # no arithmetic coding, no field order
    bits.exp_golomb(0, 0, 0)  # one slice group, one reference frame per list
    bits.fixed(0, 3)  # no weighted prediction
    bits.exp_golomb(0, 0, 0)  # quantisers and chroma offset: unused by I_PCM
    bits.fixed(0b100, 3)  # the slice header controls the deblocking filter
    return _escaped(bits.data())


def _sample(picture: Image.Image, width: int, height: int) -> bytes:
    """One picture as an access unit with a length in front."""
    fitted = picture if picture.size == (width, height) else picture.crop((0, 0, width, height))
    luma, blue, red = fitted.convert("YCbCr").split()
    small = (width // 2, height // 2)
    planes = [_plane(luma), _plane(blue.reduce(2)), _plane(red.reduce(2))]
    unit = bytearray(_slice_header())
    for y in range(0, height, SIDE):
        for x in range(0, width, SIDE):
            if x or y:
                unit += _macroblock_type()
            unit += _block(planes[0], width, x, y, SIDE)
            unit += _block(planes[1], small[0], x // 2, y // 2, SIDE // 2)
            unit += _block(planes[2], small[0], x // 2, y // 2, SIDE // 2)
    coded = _escaped(bytes(unit) + b"\x80")
    return _u32(len(coded)) + coded


def _slice_header() -> bytes:
    """The header of a slice with one whole picture, and the type of its first macroblock."""
    bits = _Bits()
    bits.fixed(0x65, 8)  # a picture that needs no other one
    bits.exp_golomb(0, 7, 0)  # first macroblock, intra slice, parameter set
    bits.fixed(0, 4)  # frame number
    bits.exp_golomb(0)  # identifier of the picture
    bits.fixed(0, 2)  # keep no earlier pictures
    bits.exp_golomb(0)  # quantiser: se(v) 0
    bits.exp_golomb(1)  # no deblocking filter
    bits.exp_golomb(I_PCM)
    bits.align()
    return bits.raw()


def _macroblock_type() -> bytes:
    bits = _Bits()
    bits.exp_golomb(I_PCM)
    bits.align()
    return bits.raw()


def _plane(channel: Image.Image) -> bytes:
    """The samples in the range of video, 16 to 235, so that no start code can appear."""
    return bytes(16 + value * 219 // 255 for value in channel.tobytes())


def _block(plane: bytes, stride: int, x: int, y: int, side: int) -> bytes:
    rows = (plane[row * stride + x : row * stride + x + side] for row in range(y, y + side))
    return b"".join(rows)


def _escaped(unit: bytes) -> bytes:
    """The unit without byte sequences that look like a start code."""
    return re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", unit)


def _movie(samples: Sequence[bytes], start: int, size: tuple[int, int], duration: int) -> bytes:
    total = duration * len(samples)
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    header = _box(
        "mvhd",
        struct.pack(">5I", 0, 0, 0, TIMESCALE, total),
        struct.pack(">IH10x", 0x10000, 0x100),
        matrix,
        bytes(24),
        _u32(2),
    )
    track_header = _box(
        "tkhd",
        struct.pack(">6I", 7, 0, 0, 1, 0, total),  # flags: enabled, in the movie, in the preview
        bytes(16),
        matrix,
        struct.pack(">2I", size[0] << 16, size[1] << 16),
    )
    media = _box(
        "mdia",
        _box("mdhd", struct.pack(">5IHH", 0, 0, 0, TIMESCALE, total, 0x55C4, 0)),
        _box("hdlr", bytes(8), b"vide", bytes(12), b"video\0"),
        _box(
            "minf",
            _box("vmhd", _u32(1), bytes(8)),
            _box("dinf", _box("dref", bytes(4), _u32(1), _box("url ", _u32(1)))),
            _sample_table(samples, start, size, duration),
        ),
    )
    return _box("moov", header, _box("trak", track_header, media))


def _sample_table(
    samples: Sequence[bytes], start: int, size: tuple[int, int], duration: int
) -> bytes:
    count = len(samples)
    return _box(
        "stbl",
        _box("stsd", bytes(4), _u32(1), _sample_entry(size)),
        _box("stts", bytes(4), struct.pack(">3I", 1, count, duration)),
        _box("stsc", bytes(4), struct.pack(">4I", 1, 1, count, 1)),
        _box("stsz", bytes(4), struct.pack(">2I", 0, count), _u32s(len(each) for each in samples)),
        _box("stco", bytes(4), struct.pack(">2I", 1, start)),
    )


def _sample_entry(size: tuple[int, int]) -> bytes:
    sequence, picture = _sequence_parameters(*size), _picture_parameters()
    configuration = _box(
        "avcC",
        bytes((1, *sequence[1:4], 0xFF, 0xE1)),
        struct.pack(">H", len(sequence)) + sequence,
        b"\x01" + struct.pack(">H", len(picture)) + picture,
    )
    fields = struct.pack(">6xH16x2H2I4xH32xHH", 1, *size, 0x480000, 0x480000, 1, 24, 0xFFFF)
    return _box("avc1", fields, configuration)


def _box(name: str, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return _u32(len(content) + 8) + name.encode() + content


def _u32(value: int) -> bytes:
    return value.to_bytes(4, "big")


def _u32s(values: Iterable[int]) -> bytes:
    return b"".join(map(_u32, values))
