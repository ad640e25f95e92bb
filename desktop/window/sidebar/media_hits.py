"""The media that a search of the sidebar found."""

from __future__ import annotations

from desktop.window.listmodel import RowsModel
from desktop.window.sidebar.sidebar import MediaHit


class MediaHits(RowsModel[MediaHit]):
    """Media that the search found: first those in messages with the words, then those that mean
    the same."""

    roles = ("mediaId", "modality", "thumbnail", "conversationId", "messageId", "caption")
