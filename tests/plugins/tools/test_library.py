"""The library is searched, and media of the conversation are looked at and saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop.tools.protocol import Called, CallFailed
from plugins.tools.library import reference_of
from tests.desktop.tools.calling import Calls
from tests.runtime.making_media import write_picture


@pytest.fixture
def boat(calls: Calls, tmp_path: Path) -> bytes:
    """The bytes of `picture 1`, which the service gives."""
    data = write_picture(tmp_path / "boat.png").read_bytes()

    def file(given: dict[str, str]) -> dict[str, str]:
        assert given["reference"] == "picture 1"
        path = Path(given["folder"]) / "medium.png"
        path.write_bytes(data)
        return {"path": str(path), "name": "boat.png", "mime": "image/png"}

    calls.services["media.file"] = file
    return data


def test_earlier_conversations_are_searched(calls: Calls) -> None:
    asked: list[Any] = []
    found = {
        "title": "Boats",
        "when": "2026-11-22T10:00:00",
        "role": "assistant",
        "text": "Here is a\nboat. " + "x" * 400,
        "medium": {"reference": "", "modality": "image", "name": "boat.png"},
    }
    calls.services["library.search"] = lambda given: asked.append(given) or {"found": [found]}

    text = calls.text("search_library", query="boat", kind="picture", since="2026-11-20")

    assert asked == [
        {"query": "boat", "meaning": True, "limit": 10, "since": "2026-11-20",
         "modalities": ["image"]}
    ]  # fmt: skip
    assert text.startswith("2026-11-22T10:00 assistant in 'Boats': Here is a boat. xxx")
    assert text.endswith("... [image boat.png]") and len(text) < 400
    calls.services["library.search"] = lambda _: {"found": []}
    assert calls.text("search_library", query="ships") == "Nothing was found."


def test_the_media_of_a_conversation_are_listed(calls: Calls) -> None:
    calls.services["media.list"] = lambda _: {
        "media": [
            {"reference": "picture 1", "modality": "image", "caption": "a boat", "made": True},
            {"reference": "file 1", "modality": "document", "name": "a.pdf"},
        ]
    }

    assert calls.text("list_media") == "picture 1: a boat\nfile 1: a.pdf"


def test_a_medium_is_given_to_the_model(calls: Calls, boat: bytes, granted: Path) -> None:
    (granted / "own.png").write_bytes(boat)

    shown = calls.call("look_at", medium="photo 1")
    assert isinstance(shown, CallFailed) or isinstance(shown, Called)
    for called in (
        calls.call("look_at", medium="picture 1"),
        calls.call("look_at", medium="own.png", within=granted),
    ):
        assert isinstance(called, Called)
        (file,) = called.files
        assert Path(file.path).read_bytes() == boat
    assert "Use read_file" in calls.problem("look_at", medium="notes.txt", within=granted)


def test_a_medium_is_saved_and_the_file_removed_again(
    calls: Calls, boat: bytes, granted: Path
) -> None:
    given = {"medium": "picture 1", "path": "trips/boat"}

    shown = calls.preview("save_medium", writable=granted, **given)
    called = calls.call("save_medium", writable=granted, **given)

    assert shown.text == f"picture 1 -> {granted}/trips/boat"
    assert isinstance(called, Called)
    assert (called.text, called.files) == ("Saved as trips/boat.png.", ())
    assert (granted / "trips" / "boat.png").read_bytes() == boat
    assert "expected a free name" in calls.problem("save_medium", writable=granted, **given)
    calls.undo("save_medium", called, writable=granted)
    assert not (granted / "trips" / "boat.png").exists()


def test_a_medium_is_saved_into_a_folder_by_its_own_name(
    calls: Calls, boat: bytes, granted: Path
) -> None:
    text = calls.text("save_medium", medium="picture 1", path="trips", writable=granted)

    assert text == "Saved as trips/boat.png."
    assert "such as `picture 1`" in calls.problem(
        "save_medium", medium="the boat", path="b.png", writable=granted
    )
    assert "may be read, not changed" in calls.problem(
        "save_medium", medium="picture 1", path="b.png", within=granted
    )


def test_a_medium_has_one_name_whatever_a_model_calls_it() -> None:
    names = ["picture 1", "Image #1", "photo 01", "AUDIO 2", "video 3", "file 4", "boat.png"]

    assert [reference_of(name) for name in names] == [
        "picture 1", "picture 1", "picture 1", "sound 2", "clip 3", "file 4", "",
    ]  # fmt: skip
