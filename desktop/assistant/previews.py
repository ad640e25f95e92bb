"""What stands for a medium: thumbnails, posters, waveforms; made once, kept in the library.

Knows the library and the helper that looks at media; decodes nothing itself.

Thread contract: any thread that may wait.
"""

from __future__ import annotations

import threading

from desktop.assistant.looker import Looker
from desktop.assistant.looks import Seen
from desktop.assistant.media_folder import MediaFolder
from plugins.errors import KnownError
from storage.errors import LibraryError
from storage.library import Library
from storage.rows import Preview


class Previews:
    """Previews of the library's media."""

    def __init__(self, library: Library, looker: Looker, media: MediaFolder) -> None:
        self._library, self._looker, self._media = library, looker, media
        self._lock = threading.Lock()
        self._without: set[str] = set()
        """Media that were looked at in vain."""

    def get(self, sha256: str, kind: str) -> Preview | None:
        """A preview, made now if it is not there yet; None where the medium has none of the kind.

        Raises:
            LibraryError: the medium is gone or damaged.
        """
        found = self._library.media.preview(sha256, kind)
        if found is not None or sha256 in self._without:
            return found
        with self._lock:
            found = self._library.media.preview(sha256, kind)
            if found is None and sha256 not in self._without:
                self._look(sha256)
                found = self._library.media.preview(sha256, kind)
        return found

    def keep(self, sha256: str, seen: Seen) -> None:
        """Keep what a look has shown.

        Raises:
            LibraryError: the library takes no writes.
        """
        for sketch in seen.sketches:
            self._library.media.set_preview(
                sha256, Preview(sketch.kind, sketch.data, sketch.mime, sketch.width, sketch.height)
            )

    def _look(self, sha256: str) -> None:
        medium = self._library.media.get(sha256)
        self._without.add(sha256)  # One look shows all there is.
        try:
            self.keep(sha256, self._looker.look(self._media.path(medium)))
        except KnownError:
            return
        except LibraryError:
            # A library that takes no writes shows media without previews.
            return
