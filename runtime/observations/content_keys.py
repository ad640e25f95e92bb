"""Content keys of files, each file read through once. Knows files, no media formats."""

from __future__ import annotations

import os
from collections import OrderedDict

from runtime.media.files import content_key

KEPT_KEYS = 4096
"""Files whose content keys are kept, the most recently used ones."""


class ContentKeys:
    """Names contents: the same medium under any name has one key. One thread at a time."""

    def __init__(self) -> None:
        self._keys: OrderedDict[tuple[object, ...], str] = OrderedDict()
        """The keys by path and state of the file."""

    def of(self, path: str) -> str:
        """The key of a file's contents, read again only when the file was written since: a clip of
        the first turn is not read through in every later one.

        Raises:
            KnownError: the file is absent, empty or cannot be read.
        """
        try:
            now = os.stat(path)
        except (OSError, ValueError):
            return content_key(path)  # which says what is wrong
        state = (path, now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
        key = self._keys.pop(state, None) or content_key(path)
        self._keys[state] = key
        while len(self._keys) > KEPT_KEYS:
            self._keys.popitem(last=False)
        return key
