"""Writes a bundle's manifest from the files in its folder. Knows no tensors."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from runtime.bundle.bundle import BundleError, read_manifest
from runtime.bundle.checks import (
    MANIFEST_FILE,
    file_problem,
    files_in,
    manifest_problems,
)
from runtime.bundle.manifest import FileSpec, Manifest
from runtime.bundle.proofs import Proofs


def write_manifest(folder: Path, manifest: Manifest) -> Manifest:
    """Write `bundle.toml` into `folder`, atomically, with the hash of every other file.

    `manifest.files` is replaced by what was found. Returns the manifest as it was written.

    Raises:
        BundleError: the manifest contradicts itself or names files that are not there; nothing is
            written then.
    """
    proofs = Proofs()
    files = {
        path: FileSpec(proofs.sha256(folder / path), (folder / path).stat().st_size)
        for path in sorted(files_in(folder))
    }
    proofs.save()
    complete = msgspec.structs.replace(manifest, files=files)
    problems = [p for path in files if (p := file_problem(folder, path, complete, None))]
    if problems:
        raise BundleError(folder, [*manifest_problems(complete), *problems])
    return save_manifest(folder, complete)


def save_manifest(folder: Path, manifest: Manifest) -> Manifest:
    """Write a manifest that lists its files already as `bundle.toml` into `folder`, atomically.

    Returns the manifest as it was written.

    Raises:
        BundleError: it contradicts itself; nothing is written then.
    """
    if problems := manifest_problems(manifest):
        raise BundleError(folder, problems)
    temporary = folder / f".{MANIFEST_FILE}.new"
    try:
        with temporary.open("wb") as file:
            tomli_w.dump(without_none(msgspec.to_builtins(manifest)), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, folder / MANIFEST_FILE)
    finally:
        temporary.unlink(missing_ok=True)
    return read_manifest(folder)


def without_none(value: Any) -> Any:
    """TOML has no null: what is absent is left out."""
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [without_none(item) for item in value]
    return value
