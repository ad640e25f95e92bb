"""Every shape that a library had opens today, and a step is taken whole or not at all."""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from storage.errors import FullError, NewerError, OlderError
from storage.file import migrations
from storage.file.migrations import STEPS, Step, Target
from storage.file.opening import open_to_read, open_to_write
from storage.library import Library
from storage.records import Attachment, Draft, Manner, MediumPart, Query, ToolPart
from tests.storage.file.making_versions import FOLDER, MANNER, OBSERVED, PRESET

KEPT = sorted(FOLDER.glob("*.db.gz"))


def _log(db: Target) -> None:
    db.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT)")


def _half(db: Target) -> None:
    db.execute("CREATE TABLE half (id INTEGER PRIMARY KEY)")
    db.execute("UPDATE conversations SET title = 'spoiled'")
    raise sqlite3.OperationalError("no such function: nothing")


NEXT = Step("2030-01-01 a log", _log)
EVERY = [step.name for step in STEPS]
BROKEN = Step("2030-01-02 half a step", _half)


def applied(path: Path) -> list[str]:
    """Names of the steps of a file."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id")
        return [name for (name,) in rows]


def open_with(path: Path, steps: Sequence[Step]) -> None:
    """Open to write and close again."""
    database, hold = open_to_write(path, steps)
    database.close()
    hold.release()


@pytest.fixture
def filled(library_path: Path) -> Path:
    """A closed library with one conversation."""
    with Library.open(library_path) as library:
        library.conversations.new("Boats")
    return library_path


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
def test_a_library_of_every_version_opens_with_all_it_holds(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(gzip.decompress(kept.read_bytes()))

    with Library.open(path) as library:
        assert library.check().problems == ()
        (boats,) = library.conversations.list()
        assert (boats.title, boats.pinned, boats.length) == ("Boats", True, 2)
        asked, answer = library.messages.path(boats.id)
        assert asked.text == "what is this? 这是什么"
        assert (answer.text, answer.sibling, answer.siblings) == ("A boat at sea: ", 1, 2)
        picture, sound = asked.parts[1], answer.parts[1]
        assert isinstance(picture, MediumPart)
        assert isinstance(sound, MediumPart)
        assert (picture.name, picture.medium.previews) == ("boat.png", ("thumbnail",))
        assert library.media.read(picture.medium.sha256) == b"a picture"
        assert library.messages.recipe(sound.id) == '{"seed": 7}'
        assert sound.details == {"renderer": "medley.audio"}
        sha = picture.medium.sha256
        draft = Draft("and now", (Attachment(sha),), {"only": ["text"]})
        assert library.drafts.get(boats.id) == draft
        assert library.settings.get("theme") == "dark"
        assert [hit.part_id for hit in library.search.newest(Query(text="什么"))] == [
            asked.parts[0].id
        ]
        (match,) = library.embeddings.similar([3, 4], "encoder")
        assert match.score == pytest.approx(1)
        assert [c.title for c in library.conversations.list(deleted=True)] == ["Deleted"]


def test_the_newest_shape_holds_what_readers_found_and_how_to_answer(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(gzip.decompress(KEPT[-1].read_bytes()))

    with Library.open(path) as library:
        (boats,) = library.conversations.list()
        picture = library.messages.path(boats.id)[0].parts[1]
        assert isinstance(picture, MediumPart)
        assert library.media.observations(picture.medium.sha256) == OBSERVED
        assert (picture.medium.observed, picture.medium.read) == (True, True)
        assert library.conversations.settings(boats.id) == MANNER


def test_the_newest_shape_holds_what_tools_may_do_and_did(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(gzip.decompress(KEPT[-1].read_bytes()))

    with Library.open(path) as library:
        (boats,) = library.conversations.list()
        call = library.messages.path(boats.id)[1].parts[2]
        assert isinstance(call, ToolPart)
        assert (call.call_id, call.server, call.tool, call.arguments) == (
            "call-1", "medley", "clock", '{"zone": "UTC"}',
        )  # fmt: skip
        assert (call.state, call.result) == ("done", "It is noon.")
        assert call.details == {"undo": "{}", "seconds": 0.5}
        assert library.tools.decision("medley", "read_file", "0" * 64, ["/boats"]) == "always"
        assert [(one.path, one.writable) for one in library.tools.folders(boats.id)] == [
            ("/boats", True)
        ]
        assert {(one.decision, one.state) for one in library.tools.logged()} == {
            ("unasked", "done")
        }
        assert [one.text for one in library.memories.all()] == ["Has a red boat."]
        assert [one.text for one in library.reminders.pending()] == ["Paint the boat"]
        assert library.presets.all() == [PRESET]


def test_a_library_from_before_tools_has_none_of_it(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(gzip.decompress(KEPT[-2].read_bytes()))

    with Library.open(path) as library:
        (boats,) = library.conversations.list()
        assert library.conversations.settings(boats.id).tools is None
        assert not library.tools.decisions() and not library.tools.folders(boats.id)
        assert not library.tools.logged() and not library.presets.all()
        assert not library.memories.all() and not library.reminders.pending()


def test_words_that_had_left_the_index_are_found_again(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(gzip.decompress(KEPT[-2].read_bytes()))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE parts SET searchable = 1")  # as an answer that went on did
        connection.commit()

    with Library.open(path) as library:
        assert library.check().problems == ()
        assert len(library.search.newest(Query(text="boat at sea"))) == 1


def test_an_older_library_says_that_nothing_was_read_yet(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(gzip.decompress(KEPT[0].read_bytes()))

    with Library.open(path) as library:
        (boats,) = library.conversations.list()
        picture = library.messages.path(boats.id)[0].parts[1]
        assert isinstance(picture, MediumPart)
        assert library.media.observations(picture.medium.sha256) == ()
        assert (picture.medium.observed, picture.medium.read) == (False, False)
        assert library.conversations.settings(boats.id) == Manner()


def test_a_file_of_every_step_is_kept() -> None:
    assert {step.name.split()[0] for step in STEPS} == {path.name[:10] for path in KEPT}
    assert [step.name for step in STEPS] == sorted(step.name for step in STEPS)


def test_a_new_step_is_taken_once_after_a_copy_was_made(filled: Path) -> None:
    open_with(filled, [*STEPS, NEXT])
    open_with(filled, [*STEPS, NEXT])

    assert applied(filled) == [*EVERY, NEXT.name]
    (copy,) = filled.parent.glob("library-before-2030-01-01-*.db")
    assert applied(copy) == EVERY
    with Library.open(copy) as old:
        assert [c.title for c in old.conversations.list()] == ["Boats"]


def test_a_step_that_breaks_off_leaves_the_file_in_its_former_shape(filled: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such function"):
        open_with(filled, [*STEPS, BROKEN])

    assert applied(filled) == EVERY
    with Library.open(filled) as library:
        assert [c.title for c in library.conversations.list()] == ["Boats"]
        assert library.check().sound
    with closing(sqlite3.connect(filled)) as connection:
        assert (
            connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchall() == []
        )


def test_a_newer_file_is_refused_politely_and_left_as_it_is(filled: Path) -> None:
    open_with(filled, [*STEPS, NEXT])
    before = hashlib.sha256(filled.read_bytes()).hexdigest()

    for read_only in (False, True):
        with pytest.raises(NewerError, match=r"newer Medley .it has '2030-01-01 a log'"):
            Library.open(filled, read_only=read_only)

    assert hashlib.sha256(filled.read_bytes()).hexdigest() == before


def test_an_older_file_is_not_changed_by_reading_it(filled: Path) -> None:
    with pytest.raises(OlderError, match=r"older shape .it lacks '2030-01-01 a log'"):
        open_to_read(filled, [*STEPS, NEXT])

    assert applied(filled) == EVERY


def test_a_step_without_room_leaves_the_file_in_its_former_shape(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def _grow(db: Target) -> None:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")
        db.execute("CREATE TABLE big AS SELECT randomblob(1000000) AS data")

    with pytest.raises(FullError, match="no room left"):
        open_with(filled, [*STEPS, Step("2030-01-03 much", _grow)])

    assert applied(filled) == EVERY
    with Library.open(filled) as library:
        assert library.check().sound


def test_opening_a_library_that_is_up_to_date_imports_no_tool(filled: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from storage.library import Library\n"
        "Library.open(Path(sys.argv[1])).close()\n"
        "print(sorted({'sqlite_utils', 'pandas', 'numpy', 'click'} & set(sys.modules)))"
    )

    result = subprocess.run(
        [sys.executable, "-c", code, filled], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "[]"


def test_making_a_library_does_not_import_pandas(library_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from storage.library import Library\n"
        "Library.open(Path(sys.argv[1])).close()\n"
        "print('pandas' in sys.modules, 'sqlite_utils' in sys.modules)"
    )

    result = subprocess.run(
        [sys.executable, "-c", code, library_path], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "False True"


def test_an_older_library_is_imported_and_left_as_it_is(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled.read_bytes()
    monkeypatch.setattr(migrations, "STEPS", (*STEPS, NEXT))

    with Library.open(tmp_path / "new.db") as library:
        merged = library.exchange.import_library(filled)
        assert [c.title for c in library.conversations.list()] == ["Boats"]

    assert len(merged.imported) == 1
    assert filled.read_bytes() == before
    assert applied(tmp_path / "new.db") == [*EVERY, NEXT.name]
