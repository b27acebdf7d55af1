"""Jobs for images and videos, and the statuses with their results."""

from bot.backends.aipg.media_links import end_of_link, is_loopback, is_media_link
from bot.backends.aipg.recovery import MediaJob
from bot.backends.aipg.responses import MediaOutput, ModelOffer
from bot.backends.inline_results import plain_answer
from bot.domain.generations import ImageGeneration, VideoGeneration
from bot.domain.requests import VideoRequest
from bot.domain.results import Phase, Status
from bot.horde.downloads import Downloads


def image_job(token: str, key: str, offer: ModelOffer) -> MediaJob:
    """The job of one image."""
    return MediaJob(token, key, _with_image, offer.pricing.image, offer.avg_latency_s)


def video_job(
    token: str, key: str, offer: ModelOffer, request: VideoRequest, downloads: Downloads
) -> MediaJob:
    """The job of one video. `downloads`: those of its server."""

    def outcome(output: MediaOutput, cost: float) -> Status:
        item = next(item for item in output.media if item.url)
        is_local = downloads.is_home(item.url) and is_loopback(item.url)
        video = VideoGeneration(
            id="1",
            url=item.url,
            seed=item.seed,
            model=plain_answer(output.model, 200),
            worker=plain_answer(output.worker, 100),
            seconds=float(request.seconds),
            expires_at=end_of_link(item.url),
            may_link=is_local or is_media_link(item.url),
        )
        return Status(phase=Phase.DONE, finished=1, generations=(video,), cost=cost)

    price = offer.pricing.video(request.seconds)
    return MediaJob(token, key, outcome, price, offer.avg_latency_s)


def _with_image(output: MediaOutput, cost: float) -> Status:
    """The outcome with the image of a job that cost that many micro-USD."""
    item = next(item for item in output.media if item.url)
    image = ImageGeneration(
        id="1",
        url=item.url,
        seed=item.seed,
        model=plain_answer(output.model, 200),
        worker=plain_answer(output.worker, 100),
    )
    return Status(phase=Phase.DONE, finished=1, generations=(image,), cost=cost)
