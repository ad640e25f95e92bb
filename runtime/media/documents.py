"""Tells whether a user's file is a document, and of which kind."""

from __future__ import annotations

import os

from plugins.document_kinds import mime_of
from runtime.media.files import MediaPath, open_medium
from runtime.media.sniff import content_of


def document_mime(path: MediaPath) -> str | None:
    """The MIME type of a document, None for any other file.

    `text/plain` (also source code and other texts), `text/markdown`, `text/html`, `text/csv` (also
    with tabs), `application/pdf` or the long one of a .docx. Binary data is never called a text,
    and a medium never a document.

    Raises:
        KnownError: there is no such file, it is empty, or it cannot be read.
    """
    with open_medium(path, "document") as file:
        if content_of(file).family != "unknown":
            return None
        return mime_of(file, os.fsdecode(path))
