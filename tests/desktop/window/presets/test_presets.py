"""Presets in the real window: made of a conversation, used, changed, removed, written and read."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from desktop.window.presets.presets import Presets
from storage.records import Manner
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver
from tests.desktop.window.qml.world import FORM
from tests.desktop.window.seeds import exchange

SHIPPED = ["translator", "explain", "code", "proof"]


@pytest.fixture
def presets(opened: Driver) -> Presets:
    """The window's presets."""
    return opened.medley.presets_model


def ids(presets: Presets) -> list[str]:
    """What is listed."""
    return [row.presetId for row in presets.rows]


def keep(opened: Driver, id_: str = "", **values: object) -> None:
    """Keep a preset as the window's form does."""
    opened.medley.presets_model.keep(id_, {**FORM, **values})
    opened.settle()


def test_a_conversation_is_answered_as_a_preset_says_and_keeps_it(
    opened: Driver, presets: Presets, open_window: Open
) -> None:
    keep(opened, name="Pirate", system="Arr", voice="am_adam", tools=1, temperature=0.7,
         maxNewTokens=640.0, think=True)  # fmt: skip
    [row] = [row for row in presets.rows if not row.shipped]
    conversation = opened.library.conversations.new("Ships").id
    exchange(opened.library, conversation, "Ahoy?", "Aye.")
    opened.medley.conversations_model.open(str(conversation))
    opened.settle()

    presets.use(row.presetId, False)
    opened.settle()

    manner = opened.library.conversations.settings(conversation)
    assert manner == Manner("Arr", 0.7, None, 640, None, True, True)
    assert opened.medley.talk_model._settings().voice == "am_adam"
    opened.window.close()

    again = open_window()
    again.settle()
    assert again.medley.talk_model._settings().voice == ""
    again.medley.conversations_model.open(str(conversation))
    again.settle()
    assert again.medley.talk_model._settings().voice == "am_adam"


def test_a_new_conversation_begins_with_one_and_keeps_its_voice(
    opened: Driver, presets: Presets
) -> None:
    keep(opened, name="Poet", system="Rhyme", voice="bf_emma")
    presets.use(ids(presets)[0], True)
    opened.settle()
    assert opened.medley.manner_view.voice == "bf_emma"
    made = opened.library.conversations.new("Poems").id
    exchange(opened.library, made, "Rain", "Again.")

    opened.medley.manner_view.adopt(made)
    opened.medley.conversations_model.newConversation()
    opened.medley.conversations_model.open(str(made))
    opened.settle()

    assert opened.medley.manner_view.voice == "bf_emma"


def test_how_a_conversation_is_answered_becomes_a_preset(opened: Driver, presets: Presets) -> None:
    opened.medley.manner_view.save("Answer in rhymes.", 0.4, -1, 0, False)

    keep(opened, **{**presets.openForm(), "name": "Poet"})

    [row] = [row for row in presets.rows if not row.shipped]
    assert (row.name, row.system, row.temperature) == ("Poet", "Answer in rhymes.", 0.4)


def test_one_that_comes_with_medley_becomes_ones_own_when_it_is_changed(
    opened: Driver, presets: Presets
) -> None:
    assert ids(presets) == SHIPPED

    keep(opened, "code", **{**presets.form("code"), "system": "Use Rust."})
    opened.until(lambda: ids(presets)[1:] == ["translator", "explain", "proof"])
    own = presets.rows[0]
    assert (own.name, own.system, own.shipped) == ("Code helper", "Use Rust.", False)

    keep(opened, own.presetId, **{**presets.form(own.presetId), "name": "Rust"})
    opened.until(lambda: presets.rows[0].name == "Rust")
    presets.bringBack()
    opened.until(lambda: ids(presets)[1:] == SHIPPED)


def test_what_is_removed_comes_back(opened: Driver, presets: Presets) -> None:
    keep(opened, name="Pirate", system="Arr")
    removed: list[str] = []
    presets.removed.connect(lambda key, _: removed.append(key))

    for id_ in (ids(presets)[0], "proof"):
        presets.remove(id_)
    opened.until(lambda: ids(presets) == SHIPPED[:3])
    opened.until(lambda: len(removed) == 2)
    for key in removed:
        presets.undoRemove(key)

    opened.until(lambda: ids(presets)[1:] == SHIPPED)
    assert presets.rows[0].system == "Arr"


def test_a_copy_has_a_name_of_its_own_and_a_taken_name_is_refused(
    opened: Driver, presets: Presets
) -> None:
    keep(opened, name="Pirate")
    presets.duplicate(ids(presets)[0])
    opened.until(lambda: [row.name for row in presets.rows[:2]] == ["Pirate", "Pirate 2"])

    keep(opened, name="pirate")

    assert "already" in opened.medley.notices_model.rows[-1].text


def test_presets_are_written_and_read(opened: Driver, presets: Presets, tmp_path: Path) -> None:
    path = tmp_path / presets.suggestedName("translator")
    assert path.name == "translator.toml"
    presets.exportTo("translator", QUrl.fromLocalFile(str(path)))
    opened.until(path.is_file)

    for _ in range(2):
        presets.importFrom(QUrl.fromLocalFile(str(path)))
        opened.settle()

    opened.until(lambda: [row.name for row in presets.rows[:2]] == ["Translator", "Translator 2"])
    assert presets.rows[0].system == presets.form("translator")["system"]


def test_a_file_that_is_no_preset_is_said(opened: Driver, presets: Presets, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("nothing = 1\n")

    presets.importFrom(QUrl.fromLocalFile(str(tmp_path / "x.toml")))
    opened.settle()

    assert "expected a preset" in opened.medley.notices_model.rows[-1].text


def test_medleys_own_speak_the_language_of_the_window(opened: Driver, presets: Presets) -> None:
    opened.medley.settings_model.setProperty("language", "zh_CN")
    opened.settle()
    try:
        assert [row.name for row in presets.rows] == ["翻译", "简单讲解", "编程助手", "校对"]
    finally:
        opened.medley.settings_model.setProperty("language", "en")
        opened.settle()
