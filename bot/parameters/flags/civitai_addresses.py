"""What CivitAI shows for a LoRA or an embedding: addresses of its page and download, its AIR."""

import re
from dataclasses import dataclass

from bot.i18n import _
from bot.parameters.flags.errors import wrong
from bot.parameters.flags.tokenizer import Word

_SITE = r"<?(?:https?://)?(?:www\.)?civitai\.(?:com|green|red)/"
_PAGE = re.compile(
    _SITE + r"(?:[a-z]{2}/)?models/(?P<model>[0-9]+)(?:/[^\s?#:@<>]*)?"
    r"(?:\?[^\s#:@<>]*)?(?:#[^\s:@<>]*)?>?",
    re.IGNORECASE,
)
_DOWNLOAD = re.compile(
    _SITE + r"api/(?:download/models|v1/model-versions)/(?P<version>[0-9]+)(?:[?#][^\s:@<>]*)?>?",
    re.IGNORECASE,
)
_AIR = re.compile(
    r"(?:urn:air:[\w.-]+:[\w.-]+:)?civitai:(?P<model>[0-9]+)(?:@(?P<version>[0-9]+))?",
    re.IGNORECASE,
)
_SHORT = re.compile(r"(?P<model>[0-9]+)@(?P<version>[0-9]+)(?=:|$)")  # the end of an AIR
_IN_QUERY = re.compile(r"[?&]modelVersionId=(?P<version>[0-9]+)", re.IGNORECASE)
_ADDRESS = re.compile(r"<?(?:https?://|urn:air:|(?:www\.)?civitai\.[a-z]+/)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of a model and of one of its versions, None if missing; and the rest behind."""

    model: Word | None
    version: Word | None
    rest: Word


def civitai_address(word: Word, name: str) -> Found | None:
    """The numbers in an address or an AIR at the beginning of the word; None for another word.

    Raises ExtraError for an address that is not one of these; `name` is the flag's.
    """
    patterns = [_PAGE, _DOWNLOAD, _AIR, *([_SHORT] if all(word.bare) else [])]
    found = next(filter(None, (each.match(word.text) for each in patterns)), None)
    rest = word.cut(found.end()) if found else word
    if found is None or rest.stripped().text[:1] not in {"", ":", "@"}:
        if _ADDRESS.match(word.text):
            sentence = _("{flag} takes a name, a number or `civitai.com/models/NUMBER`.")
            raise wrong(word, sentence.format(flag=name))
        return None
    parts = {name: word.cut(*found.span(name)) for name, text in found.groupdict().items() if text}
    if query := _IN_QUERY.search(word.text, found.start(), found.end()):
        parts["version"] = word.cut(*query.span("version"))
    return Found(parts.get("model"), parts.get("version"), rest)
