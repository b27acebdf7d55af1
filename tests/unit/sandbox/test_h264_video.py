"""The MP4 files of the sandbox: their boxes agree with their samples."""

from collections.abc import Iterator

from PIL import Image

from sandbox.optional.h264_video import make_video

CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf"}


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The name, start and end of the content of each box, also inside of others."""
    while start < end:
        size, name = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8]
        assert 8 <= size <= end - start
        yield name, start + 8, start + size
        if name in CONTAINERS:
            yield from boxes(data, start + 8, start + size)
        start += size


def numbers(data: bytes, start: int, end: int) -> list[int]:
    return [int.from_bytes(data[at : at + 4], "big") for at in range(start, end, 4)]


def test_make_video_samples_lie_where_the_tables_say() -> None:
    pictures = [Image.new("RGB", (40, 32), colour) for colour in ("red", "black", "white")]
    data = make_video(pictures, seconds=1.5)
    found = {name: (start, end) for name, start, end in boxes(data, 0, len(data))}
    assert [*found][:3] == [b"ftyp", b"mdat", b"moov"]
    assert numbers(data, *found[b"stts"])[1:] == [1, 3, 500]
    sizes = numbers(data, *found[b"stsz"])[3:]
    position = numbers(data, *found[b"stco"])[2]
    assert position == found[b"mdat"][0]
    for size in sizes:
        length = int.from_bytes(data[position : position + 4], "big")
        assert length == size - 4
        assert data[position + 4] == 0x65  # a picture that needs no other one
        unit = data[position + 4 : position + size]
        assert not any(code in unit for code in (b"\0\0\0", b"\0\0\1", b"\0\0\2"))
        assert len(unit) > 4 * 384  # two by two macroblocks, without compression
        position += size
    assert position == found[b"mdat"][1]
    width, height = numbers(data, *found[b"tkhd"])[-2:]
    assert (width >> 16, height >> 16) == (32, 32)
