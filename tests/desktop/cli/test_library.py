"""`medley library`: check, backup, export, import, search, memories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storage.library import Library
from storage.records import Text
from tests.desktop.conftest import Run, error_line
from tests.storage.exchange.foreign import exports
from tests.storage.file.making_versions import fill


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's own library, with something in it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    path = tmp_path / "data" / "medley" / "library.db"
    with Library.open(path) as library:
        fill(library)
    return path


def test_without_a_library_every_command_says_so(
    medley: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    for words in (["check"], ["backup", "x"], ["export", "x"], ["search", "x"], ["memories"]):
        assert "there is no library here yet" in error_line(medley("library", *words))
    assert list(tmp_path.iterdir()) == []


def test_a_sound_library_is_counted(medley: Run, own: Path) -> None:
    ran = medley("library", "check")
    as_json = json.loads(medley("library", "check", "--json").out)

    assert ran.code == 0
    assert f"{own} is sound: 2 conversations, 3 messages, 3 media" in ran.out
    assert (as_json["sound"], as_json["media"], as_json["problems"]) == (True, 3, [])


def test_a_library_that_is_not_sound_fails_the_check_and_is_repaired(
    medley: Run, own: Path, tmp_path: Path
) -> None:
    with Library.open(own) as library, library._database.write() as write:
        write.run("UPDATE chunks SET data = zeroblob(length(data)) WHERE id = 1")

    ran = medley("library", "check")
    as_json = medley("library", "check", "--json")
    assert ran.code == as_json.code == 2
    assert "does not hold the bytes" in ran.out
    assert "is not sound" in error_line(ran)
    assert json.loads(as_json.out)["sound"] is False

    saved = medley("library", "check", "--repair", tmp_path / "new.db")
    assert saved.code == 0
    assert "2 conversations, 3 messages, 2 media; 1 media were broken" in saved.out
    assert medley("library", "check", "--library", tmp_path / "new.db").code == 0


def test_a_backup_is_made_while_a_window_is_open_and_comes_back(
    medley: Run, own: Path, tmp_path: Path
) -> None:
    with Library.open(own):
        assert medley("library", "backup", tmp_path / "b.db").code == 0
        assert "there already" in error_line(medley("library", "backup", tmp_path / "b.db"))
        assert "held by another program" in error_line(
            medley("library", "import", tmp_path / "b.db")
        )

    new = tmp_path / "new.db"
    ran = medley("library", "import", tmp_path / "b.db", "--library", new)

    assert "imported 1 conversations, 3 messages; 0 were here already" in ran.out
    again = medley("library", "import", tmp_path / "b.db", "--library", new)
    assert "imported 0 conversations, 0 messages; 1 were here already" in again.out


def test_what_was_exported_is_imported(medley: Run, own: Path, tmp_path: Path) -> None:
    whole = medley("library", "export", tmp_path / "all")
    one = medley("library", "export", tmp_path / "one", "--conversation", "1")

    assert (whole.code, one.code) == (0, 0)
    (zipped,) = (tmp_path / "all").iterdir()
    assert zipped.name == "boats-1.zip"
    assert (tmp_path / "one" / "conversation.md").is_file()
    for source in (zipped, tmp_path / "one"):
        assert "Boats" in medley("library", "import", source).out
    with Library.open(own) as library:
        assert [c.title for c in library.conversations.list()] == ["Boats"] * 3


def test_an_export_never_writes_over_anything(medley: Run, own: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    words = ("library", "export", tmp_path / "file")
    assert "expected a folder" in error_line(medley(*words))
    assert "there already" in error_line(medley(*words, "--conversation", "1"))
    assert "no conversation 9" in error_line(
        medley("library", "export", tmp_path / "x", "--conversation", "9")
    )


def test_a_library_without_conversations_exports_nothing(medley: Run, tmp_path: Path) -> None:
    with Library.open(tmp_path / "empty.db"):
        pass

    ran = medley("library", "export", tmp_path / "out", "--library", tmp_path / "empty.db")

    assert ran.code == 0
    assert "holds no conversation" in ran.out


def test_messages_are_found_with_their_conversation(medley: Run, own: Path) -> None:
    with Library.open(own) as library:
        conversation = library.conversations.new("Evil \x1b[31m").id
        library.messages.add(conversation, [Text("a sailing boat \x1b[2J")])

    ran = medley("library", "search", "sailing", "boat")
    hits = json.loads(medley("library", "search", "boat", "--json", "--only", "image").out)["hits"]

    assert "user: a sailing boat" in ran.out
    assert "\x1b" not in ran.out
    assert [hit["snippet"] for hit in hits] == ["boat.png"]
    assert len(hits[0]["media"]) == 1
    assert "Nothing was found" in medley("library", "search", "zebra").out


def test_titles_are_found_before_messages(medley: Run, own: Path) -> None:
    with Library.open(own) as library:
        library.conversations.new("假期计划 \x1b[31m")

    ran = medley("library", "search", "假期")
    found = json.loads(medley("library", "search", "计划", "--json").out)

    assert "假期计划" in ran.out and "\x1b" not in ran.out
    assert [title["spans"] for title in found["titles"]] == [[[2, 4]]]
    assert found["hits"] == []
    assert "Nothing was found" in medley("library", "search", "假期", "--only", "image").out


def test_without_words_conversations_are_listed(medley: Run, own: Path) -> None:
    ran = medley("library", "search")
    listed = json.loads(medley("library", "search", "--json", "--limit", "1").out)

    assert "1  Boats" in ran.out
    assert listed["conversations"][0]["messages"] == 2


def test_a_wrong_file_is_told(medley: Run, own: Path, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("hello", "utf-8")

    assert "not a Medley library" in error_line(
        medley("library", "search", "--library", tmp_path / "words.txt")
    )
    assert "no whole JSON" in error_line(medley("library", "import", tmp_path / "words.txt"))
    assert "no file or folder" in error_line(medley("library", "import", tmp_path / "nothing"))


def test_what_is_remembered_is_printed_to_be_read_and_for_programs(medley: Run, own: Path) -> None:
    assert own.exists()
    ran = medley("library", "memories")
    as_json = json.loads(medley("library", "memories", "--json").out)

    assert ran.code == 0
    assert ran.out.startswith("# What Medley remembers\n\n- Has a red boat. (20")
    assert ran.out.endswith(', in "Boats")\n')
    (memory,) = as_json["memories"]
    assert (memory["text"], memory["source"], memory["title"]) == (
        "Has a red boat.", "model", "Boats",
    )  # fmt: skip


def test_files_of_other_programs_are_imported_and_it_is_said_what_came(
    medley: Run, own: Path, tmp_path: Path
) -> None:
    zipped = exports.chatgpt_zip(tmp_path / "export.zip", exports.boats())
    chats = tmp_path / "chats.json"
    chats.write_text(json.dumps(exports.webui_chats()), "utf-8")

    ran = medley("library", "import", zipped, chats)

    assert "ChatGPT: imported 1 conversations, 5 messages, 2 media; 0 were here" in ran.out
    assert "Open WebUI: imported 1 conversations, 3 messages, 1 media; 0 were here" in ran.out
    assert "left out: 1 files that are not in the export" in ran.out
    assert "left out: 1 messages that the other program shows nobody" in ran.out
    assert "imported 0 conversations" in medley("library", "import", zipped).out
    assert own.exists()
