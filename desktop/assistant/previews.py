"""What stands for a medium: thumbnails, posters, waveforms; made once, kept in the library.

A medium may have come from anywhere: with an imported conversation, from a renderer that somebody
else wrote. So what nobody has looked at yet is looked at before anything of it is shown, by the
helper, which may fail without harm. Knows the library and the helper; decodes nothing itself.

Thread contract: any thread that may wait.
"""

from __future__ import annotations

import threading

from desktop.assistant.media_folder import MediaFolder
from desktop.assistant.media_probe.client import MediaProbe
from desktop.assistant.media_probe.protocol import MARKS, Probed
from plugins.errors import KnownError, Problem, phrase
from runtime.media.files import NOUNS
from storage.errors import LibraryError
from storage.library import Library
from storage.records import Medium, Preview


class Previews:
    """Previews of the library's media."""

    def __init__(self, library: Library, media_probe: MediaProbe, media: MediaFolder) -> None:
        self._library, self._looker, self._media = library, media_probe, media
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        """For each medium that is or was looked at: nobody looks at it twice."""
        self._without: dict[str, Problem | None] = {}
        """Media that were looked at in vain, and why; empty where a look showed all there is."""

    def known(self, medium: Medium) -> bool:
        """Whether it was looked at, so that nobody has to wait for that."""
        return _is_marked(medium) or medium.sha256 in self._without

    def checked(self, sha256: str) -> Medium:
        """A medium that was looked at, now if it was not yet.

        Raises:
            KnownError: it is not what the library says it is, or it is broken.
            LibraryError: the medium is gone or damaged.
        """
        medium = self._library.media.get(sha256)
        if not _is_marked(medium):
            with self._alone(sha256):
                if sha256 not in self._without:
                    self._look(sha256)
            medium = self._library.media.get(sha256)
        if not _is_marked(medium):
            unseen = phrase("{id} has no preview.", id=sha256[:12])
            raise KnownError(self._without.get(sha256) or unseen)
        return medium

    def get(self, sha256: str, kind: str) -> Preview | None:
        """A preview, made now if it is not there yet; None where the medium has none of the kind.

        Raises:
            LibraryError: the medium is gone or damaged.
        """
        found = self._library.media.preview(sha256, kind)
        if found is not None or sha256 in self._without:
            return found
        with self._alone(sha256):
            found = self._library.media.preview(sha256, kind)
            if found is None and sha256 not in self._without:
                self._look(sha256)
                found = self._library.media.preview(sha256, kind)
        return found

    def keep(self, sha256: str, seen: Probed) -> None:
        """Keep what a look has shown.

        Raises:
            LibraryError: the library takes no writes.
        """
        for sketch in seen.sketches:
            self._library.media.set_preview(
                sha256, Preview(sketch.kind, sketch.data, sketch.mime, sketch.width, sketch.height)
            )

    def _alone(self, sha256: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(sha256, threading.Lock())

    def _look(self, sha256: str) -> None:
        """One look shows all there is. What is something else than the library says gets no
        preview at all: a sound that calls itself a picture is neither."""
        medium = self._library.media.get(sha256)
        self._without[sha256] = None
        try:
            seen = self._looker.look(self._media.path(medium), medium.mime)
            if seen.modality != medium.modality:
                raise KnownError(
                    "this file: expected {modality}, found {found}. It was taken in "
                    "under a wrong name; attach the file itself.",
                    modality=phrase(NOUNS.get(medium.modality, "medium")),
                    found=phrase(NOUNS.get(seen.modality, "medium")),
                )
            self.keep(sha256, seen)
        except KnownError as error:
            self._without[sha256] = error.problem
        except LibraryError:
            # A library that takes no writes shows media without previews.
            return


def _is_marked(medium: Medium) -> bool:
    return MARKS.get(medium.modality, "") in medium.previews
