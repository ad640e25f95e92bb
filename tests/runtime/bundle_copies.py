"""Copies of Pocket by other names, whose files are hard links: whole bundles that cost nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec

from runtime.bundle.bundle import EMBEDDED, find_bundle, read_manifest
from runtime.bundle.checks import MANIFEST_FILE
from runtime.bundle.write import write_manifest


def copy_bundle(
    folder: Path,
    *,
    title: str,
    source: str = EMBEDDED,
    replaced: Mapping[str, bytes] | None = None,
    n_ctx: int | None = None,
) -> Path:
    """A bundle called as its folder, with files of its own in place of some; its folder."""
    manifest = read_manifest(find_bundle(source))
    model = manifest.language_model
    model = msgspec.structs.replace(model, n_ctx=n_ctx or model.n_ctx)
    named = msgspec.structs.replace(
        manifest, name=folder.name, title=title, files={}, language_model=model
    )
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(
        find_bundle(source),
        folder,
        copy_function=os.link,
        ignore=shutil.ignore_patterns(MANIFEST_FILE),
    )
    for path, data in (replaced or {}).items():
        (folder / path).unlink()
        (folder / path).write_bytes(data)
    write_manifest(folder, named)
    return folder
