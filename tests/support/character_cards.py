"""Character cards written by the tests themselves, and the containers that they come in."""

import base64
import io
import json
import zipfile
import zlib
from typing import Any

from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
Card = dict[str, Any]

ENTRY: Card = {
    "keys": ["lighthouse", "lamp"],
    "content": "The lighthouse of Ommer has no door.",
    "extensions": {"position": 4, "depth": 2, "selectiveLogic": 3, "probability": 70, "mood": "x"},
    "enabled": True,
    "insertion_order": 7,
    "case_sensitive": True,
    "name": "Lighthouse",
    "priority": 3,
    "id": 12,
    "comment": "Lighthouse",
    "selective": True,
    "secondary_keys": ["night"],
    "constant": False,
    "position": "after_char",
}
BOOK: Card = {
    "name": "Ommer",
    "description": "An island.",
    "scan_depth": 6,
    "token_budget": 300,
    "recursive_scanning": True,
    "extensions": {"author/tool": {"nested": [1, None, "x"]}},
    "entries": [ENTRY],
}
DATA: Card = {
    "name": "Mira Vance",
    "description": "{{char}} keeps a lighthouse.",
    "personality": "patient",
    "scenario": "A storm is near.",
    "first_mes": "The lamp is lit.",
    "mes_example": "<START>\n{{user}}: Hello\n{{char}}: Good evening.",
    "creator_notes": "A sample.",
    "system_prompt": "Write in the present tense.",
    "post_history_instructions": "Stay calm.",
    "alternate_greetings": ["Come in.", "Who is there?"],
    "character_book": BOOK,
    "tags": ["sea", "calm"],
    "creator": "the tests",
    "character_version": "1.2",
    "extensions": {
        "depth_prompt": {"prompt": "The storm grows.", "depth": 3, "role": "system"},
        "talkativeness": "0.5",
        "author/tool": {"deep": {"er": [1, 2.5, None, True]}},
    },
}
V1: Card = {
    name: DATA[name]
    for name in ("name", "description", "personality", "scenario", "first_mes", "mes_example")
}
V2: Card = {"spec": "chara_card_v2", "spec_version": "2.0", "data": DATA}
V3: Card = {
    "spec": "chara_card_v3",
    "spec_version": "3.0",
    "data": {
        **DATA,
        "nickname": "Mira",
        "group_only_greetings": ["All of you, in."],
        "creator_notes_multilingual": {"de": "Ein Muster."},
        "source": ["https://example.test/mira"],
        "creation_date": 1_700_000_000,
        "modification_date": 1_700_000_100,
        "assets": [{"type": "icon", "uri": "ccdefault:", "name": "main", "ext": "png"}],
        "character_book": {**BOOK, "entries": [{**ENTRY, "use_regex": False}]},
    },
}
WORLD: Card = {
    "entries": {
        "0": {
            "uid": 0,
            "key": ["harbour"],
            "keysecondary": ["ship"],
            "comment": "Harbour",
            "content": "Ships come at noon.",
            "constant": False,
            "vectorized": False,
            "selective": True,
            "selectiveLogic": 2,
            "addMemo": True,
            "order": 50,
            "position": 4,
            "disable": False,
            "excludeRecursion": True,
            "preventRecursion": True,
            "probability": 40,
            "useProbability": True,
            "depth": 6,
            "group": "places",
            "groupOverride": False,
            "groupWeight": 100,
            "scanDepth": 9,
            "caseSensitive": True,
            "matchWholeWords": False,
            "automationId": "",
            "role": 0,
            "displayIndex": 3,
            "somethingNew": {"a": 1},
        },
        "7": {
            "uid": 7,
            "key": ["/stor(m|ms)/i"],
            "keysecondary": [],
            "comment": "",
            "content": "It rains.",
            "order": 100,
            "position": 0,
            "disable": True,
        },
    }
}


def packed(value: object) -> bytes:
    """JSON in UTF-8."""
    return json.dumps(value).encode()


def image(kind: str = "PNG", side: int = 16) -> bytes:
    """A plain image of that format."""
    content = io.BytesIO()
    Image.new("RGB", (side, side), (40, 90, 160)).save(content, kind)
    return content.getvalue()


def chunk(kind: bytes, body: bytes, check: int | None = None) -> bytes:
    """A chunk of a PNG. `check`: another checksum than the right one."""
    right = zlib.crc32(body, zlib.crc32(kind)) if check is None else check
    return len(body).to_bytes(4, "big") + kind + body + right.to_bytes(4, "big")


def text_chunk(card: bytes, keyword: str = "chara", kind: str = "tEXt") -> bytes:
    """The chunk of a card, whose JSON is put into base64."""
    text, name = base64.b64encode(card), keyword.encode() + b"\0"
    match kind:
        case "zTXt":
            return chunk(b"zTXt", name + b"\0" + zlib.compress(text))
        case "iTXt":
            return chunk(b"iTXt", name + b"\0\0en\0\0" + text)
        case "iTXt compressed":
            return chunk(b"iTXt", name + b"\1\0en\0\0" + zlib.compress(text))
        case _:
            return chunk(b"tEXt", name + text)


def png(*chunks: bytes, after_pixels: bool = False) -> bytes:
    """A PNG with these chunks, before or after its pixels."""
    plain = image()
    at = plain.index(b"IEND") - 4 if after_pixels else plain.index(b"IDAT") - 4
    return plain[:at] + b"".join(chunks) + plain[at:]


def charx(card: object, **files: bytes) -> bytes:
    """A CHARX file; the names of files have slashes for double underscores."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("card.json", packed(card))
        for name, data in files.items():
            archive.writestr(name.replace("__", "/"), data)
    return content.getvalue()
