"""The QR codes of the local workers."""

import base64
import io

from PIL import Image

from sandbox.horde.workers import qr_codes
from tests.support.credentials import RICH
from tests.support.horde.local_horde import LocalHorde, pixel

# OpenCV's reader says "hi" to this.
HI = """
#######....##.#######
#.....#.####..#.....#
#.###.#...###.#.###.#
#.###.#..#.#..#.###.#
#.###.#.#####.#.###.#
#.....#..#.#..#.....#
#######.#.#.#.#######
..........#..........
#.#.#.#..##.#...#..#.
#.##......##.#.#.####
....#.###.##.###.####
..#.##.#.#.###.###.#.
##.#..#.####.###..#..
........#.....#...###
#######..#..#...#..##
#.....#..##...#...###
#.###.#.###.#.#.#.#.#
#.###.#..###.#.#.#.#.
#.###.#.####.###.##.#
#.....#..#####.###.#.
#######.##.#.###.####
"""


def drawn(modules: list[list[bool]]) -> str:
    return "\n".join("".join(".#"[cell] for cell in row) for row in modules)


def test_a_short_text() -> None:
    assert drawn(qr_codes.encode("hi")) == HI.strip()


def test_the_size_grows_with_the_text_until_it_is_cut() -> None:
    sizes = [
        len(qr_codes.encode("x" * length)) for length in (14, 15, 26, 42, 62, 84, 106, 213, 999)
    ]
    assert sizes == [21, 25, 25, 29, 33, 37, 41, 57, 57]


def test_check_bytes_divide_without_a_rest() -> None:
    for length in (10, 60, 120, 200):
        data = qr_codes._codewords(bytes(range(length)), 10)
        checks, sizes = qr_codes.BLOCKS[9]
        total = sum(sizes)
        count = len(sizes)
        for block, size in enumerate(sizes):
            # Undo the interleaving: every fifth byte, and the odd one of the longer block.
            part = [data[index * count + block] for index in range(min(sizes))]
            if size > min(sizes):
                part.append(data[min(sizes) * count])
            part += [data[total + index * count + block] for index in range(checks)]
            for power in range(checks):
                rest = 0
                for value in part:
                    rest = qr_codes._times(rest, qr_codes._EXP[power]) ^ value
                assert rest == 0


async def test_the_workflow_paints_the_code() -> None:
    async with LocalHorde() as local:
        params = {
            "workflow": "qr_code",
            "extra_texts": [{"text": "hi", "reference": "qr_code"}],
            "seed": "4",
        }
        status = await local.done(await local.image(params=params, r2=False, key=RICH))
        raw = base64.b64decode(status["generations"][0]["img"])
        image = Image.open(io.BytesIO(raw))
        scale = round(512 * 0.66) // 29
        left, top = (512 - 29 * scale) // 2, (512 - 29 * scale) // 3
        bright = [
            [
                sum(pixel(image, left + scale * (x + 4) + 5, top + scale * (y + 4) + 5))
                for x in range(21)
            ]
            for y in range(21)
        ]
        read = [[value < 384 for value in row] for row in bright]
        assert drawn(read) == HI.strip()
