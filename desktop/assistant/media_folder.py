"""Media of the library as files, for the engine, players and other programs.

Knows the library and one folder. A file lies there once however often it is asked for; its name is
the medium's own with an extension that other programs understand.
"""

from __future__ import annotations

import mimetypes
import re
import threading
from pathlib import Path

from desktop.modalities import noun
from runtime.worker.client import EngineClient
from storage.library import Library
from storage.records import Medium

_EXTENSIONS = {
    "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp",
    "image/bmp": ".bmp", "image/tiff": ".tiff", "image/avif": ".avif", "audio/wav": ".wav",
    "audio/flac": ".flac", "audio/mpeg": ".mp3", "audio/aiff": ".aiff", "audio/ogg": ".ogg",
    "audio/mp4": ".m4a", "audio/aac": ".aac", "video/mp4": ".mp4", "video/webm": ".webm",
    "video/x-matroska": ".mkv", "video/ogg": ".ogv", "video/x-msvideo": ".avi",
    "video/mpeg": ".mpg", "image/heic": ".heic", "text/plain": ".txt", "text/markdown": ".md",
    "text/html": ".html", "text/csv": ".csv", "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}  # fmt: skip


def extension(medium: Medium) -> str:
    """With the dot, by what the medium is; empty where nobody agrees on one."""
    return _EXTENSIONS.get(medium.mime) or mimetypes.guess_extension(medium.mime) or ""


def file_name(medium: Medium, name: str = "", words: str = "") -> str:
    """What to call the medium's file: its own name, or one from the words around it."""
    if name:
        return Path(name).name
    stem = "-".join(re.findall(r"\w+", words.lower()))[:40].strip("-_")
    return f"{stem or noun(medium.modality)}{extension(medium)}"


def medium_at(path: str) -> str:
    """The SHA-256 of the medium whose file in such a folder this is."""
    return Path(path).name[:64]


class MediaFolder:
    """One folder with copies of media.

    Thread contract: any thread. A medium is copied once; who wants another does not wait for it.
    """

    def __init__(self, library: Library, folder: Path) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        """One for every medium that was asked for."""
        self.folder = folder

    def path(self, medium: Medium) -> Path:
        """The medium's file, copied at the first time.

        Raises:
            LibraryError: the medium is gone or damaged, or the disk is full.
        """
        target = self.folder / f"{medium.sha256}{extension(medium)}"
        with self._lock:
            own = self._locks.setdefault(medium.sha256, threading.Lock())
        with own:
            if not (target.is_file() and target.stat().st_size == medium.size):
                self.folder.mkdir(parents=True, exist_ok=True)
                self._library.media.copy_to(medium.sha256, target)
        return target


class EngineMedia:
    """Media as files for an engine, in the private folder of its client.

    Thread contract: any thread.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._folder: tuple[EngineClient, MediaFolder] | None = None

    def path(self, client: EngineClient, medium: Medium) -> str:
        """The medium's file for this client. Raises as `MediaFolder.path`."""
        with self._lock:
            if self._folder is None or self._folder[0] is not client:
                self._folder = client, MediaFolder(self._library, client.media_folder())
            folder = self._folder[1]
        return str(folder.path(medium))
