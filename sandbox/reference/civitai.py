"""A local CivitAI with a dozen LoRAs and one embedding."""

from typing import Any

Json = dict[str, Any]

# Name, base model, trigger words, marked NSFW, downloads.
LORAS: tuple[tuple[str, str, list[str], bool, int], ...] = (
    ("Harbour Fog", "SDXL 1.0", ["harbour fog"], False, 52_000),
    ("Paper Lanterns", "SDXL 1.0", ["paperlantern", "soft glow"], False, 41_500),
    ("Brass Clockwork", "SDXL 1.0", ["brasswork"], False, 38_200),
    ("Pixel Garden", "SD 1.5", ["pixelgarden"], False, 30_100),
    ("Ink and Rain", "SD 1.5", ["inkrain"], False, 25_700),
    ("Moss and Stone", "SD 1.5", [], False, 21_000),
    ("Comet Trails", "Flux.1 S", ["comettrail"], False, 17_300),
    ("Tin Robots", "Pony", ["tinrobot"], False, 15_900),
    ("Velvet Hour", "Illustrious", ["velvethour"], True, 14_800),
    ("Glass Birds", "SDXL 1.0", ["glassbird"], False, 9_400),
    ("Winter Windows", "SD 1.5", ["frostpane"], False, 8_100),
    ("Salt Desert", "SDXL 1.0", ["saltdesert"], False, 3_300),
)
EMBEDDINGS = (("Steady Hands", "SD 1.5", ["steadyhands"], False, 61_000),)


def search(types: str, query: str, *, nsfw: bool, base: str) -> Json:
    """The answer of /api/v1/models: the entries whose name contains all words of the query."""
    table, first = (LORAS, 500_100) if types == "LORA" else (EMBEDDINGS, 500_200)
    words = query.casefold().split()
    items = [
        _item(first + number, types, row, base)
        for number, row in enumerate(table)
        if (nsfw or not row[3]) and all(word in row[0].casefold() for word in words)
    ]
    return {"items": items, "metadata": {"currentPage": 1, "pageSize": len(items)}}


def _item(number: int, types: str, row: tuple[str, str, list[str], bool, int], base: str) -> Json:
    name, base_model, words, nsfw, downloads = row
    picture = {
        "url": f"{base}/picture/{number % 1000}-1.png",
        "type": "image",
        "nsfwLevel": 8 if nsfw else 1,
        "width": 512,
        "height": 512,
    }
    return {
        "id": number,
        "name": name,
        "type": types,
        "nsfw": nsfw,
        "description": f"<p>{name}: made up for trials &amp; tests.</p>",
        "tags": [],
        "stats": {"downloadCount": downloads, "thumbsUpCount": downloads // 20},
        "creator": {"username": "sandbox"},
        "modelVersions": [
            {
                "id": number * 10,
                "name": "v1.0",
                "baseModel": base_model,
                "trainedWords": words,
                "images": [picture],
                "files": [],
            }
        ],
    }
