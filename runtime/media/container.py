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

from plugins.clip_frames import BROKEN, video_stream
from plugins.errors import UnreadableError
from runtime.media.files import MediaPath, unusable
from runtime.media.sniff import Content, behind_tag, ends_early, has_placeholder

CUT_SHORT = "a file that is cut short"
UNDECODABLE = "a file that cannot be decoded"


@contextmanager
def open_container(
    file: BufferedReader, content: Content, path: MediaPath, modality: str
) -> Iterator[InputContainer]:
    """The container, closed at the end. Whatever a broken file raises inside becomes one line.

    Raises:
        KnownError: the file is cut short or broken.
    """
    if ends_early(file, content):
        raise unusable(path, modality, CUT_SHORT, "Copy or download it again.")
    options = {"ignore_length": "1"} if has_placeholder(file, content) else {}
    try:
        with av.open(
            behind_tag(file, content),
            "r",
            format=content.format,
            options=options,
            metadata_errors="replace",
        ) as container:
            yield container
    except UnreadableError as error:
        raise unusable(path, modality, error.found, error.advice) from error
    except MemoryError as error:
        raise unusable(
            path, modality, "a file that cannot be decoded (too little memory)"
        ) from error
    except BROKEN as error:
        raise unusable(path, modality, UNDECODABLE) from error


def has_video(file: BufferedReader, content: Content, path: MediaPath) -> bool:
    """True if the container has a video track.

    Raises:
        KnownError: it is cut short or broken.
    """
    with open_container(file, content, path, "medium") as container:
        return video_stream(container) is not None
