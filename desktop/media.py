"""Media that a person names, looked at before any model loads. Decodes nothing."""

from __future__ import annotations

import os
from pathlib import Path

from runtime.messages import MediaPart

_FITS = {"image": ("image",), "audio": ("audio", "video"), "video": ("video",)}
"""What a file may be to serve as a modality: a clip's sound track is a sound."""


def medium(modality: str, path: str | Path) -> MediaPart:
    """The message part for a file of one modality.

    Raises:
        KnownError: there is no such file, it cannot be read, is empty, or holds something else.
    """
    from runtime.media import detect_modality
    from runtime.media.files import NOUNS, open_medium, unusable

    path = Path(os.path.expanduser(path))
    open_medium(path, modality).close()
    found = detect_modality(path)
    if found not in _FITS[modality]:
        raise unusable(path, modality, f"a {NOUNS[found]}", f"Give it as {found} instead.")
    return MediaPart(modality, str(path.absolute()))
