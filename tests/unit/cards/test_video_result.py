from bot.cards.card import Card, Gallery, Picture, TextBlock
from bot.cards.request_card import card_for
from bot.domain.capabilities import Capabilities, RequestAbilities
from bot.domain.generations import VideoGeneration
from bot.domain.requests import Kind, VideoRequest
from bot.domain.results import Phase
from bot.parameters.repeat_command import command_for
from tests.support.builders import record, source, status, video_generation, video_request

LINK = "https://media.aipg.art/1.mp4"


def card_of(*videos: VideoGeneration, request: VideoRequest | None = None) -> Card:
    shown = record(request=request or video_request(), phase=Phase.DONE)
    able = Capabilities(kinds=frozenset({Kind.VIDEO}))
    both = RequestAbilities(able, able)
    return card_for(shown, status(*videos), now=1_800_000_000.0, able=both)


def text_of(card: Card) -> str:
    return "\n".join(block.content for block in card.blocks if isinstance(block, TextBlock))


def test_a_video_is_shown_in_a_gallery() -> None:
    card = card_of(video_generation())
    instead = "The video is not shown: it is larger than Discord allows here."
    picture = Picture("128-1.mp4", "hordecord-1-1.mp4", "a fox runs", instead=instead)
    assert Gallery((picture,)) in card.blocks
    assert "seed `1001`" in text_of(card)
    verbs = [button.label for row in card.rows for button in row]
    assert verbs == ["Again", "Edit", "Details", "Save", "Delete"]


def test_a_video_has_a_link_for_places_where_it_is_too_large() -> None:
    url = "https://media.aipg.art/1.mp4"
    card = card_of(video_generation(url=url, may_link=True))
    (shown,) = [
        one for block in card.blocks if isinstance(block, Gallery) for one in block.pictures
    ]
    assert shown.instead.startswith(f"[Download the video](<{url}>).")


def test_a_spoiler_hides_the_video_and_its_link() -> None:
    request = video_request(spoiler=True)
    gallery = next(b for b in card_of(video_generation(), request=request).blocks
                   if isinstance(b, Gallery))  # fmt: skip
    assert gallery.pictures[0].spoiler
    link = video_generation(file="", url=LINK, linked=True)
    assert "||[Download the video]" in text_of(card_of(link, request=request))


def test_a_link_is_shown_with_its_end() -> None:
    link = video_generation(file="", url=LINK, linked=True, expires_at=1_800_003_600.5)
    text = text_of(card_of(link))
    assert f"[Download the video](<{LINK}>)" in text
    assert "the link ends <t:1800003600:R>" in text


def test_a_link_that_has_ended_is_not_offered() -> None:
    link = video_generation(file="", url=LINK, linked=True, expires_at=1_799_999_999.0)
    text = text_of(card_of(link))
    assert LINK not in text
    assert "its link ended <t:1799999999:R>" in text


def test_a_link_without_a_known_end_names_none() -> None:
    text = text_of(card_of(video_generation(file="", url=LINK, linked=True)))
    assert "too large to be uploaded here." in text
    assert "ends" not in text


def test_a_missing_video_is_explained() -> None:
    card = card_of(video_generation(file="", censored="nsfw"))
    assert "Withheld as NSFW" in text_of(card)


def test_command_for_a_video_names_its_options() -> None:
    shown = record(request=video_request(source=source(), fps=16), phase=Phase.DONE)
    repeat = command_for(shown, status(video_generation()))
    assert repeat.line == (
        "/animate prompt:a fox runs model:LTX-2.3 seconds:4 fps:16 shape:landscape seed:1001"
    )
    assert repeat.exact


def test_a_hostile_link_ends_no_markdown() -> None:
    hostile = video_generation(file="", url="https://a.example/x)>||[y](z", linked=True)
    text = text_of(card_of(hostile))
    assert "(<https://a.example/x%29%3E%7C%7C%5By%5D%28z>)" in text
