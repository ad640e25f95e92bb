"""Names of files: made from words, as a person or another program gives them, and in letters that
can be shown. Opens no file.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from plugins.errors import KnownError
from plugins.printable import shown

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/{1,3}")
"""Two letters or more, so that no drive is one; a path may have lost one of its slashes."""
_ENCODINGS = ("utf-8", "gb18030", "latin-1")
"""How names are written, the likeliest first; the last one reads every name."""


def slug(text: str) -> str:
    """A short file name from a request: its first words, joined by hyphens."""
    words = re.findall(r"\w+", text.lower())
    name = ""
    for word in words:
        if len(name) + len(word) > 40:
            break
        name = f"{name}-{word}" if name else word
    name = name or "-".join(words)[:40]
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return "answer"
    return name or "answer"


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
            "{text}: expected a file on this computer, found an address. Medley opens no "
            "connection; download it and name the file.",
            text=shown(text),
        )
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(text).path)))


def readable_name(path: Path) -> str:
    """The file's name in letters that can be shown and kept."""
    return readable(path.name)


def readable(path: str | Path) -> str:
    """A path in letters that can be shown and kept."""
    found = os.fsencode(path)
    for encoding in _ENCODINGS:
        with contextlib.suppress(UnicodeDecodeError):
            return found.decode(encoding)
    raise AssertionError("latin-1 has a letter for every byte")


@contextlib.contextmanager
def under_readable_name(path: Path) -> Iterator[Path]:
    """The file under a path that every program takes; itself where its own is such."""
    if readable(path) == str(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / readable_name(path)
        link.symlink_to(path.absolute())
        yield link
