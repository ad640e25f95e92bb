"""Bundles open only when they are exactly what their manifest says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import msgspec
import platformdirs
import pytest

from plugins.errors import KnownError
from runtime.bundle import bundle as bundle_module
from runtime.bundle.bundle import Bundle, BundleError, find_bundle, list_bundles, read_manifest
from runtime.bundle.checks import manifest_problems
from runtime.bundle.manifest import Manifest, NativeSpec
from runtime.bundle.write import write_manifest


@pytest.fixture
def folder(tiny_bundle: Bundle, tmp_path: Path) -> Path:
    """A copy that may be spoiled."""
    shutil.copytree(tiny_bundle.folder, tmp_path / "tiny")
    return tmp_path / "tiny"


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "bundle.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(BundleError) as caught:
        Bundle.open(folder)
    assert "\n" not in str(caught.value) and str(folder) in str(caught.value)
    return tuple(map(str, caught.value.problems))


def test_opening_and_listing_imports_no_heavy_library() -> None:
    code = "import sys, runtime.bundle.bundle, runtime.bundle.write; print('torch' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert printed.stdout.strip() == "False", printed.stderr


def test_a_whole_bundle_opens_and_says_what_it_can(tiny_bundle: Bundle) -> None:
    opened = Bundle.open(tiny_bundle.folder)
    assert opened.modalities == ("text", "image", "audio", "video")
    decoder = opened.decoder("image")
    assert decoder.folder == tiny_bundle.folder / "decoders/image"
    assert decoder.bundle == "tiny" and decoder.condition_shape == (8, 16)
    with pytest.raises(KnownError, match="it can in text, image, audio, video"):
        opened.decoder("smell")


def test_the_written_manifest_reads_back_the_same(tiny_bundle: Bundle, folder: Path) -> None:
    written = write_manifest(folder, msgspec.structs.replace(tiny_bundle.manifest, files={}))
    assert written == tiny_bundle.manifest == read_manifest(folder)
    assert not list(folder.glob(".*"))


def test_a_manifest_that_does_not_fit_its_folder_is_not_written(
    tiny_bundle: Bundle, folder: Path
) -> None:
    before = (folder / "bundle.toml").read_bytes()
    (folder / "llm.gguf").unlink()
    with pytest.raises(BundleError, match=r"language_model\.file needs 'llm\.gguf'"):
        write_manifest(folder, tiny_bundle.manifest)
    assert (folder / "bundle.toml").read_bytes() == before


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "encoder.safetensors").unlink()
    assert problems(folder) == ("encoder.safetensors is listed but missing",)


def test_a_file_too_many_is_named(folder: Path) -> None:
    (folder / "decoders" / "notes.txt").write_text("hello")
    assert problems(folder) == (
        "decoders/notes.txt is in the folder but not listed in bundle.toml",
    )


def test_what_desktops_leave_in_folders_does_not_matter(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"\0")
    Bundle.open(folder)


def test_a_flipped_byte_is_found_by_hash_and_not_by_size(folder: Path) -> None:
    path = folder / "encoder.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert len(problems(folder)) == 1
    assert problems(folder)[0].startswith("encoder.safetensors has SHA-256")
    Bundle.open(folder, verify="size")


def test_a_file_cut_short_is_found_by_size(folder: Path) -> None:
    path = folder / "llm.gguf"
    size = path.stat().st_size
    os.truncate(path, 100)
    with pytest.raises(BundleError, match=f"llm.gguf has 100 bytes, expected {size}"):
        Bundle.open(folder, verify="size")


def test_all_that_is_wrong_is_told_at_once(folder: Path) -> None:
    (folder / "encoder.safetensors").unlink()
    (folder / "extra.txt").write_text("hello")
    edit(folder, "n_heads = 2", "n_heads = 3")
    assert len(problems(folder)) == 3


def test_another_format_version_is_refused_with_both_numbers(folder: Path) -> None:
    edit(folder, "format = 1", "format = 7")
    with pytest.raises(KnownError, match="expected bundle format 1, found 7"):
        Bundle.open(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("routing = ", "colour = ", "colour"),
        ('version = "0"', "version = 0", "version"),
        ("format = 1", "format = = 1", "readable TOML"),
    ],
)
def test_a_manifest_with_wrong_fields_is_refused(
    folder: Path, old: str, new: str, said: str
) -> None:
    edit(folder, old, new)
    with pytest.raises(KnownError, match=said):
        Bundle.open(folder)


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"expected a file bundle\.toml"):
        Bundle.open(tmp_path)


@pytest.mark.parametrize(
    "path", ["../encoder.safetensors", "/etc/passwd", "a/../../b", "C:/x", "a\\\\b", "", "a//b"]
)
def test_paths_that_leave_the_folder_are_refused(folder: Path, path: str) -> None:
    edit(folder, '[files."encoder.safetensors"]', f'[files."{path}"]')
    assert any("does not stay inside the bundle" in problem for problem in problems(folder))


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.move(folder / "encoder.safetensors", tmp_path / "outside.safetensors")
    (folder / "encoder.safetensors").symlink_to(tmp_path / "outside.safetensors")
    assert problems(folder) == ("encoder.safetensors is a link that leads out of the bundle",)


@pytest.mark.parametrize("name", ["model.bin", "model.PT", "model.pth", "model.ckpt"])
def test_pickles_are_refused(tiny_bundle: Bundle, folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\x80\x04.")
    with pytest.raises(BundleError, match="is a pickle, which can run code"):
        write_manifest(folder, tiny_bundle.manifest)


def with_tokens(manifest: Manifest, **tokens: tuple[int, ...]) -> Manifest:
    signals = {
        modality: msgspec.structs.replace(signal, token_ids=tokens.get(modality, signal.token_ids))
        for modality, signal in manifest.signals.items()
    }
    return msgspec.structs.replace(manifest, signals=signals)


def test_token_ids_must_be_in_the_vocabulary_and_belong_to_one_signal(
    tiny_bundle: Bundle, folder: Path
) -> None:
    shared = tiny_bundle.manifest.signals["image"].token_ids[:1]
    wrong = with_tokens(tiny_bundle.manifest, audio=shared, video=(99_999,))
    with pytest.raises(BundleError) as caught:
        write_manifest(folder, wrong)
    assert tuple(map(str, caught.value.problems)) == (
        f"signal audio: token id {shared[0]} already belongs to image",
        f"signal video: token id 99999 is outside the vocabulary of "
        f"{tiny_bundle.manifest.language_model.n_vocab}",
    )


def test_routings_need_what_they_run_on(tiny_bundle: Bundle, folder: Path) -> None:
    captioned = msgspec.structs.replace(tiny_bundle.manifest, routing="captioned")
    with pytest.raises(BundleError, match="captioned routing needs caption_open"):
        write_manifest(folder, captioned)
    with pytest.raises(BundleError, match="projected routing needs token_ids"):
        write_manifest(folder, with_tokens(tiny_bundle.manifest, image=()))


def test_native_routing_is_checked(tiny_bundle: Bundle) -> None:
    signal = tiny_bundle.manifest.signals["image"]

    def problems(routing: Literal["projected", "captioned"], **changes: Any) -> str:
        native = NativeSpec((9, 18), "<user>", "<assistant>")
        native = msgspec.structs.replace(native, **changes)
        changed = msgspec.structs.replace(
            signal, native=native, token_ids=(), projection="", caption_open="<", caption_close=">"
        )
        manifest = tiny_bundle.manifest
        manifest = msgspec.structs.replace(manifest, routing=routing, signals={"image": changed})
        return "; ".join(map(str, manifest_problems(manifest)))

    assert problems("captioned") == ""
    assert "native is for captioned routing" in problems("projected")
    assert "native.layers is [0, 2], expected" in problems("captioned", layers=(0, 2))
    assert "native.most_tokens is 513, expected 1 to 512" in problems("captioned", most_tokens=513)


def test_bundles_are_found_by_name_or_folder_and_others_are_listed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_module, "PACKAGED", folder.parent)
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_, **__: str(tmp_path / "data"))
    mine = tmp_path / "data" / "bundles" / "mine"
    shutil.copytree(folder, mine)
    assert [(entry.name, entry.folder) for entry in list_bundles()] == [
        ("tiny", folder),
        ("mine", mine),
    ]
    assert find_bundle("mine") == mine
    assert find_bundle(str(mine)) == find_bundle(mine) == mine
    with pytest.raises(KnownError, match=r"known are tiny, mine.* Did you mean tiny\?"):
        find_bundle("tinny")


RACE = """
import threading
from runtime.bundle.bundle import find_bundle, read_manifest

folder, together = find_bundle("pocket"), threading.Barrier(4)

def read():
    together.wait()
    read_manifest(folder)

threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("read")
"""


def test_manifests_are_read_by_several_threads_at_once() -> None:
    """The first conversions to a type in several threads are what msgspec does not survive."""
    ran = subprocess.run(
        [sys.executable, "-c", RACE], capture_output=True, text=True, timeout=300, check=False
    )

    assert (ran.returncode, ran.stdout) == (0, "read\n"), ran.stderr
