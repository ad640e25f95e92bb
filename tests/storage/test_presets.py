"""Presets are kept by name, and hold nothing that no engine can follow."""

from __future__ import annotations

import msgspec
import pytest

from storage import presets
from storage.errors import LibraryError, NotFoundError
from storage.library import Library
from storage.records import Changed, Manner, Preset

SAILOR = Preset(
    name="Sailor", voice="river", system="Like a sailor.", temperature=0.5, top_p=0.9,
    max_new_tokens=300, bundle="pocket", think=False, tools=True,
)  # fmt: skip


def test_a_preset_is_kept_changed_and_removed(library: Library, heard: list[Changed]) -> None:
    made = library.presets.add(SAILOR).id
    library.presets.add(Preset(name="cook"))
    assert heard[-1].kinds == {"presets"}

    kept = msgspec.structs.replace(SAILOR, id=made)
    assert library.presets.all()[1] == kept
    assert [one.name for one in library.presets.all()] == ["cook", "Sailor"]
    assert kept.manner == Manner("Like a sailor.", 0.5, 0.9, 300, "pocket", False, True)

    library.presets.change(Preset(id=made, name="  A  captain "))
    assert library.presets.all()[0] == Preset(id=made, name="A captain")
    library.presets.remove(made)
    library.presets.remove(made)
    assert [one.name for one in library.presets.all()] == ["cook"]
    with pytest.raises(NotFoundError, match="no preset"):
        library.presets.change(kept)


def test_a_conversation_begins_with_a_preset(library: Library, conversation: int) -> None:
    library.conversations.set_settings(conversation, SAILOR.manner)
    assert library.conversations.settings(conversation) == SAILOR.manner


def test_what_is_no_preset_is_refused(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    sailor = library.presets.add(SAILOR).id
    cook = library.presets.add(Preset(name="Cook")).id
    for name in ("", " \n", "x" * (presets.LONGEST_NAME + 1)):
        with pytest.raises(LibraryError, match="a name of 1 to 100 characters"):
            library.presets.add(Preset(name=name))
    with pytest.raises(LibraryError, match="a temperature from 0 to 2"):
        library.presets.add(Preset(name="hot", temperature=9.0))
    with pytest.raises(LibraryError, match="a preset of the name SAILOR already"):
        library.presets.add(Preset(name="SAILOR"))
    with pytest.raises(LibraryError, match="a preset of the name sailor already"):
        library.presets.change(Preset(id=cook, name="sailor"))
    library.presets.change(Preset(id=sailor, name="sailor"))
    monkeypatch.setattr(presets, "MOST", 2)
    with pytest.raises(LibraryError, match="at most 2 presets, found as many already"):
        library.presets.add(Preset(name="third"))
    assert [one.name for one in library.presets.all()] == ["Cook", "sailor"]
