"""`/v1/videos`: clips are made as jobs, which can be looked after, fetched and deleted."""

from __future__ import annotations

import asyncio
import contextlib
import time
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from desktop.serve.bodies import Form, read_form, read_json
from desktop.serve.errors import ApiError, as_json
from desktop.serve.media.attachments import Attachments
from desktop.serve.media.jobs import Job
from desktop.serve.media.rendering import made, signal_settings, size_parameters
from desktop.serve.service import Service
from runtime.messages import MediaPart


class VideoRequest(msgspec.Struct, frozen=True):
    """The body."""

    prompt: str
    model: str | None = None
    seconds: str | int | None = None
    size: str | None = None
    seed: int | None = None


async def create(request: Request) -> Response:
    """Begin a clip."""
    service: Service = request.app.state.service
    attachments, media, asked = await _asked(service, request)
    try:
        bundle = service.bundles.wanted(asked.model)
        settings = signal_settings(service, bundle, "video")
        parameters = size_parameters(service, bundle, "video", asked.size)
        if asked.seconds is not None:
            parameters["frames"] = _frames(asked.seconds, settings)
        job = Job(service.bundles.name(bundle), asked.prompt)
        service.videos.add(job)
    except BaseException:
        attachments.remove()
        raise

    async def work() -> None:
        try:
            with attachments.telling():
                job.clip = await made(
                    service, bundle, "video", asked.prompt, media=media, seed=asked.seed,
                    parameters=parameters, on_progress=job.step,
                )  # fmt: skip
            job.status, job.progress = "completed", 100
        except ApiError as error:
            job.status, job.problem = "failed", error
        finally:
            job.ended = int(time.time())
            attachments.remove()

    job.task = asyncio.create_task(work())
    return as_json(job.told)


async def listed(request: Request) -> Response:
    """All jobs."""
    service: Service = request.app.state.service
    data = [job.told for job in service.videos.all()]
    first, last = (data[0]["id"], data[-1]["id"]) if data else (None, None)
    page = {"first_id": first, "last_id": last, "has_more": False}
    return as_json({"object": "list", "data": data, **page})


async def one(request: Request) -> Response:
    """How far a job is."""
    return as_json(_job(request).told)


async def content(request: Request) -> Response:
    """The clip itself."""
    job = _job(request)
    if job.clip is None:
        why = str(job.problem) if job.problem else f"it is {job.status}"
        raise ApiError(
            f"expected a clip that is completed, found none: {why}.", status=HTTPStatus.CONFLICT
        )
    return Response(job.clip.data, media_type=job.clip.mime)


async def delete(request: Request) -> Response:
    """Stop and forget a job."""
    service: Service = request.app.state.service
    job = _job(request)
    service.videos.remove(job)
    return as_json({"id": job.id, "object": "video.deleted", "deleted": True})


def _job(request: Request) -> Job:
    service: Service = request.app.state.service
    return service.videos.find(request.path_params["key"])


async def _asked(
    service: Service, request: Request
) -> tuple[Attachments, tuple[MediaPart, ...], VideoRequest]:
    attachments = service.attachments()
    if "json" in request.headers.get("content-type", ""):
        return attachments, (), await read_json(request, VideoRequest)
    form: Form = await read_form(request)
    given = form.files.get("input_reference", [])
    asked = form.to(VideoRequest)
    return attachments, _media(attachments, given), asked


def _frames(seconds: str | int, settings: dict[str, Any]) -> int:
    with contextlib.suppress(ValueError):
        if (wanted := int(seconds)) > 0:
            return wanted * int(settings.get("fps", 8))
    raise ApiError(f"seconds: expected a number from 1, found {seconds!r}.", param="seconds")


def _media(attachments: Attachments, given: list[tuple[str, bytes]]) -> tuple[MediaPart, ...]:
    return tuple(attachments.add(data, "image", "", "input_reference") for _, data in given)
