"""Reads a data folder: every JSON, JSON Lines and CSV file in it, in any known format.

What cannot be used is skipped with file, place and reason; only a folder without anything usable is
an error. Knows files; opens no media.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from plugins.errors import KnownError
from runtime.media import shown
from training.datasets import caption_files
from training.datasets.examples import BadData, Example, Kind, Skipped, Sourced, summary
from training.datasets.media_files import MediaFiles
from training.datasets.records import describe
from training.datasets.reference import Forms
from training.trainer.progress import write_atomically

SUFFIXES = (".json", ".jsonl", ".csv")
Found = tuple[str, Example | BadData]


@dataclass
class Reading:
    """The contents of one or several data folders."""

    examples: list[Sourced] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def skip(self, file: str, where: str, kind: Kind, reason: str) -> None:
        """Note what cannot be used."""
        self.skipped.append(Skipped(file, where, kind, reason))


def read_folders(folders: Sequence[Path], modalities: Collection[str], log: Path) -> Reading:
    """All usable examples in all folders; `log` gets one JSON line per skipped record.

    `modalities` are those that data may speak of besides text.

    Raises:
        KnownError: a folder is none, or holds nothing that can be used.
    """
    reading = Reading()
    for folder in folders:
        part = read_folder(folder, modalities)
        reading.examples += part.examples
        reading.skipped += part.skipped
        write_skipped(reading.skipped, log)
        if not part.examples:
            raise KnownError(
                f"data folder {shown(folder)}: expected captions or dialogues that can be used, "
                f"found none ({summary(part.skipped)}; each is named in {shown(log)}). "
                "Correct the data, or give another folder."
            )
    return reading


def read_folder(folder: Path, modalities: Collection[str]) -> Reading:
    """All usable examples in one folder, in the order of its files; duplicates are skipped.

    Raises:
        KnownError: there is no such folder.
    """
    if not folder.is_dir():
        raise KnownError(
            f"data folder {shown(folder)}: expected a folder with data, found "
            f"{'a file' if folder.exists() else 'nothing'}. Give the folder that holds the data."
        )
    reading = Reading()
    files = MediaFiles(folder)
    forms = Forms(modalities, files)
    seen: set[bytes] = set()
    for path in data_files(folder):
        for where, found in _read_file(path, forms, files):
            if isinstance(found, BadData):
                reading.skip(shown(path), where, found.kind, found.reason)
                continue
            key = msgspec.msgpack.encode(found)
            if key in seen:
                reading.skip(shown(path), where, "duplicate", "it was read before")
                continue
            seen.add(key)
            reading.examples.append(Sourced(found, shown(path), where))
    if not reading.examples and not reading.skipped:
        reading.skip(shown(folder), "", "empty", f"no {', '.join(SUFFIXES)} file in it")
    return reading


def data_files(folder: Path) -> Iterator[Path]:
    """Data files below a folder in order; hidden files and folders are left alone."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                yield Path(place) / name


def write_skipped(skipped: Sequence[Skipped], log: Path) -> None:
    """`skipped.jsonl`: one object per line, whole or as it was before."""
    write_atomically(log, b"".join(msgspec.json.encode(one) + b"\n" for one in skipped))


def _read_file(path: Path, forms: Forms, files: MediaFiles) -> Iterator[Found]:
    """Each example, or what is wrong with it, with where it stands in the file."""
    try:
        if path.suffix.lower() == ".csv":
            yield from caption_files.audiocaps(path, files)
        elif path.suffix.lower() == ".jsonl":
            yield from _read_lines(path, forms)
        else:
            yield from _read_json(_decoded(path.read_bytes()), path, forms, files)
    except BadData as bad:
        yield "", bad
    except OSError as error:
        yield "", BadData("unreadable file", f"cannot be read ({error.strerror or error})")


def _read_lines(path: Path, forms: Forms) -> Iterator[Found]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield f"line {number}", _parsed(line, path, forms)


def _parsed(line: bytes, path: Path, forms: Forms) -> Example | BadData:
    try:
        return forms.parse(_decoded(line), path)
    except BadData as bad:
        return bad


def _read_json(data: Any, path: Path, forms: Forms, files: MediaFiles) -> Iterator[Found]:
    if isinstance(data, dict) and {"images", "annotations"} <= data.keys():
        yield from caption_files.coco(data, path, files)
    elif isinstance(data, dict) and {"videos", "sentences"} <= data.keys():
        yield from caption_files.msrvtt(data, path, files)
    elif isinstance(data, list):
        for number, item in enumerate(data):
            try:
                yield f"record {number}", forms.parse(item, path)
            except BadData as bad:
                yield f"record {number}", bad
        if not data:
            yield "", BadData("empty", "an empty list")
    else:
        raise BadData(
            "unknown form",
            "expected a list of records, or captions as COCO or MSR-VTT have them, found "
            f"{describe(data)}",
        )


def _decoded(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadData("broken JSON", f"not JSON ({error})") from error
