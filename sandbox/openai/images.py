"""/v1/images/generations, /v1/images/edits and the files of their results."""

import asyncio
import base64
import io
import random
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import BodyPartReader, web
from PIL import ImageOps

from sandbox.horde.workers.image_processing import ImageJob, open_image
from sandbox.openai import errors
from sandbox.openai.bodies import ImageBody
from sandbox.openai.state import IMAGE_MODEL, MICRO_PER_IMAGE, OpenAiState
from sandbox.optional.http_server import OWNER
from sandbox.optional.jobs import Job, Json
from sandbox.optional.media_files import draw

IMAGE_FIELDS = frozenset({"image", "image[]", "mask"})


class ImageEndpoints:
    def __init__(self, state: OpenAiState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/images/generations", self.generate),
            web.post("/v1/images/edits", self.edit),
            web.get("/files/{name}", self.file),
        ]

    async def generate(self, request: web.Request) -> web.Response:
        raw = await request.json()
        return await self._make(request, ImageBody.model_validate(raw), raw, {})

    async def edit(self, request: web.Request) -> web.Response:
        """An edit of one or several images; the transparent parts of a mask are drawn."""
        fields, images = await _form(request)
        if not any(name.startswith("image") for name in images):
            raise errors.ApiError(400, "Missing required parameter: 'image'.", param="image")
        payload: Json = fields | {name: f"{len(data)} bytes" for name, data in images.items()}
        return await self._make(request, ImageBody.model_validate(fields), payload, images)

    async def file(self, request: web.Request) -> web.Response:
        found = self._state.files.get(request.match_info["name"])
        if found is None:
            raise errors.unknown_path(request)
        return web.Response(body=found.data, content_type=found.content_type)

    async def _make(
        self, request: web.Request, body: ImageBody, payload: Json, images: Mapping[str, bytes]
    ) -> web.Response:
        """Draw the images. The work goes on when the client is gone, and is charged."""
        model = body.model or IMAGE_MODEL
        if model != IMAGE_MODEL:
            raise errors.unknown_model(model)
        seconds = random.uniform(*self._state.settings.job_seconds)  # noqa: S311 - pace
        kind = "edit" if images else "image"
        job = Job(kind, request[OWNER], payload, seconds=seconds)
        self._state.jobs.add(job)
        await asyncio.sleep(seconds)
        seed = random.getrandbits(32) if body.seed is None else body.seed
        count = body.n or 1
        jobs = [_drawing(body, model, seed + index, images) for index in range(count)]
        extension = body.output_format or "png"
        drawn = [await asyncio.to_thread(draw, each, extension) for each in jobs]
        answer = {"created": int(time.time()), "data": [self._item(body, each) for each in drawn]}
        job.charged_micro = MICRO_PER_IMAGE * count
        job.end("completed", answer)
        return web.json_response(answer)

    def _item(self, body: ImageBody, data: bytes) -> Json:
        if body.response_format == "b64_json" or not self._state.settings.image_urls:
            return {"b64_json": base64.b64encode(data).decode()}
        name = self._state.files.add(data, body.output_format or "png")
        return {"url": f"{self._state.base}/files/{name}", "revised_prompt": body.prompt}


def _drawing(body: ImageBody, model: str, seed: int, images: Mapping[str, bytes]) -> ImageJob:
    width, height = body.pixels
    sources = [data for name, data in images.items() if name.startswith("image")]
    mask = images.get("mask")
    return ImageJob(
        width,
        height,
        seed,
        body.prompt,
        model,
        source=sources[0] if sources else None,
        # The alpha channel of the mask marks the parts to draw.
        mask=None if mask is None else _white_where_transparent(mask),
        processing="inpainting" if mask is not None else "img2img",
    )


def _white_where_transparent(data: bytes) -> bytes:
    """The mask in the form of the drawing: white where it is transparent."""
    alpha = open_image(data).convert("RGBA").getchannel("A")
    out = io.BytesIO()
    ImageOps.invert(alpha).save(out, "PNG")
    return out.getvalue()


async def _form(request: web.Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The texts and the images of a multipart form. Raises ApiError for anything else."""
    if not request.content_type.startswith("multipart/"):
        raise errors.ApiError(400, "The request must be multipart/form-data.")
    fields: dict[str, Any] = {}
    images: dict[str, bytes] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        if part.name in IMAGE_FIELDS:
            images[_free_name(part.name, images)] = _checked(part.name, await part.read())
        else:
            fields[part.name] = await part.text()
    return fields, images


def _free_name(name: str, images: Mapping[str, bytes]) -> str:
    """Several images have the same name in a form."""
    return name if name not in images else f"{name} {len(images)}"


def _checked(name: str, data: bytes | bytearray) -> bytes:
    try:
        open_image(bytes(data))
    except (OSError, SyntaxError) as error:
        message = "Invalid image file or mode for image, please check your image file."
        raise errors.ApiError(
            400, message, param=name, kind="image_generation_user_error", code="invalid_image_file"
        ) from error
    return bytes(data)
