"""Media and documents become words for a bundle without eyes: from a file to the terminal."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from desktop.cli.printing.readings import told, with_observations
from plugins.api import Observation
from plugins.switches import switch
from runtime.bundle.bundle import Bundle
from runtime.messages import MediaPart, MediumRead, Message, TextPart
from tests import readers
from tests.desktop.conftest import Run, error_line


@pytest.fixture(scope="module")
def blind(captioned_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle without an encoder."""
    folder = tmp_path_factory.mktemp("blind") / "bundle"
    return readers.without_encoder(captioned_bundle, folder).folder


@pytest.fixture
def flag(tmp_path: Path) -> Path:
    """A picture of which three quarters are red and the rest blue."""
    image = Image.new("RGB", (64, 64), (200, 40, 40))
    image.paste((40, 80, 200), (0, 48, 64, 64))
    image.save(tmp_path / "flag.png")
    return tmp_path / "flag.png"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A text in English and Chinese."""
    path = tmp_path / "notes.txt"
    path.write_text("The key is under the mat.\n\n钥匙在垫子下面。\n", encoding="utf-8")
    return path


def test_a_picture_is_read_by_a_plugin_and_what_it_found_is_said(
    medley: Run, blind: Path, flag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    readers.install(tmp_path / "site", monkeypatch)
    switch("colours", on=True)
    words = ["ask", "what is it?", "--bundle", blind, "--file", flag, "--out", tmp_path / "out"]
    ran = medley(*words)
    assert ran.code == 0, ran.err
    assert "looks like: red picture, 75%; blue picture, 25%" in ran.err.splitlines()
    assert "a red boat" in ran.out
    found = json.loads(medley(*words, "--json").out)
    (read,) = found["observations"]
    assert read["path"] == str(flag)
    colours = [one for one in read["found"] if one["source"] == "colours.shares"]
    assert [one["text"] for one in colours] == ["red picture", "blue picture"]
    assert colours[0]["kind"] == "label" and colours[0]["confidence"] == 0.75


def test_a_document_is_read_and_named(
    medley: Run, blind: Path, notes: Path, tmp_path: Path
) -> None:
    words = ["ask", "where is it?", "--bundle", blind, "--file", notes, "--out", tmp_path / "out"]
    ran = medley(*words)
    assert ran.code == 0, ran.err
    assert any(line.startswith("read: notes.txt") for line in ran.err.splitlines()), ran.err
    found = json.loads(medley(*words, "--json").out)
    (read,) = found["observations"]
    text = " ".join(one["text"] for one in read["found"])
    assert "under the mat" in text and "垫子" in text
    assert read["problems"] == []


def test_in_a_conversation_a_document_is_read_once(
    medley: Run, blind: Path, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = f"/file {notes}\nwhere is the key?\nand in Chinese?\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    ran = medley("chat", "--bundle", blind, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert f"(document {notes} goes with your next message)" in ran.out
    assert ran.err.count("read: notes.txt") == 1


def test_a_bundle_with_an_encoder_says_that_it_reads_no_documents(
    medley: Run, bundle_folder: Path, notes: Path, tmp_path: Path
) -> None:
    ran = medley("ask", "x", "--bundle", bundle_folder, "--file", notes, "--out", tmp_path / "out")
    assert "notes.txt: " in error_line(ran) and "reads no documents" in ran.err


def test_files_of_any_kind_keep_their_order_among_the_others(
    media: dict[str, Path], notes: Path
) -> None:
    from desktop.cli import arguments
    from desktop.cli.attachments import given

    words = ["ask", "x", "--file", str(notes), "--image", str(media["image"])]
    words += ["--file", str(media["video"]), "--audio", str(media["video"])]
    parts = [given(kind, path) for kind, path in arguments.parse(words).media]
    assert [part.modality for part in parts] == ["document", "image", "video", "audio"]


def test_a_file_of_no_known_kind_is_refused_by_name(
    medley: Run, blind: Path, tmp_path: Path
) -> None:
    (tmp_path / "data.bin").write_bytes(bytes(range(256)) * 20)
    ran = medley("ask", "x", "--bundle", blind, "--file", tmp_path / "data.bin")
    assert "data.bin" in error_line(ran) and "not known here" in ran.err


def test_what_was_read_is_told_in_short_lines() -> None:
    found = [
        Observation("speech", "Good morning,", start_s=0, end_s=1),
        Observation("speech", "everybody.", start_s=1, end_s=2),
        Observation("text", "EXIT"),
        Observation("label", "espresso", 0.73),
        Observation("label", "cup"),
        Observation("document", "x" * 1200, place="page 1"),
        Observation("document", "y" * 34, place="page 3"),
    ]
    assert list(told("report.pdf", found)) == [
        "heard: Good morning, everybody.",
        "read: EXIT",
        "looks like: espresso, 73%; cup",
        "read: report.pdf (page 1 to page 3), 1,234 characters",
    ]
    (line,) = told("talk.mp3", [Observation("speech", "word " * 400)])
    assert len(line) < 420 and line.endswith("…")


def test_what_could_not_wholly_be_read_is_read_again_in_the_next_turn() -> None:
    message = Message("user", (TextPart("x"), MediaPart("image", "/a"), MediaPart("image", "/b")))
    found = (Observation("text", "EXIT"),)
    reads = [MediumRead("/a", found), MediumRead("/b", found, ("nothing here can hear speech.",))]
    _, a, b = with_observations(message, reads).parts
    assert isinstance(a, MediaPart) and a.observations == found
    assert isinstance(b, MediaPart) and b.observations is None
