"""/v1/images, /v1/videos, /v1/audio and /v1/3d generations: blocking calls, and their files."""

import base64
import io
import math
import wave
from functools import partial

from aiohttp import web
from PIL import Image

from sandbox.aipg import media_rules as rules
from sandbox.aipg.accounts import Account
from sandbox.aipg.bodies import AudioBody, ImageBody, MediaBody, ThreeDBody, VideoBody
from sandbox.aipg.errors import PATH_CLOSED, ApiError
from sandbox.aipg.media_jobs import MediaJobs, MediaWork
from sandbox.aipg.models import DEFAULT_MODELS, LARGEST_SEED, Model
from sandbox.aipg.state import AipgState
from sandbox.aipg.styles import apply_style
from sandbox.horde.workers.image_drawing import draw_landscape, resized
from sandbox.horde.workers.image_processing import ImageJob, open_image
from sandbox.optional.h264_video import make_video
from sandbox.optional.jobs import Job, Json
from sandbox.optional.media_files import draw

PICTURES = 6  # of a video, whatever its frame rate
REDUCTION = 4  # a video has a quarter of the wanted width and height, because it is uncompressed
SAMPLE_RATE = 8_000


class MediaEndpoints:
    def __init__(self, state: AipgState) -> None:
        self._state = state
        self._jobs = MediaJobs(state)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/images/generations", self.images),
            web.post("/v1/videos/generations", self.videos),
            web.post("/v1/audio/generations", self.audio),
            web.post("/v1/3d/generations", self.three_d),
            web.get("/media/{name}", self.file),
        ]

    async def images(self, request: web.Request) -> web.Response:
        raw = await request.json()
        body = apply_style(ImageBody.model_validate(raw))
        assert isinstance(body, ImageBody)
        account, model = self._admit(request, "image", body)
        extension = rules.image_format(body.output_format)
        if body.image:
            self._state.require_path("image-to-image")
        if body.n > 1:
            self._state.require_path("image-batch")
        account.count_request()
        work = _image_work(model, body, raw, extension)
        return self._answer(await self._jobs.run(account, work), body)

    async def videos(self, request: web.Request) -> web.Response:
        raw = await request.json()
        body = apply_style(VideoBody.model_validate(raw))
        assert isinstance(body, VideoBody)
        account, model = self._admit(request, "video", body)
        if body.image:
            self._state.require_path("image-to-video")
        account.count_request()
        work = _video_work(model, body, raw)
        return self._answer(await self._jobs.run(account, work), body)

    async def audio(self, request: web.Request) -> web.Response:
        raw = await request.json()
        body = AudioBody.model_validate(raw)
        account = self._state.account(request)
        self._state.require_path("audio")
        model = self._state.require_model("audio", body.model or DEFAULT_MODELS["audio"])
        account.count_request()
        seed = rules.seed_of(body.seed)
        work = MediaWork(
            model,
            raw,
            body.prompt,
            body.progress_token or "",
            body.seconds,
            (seed,),
            "wav",
            partial(_tone, body.seconds),
            lambda: None,
        )
        return self._answer(await self._jobs.run(account, work), None)

    async def three_d(self, request: web.Request) -> web.Response:
        """3D models: never admitted, and not made by this server."""
        ThreeDBody.model_validate(await request.json())
        self._state.account(request)
        raise ApiError(503, PATH_CLOSED)

    async def file(self, request: web.Request) -> web.Response:
        """A result. The real host refuses the default User-Agent of urllib."""
        if request.headers.get("User-Agent", "").startswith("Python-urllib"):
            return web.Response(status=403, text="error code: 1010")
        found = self._state.files.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found.data, content_type=found.content_type)

    def _admit(self, request: web.Request, kind: str, body: MediaBody) -> tuple[Account, Model]:
        """The account and the model of a request that may be accepted."""
        assert kind in ("image", "video")
        account = self._state.account(request)
        if body.worker:
            raise ApiError(403, f"You do not own worker '{body.worker}'.")
        model = self._state.require_model(kind, body.model or DEFAULT_MODELS[kind])
        rules.check_batch(model, body)
        self._state.require_path(kind)
        return account, model

    def _answer(self, job: Job, body: MediaBody | None) -> web.Response:
        result = job.result or {}
        data = [self._item(output, body) for output in result["media"]]
        info = {name: result[name] for name in ("worker", "gen_time", "model", "recipe_root")}
        answer = {"created": int(job.done_at or 0), "data": data, "grid": {"job_id": job.id} | info}
        return web.json_response(answer)

    def _item(self, output: Json, body: MediaBody | None) -> Json:
        item: Json = {"revised_prompt": body.prompt} if isinstance(body, ImageBody) else {}
        found = self._state.files.get(output["key"].removeprefix("media/"))
        if body is not None and body.response_format == "b64_json" and found is not None:
            item["b64_json"] = base64.b64encode(found.data).decode()
        else:
            item["url"] = output["url"]
        return item | {"seed": output["seed"]}


def _image_work(model: Model, body: ImageBody, raw: Json, extension: str) -> MediaWork:
    width, height = rules.size_of(body, (1024, 1024))
    rules.check_knobs(body)
    first = rules.seed_of(body.seed)
    source = rules.source_of(model, body.image)

    def make(seed: int) -> bytes:
        job = ImageJob(width, height, seed, body.prompt, model.name, source=source)
        return draw(job, extension)

    return MediaWork(
        model,
        raw,
        body.prompt,
        body.progress_token or "",
        body.n,
        tuple((first + index) % (LARGEST_SEED + 1) for index in range(body.n)),
        extension,
        make,
        partial(rules.check_ranges, model, _values(body, width, height)),
    )


def _video_work(model: Model, body: VideoBody, raw: Json) -> MediaWork:
    width, height = rules.size_of(body, (768, 512))
    seconds = rules.frames_of(body.seconds, body.fps) / body.fps
    rules.check_knobs(body)
    source = rules.source_of(model, body.image)
    size = (width // REDUCTION, height // REDUCTION)
    values = _values(body, width, height) | {"seconds": seconds}
    return MediaWork(
        model,
        raw,
        body.prompt,
        body.progress_token or "",
        seconds,
        (rules.seed_of(body.seed),),
        "mp4",
        partial(_video, size, source, seconds),
        partial(rules.check_ranges, model, values),
    )


def _values(body: MediaBody, width: int, height: int) -> Json:
    """The values that the ranges of a model limit."""
    names = ("steps", "cfg_scale", "sampler", "scheduler")
    return {name: getattr(body, name) for name in names} | {"width": width, "height": height}


def _video(size: tuple[int, int], source: bytes | None, seconds: float, seed: int) -> bytes:
    """A camera that moves closer to a landscape, or to the source image."""
    if source is None:
        picture = draw_landscape(*size, seed)
    else:
        picture = resized(open_image(source).convert("RGB"), size)
    return make_video([_closer(picture, step) for step in range(PICTURES)], seconds)


def _closer(picture: Image.Image, step: int) -> Image.Image:
    width, height = picture.size
    x, y = width * step // 40, height * step // 40
    return resized(picture.crop((x, y, width - x, height - y)), picture.size)


def _tone(seconds: float, seed: int) -> bytes:
    """A soft tone as WAV; the seed selects its pitch."""
    step = math.tau * (220 + seed % 440) / SAMPLE_RATE
    samples = range(round(seconds * SAMPLE_RATE))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(bytes(128 + round(40 * math.sin(index * step)) for index in samples))
    return out.getvalue()
