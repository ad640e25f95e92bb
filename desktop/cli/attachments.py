"""Media that a person names, looked at before any model loads. Decodes nothing."""

from __future__ import annotations

from pathlib import Path

from desktop.file_names import local
from runtime.messages import DOCUMENT, MEDIA_MODALITIES, MediaPart

_FITS = {"image": ("image",), "audio": ("audio", "video"), "video": ("video",)}
"""What a file may be to serve as a modality: a clip's sound track is a sound."""


def given(kind: str, path: str | Path) -> MediaPart:
    """The message part for a file: `kind` is a modality, or anything else for what the file holds.

    Raises:
        KnownError: there is no such file, it cannot be read, is empty, or holds something else.
    """
    return medium(kind, path) if kind in MEDIA_MODALITIES else anything(path)


def medium(modality: str, path: str | Path) -> MediaPart:
    """The message part for a file of one modality.

    Raises:
        KnownError: there is no such file, it cannot be read, is empty, or holds something else.
    """
    from runtime.media import detect_modality
    from runtime.media.files import NOUNS, open_medium, unusable

    path = local(path)
    open_medium(path, modality).close()
    found = detect_modality(path)
    if found not in _FITS[modality]:
        raise unusable(path, modality, f"a {NOUNS[found]}", f"Give it as {found} instead.")
    return MediaPart(modality, str(path.absolute()))


def anything(path: str | Path) -> MediaPart:
    """The message part for a picture, sound, clip or document, whichever the file holds.

    Raises:
        KnownError: there is no such file, it cannot be read, is empty, or is none of these.
    """
    from runtime.media import detect_modality, document_mime
    from runtime.media.files import open_medium

    path = local(path)
    open_medium(path, "medium").close()
    modality = DOCUMENT if document_mime(path) else detect_modality(path)
    return MediaPart(modality, str(path.absolute()))
