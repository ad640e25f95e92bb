"""Clips by OpenAI's own client: made as jobs, looked after, fetched and deleted."""

from __future__ import annotations

import openai
import pytest

from desktop.serve.media.jobs import MOST_KEPT, Job, Jobs
from tests.desktop.serve.chat.test_completions import refused

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
FILM = "film a red boat on the sea at night"


def test_a_clip_is_made_fetched_and_deleted(client: openai.OpenAI) -> None:
    job = client.videos.create_and_poll(model="pocket", prompt=FILM, poll_interval_ms=100)

    assert (job.status, job.progress, job.error) == ("completed", 100, None)
    assert job.id in [one.id for one in client.videos.list()]
    content = client.videos.download_content(job.id).read()
    assert content[4:8] == b"ftyp"
    assert client.videos.delete(job.id).deleted
    refused(lambda: client.videos.retrieve(job.id), 404)


def test_a_clip_that_is_not_made_yet_cannot_be_had_and_can_be_stopped(
    client: openai.OpenAI,
) -> None:
    job = client.videos.create(model="pocket", prompt=FILM)

    assert job.status == "queued"
    refused(lambda: client.videos.download_content(job.id), 409)
    client.videos.delete(job.id)
    refused(lambda: client.videos.retrieve(job.id), 404)
    assert client.chat.completions.create(
        model="pocket", messages=[{"role": "user", "content": "hello"}]
    ).choices


def test_what_cannot_be_made_says_why(client: openai.OpenAI) -> None:
    job = client.videos.create_and_poll(
        model="pocket", prompt=FILM, extra_body={"seconds": "1000"}, poll_interval_ms=100
    )

    assert job.status == "failed"
    assert job.error is not None and "frames" in job.error.message
    refused(lambda: client.videos.create(model="pocket", prompt=FILM, size="big"))  # type: ignore[arg-type]


def test_the_newest_jobs_are_kept() -> None:
    jobs = Jobs()
    made = [Job("pocket", str(number)) for number in range(MOST_KEPT + 3)]
    for job in made:
        job.status = "completed"
        jobs.add(job)
    assert jobs.all() == list(reversed(made[3:]))
