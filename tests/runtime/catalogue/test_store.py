"""What is installed is found, proved and removed; what is not whole is not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.catalogue import store
from runtime.catalogue.entry import named
from runtime.catalogue.staging import Staging
from tests.runtime.catalogue.world import World, hub, noise, one_file

ROOT = Path(__file__).parents[3]


@pytest.fixture
def here(world: World) -> store.Installed:
    """An installed model of two files."""
    files = {"model.bin": noise(5000), "words/list.txt": b"one two"}
    world.entry("chatty", [one_file(path, data, hub("chatty")) for path, data in files.items()])
    staging = Staging(named("chatty"))
    for file in staging.missing():
        part = staging.parts / "part"
        part.write_bytes(files[file.path])
        staging.accept(file, part, file.sha256, "the test")
    staging.commit()
    found = store.find("see")
    assert found is not None
    return found


def test_what_is_installed_is_found_by_purpose_and_name(here: store.Installed) -> None:
    assert here.folder == store.folder("chatty")
    assert here.is_current
    assert here.sources == ("the test",)
    assert store.installed() == [here]
    assert store.find("hear") is None
    assert store.installed("hear") == []


def test_the_best_for_a_purpose_stands_first(
    world: World, here: store.Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = world.catalogue / "entries"
    text = (path / "chatty.toml").read_text()
    moved = world.catalogue.rename(world.catalogue.with_name("two"))
    better = text.replace("chatty", "better").replace("rank = 1", "rank = 2")
    (moved / "entries" / "better.toml").write_text(better)
    monkeypatch.setenv("MEDLEY_CATALOGUE", str(moved))
    record = (here.folder / "model.toml").read_text()
    here.folder.rename(here.folder.with_name("better"))
    here.folder.mkdir()
    for name in ("model.bin", "words/list.txt", "model.toml"):
        target = here.folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((here.folder.with_name("better") / name).read_bytes())
    (here.folder.with_name("better") / "model.toml").write_text(record)

    assert [one.name for one in store.installed("see")] == ["better", "chatty"]


@pytest.mark.parametrize("hurt", ["missing file", "short file", "no record", "broken record"])
def test_a_model_that_is_not_whole_is_not_there(here: store.Installed, hurt: str) -> None:
    match hurt:
        case "missing file":
            (here.folder / "model.bin").unlink()
        case "short file":
            os.truncate(here.folder / "words" / "list.txt", 3)
        case "no record":
            (here.folder / "model.toml").unlink()
        case "broken record":
            (here.folder / "model.toml").write_text("format = [")

    assert store.find("see") is None
    with pytest.raises(KnownError, match="medley models get chatty"):
        store.folder("chatty")


def test_a_flipped_byte_is_found_by_verify(here: store.Installed) -> None:
    data = bytearray((here.folder / "model.bin").read_bytes())
    data[100] ^= 1
    (here.folder / "model.bin").write_bytes(data)
    told: list[store.FileCheck] = []

    checks = store.verify("chatty", told.append)

    assert list(checks) == told
    assert [bool(check.problem) for check in checks] == [True, False]
    assert "expected SHA-256" in checks[0].problem


def test_verify_says_which_file_is_missing(here: store.Installed) -> None:
    (here.folder / "model.bin").unlink()

    checks = store.verify("chatty")

    assert "expected a readable file" in checks[0].problem


def test_removing_frees_the_disk_and_what_was_on_its_way(here: store.Installed) -> None:
    partial = store.partial_folder("chatty")
    (partial / "archives").mkdir(parents=True)
    (partial / "archives" / "old.whl").write_bytes(bytes(100))

    free = store.remove("chatty")

    assert free > 5100
    assert store.find("see") is None
    assert not here.folder.exists()
    assert not partial.exists()


def test_what_is_not_here_cannot_be_removed_or_verified(world: World) -> None:
    world.hub_model("chatty")

    for act in (store.remove, store.verify, store.folder):
        with pytest.raises(KnownError, match="found nothing of it"):
            act("chatty")


def test_what_a_package_brings_is_found_and_stays() -> None:
    read = store.find("read")
    if read is None or not read.packaged:
        pytest.skip("rapidocr is not installed")

    assert (read.folder / "PP-OCRv6_det_small.onnx").is_file()
    assert all(not check.problem for check in store.verify("rapidocr"))
    with pytest.raises(KnownError, match="a package brings it"):
        store.remove("rapidocr")


def test_partial_files_are_never_listed(world: World) -> None:
    data = world.wheel_model("chatty")
    staging = Staging(named("chatty"))
    (staging.files / "model.bin").write_bytes(data)

    assert store.installed() == []
    assert Staging(named("chatty")).missing() == []


def test_looking_at_the_store_imports_nothing_heavy(world: World) -> None:
    code = (
        "import sys; from runtime.catalogue import store, client; store.installed();"
        "heavy = {'torch', 'numpy', 'huggingface_hub', 'httpx2', 'pip', 'PySide6', 'isal'};"
        "print(sorted(heavy & set(sys.modules)))"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert ran.stdout == "[]\n"
