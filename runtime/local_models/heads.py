"""Opens what a person names and looks at its first bytes, before anything else is asked of it.

Every way in which a name can fail to be a file of a model is said here: no such file, no right to
read it, a link that leads nowhere, a page or a note that was saved in the model's place.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from plugins.errors import KnownError, phrase
from plugins.regular_files import SpecialFileError, open_regular
from runtime.local_models.found import NotAModelError

HEAD = 512
"""Bytes that are looked at to tell what a file is."""
LARGEST_JSON = 4 << 20
"""Bytes of a configuration that is read."""
_POINTER = b"version https://git-lfs.github.com/spec/"
_POINTER_SIZE = re.compile(rb"^size (\d{1,18})$", re.MULTILINE)
_PAGES = (b"<!doctype html", b"<html", b"<?xml")
_UNFINISHED = (
    ".part", ".partial", ".crdownload", ".download", ".incomplete", ".aria2", ".!qb", ".opdownload",
)  # fmt: skip


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Look at a model; what the disk and other parts say against it becomes this package's error.

    Raises:
        NotAModelError: in place of any error of the disk and of any `KnownError`.
    """
    try:
        yield
    except NotAModelError:
        raise
    except KnownError as error:
        raise NotAModelError(error.problem) from error
    except OSError as error:
        raise unreadable(path, error) from error


def first_bytes(path: Path, count: int = HEAD) -> bytes:
    """The begin of a regular file.

    Raises:
        NotAModelError: there is none, or it may not be read.
    """
    try:
        with open_regular(path) as file:
            return file.read(count)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def refuse_stand_ins(path: Path) -> bytes:
    """The first bytes of a file that is itself, and not something that stands for it.

    Raises:
        NotAModelError: there is none, it may not be read, it is empty or half downloaded, a note
            of git's large file storage, or a web page.
    """
    head = first_bytes(path)
    if path.name.lower().endswith(_UNFINISHED):
        raise NotAModelError(
            "{path}: expected a model, found a download that is not finished. Let the program that "
            "began it finish it, or download the file again.",
            path=path,
        )
    if not head.strip(b"\0"):
        raise NotAModelError(
            "{path}: expected a model, found {count} bytes that hold nothing. Get the file again "
            "from its source.",
            path=path,
            count=path.stat().st_size,
        )
    if head.startswith(_POINTER):
        found = _POINTER_SIZE.search(head)
        size = phrase(" of {count} bytes", count=int(found[1])) if found else ""
        raise NotAModelError(
            "{path}: expected a model, found only git's note that stands for a file{size}. Fetch "
            "the file itself with `git lfs pull`, or download it from the model's page.",
            path=path,
            size=size,
        )
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGES):
        raise NotAModelError(
            "{path}: expected a model, found a web page that was saved in its place. Download the "
            "file itself; some sites ask you to sign in first.",
            path=path,
        )
    return head


def unreadable(path: Path, error: OSError | ValueError) -> NotAModelError:
    """The sentence for a name that cannot be opened."""
    if os.path.islink(path) and getattr(error, "errno", None) in (errno.ENOENT, errno.ELOOP):
        return NotAModelError(
            "{path}: expected a file, found a link that leads nowhere. Put the file back that it "
            "leads to, or name the file itself.",
            path=path,
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return NotAModelError(
            "{path}: expected a file or a folder, found none. Check the path.", path=path
        )
    if isinstance(error, PermissionError):
        return NotAModelError(
            "{path}: expected a model that may be read, found that the system forbids it. Give "
            "yourself the right to read it, for example with `chmod u+r`.",
            path=path,
        )
    if isinstance(error, SpecialFileError):
        return NotAModelError(
            "{path}: expected a file or a folder, found a device or a pipe. Name a file.",
            path=path,
        )
    reason = getattr(error, "strerror", None) or error
    return NotAModelError(
        "{path}: expected a model that can be read, found: {reason}. Check the path and the disk.",
        path=path,
        reason=reason,
    )


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file.

    Raises:
        NotAModelError: there is none.
    """
    try:
        data = first_bytes(path, LARGEST_JSON + 1)
        if len(data) > LARGEST_JSON:
            raise ValueError
        found = json.loads(data)
        if not isinstance(found, dict):
            raise ValueError
    except (ValueError, RecursionError) as error:
        raise NotAModelError(
            "{path}: expected a configuration in JSON, found something else. Copy the model's "
            "folder again.",
            path=path,
        ) from error
    return found
