"""Packages are read as data, within known bounds."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.catalogue.archives import Piece, tar_piece, wheel_piece
from runtime.catalogue.errors import FetchError
from runtime.catalogue.joiner import Joiner
from tests.runtime.catalogue.world import noise, raw_wheel, sha, wheel


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "joined"


def test_parts_are_joined_in_order_and_hashed(tmp_path: Path, target: Path) -> None:
    pieces = [noise(70_000, seed=1), b"text " * 90_000, noise(3, seed=2)]
    joiner = Joiner(target, sum(map(len, pieces)))

    for number, piece in enumerate(pieces):
        path = _wheel(tmp_path, f"part{number}", piece)
        joiner.add(wheel_piece(path, f"part{number}/data.bin"))
    digest = joiner.finish()
    joiner.close()

    assert target.read_bytes() == b"".join(pieces)
    assert digest == sha(b"".join(pieces))


def test_after_a_damaged_piece_nothing_more_is_unpacked(target: Path) -> None:
    unpacked = []

    def damaged() -> Iterator[bytes]:
        yield b"too short"

    def whole() -> Iterator[bytes]:
        unpacked.append(True)
        yield b"whole"

    joiner = Joiner(target, 105)
    try:
        with pytest.raises(FetchError, match="9 bytes instead of the 100 that it declares"):
            joiner.add(Piece(Path("a.whl"), "a", 100, damaged))
            joiner.add(Piece(Path("b.whl"), "b", 5, whole))
            joiner.finish()
    finally:
        joiner.close()

    assert unpacked == []


def test_a_file_that_is_stored_as_it_is_comes_out_too(tmp_path: Path, target: Path) -> None:
    path = tmp_path / "stored-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("stored/data.bin", noise(3_000_000))

    _join(target, 3_000_000, path, "stored/data.bin")

    assert target.read_bytes() == noise(3_000_000)


def test_more_than_the_catalogue_says_does_not_come_out(tmp_path: Path, target: Path) -> None:
    path = _wheel(tmp_path, "bomb", bytes(30 << 20))

    with pytest.raises(FetchError, match=f"of {30 << 20} bytes where 100 are left"):
        _join(target, 100, path, "bomb/data.bin")

    assert target.stat().st_size == 0


def test_a_file_that_lies_about_its_size_is_refused(tmp_path: Path, target: Path) -> None:
    path = _wheel(tmp_path, "liar", bytes(5 << 20))
    raw = path.read_bytes()
    size, lie = (5 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    path.write_bytes(raw.replace(size, lie))

    with pytest.raises(FetchError, match="more than the 1000 bytes that it declares"):
        _join(target, 2000, path, "liar/data.bin")

    assert target.stat().st_size <= 2 << 20


@pytest.mark.parametrize("path", ["../evil.bin", "/etc/evil", "a/../../evil", "C:/evil", "a\\b"])
def test_an_archive_with_a_path_that_leaves_it_is_not_unpacked(
    tmp_path: Path, target: Path, path: str
) -> None:
    name, data = raw_wheel("escape", {"escape/data.bin": b"fine", path: b"evil"})
    (tmp_path / name).write_bytes(data)

    with pytest.raises(FetchError, match="which leaves the archive"):
        _join(target, 100, tmp_path / name, "escape/data.bin")

    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, "joined"])


def test_an_archive_with_a_link_is_not_unpacked(tmp_path: Path, target: Path) -> None:
    path = tmp_path / "linked-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("linked/data.bin")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(FetchError, match="which is a link"):
        _join(target, 100, path, "linked/data.bin")


def test_a_damaged_archive_is_refused(tmp_path: Path, target: Path) -> None:
    path = _wheel(tmp_path, "hurt", noise(200_000))
    whole = path.read_bytes()
    middle = len(whole) // 2
    second = whole.index(b"PK\x03\x04", 10)
    for damage in (whole[:middle], whole[:second] + b"PK?!" + whole[second + 4 :], b"no archive"):
        path.write_bytes(damage)

        with pytest.raises(FetchError, match="a broken archive"):
            _join(target, 200_000, path, "hurt/data.bin")


def test_a_member_that_is_not_there_is_named(tmp_path: Path, target: Path) -> None:
    path = _wheel(tmp_path, "some", b"data")

    with pytest.raises(FetchError, match=r"found no file 'some/other\.bin'"):
        _join(target, 100, path, "some/other.bin")


def test_npm_packages_are_read_the_same_way(tmp_path: Path, target: Path) -> None:
    path = _npm(tmp_path, {"package/voice.bin": noise(5000), "package/else.js": b"throw 1"})

    _join(target, 5000, path, "package/voice.bin")

    assert target.read_bytes() == noise(5000)


def test_an_npm_package_cannot_give_a_link_or_too_much(tmp_path: Path, target: Path) -> None:
    path = _npm(tmp_path, {"package/voice.bin": noise(5000)}, link="package/link.bin")

    for member, found in (("package/link.bin", "no plain file"), ("package/voice.bin", "5000")):
        with pytest.raises(FetchError, match=found):
            _join(target, 100, path, member)


def _wheel(folder: Path, name: str, data: bytes) -> Path:
    file_name, archive = wheel(name, {"data.bin": data})
    (folder / file_name).write_bytes(archive)
    return folder / file_name


def _npm(folder: Path, members: dict[str, bytes], link: str = "") -> Path:
    path = folder / "voices-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        if link:
            info = tarfile.TarInfo(link)
            info.type, info.linkname = tarfile.SYMTYPE, os.path.join(os.sep, "etc", "passwd")
            archive.addfile(info)
    return path


def _join(target: Path, limit: int, path: Path, member: str) -> None:
    joiner = Joiner(target, limit)
    try:
        joiner.add(wheel_piece(path, member) if path.suffix == ".whl" else tar_piece(path, member))
        joiner.finish()
    finally:
        joiner.close()
