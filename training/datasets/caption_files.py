"""Captions in the formats of COCO and MSR-VTT (JSON) and of AudioCaps (CSV).

Each function yields one example or one piece of bad data a caption, with where it stands. Knows
these three shapes; finds media through `MediaFiles`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.datasets.examples import BadData, Medium, Pair
from training.datasets.media_files import MediaFiles
from training.datasets.records import MAX_CAPTION_WORDS, Record, describe

Found = tuple[str, Pair | BadData]
"""A record's place in its file, and its pair or the reason why it is unusable."""
SOUNDS = (".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a")
CLIPS = (".mp4", ".webm", ".mkv", ".avi", ".mov")
_COCO_CAPTION = ("id", "image_id", "caption")
_MSRVTT_SENTENCE = ("sen_id", "video_id", "caption")
_AUDIOCAPS = ("audiocap_id", "youtube_id", "start_time", "caption", "file_name", "split")


def coco(data: dict[str, Any], source: Path, files: MediaFiles) -> Iterator[Found]:
    """`images` with their `file_name`, `annotations` with `image_id` and `caption`."""
    names = {
        image.get("id"): image.get("file_name")
        for image in _list(data, "images")
        if isinstance(image, dict) and isinstance(image.get("id"), int | str)
    }

    def pair(item: object) -> Pair:
        record = Record(item, _COCO_CAPTION)
        caption = record.text("caption", words=MAX_CAPTION_WORDS)
        key = item.get("image_id") if isinstance(item, dict) else None
        name = names.get(key) if isinstance(key, int | str) else None
        if not isinstance(name, str):
            raise BadData("missing key", f"no image with id {str(key)[:40]} is listed")
        return Pair(Medium("image", str(files.find(name, source))), caption)

    yield from _each("annotation", _list(data, "annotations"), pair)


def msrvtt(data: dict[str, Any], source: Path, files: MediaFiles) -> Iterator[Found]:
    """`videos` with their `video_id`, `sentences` with `video_id` and `caption`."""
    known = {v.get("video_id") for v in _list(data, "videos") if isinstance(v, dict)}

    def pair(item: object) -> Pair:
        record = Record(item, _MSRVTT_SENTENCE)
        caption = record.text("caption", words=MAX_CAPTION_WORDS)
        name = record.text("video_id")
        if name not in known:
            raise BadData("missing key", f"no video with id {name[:40]} is listed")
        return Pair(Medium("video", str(files.find_stem([name], CLIPS))), caption)

    yield from _each("sentence", _list(data, "sentences"), pair)


def audiocaps(source: Path, files: MediaFiles) -> Iterator[Found]:
    """Rows with `youtube_id` or `audiocap_id` (or `file_name`) and `caption`.

    Raises:
        BadData: the file is no table with these columns.
    """
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or ())
            if "caption" not in columns or not {"youtube_id", "audiocap_id", "file_name"} & {
                *columns
            }:
                raise BadData(
                    "unknown form",
                    "expected a table with caption and youtube_id, audiocap_id or file_name, found "
                    f"{', '.join(columns)[:120] or 'nothing'}",
                )
            yield from _each("row", reader, lambda row: _sound(row, source, files))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadData("unknown form", f"no table that can be read ({error})") from error


def _sound(row: object, source: Path, files: MediaFiles) -> Pair:
    record = Record(row, _AUDIOCAPS)
    caption = record.text("caption", words=MAX_CAPTION_WORDS)
    if "file_name" in record:
        return Pair(Medium("audio", str(files.find(record.text("file_name"), source))), caption)
    video, start = record.optional("youtube_id"), record.optional("start_time")
    stems = [f"{video}_{start}", video, f"Y{video}"] if video else []
    stems += record.texts("audiocap_id")
    if not stems:
        raise BadData("missing key", "expected youtube_id or audiocap_id, found neither")
    return Pair(Medium("audio", str(files.find_stem(stems, SOUNDS))), caption)


def _each(noun: str, items: Any, parse: Any) -> Iterator[Found]:
    for number, item in enumerate(items):
        try:
            yield f"{noun} {number}", parse(item)
        except BadData as bad:
            yield f"{noun} {number}", bad


def _list(data: dict[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    if not isinstance(value, list):
        raise BadData("wrong type", f"{key}: expected a list, found {describe(value)}")
    return value
