"""Opens sound and clip containers through FFmpeg, as untrusted files.

Knows PyAV. The demuxer is always named from the file's content, so that FFmpeg never guesses one
that reads other files (playlists, concatenation lists), and bytes come through Python's file, so
that any path works.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from runtime.media.files import MediaPath, unusable
from runtime.media.sniff import Content, ends_early

CUT_SHORT = "a file that is cut short"


@contextmanager
def open_container(
    file: BufferedReader, content: Content, path: MediaPath, modality: str
) -> Iterator[InputContainer]:
    """The container, closed at the end. Errors of FFmpeg inside become one line.

    Raises:
        KnownError: the file is cut short or broken.
    """
    if ends_early(file, content):
        raise unusable(path, modality, CUT_SHORT, "Copy or download it again.")
    try:
        with av.open(file, "r", format=content.format, metadata_errors="replace") as container:
            yield container
    except (av.FFmpegError, MemoryError) as error:
        reason = getattr(error, "strerror", None) or "too little memory"
        raise unusable(path, modality, f"a file that cannot be decoded ({reason})") from error


def video_stream(container: InputContainer) -> VideoStream | None:
    """The first real video track; cover pictures of sounds are not one."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    return None


def has_video(file: BufferedReader, content: Content, path: MediaPath) -> bool:
    """Whether the container is a clip.

    Raises:
        KnownError: it is cut short or broken.
    """
    with open_container(file, content, path, "medium") as container:
        return video_stream(container) is not None
