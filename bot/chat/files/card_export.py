"""Writes a character as a card of version 2 or 3, as JSON or in a PNG."""

import json
import struct
import zlib
from typing import cast

from bot.chat.files.card_json import SPECS
from bot.chat.files.json_input import Json, stored
from bot.chat.files.lorebook_json import lorebook_object
from bot.chat.files.png_text import SIGNATURE, V2_KEYWORD, V3_KEYWORD, with_card_texts
from bot.domain.chat.characters import Character

_ICON: Json = {"type": "icon", "uri": "ccdefault:", "name": "main", "ext": "png"}
_NAMED_IN_FILE = ("embeded://", "embedded://", "__asset:", "ccdefault:")  # not in the new file
_SIDE = 64  # pixels of an image without content


def card_json(character: Character, version: int = 3) -> bytes:
    """A card of that version, 2 or 3, as JSON."""
    return (json.dumps(_card(character, version), ensure_ascii=False, indent=2) + "\n").encode()


def card_png(character: Character, avatar: bytes | None, version: int = 3) -> bytes:
    """A PNG with the card. One of version 3 contains version 2 too, for older programs.

    `avatar`: a PNG, or None for an image of one colour. Raises CardError for another format.
    """
    texts = {V2_KEYWORD: _compact(_card(character, 2))}
    if version >= 3:
        texts[V3_KEYWORD] = _compact(_card(character, 3, picture=True))
    return with_card_texts(avatar or _one_colour(), texts)


def _compact(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _card(character: Character, version: int, *, picture: bool = False) -> Json:
    """The card, and in version 2 its main fields once more where version 1 has them."""
    kept = stored(character.extra)
    spec, spec_version = SPECS[version]
    data = _data(character, _inside(kept, "data"), version)
    if picture:
        data["assets"] = [_ICON, *cast("list[object]", data.get("assets", []))]
    shell = _inside(kept, "shell") | {"spec": spec, "spec_version": spec_version, "data": data}
    if version < 3:
        shell |= {name: data[name] for name in _FIRST_VERSION}
    return shell


_FIRST_VERSION = ("name", "description", "personality", "scenario", "first_mes", "mes_example")


def _data(character: Character, kept: Json, version: int) -> Json:
    data = kept | {
        "name": character.name,
        "description": character.description,
        "personality": character.personality,
        "scenario": character.scenario,
        "first_mes": character.greetings[0] if character.greetings else "",
        "mes_example": character.examples,
        "creator_notes": character.creator_notes,
        "system_prompt": character.system_prompt,
        "post_history_instructions": character.closing,
        "alternate_greetings": list(character.greetings[1:]),
        "tags": list(character.tags),
        "creator": character.creator,
        "character_version": character.version,
        "extensions": _extensions(character, _inside(kept, "extensions")),
    }
    if assets := _lasting_assets(kept.get("assets")):
        data["assets"] = assets
    else:
        data.pop("assets", None)
    if version >= 3 or character.group_greetings:
        data["group_only_greetings"] = list(character.group_greetings)
    if character.nickname:
        data["nickname"] = character.nickname
    if character.lorebook:
        data["character_book"] = lorebook_object(character.lorebook, version=version)
    return data


def _extensions(character: Character, kept: Json) -> Json:
    old = _inside(kept, "depth_prompt")
    if character.note:
        return kept | {
            "depth_prompt": old | {"prompt": character.note.text, "depth": character.note.depth}
        }
    if old.get("prompt"):
        return {name: value for name, value in kept.items() if name != "depth_prompt"}
    return kept


def _lasting_assets(assets: object) -> list[object]:
    """The assets that are not files of the old card, nor its image."""
    found = cast("list[object]", assets) if isinstance(assets, list) else []
    return [asset for asset in found if isinstance(asset, dict) and _lasts(cast("Json", asset))]


def _lasts(asset: Json) -> bool:
    uri = str(asset.get("uri", ""))
    is_image = asset.get("type") == "icon" and uri.startswith("data:")
    return not (is_image or uri.startswith(_NAMED_IN_FILE))


def _inside(values: Json, name: str) -> Json:
    found = values.get(name)
    return cast("Json", found) if isinstance(found, dict) else {}


def _one_colour() -> bytes:
    """A grey PNG, for a character without an avatar."""
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * _SIDE) * _SIDE
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
