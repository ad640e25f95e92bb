"""Values that are not what they mean: refused in imports, harmless in libraries that have them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from storage import limits
from storage.clock import LATEST_MS, is_time, moment, now_ms, sensible_ms
from storage.errors import ExchangeError, LibraryError
from storage.file.schema import tables
from storage.library import Library
from storage.maintenance.repair import repair
from storage.manner import check_manner
from storage.records import MediumPart, Query, Text
from storage.values import problems
from tests.storage.file.making_versions import fill

MICROSECONDS = 1_700_000_000_000_000
MEDIUM = {
    "sha256": "0" * 64, "size": 1, "mime": "image/png", "modality": "image", "file": "media/a.png",
}  # fmt: skip
DAMAGE = {
    "UPDATE conversations SET updated_ms = 1700000000000000 WHERE id = 1": "updated_ms",
    "UPDATE conversations SET updated_ms = 'soon' WHERE id = 1": "updated_ms",
    "UPDATE conversations SET created_ms = -1 WHERE id = 1": "created_ms",
    "UPDATE conversations SET title = printf('%.*c', 100000, 'x') WHERE id = 1": "title",
    "UPDATE messages SET created_ms = 9e18": "created_ms",
    "UPDATE media SET width = -5": "width",
    "UPDATE media SET height = 'tall'": "height",
    "UPDATE media SET duration_s = 9e300": "duration_s",
    "UPDATE media SET created_ms = 9007199254740992": "created_ms",
}
DAMAGE_OF_TOOLS = {
    "UPDATE permissions SET decision = 'perhaps'": "decision",
    "UPDATE granted_folders SET path = printf('/%.*c', 5000, 'x')": "path",
    "UPDATE tool_log SET state = 'lost'": "state",
    "UPDATE tool_log SET seconds = -1.0": "seconds",
    "UPDATE tool_log SET arguments = printf('%.*c', 5000, 'x')": "arguments",
    "UPDATE memories SET source = 'nobody'": "source",
    "UPDATE memories SET text = printf('%.*c', 5000, 'x')": "text",
    "UPDATE reminders SET due_ms = 'soon'": "due_ms",
    "UPDATE presets SET temperature = 9.5": "temperature",
    "UPDATE presets SET tools = 7": "tools",
}


@pytest.fixture
def damaged(library_path: Path) -> Path:
    """A library with a conversation full of media, number 1, and others."""
    with Library.open(library_path) as library:
        fill(library)
        library.conversations.new("sound")
    return library_path


def spoil(path: Path, sql: str) -> None:
    with Library.open(path) as library, library._database.maintenance() as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(sql)


def package(tmp_path: Path, change: dict[str, Any], message: dict[str, Any] | None = None) -> Path:
    """A folder that holds one conversation of one message."""
    folder = tmp_path / "package"
    folder.mkdir()
    part = {"kind": "text", "text": "hello"}
    said = {"id": 1, "parent": None, "role": "user", "state": "complete", "created_ms": 5}
    whole = {
        "format": "medley-conversation", "version": 1, "uuid": "0" * 32, "title": "normal",
        "created_ms": 5, "updated_ms": 5, "leaf": 1, "media": [],
        "messages": [said | {"parts": [part]} | (message or {})],
    }  # fmt: skip
    (folder / "conversation.json").write_text(json.dumps(whole | change))
    return folder


@pytest.mark.parametrize("value", [0, 5, LATEST_MS])
def test_a_time_stays_what_it_is(value: int) -> None:
    assert is_time(value) and sensible_ms(value) == value


@pytest.mark.parametrize(
    ("value", "sensible"),
    [
        (MICROSECONDS, 1_700_000_000_000),
        (MICROSECONDS * 1000, 1_700_000_000_000),
        (-1, 0), (2**200, 0), (None, 0), ("soon", 0), (b"x", 0), (float("nan"), 0),
        (float("inf"), 0), (5.5, 5),
    ],
)  # fmt: skip
def test_what_is_no_time_becomes_one(value: Any, sensible: int) -> None:
    assert not is_time(value)
    assert sensible_ms(value) == sensible
    assert 1970 <= moment(value).year <= 2200


def test_the_clock_of_a_machine_that_lost_it_is_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for clock in (-5 * 10**18, 9 * 10**18):
        monkeypatch.setattr("storage.clock.time.time_ns", lambda clock=clock: clock)
        assert is_time(now_ms())


@pytest.mark.parametrize(
    ("change", "message", "said"),
    [
        ({"updated_ms": MICROSECONDS}, {}, r"\$\.updated_ms.*a time in milliseconds since 1970"),
        ({"created_ms": -1}, {}, r"\$\.created_ms"),
        ({"title": "x" * 8_000_000}, {}, r"length <= 1000 - at `\$\.title`"),
        ({"media": [MEDIUM | {"mime": "x" * 201}]}, {}, r"length <= 200 - at `\$\.media"),
        ({"media": [MEDIUM | {"modality": "x" * 201}]}, {}, r"length <= 200 - at `\$\.media"),
        ({"media": [MEDIUM | {"width": 2**25}]}, {}, r"<= 16777216 - at `\$\.media"),
        ({"media": [MEDIUM | {"duration_s": 1e300}]}, {}, r"<= 316224000.0 - at `\$\.media"),
        ({}, {"created_ms": MICROSECONDS}, r"created_ms.*a time in milliseconds"),
        ({}, {"details": {"n": 10**40}}, "message 1 has a number of more than 64 bits"),
        ({}, {"details": {"t": "x" * 2**21}}, "message 1 has more than 1 MiB of details"),
        ({}, {"details": json.loads('{"a":' * 40 + "1" + "}" * 40)}, "deeper than 32 levels"),
    ],
)
def test_an_import_is_refused_where_a_value_cannot_be_what_it_means(
    change: dict[str, Any], message: dict[str, Any], said: str, tmp_path: Path, library: Library
) -> None:
    with pytest.raises(ExchangeError, match=said) as caught:
        library.exchange.import_conversation(package(tmp_path, change, message))
    assert "Nothing was imported" in str(caught.value) and "\n" not in str(caught.value)
    assert library.conversations.list() == []


def test_a_title_that_is_too_long_is_refused(library: Library, conversation: int) -> None:
    with pytest.raises(LibraryError, match="at most 1000 characters of a title, found 1001"):
        library.conversations.rename(conversation, "x" * 1001)
    library.conversations.rename(conversation, "x" * 1000)


@pytest.mark.parametrize("sql", DAMAGE)
def test_a_library_with_such_a_value_shows_everything_and_can_be_exported(
    sql: str, damaged: Path, tmp_path: Path
) -> None:
    spoil(damaged, sql)
    with Library.open(damaged) as library, Library.open(tmp_path / "other.db") as other:
        found = library.conversations.list()
        assert {one.id for one in found} == {1, 3}
        assert all(is_time(one.updated_ms) and len(one.title) <= 1000 for one in found)
        assert all(is_time(message.created_ms) for message in library.messages.path(1))
        assert library.search.newest(Query(text="boat"))
        for one in found:
            target = library.exchange.export(one.id, tmp_path / f"{one.id}.zip")
            other.exchange.import_conversation(target)
        assert len(other.conversations.list()) == 2
        assert other.exchange.import_library(damaged).refused == ()


@pytest.mark.parametrize("sql", DAMAGE)
def test_a_check_names_the_value_and_a_repair_mends_it(
    sql: str, damaged: Path, tmp_path: Path
) -> None:
    spoil(damaged, sql)
    with Library.open(damaged, read_only=True) as library:
        found = library.check().problems
    assert found and all(DAMAGE[sql] in problem for problem in found)
    assert all("expected" in problem and len(problem) < 200 for problem in found)

    repair(damaged, tmp_path / "repaired.db")

    with Library.open(tmp_path / "repaired.db") as repaired:
        assert repaired.check().problems == ()
        assert len(repaired.conversations.list()) == 2


def test_what_tools_have_is_named_and_mended_too(damaged: Path, tmp_path: Path) -> None:
    for sql in DAMAGE_OF_TOOLS:
        spoil(damaged, sql)
    with Library.open(damaged) as library:
        found = library.check().problems
        use_what_tools_have(library)
    assert len(found) == len(DAMAGE_OF_TOOLS)
    for sql, column in DAMAGE_OF_TOOLS.items():
        assert any(f"of {sql.split()[1]} has" in one and f"its {column}," in one for one in found)

    repair(damaged, tmp_path / "repaired.db")

    with Library.open(tmp_path / "repaired.db") as repaired:
        assert repaired.check().problems == ()
        assert [one.decision for one in repaired.tools.decisions()] == ["never"]
        assert [one.state for one in repaired.tools.logged()] == ["interrupted"]
        assert len(repaired.memories.all()) == len(repaired.presets.all()) == 1


def test_a_damaged_conversation_does_not_keep_the_others_of_a_library_away(
    damaged: Path, tmp_path: Path
) -> None:
    with Library.open(damaged) as library:
        sound = library.conversations.list()
        words = library.conversations.new("words").id
        library.messages.add(words, [Text("hello")])
    spoil(damaged, "UPDATE chunks SET data = zeroblob(length(data))")
    with Library.open(tmp_path / "other.db") as other:
        merged = other.exchange.import_library(damaged)
        assert len(merged.imported) == len(sound) == 2
        assert len(merged.refused) == 1 and "\n" not in merged.refused[0]


def test_a_library_that_was_made_here_has_no_such_value(boats: int, library: Library) -> None:
    assert boats
    with library._database.read() as connection:
        assert list(problems(connection)) == []


def test_what_a_maker_wrote_is_kept_within_limits() -> None:
    assert limits.details('{"seed": 7}') == {"seed": 7}
    for bad in ("[1]", "{", '{"n": 1' + "0" * 40 + "}", '{"a":' * 2000 + "1" + "}" * 2000):
        assert limits.details(bad) == {}


TABLES = (
    "conversations", "messages", "media", "chunks", "previews", "recipes", "parts", "drafts",
    "draft_media", "settings", "embeddings", "observations",
)  # fmt: skip
OF_TOOLS = (
    "permissions", "granted_folders", "tool_log", "memories", "reminders", "presets",
)  # fmt: skip
WRONG = {
    "bytes": "x'fffe00'",
    "no UTF-8": "CAST(x'ff41' AS TEXT)",
    "a word": "'x'",
    "a large number": "4611686018427387904",
}


def test_the_tables_that_are_damaged_here_are_all_there_are(library: Library) -> None:
    with library._database.read() as connection:
        assert sorted(tables(connection)) == sorted((*TABLES, *OF_TOOLS))


def spoil_row(path: Path, table: str, value: str) -> None:
    """Put a value into every column of a table's first row that takes it."""
    with Library.open(path) as library, library._database.maintenance() as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("PRAGMA foreign_keys = OFF")
        for _, column, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall():
            if column != "id":
                connection.execute(
                    f"UPDATE OR IGNORE {table} SET {column} = {value} "
                    f"WHERE rowid = (SELECT min(rowid) FROM {table})"
                )


