"""Files are hashed once, and again as soon as anything about them changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from runtime.bundle import proofs
from runtime.bundle.bundle import Bundle
from runtime.bundle.proofs import Proofs


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were read."""
    names: list[str] = []
    real = proofs.sha256

    def counting(path: Path, tell: proofs.Tell | None = None) -> str:
        names.append(path.name)
        return real(path, tell)

    monkeypatch.setattr(proofs, "sha256", counting)
    return names


def test_a_file_is_read_once_and_its_hash_kept_for_later_starts(
    tmp_path: Path, hashed: list[str]
) -> None:
    file, cache = tmp_path / "weights", tmp_path / "cache" / "proven"
    file.write_bytes(b"weights")
    for _ in range(3):
        one = Proofs(cache)
        assert one.sha256(file) == hashlib.sha256(b"weights").hexdigest()
        one.save()
    assert hashed == ["weights"]


def test_a_changed_file_is_read_again_even_with_its_old_size_and_time(
    tmp_path: Path, hashed: list[str]
) -> None:
    file, cache = tmp_path / "weights", tmp_path / "proven"
    file.write_bytes(b"weights")
    one = Proofs(cache)
    one.sha256(file)
    one.save()
    old = file.stat()
    file.write_bytes(b"WEIGHTS")
    os.utime(file, ns=(old.st_atime_ns, old.st_mtime_ns))

    assert Proofs(cache).sha256(file) == hashlib.sha256(b"WEIGHTS").hexdigest()
    assert hashed == ["weights", "weights"]


@pytest.mark.parametrize("spoiled", [b"", b"\xc1", b"\x81\xa1a\x01", b"{}"])
def test_a_cache_that_cannot_be_read_costs_a_hash_and_nothing_else(
    tmp_path: Path, spoiled: bytes
) -> None:
    file, cache = tmp_path / "weights", tmp_path / "proven"
    file.write_bytes(b"weights")
    cache.write_bytes(spoiled)
    one = Proofs(cache)
    assert one.sha256(file) == hashlib.sha256(b"weights").hexdigest()
    one.save()
    assert Proofs(cache).sha256(file) == one.sha256(file)


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    one = Proofs(tmp_path / "file" / "proven")
    one.sha256(tmp_path / "file")
    one.save()


def test_two_programs_keep_each_others_proofs_and_forget_files_that_are_gone(
    tmp_path: Path, hashed: list[str]
) -> None:
    cache, files = tmp_path / "proven", [tmp_path / name for name in ("a", "b", "gone")]
    both = [Proofs(cache), Proofs(cache)]
    for file in files:
        file.write_bytes(file.name.encode())
    both[0].sha256(files[0])
    both[0].sha256(files[2])
    both[1].sha256(files[1])
    files[2].unlink()
    for one in both:
        one.save()
    hashed.clear()

    fresh = Proofs(cache)
    assert [fresh.sha256(file) for file in files[:2]] and hashed == []
    assert b"gone" not in cache.read_bytes()


def test_a_bundle_is_hashed_at_its_first_opening_and_when_it_is_proven(
    tiny_bundle: Bundle, hashed: list[str]
) -> None:
    Bundle.open(tiny_bundle.folder)
    hashed.clear()
    Bundle.open(tiny_bundle.folder)
    assert hashed == []
    Bundle.open(tiny_bundle.folder, verify="hash")
    assert len(hashed) == len(tiny_bundle.manifest.files)
