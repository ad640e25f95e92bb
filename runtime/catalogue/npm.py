"""Fetches packages of the npm registry as data, with npm itself where it is installed."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence

from runtime.catalogue.errors import FetchError, UnreachableError
from runtime.catalogue.programs import Programs, bound
from runtime.catalogue.staging import Staging, other_bytes

_NO_CONNECTION = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH")
_PACKAGE = re.compile(r"(.+)-(\d+\.\d+\.\d+[^/]*)\.tgz")


def fetch(staging: Staging, names: Sequence[str], programs: Programs) -> None:
    """Bring packages into the staging folder.

    Args:
        names: file names such as `kokoro-js-1.2.1.tgz`.

    Raises:
        FetchError: npm is not installed, or a package could not be had.
    """
    for name in names:
        if not staging.has_archive(name):
            _fetch_one(staging, name, programs)


def _fetch_one(staging: Staging, name: str, programs: Programs) -> None:
    npm, parts = shutil.which("npm"), _PACKAGE.fullmatch(name)
    if npm is None or parts is None:
        raise FetchError(
            "tool",
            "{name}: expected the program npm to fetch it with, found none. Install npm.",
            name=name,
        )
    scratch = staging.new_scratch()
    words = [
        npm, "pack", f"{parts[1]}@{parts[2]}", "--pack-destination", str(scratch), "--silent",
        "--ignore-scripts", "--fetch-retries", "1", "--fetch-timeout", "10000",
        "--cache", str(scratch / "cache"),
    ]  # fmt: skip
    ended = programs.run(bound(words), {**os.environ, "NPM_CONFIG_UPDATE_NOTIFIER": "false"})
    if (scratch / name).is_file():
        if not staging.keep_archive(scratch / name):
            raise other_bytes(name, staging.entry.archives[name].sha256)
        shutil.rmtree(scratch, ignore_errors=True)
        return
    if _NO_CONNECTION.search(ended.said):
        raise UnreachableError(
            "expected an answer from the npm registry, found no connection. Connect to the "
            "internet, then fetch it again."
        )
    last = (ended.said.strip().splitlines() or ["nothing"])[-1][:300]
    raise FetchError(
        "tool",
        "{name}: expected npm to download it, found exit code {code} and the words: {last}. "
        "Fetch it again.",
        name=name,
        code=ended.code,
        last=last,
    )
