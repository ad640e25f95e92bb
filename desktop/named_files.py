"""Files as a person names them: by a path, or as other programs hand them over. Opens none."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from plugins.errors import KnownError
from plugins.printable import shown

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/{1,3}")
"""Two letters or more, so that no drive is one; a path may have lost one of its slashes."""


def local(name: str | Path) -> Path:
    """The path that a name means: `~` is the own folder, `file:///a%20b` is `/a b`.

    Raises:
        KnownError: it is an address of something that is not on this computer.
    """
    text = os.fspath(name)
    found = _ADDRESS.match(text)
    if found is None or os.path.lexists(text):
        return Path(os.path.expanduser(text))
    if found[1].lower() != "file":
        raise KnownError(
            f"{shown(text)}: expected a file on this computer, found an address. Medley opens no "
            "connection; download it and name the file."
        )
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(text).path)))
