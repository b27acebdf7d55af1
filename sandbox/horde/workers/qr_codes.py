"""QR codes for the `qr_code` workflow; the result can be scanned.

Byte mode, error correction level M, versions 1 to 10: up to 213 bytes. The tables and the order of
the steps are those of ISO/IEC 18004.
"""

from collections.abc import Iterator

LONGEST = 213  # bytes that fit version 10 at level M
# By version: check bytes of each block, and the data bytes of every block.
BLOCKS: tuple[tuple[int, tuple[int, ...]], ...] = (
    (10, (16,)),
    (16, (28,)),
    (26, (44,)),
    (18, (32, 32)),
    (24, (43, 43)),
    (16, (27, 27, 27, 27)),
    (18, (31, 31, 31, 31)),
    (22, (38, 38, 39, 39)),
    (22, (36, 36, 36, 37, 37)),
    (26, (43, 43, 43, 43, 44)),
)
ALIGNMENT = ((), (6, 18), (6, 22), (6, 26), (6, 30), (6, 34), (6, 22, 38), (6, 24, 42),
             (6, 26, 46), (6, 28, 50))  # fmt: skip
Grid = list[list[bool | None]]


def encode(text: str) -> list[list[bool]]:
    """The modules of the code, row by row, True for dark. Longer text is cut."""
    data = text.encode("utf-8", "replace")[:LONGEST]
    version = next(v for v in range(1, 11) if _capacity(v) >= len(data))
    bits = _bits(_codewords(data, version))
    size = 17 + 4 * version
    grid: Grid = [[None] * size for _ in range(size)]
    _patterns(grid, version)
    fixed = [[cell is not None for cell in row] for row in grid]
    for x, y in _walk(size):
        if not fixed[y][x]:
            # Mask 0, the chessboard; readers accept any mask.
            grid[y][x] = next(bits, False) ^ ((x + y) % 2 == 0)
    return [[bool(cell) for cell in row] for row in grid]


def _capacity(version: int) -> int:
    header = 12 if version < 10 else 20
    return (sum(BLOCKS[version - 1][1]) * 8 - header) // 8


def _codewords(data: bytes, version: int) -> bytes:
    """Header, data, padding, cut into blocks with their check bytes, and interleaved."""
    checks, sizes = BLOCKS[version - 1]
    total = sum(sizes)
    length_bits = 8 if version < 10 else 16
    stream = (0b0100 << length_bits | len(data)) << (8 * len(data)) | int.from_bytes(data, "big")
    used = 4 + length_bits + 8 * len(data)
    stream <<= min(4, total * 8 - used)
    used += min(4, total * 8 - used)
    stream <<= -used % 8
    body = stream.to_bytes((used + 7) // 8, "big")
    body += (b"\xec\x11" * total)[: total - len(body)]
    blocks: list[bytes] = []
    start = 0
    for size in sizes:
        blocks.append(body[start : start + size])
        start += size
    ends = [_check_bytes(block, checks) for block in blocks]
    return bytes((*_interleaved(blocks), *_interleaved(ends)))


def _interleaved(blocks: list[bytes]) -> Iterator[int]:
    for index in range(max(map(len, blocks))):
        yield from (block[index] for block in blocks if index < len(block))


def _check_bytes(block: bytes, count: int) -> bytes:
    """Reed-Solomon over GF(256) with the polynomial 0x11d."""
    generator = [1]
    for power in range(count):
        root = _EXP[power]
        longer = [*generator, 0]
        for index, value in enumerate(generator):
            longer[index + 1] ^= _times(value, root)
        generator = longer
    rest = list(block) + [0] * count
    for index in range(len(block)):
        factor = rest[index]
        for offset, value in enumerate(generator):
            rest[index + offset] ^= _times(value, factor)
    return bytes(rest[len(block) :])


def _tables() -> tuple[list[int], list[int]]:
    exp, log = [0] * 512, [0] * 256
    value = 1
    for power in range(255):
        exp[power] = exp[power + 255] = value
        log[value] = power
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return exp, log


_EXP, _LOG = _tables()


def _times(one: int, other: int) -> int:
    return _EXP[_LOG[one] + _LOG[other]] if one and other else 0


def _bits(codewords: bytes) -> Iterator[bool]:
    for byte in codewords:
        yield from (bool(byte >> shift & 1) for shift in range(7, -1, -1))


def _walk(size: int) -> Iterator[tuple[int, int]]:
    """Columns in pairs from the right, up and down in turn, past the timing column."""
    upwards = True
    for right in (*range(size - 1, 6, -2), *range(5, 0, -2)):
        for y in range(size - 1, -1, -1) if upwards else range(size):
            yield right, y
            yield right - 1, y
        upwards = not upwards


def _patterns(grid: Grid, version: int) -> None:
    size = len(grid)
    for x, y in ((0, 0), (size - 7, 0), (0, size - 7)):
        _square(grid, x + 3, y + 3, reach=4, rings=(0, 1, 3))
    for x in ALIGNMENT[version - 1]:
        for y in ALIGNMENT[version - 1]:
            if grid[y][x] is None:
                _square(grid, x, y, reach=2, rings=(0, 2))
    for index in range(8, size - 8):
        grid[6][index] = grid[index][6] = index % 2 == 0
    _format(grid)
    if version >= 7:
        _version(grid, version)


def _square(grid: Grid, x: int, y: int, *, reach: int, rings: tuple[int, ...]) -> None:
    size = len(grid)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            if 0 <= x + dx < size and 0 <= y + dy < size:
                grid[y + dy][x + dx] = max(abs(dx), abs(dy)) in rings


def _format(grid: Grid) -> None:
    """The format information (level M, mask 0), twice, and the module that is always dark."""
    size = len(grid)
    bits = _remainder(0, 0x537, 10) ^ 0x5412
    for index in range(15):
        value = bool(bits >> index & 1)
        near = index if index < 6 else index + 1 if index < 8 else size - 15 + index
        grid[near][8] = value
        across = size - 1 - index if index < 8 else 7 if index == 8 else 14 - index
        grid[8][across] = value
    grid[size - 8][8] = True


def _version(grid: Grid, version: int) -> None:
    size = len(grid)
    bits = version << 12 | _remainder(version << 12, 0x1F25, 12)
    for index in range(18):
        value = bool(bits >> index & 1)
        long, short = index // 3, size - 11 + index % 3
        grid[short][long] = grid[long][short] = value


def _remainder(value: int, polynomial: int, degree: int) -> int:
    """The remainder of a division in GF(2)."""
    while value.bit_length() > degree:
        value ^= polynomial << (value.bit_length() - 1 - degree)
    return value
