"""Says which modality a file is, by content. Knows signatures and tracks, decodes nothing.

A container (MP4, Matroska, Ogg...) is a clip when it has a video track, otherwise a sound.
"""

from __future__ import annotations

import os

from plugins.errors import KnownError, Problem, phrase
from runtime.media.container import has_video
from runtime.media.files import MediaPath, open_medium, shown
from runtime.media.sniff import content_of, describe


def detect_modality(path: MediaPath) -> str:
    """`image`, `audio` or `video`, by content.

    Raises:
        KnownError: no such file, an empty one, or one that is none of these.
    """
    with open_medium(path, "medium") as file:
        content = content_of(file)
        if content.family == "image":
            return "image"
        if content.family == "sound":
            return "audio"
        if content.family == "container":
            return "video" if has_video(file, content, path) else "audio"
    raise KnownError(
        "medium {path}: expected a picture, a sound or a clip, found {content}. Choose "
        "another file{renamed}.",
        "medium",
        path=shown(path),
        content=describe(content),
        renamed=_renamed(path),
    )


def _renamed(path: MediaPath) -> Problem:
    suffix = os.path.splitext(os.fsdecode(path))[1]
    return phrase("; its name does not change what is in it" if suffix else "")
