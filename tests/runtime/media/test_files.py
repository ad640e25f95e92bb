"""Files are named safely, opened safely and known by their content."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plugins.errors import KnownError
from runtime.media import (
    content_key,
    detect_modality,
    read_audio,
    read_image,
    read_video,
    shown,
)
from tests.runtime.making_media import write_clip, write_picture, write_sound

READERS: list[Callable[[Any], Any]] = [
    read_image,
    read_audio,
    lambda path: read_video(path, lambda n, _fps: [0]),
    detect_modality,
    content_key,
]


@pytest.mark.parametrize("read", READERS)
def test_bad_places_are_one_clear_line_for_every_reader(
    tmp_path: Path, read: Callable[[Any], Any]
) -> None:
    (tmp_path / "empty.png").touch()
    os.mkfifo(tmp_path / "pipe")
    cases = {
        tmp_path / "missing.png": "no such file",
        tmp_path: "a folder",
        tmp_path / "empty.png": "an empty file",
        tmp_path / "pipe": "a device or pipe",
        tmp_path / "no\0name": "cannot be opened",
        tmp_path / ("x" * 300): "cannot be opened",
    }
    for path, found in cases.items():
        with pytest.raises(KnownError, match=found) as caught:
            read(path)
        assert "\n" not in str(caught.value)
        str(caught.value).encode("utf-8")


@pytest.mark.parametrize("read", READERS[:4])
def test_text_is_no_medium(tmp_path: Path, read: Callable[[Any], Any]) -> None:
    (tmp_path / "a.png").write_text("only words " * 100)
    with pytest.raises(KnownError, match="a kind of file that is not known here"):
        read(tmp_path / "a.png")


def test_reading_media_and_settings_needs_no_torch() -> None:
    code = "import sys, runtime.media, runtime.encoder; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_playlist_does_not_open_other_files(tmp_path: Path) -> None:
    write_clip(tmp_path / "secret.mp4")
    (tmp_path / "a.mp4").write_text("#EXTM3U\n#EXTINF:2,\nsecret.mp4\n#EXT-X-ENDLIST\n")
    (tmp_path / "b.mp4").write_text("ffconcat version 1.0\nfile secret.mp4\n")
    for name in ("a.mp4", "b.mp4"):
        with pytest.raises(KnownError, match="not known here"):
            read_video(tmp_path / name, lambda n, _fps: [0])


def test_a_path_that_is_not_utf8_is_read_and_printed(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    for suffix, write, read in (
        (b".png", write_picture, read_image),
        (b".wav", write_sound, read_audio),
        (b".mp4", write_clip, READERS[2]),
    ):
        odd = folder + b"/caf\xe9\n" + suffix
        os.rename(write(tmp_path / f"plain{suffix.decode()}"), odd)
        path = Path(os.fsdecode(odd))
        read(path)
        assert len(content_key(path)) == 64
        os.truncate(odd, 0)
        with pytest.raises(KnownError) as caught:
            read(path)
        assert "caf\\udce9\\n" in str(caught.value)
        str(caught.value).encode("utf-8")


def test_what_is_shown_of_a_path_stays_on_one_line() -> None:
    assert shown("a\nb\x1b[31m\u202e\u00e9.png") == "a\\nb\\x1b[31m\\u202e\u00e9.png"


def test_the_content_key_is_the_sha256_of_the_bytes(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.png")
    copy = tmp_path / "b.jpg"
    copy.write_bytes(path.read_bytes())
    assert content_key(path) == content_key(copy) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_modality_is_found_by_content(tmp_path: Path) -> None:
    files = {
        write_picture(tmp_path / "a.gif"): "image",
        write_sound(tmp_path / "a.ogg"): "audio",
        write_sound(tmp_path / "a.mp3"): "audio",
        write_clip(tmp_path / "a.webm", codec="libvpx-vp9"): "video",
        write_clip(tmp_path / "a.ts"): "video",
    }
    for number, (path, modality) in enumerate(files.items()):
        nameless = path.rename(tmp_path / f"file{number}.bin")
        assert detect_modality(nameless) == modality
