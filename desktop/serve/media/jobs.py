"""Clips in the making, and those that were made: the newest, in memory. Knows no route."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from desktop.serve.errors import ApiError
from runtime.messages import ArtifactReady

MOST_KEPT = 32
"""Clips whose jobs are remembered; those that are over leave first."""
_OVER = ("completed", "failed")


@dataclass(eq=False)
class Job:
    """One clip in the making, or made."""

    model: str
    prompt: str
    id: str = field(default_factory=lambda: f"video_{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))
    status: str = "queued"
    progress: int = 0
    ended: int | None = None
    clip: ArtifactReady | None = None
    problem: ApiError | None = None
    task: asyncio.Task[None] | None = None

    def step(self, step: int, of: int) -> None:
        """A step of its renderer is done."""
        self.status = "in_progress"
        self.progress = min(99, 100 * step // of) if of else 0

    @property
    def told(self) -> dict[str, Any]:
        """As OpenAI's clients know it."""
        clip = self.clip
        seconds = "" if clip is None or clip.duration_s is None else f"{clip.duration_s:g}"
        size = "" if clip is None or not clip.width else f"{clip.width}x{clip.height}"
        problem = self.problem
        return {
            "id": self.id,
            "object": "video",
            "model": self.model,
            "status": self.status,
            "progress": self.progress,
            "prompt": self.prompt,
            "created_at": self.created,
            "completed_at": self.ended,
            "expires_at": None,
            "seconds": seconds,
            "size": size,
            "remixed_from_video_id": None,
            "error": problem and {"code": problem.code or "failed", "message": str(problem)},
        }


class Jobs:
    """The newest jobs, by id."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def add(self, job: Job) -> None:
        """Remember one.

        Raises:
            ApiError: too many are not over yet.
        """
        over = [one for one in self._jobs.values() if one.status in _OVER]
        if len(self._jobs) >= MOST_KEPT:
            if not over:
                raise ApiError(
                    f"expected at most {MOST_KEPT} clips in the making. Ask again later.",
                    status=HTTPStatus.SERVICE_UNAVAILABLE,
                    code="queue_full",
                )
            del self._jobs[over[0].id]
        self._jobs[job.id] = job

    def find(self, key: str) -> Job:
        """One of them.

        Raises:
            ApiError: there is none of this id.
        """
        if key not in self._jobs:
            raise ApiError(
                f"expected the id of a clip, found {key[:60]!r}: only the newest are kept.",
                status=HTTPStatus.NOT_FOUND,
            )
        return self._jobs[key]

    def all(self) -> list[Job]:
        """The newest first."""
        return list(reversed(self._jobs.values()))

    def remove(self, job: Job) -> None:
        """Stop and forget one."""
        if job.task is not None:
            job.task.cancel()
        self._jobs.pop(job.id, None)
