"""Reads pictures, sounds and clips that a person gives, and knows documents. Files are untrusted.

Every reader decides by content, not by name, uses bounded memory, and fails with one `KnownError`
line that names the file. Knows no encoder and no torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.late import late

if TYPE_CHECKING:
    from runtime.media.audio import Sound, read_audio
    from runtime.media.detect import detect_modality
    from runtime.media.documents import document_mime
    from runtime.media.files import content_key, shown
    from runtime.media.image import read_image
    from runtime.media.video import Video, read_video

__getattr__ = late(
    __name__,
    {
        "Sound": "audio",
        "Video": "video",
        "content_key": "files",
        "detect_modality": "detect",
        "document_mime": "documents",
        "read_audio": "audio",
        "read_image": "image",
        "read_video": "video",
        "shown": "files",
    },
)

__all__ = [
    "Sound",
    "Video",
    "content_key",
    "detect_modality",
    "document_mime",
    "read_audio",
    "read_image",
    "read_video",
    "shown",
]
