"""Files are looked at beside each other, and what was looked at is what is taken in."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from desktop.assistant.media_folder import MediaFolder
from desktop.assistant.media_import import INCOMING_FOLDER, MediaImport
from desktop.assistant.media_probe.client import AT_ONCE, MediaProbe
from desktop.assistant.media_probe.protocol import Probed, RefusedFileError
from desktop.assistant.previews import Previews
from plugins.errors import KnownError
from storage.library import Library
from tests.runtime.making_media import write_picture, write_sound

PATIENCE_S = 60.0


@pytest.fixture
def media_probe() -> Iterator[MediaProbe]:
    media_probe = MediaProbe()
    yield media_probe
    media_probe.close()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "home" / "library.db") as library:
        yield library


def intake(library: Library, media_probe: MediaProbe) -> MediaImport:
    folder = MediaFolder(library, library.path.with_name("shown"))
    return MediaImport(library, media_probe, Previews(library, media_probe, folder))


def helpers() -> list[psutil.Process]:
    """Those of this process; it may have other children."""
    return [one for one in psutil.Process().children() if "media_probe" in " ".join(command(one))]


def command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []  # It has just ended.


def held(media_probe: MediaProbe) -> psutil.Process:
    """The helper of the look that is under way, stopped."""
    before = time.monotonic()
    while not (found := helpers()):
        assert time.monotonic() - before < PATIENCE_S
        time.sleep(0.001)
    found[0].suspend()
    return found[0]


def test_a_look_that_takes_long_holds_up_no_other(tmp_path: Path, media_probe: MediaProbe) -> None:
    slow, quick = write_sound(tmp_path / "slow.wav", 60.0), write_picture(tmp_path / "quick.png")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(media_probe.look, slow)
        helper = held(media_probe)

        for _ in range(3):
            assert media_probe.look(quick).modality == "image"

        assert not waiting.done()
        helper.resume()
        assert waiting.result(PATIENCE_S).duration_s == 60.0
    assert media_probe.started == 1


def test_there_are_never_more_helpers_than_looks_beside_each_other(
    tmp_path: Path, media_probe: MediaProbe
) -> None:
    paths = [write_picture(tmp_path / f"{number}.png") for number in range(4 * AT_ONCE)]
    most = 0
    with ThreadPoolExecutor(len(paths)) as pool:
        looks = [pool.submit(media_probe.look, path) for path in paths]
        while not all(one.done() for one in looks):
            most = max(most, media_probe.started)
            time.sleep(0.01)
    assert {one.result().modality for one in looks} == {"image"}
    assert 1 <= most <= AT_ONCE
    assert media_probe.started == 1


def test_closing_ends_every_helper_and_whoever_waits_is_told(
    tmp_path: Path, media_probe: MediaProbe
) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(media_probe.look, write_sound(tmp_path / "slow.wav", 60.0))
        held(media_probe)

        media_probe.close()

        with pytest.raises(KnownError, match="Medley is closing"):
            waiting.result(PATIENCE_S)
    assert helpers() == []
    with pytest.raises(KnownError, match="Medley is closing"):
        media_probe.look(tmp_path / "slow.wav")


def test_a_helper_that_comes_down_is_the_files_fault_and_the_next_look_has_another(
    tmp_path: Path, media_probe: MediaProbe
) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(media_probe.look, write_sound(tmp_path / "bad.wav", 60.0))
        held(media_probe).kill()
        with pytest.raises(RefusedFileError, match=r"bad\.wav: .* brings its decoder down"):
            waiting.result(PATIENCE_S)
    assert media_probe.look(write_picture(tmp_path / "good.png")).modality == "image"


class Meddling(MediaProbe):
    """Somebody puts another file in the place of the one that is looked at."""

    def __init__(self, path: Path, other: bytes) -> None:
        super().__init__()
        self._place, self._other = path, other

    def look(self, path: Path, claimed: str = "") -> Probed:
        self._place.write_bytes(self._other)
        return super().look(path, claimed)


def test_what_was_looked_at_is_what_is_taken_in(tmp_path: Path, library: Library) -> None:
    path = write_picture(tmp_path / "a.png")
    data = path.read_bytes()
    media_probe = Meddling(path, write_sound(tmp_path / "b.wav").read_bytes())
    try:
        medium = intake(library, media_probe).file(path)
    finally:
        media_probe.close()
    assert (medium.modality, medium.mime) == ("image", "image/png")
    assert library.media.read(medium.sha256) == data
    assert path.read_bytes() != data


def test_a_copy_is_seen_by_nobody_else_and_does_not_stay(
    tmp_path: Path, library: Library, media_probe: MediaProbe
) -> None:
    left = library.path.with_name(INCOMING_FOLDER) / "left"
    left.mkdir(parents=True)
    door = intake(library, media_probe)
    assert not left.exists()

    door.file(write_picture(tmp_path / "a.png"))

    incoming = left.parent
    assert stat.S_IMODE(incoming.stat().st_mode) == 0o700
    assert list(incoming.iterdir()) == []


def test_what_cannot_be_opened_is_refused_by_its_name(
    tmp_path: Path, library: Library, media_probe: MediaProbe
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty.png").touch()
    door = intake(library, media_probe)
    for name, kind in (("gone.png", "missing"), ("pipe", "special"), ("empty.png", "empty")):
        with pytest.raises(RefusedFileError, match=name) as caught:
            door.file(tmp_path / name)
        assert caught.value.refusal == kind
        assert str(tmp_path) not in str(caught.value)
