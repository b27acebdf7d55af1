"""The video of a request: its file, or the link to one that is too large."""

import math
from urllib.parse import quote

from bot.cards import formatting, labels
from bot.cards.card import ALT_MAX, Gallery, Picture, TextBlock
from bot.cards.card_lines import NAME_MAX, REMARK_MAX, made, missing_results
from bot.cards.context import CardContext, ResultPart
from bot.cards.markdown import inline_code, line, safe_line
from bot.cards.results.image_result import NO_BYTES, image_filename
from bot.domain.generations import VideoGeneration
from bot.domain.requests import VideoRequest
from bot.i18n import N_, _

PLAIN = ":/?&=%+,;@#"  # characters of a URL that no Markdown uses
LINK = N_("[Download the video]({url}). It is too large to be uploaded here.")
LINK_ENDS = N_(
    "[Download the video]({url}). It is too large to be uploaded here, and the link ends {time}."
)
LINK_ENDED = N_(
    "The video was too large to be uploaded here, and its link ended {time}. Press **Again** to "
    "make it again."
)
TOO_LARGE = N_("The video is not shown: it is larger than Discord allows here.")


def video_part(scene: CardContext, _room: int) -> ResultPart:
    """The video or its link, the line about it, the reason why it is missing."""
    request = scene.record.request
    assert isinstance(request, VideoRequest)
    videos = scene.status.videos
    arrived = [video for video in videos if video.arrived]
    problems = ["" if video.arrived else _why(video, scene) for video in videos]
    return ResultPart(
        blocks=tuple(_block(scene, request, video) for video in arrived[:1]),
        arrived=len(arrived),
        line=_line(scene, request, arrived[0]) if arrived else "",
        missing=missing_results(scene, problems),
        censored=bool(videos) and all(video.censored for video in videos),
    )


def video_filename(record_id: int, file: str) -> str:
    """File name of the video on Discord."""
    return image_filename(record_id, 1, file)


def _block(
    scene: CardContext, request: VideoRequest, video: VideoGeneration
) -> Gallery | TextBlock:
    if video.linked:
        return TextBlock(_link(request, video, scene.now))
    name, alt = video_filename(scene.record.id, video.file), line(request.prompt, ALT_MAX)
    has_link = video.may_link and video.url
    instead = _link(request, video, scene.now) if has_link else _(TOO_LARGE)
    shown = Picture(video.file, name, alt, spoiler=request.spoiler, instead=instead)
    return Gallery((shown,))


def _link(request: VideoRequest, video: VideoGeneration, now: float) -> str:
    """In angle brackets, so that Discord embeds no preview. `now`: UTC seconds."""
    url = f"<{quote(video.url, safe=PLAIN)}>"
    end = f"<t:{math.floor(video.expires_at or 0)}:R>"
    if video.expires_at is None:
        text = _(LINK).format(url=url)
    elif video.expires_at <= now:
        return _(LINK_ENDED).format(time=end)
    else:
        text = _(LINK_ENDS).format(url=url, time=end)
    return f"||{text}||" if request.spoiler else text


def _line(scene: CardContext, request: VideoRequest, video: VideoGeneration) -> str:
    width, height = video.width or request.width, video.height or request.height
    seed = inline_code(video.seed, NAME_MAX)
    facts = [
        _("{seconds} s").format(
            seconds=formatting.decimal(round(video.seconds) or request.seconds)
        ),
        _("seed {seed}").format(seed=seed) if seed else "",
        formatting.size(width, height),
    ]
    return made(scene, [video.model], [video.worker], *facts)


def _why(video: VideoGeneration, scene: CardContext) -> str:
    if video.censored:
        return scene.why(labels.CENSORED_VIDEO)
    return safe_line(video.problem, REMARK_MAX) or _(NO_BYTES)
