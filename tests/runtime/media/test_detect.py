"""The modality of a file is told by its content, whatever its name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from plugins.errors import KnownError
from runtime.media import detect_modality


def test_pictures_and_sounds_under_a_wrong_name(tmp_path: Path) -> None:
    picture, sound = tmp_path / "a.wav", tmp_path / "b.png"
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    soundfile.write(sound, np.zeros(1600, np.float32), 16_000, format="WAV")

    assert detect_modality(picture) == "image"
    assert detect_modality(sound) == "audio"


def test_a_container_without_pictures_is_a_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    soundfile.write(path, np.zeros(1600, np.float32), 16_000, format="OGG", subtype="VORBIS")

    assert detect_modality(path) == "audio"


def test_anything_else_is_refused_with_a_hint_about_the_name(tmp_path: Path) -> None:
    named, bare = tmp_path / "a.png", tmp_path / "a"
    for path in (named, bare):
        path.write_bytes(b"only words")

    with pytest.raises(KnownError, match="its name does not change what is in it"):
        detect_modality(named)
    with pytest.raises(KnownError, match="Choose another file"):
        detect_modality(bare)
