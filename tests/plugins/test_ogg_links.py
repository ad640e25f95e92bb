"""The links of a chained Ogg file: sounds one behind the other."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import soundfile

from plugins.ogg_links import links_of


def ogg(path: Path, rate: int) -> bytes:
    soundfile.write(path, np.zeros(rate // 10, np.float32), rate, format="OGG", subtype="VORBIS")
    return path.read_bytes()


def test_each_link_is_a_sound_of_its_own(tmp_path: Path) -> None:
    first, second = ogg(tmp_path / "a.ogg", 16_000), ogg(tmp_path / "b.ogg", 44_100)

    links = links_of(io.BytesIO(first + second))

    assert [soundfile.SoundFile(link).samplerate for link in links] == [16_000, 44_100]


def test_any_other_file_is_one_whole() -> None:
    (link,) = links_of(io.BytesIO(b"no pages here"))

    assert link.read() == b"no pages here"