def use_everything(library: Library, other: Library, folder: Path) -> None:
    """All that a window and the command line do; what cannot be had raises LibraryError."""
    assert len(library.conversations.list()) >= 1
    for one in library.conversations.list():
        for message in library.messages.path(one.id):
            for part in message.parts:
                if isinstance(part, MediumPart):
                    library.messages.recipe(part.id)
                    library.media.observations(part.medium.sha256)
                    for kind in part.medium.previews:
                        library.media.preview(part.medium.sha256, kind)
                    with contextlib.suppress(LibraryError):
                        library.media.read(part.medium.sha256)
        library.drafts.get(one.id)
        library.conversations.settings(one.id)
        with contextlib.suppress(LibraryError):
            library.exchange.export(one.id, folder / f"{one.id}.zip")
            other.exchange.import_conversation(folder / f"{one.id}.zip")
    library.settings.get("theme", "", str)
    use_what_tools_have(library)
    for words in ("boat", "bo"):
        library.search.newest(Query(text=words))
        library.search.ranked(Query(text=words))
        library.search.titles(words)
    library.embeddings.similar([3, 4], "encoder")
    library.embeddings.missing("another", ["image"])
    with contextlib.suppress(LibraryError):
        other.exchange.import_library(library.path)


def use_what_tools_have(library: Library) -> None:
    """What is kept beside the conversations."""
    assert all(one.decision in ("always", "never") for one in library.tools.decisions())
    library.tools.decision("medley", "read_file", "0" * 64, ["/boats"])
    assert all(Path(one.path).is_absolute() for one in library.tools.folders(1))
    assert all(len(one.arguments) <= 4000 for one in library.tools.logged())
    assert library.memories.export_markdown().startswith("# What Medley remembers")
    assert all(is_time(one.due_ms) for one in library.reminders.pending())
    for preset in library.presets.all():
        check_manner(preset)


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("spoilt", [*((table,) for table in TABLES), OF_TOOLS], ids="-".join)
def test_a_row_in_which_nothing_is_right_harms_nothing_else(
    spoilt: Sequence[str], wrong: str, damaged: Path, tmp_path: Path
) -> None:
    with Library.open(damaged) as library:
        words = library.conversations.new("untouched").id
        library.messages.add(words, [Text("hello boat")])
    for table in spoilt:
        spoil_row(damaged, table, WRONG[wrong])

    with Library.open(damaged) as library, Library.open(tmp_path / "other.db") as other:
        use_everything(library, other, tmp_path)
        assert "untouched" in {one.title for one in library.conversations.list()}
        assert library.messages.path(words)[0].text == "hello boat"
        library.check()

    repair(damaged, tmp_path / "repaired.db")
    with Library.open(tmp_path / "repaired.db") as repaired:
        assert repaired.check().problems == ()
        assert "untouched" in {one.title for one in repaired.conversations.list()}


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE messages SET role = 'wizard'", "as its role, expected one of user, assistant"),
        ("UPDATE parts SET kind = 'song'", "expected one of medium, pending, failed, text"),
        ("UPDATE conversations SET pinned = 7", "as its pinned, expected 0 or 1"),
        ("UPDATE parts SET text = CAST(x'ff41' AS TEXT)", "expected words in UTF-8"),
        ("UPDATE previews SET data = 5", "as its data, expected bytes"),
        ("UPDATE media SET sha256 = NULL", "a medium that is shown has no name"),
    ],
)
def test_a_check_of_a_library_that_is_only_read_names_what_breaks_its_rules(
    sql: str, said: str, damaged: Path
) -> None:
    spoil(damaged, sql)
    with Library.open(damaged, read_only=True) as library:
        assert any(said in problem for problem in library.check().problems)


def test_a_title_turns_no_words_around_and_steers_no_terminal(library: Library) -> None:
    conversation = library.conversations.new("invoice\u202efdp.exe\x1b[2J").id
    library.messages.add(conversation, [Text("hello")])
    assert library.conversations.get(conversation).title == "invoicefdp.exe[2J"
    (found,) = library.search.newest(Query(text="hello"))
    assert found.title == "invoicefdp.exe[2J"
    (named,) = library.search.titles("invoice")
    assert named.title == "invoicefdp.exe[2J"
