"""Files are told by their beginnings."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from storage.exchange.foreign.kinds import HEAD, facts_of
from tests.storage.exchange.foreign.exports import PNG, WAV


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF"])
def test_pictures_are_known_with_their_size(form: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (7, 5)).save(file, form)
    facts = facts_of(file.getvalue(), "file.dat")
    assert facts is not None
    assert (facts.modality, facts.mime, facts.width, facts.height) == (
        "image", f"image/{form.lower()}", 7, 5,
    )  # fmt: skip


def test_sounds_clips_and_documents_are_known() -> None:
    def kind(head: bytes, name: str = "x.dat") -> str:
        found = facts_of(head, name)
        return f"{found.modality} {found.mime}" if found else "nothing"

    assert kind(WAV) == "audio audio/wav"
    assert kind(b"\x00\x00\x00\x20ftypisom") == "video video/mp4"
    assert kind(b"%PDF-1.7") == "document application/pdf"
    assert kind(b"# Tides\n", "notes.md") == "document text/markdown"
    assert kind("\u6f6e".encode() * HEAD, "x")[:8] == "document"
    assert kind(b"PK\x03\x04", "table.xlsx") == "nothing"
    assert kind(b"\x7fELF\x00\x01") == "nothing"
    assert kind(b"") == "nothing"


@pytest.mark.parametrize("length", range(0, len(PNG), 5))
def test_a_file_that_ends_early_does_no_harm(length: int) -> None:
    facts_of(PNG[:length], "x.png")
